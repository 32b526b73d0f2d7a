/*
 * What the tests of the document store share: a server with an e-ID provider, two citizens, and who
 * receives and decides at the commune of the demonstration's officer.
 */
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { BIRTH, MARITAL, act, begin, form, maritalForm as marital, save } from './dossiers.mjs';
import { makeJpeg } from './make-jpeg.mjs';
import { fresh, sendPhoto, signInStaff } from './people.mjs';
import { Provider, eidClient } from './provider.mjs';
import { Server } from './server.mjs';

export { BIRTH, MARITAL, act, begin, marital, save };
export let server, an, binh, officer, leader, inspector;
let provider;

before(async () => {
  provider = await Provider.start({ redirects: ['https://app.tram.example/eid'] });
  server = new Server({ env: { ...provider.config(), TRAM_HTTP_RATES: '1000000', TRAM_AUTH_ACCESS: '1h' } });
  await server.start();
  provider.people.set('an', { card_no: '096190000123', name: 'Lê Thị An', birthdate: '1990-05-17', assurance: 'two' });
  provider.people.set('binh', { card_no: '096085000456', name: 'Trần Văn Bình', birthdate: '1985-01-02', assurance: 'two' });
  an = await eidClient(server, provider, 'an');
  binh = await eidClient(server, provider, 'binh');
  officer = await signInStaff(server, 'officer.demo');
  leader = await signInStaff(server, 'leader.demo');
  inspector = await signInStaff(server, 'inspector.demo');
});
after(async () => {
  await server.stop();
  await provider.stop();
});

export const birth = (child, more = {}) => form({ child_name: child, ...more });
/* No two are of one size. */
let width = 80;
export const photo = (client) => sendPhoto(client, makeJpeg({ width: ++width, height: 60 }));

export async function saved(client, procedure, json) {
  const reply = await save(client, await begin(client, procedure), { fetch: 'download', ...json });
  assert.equal(reply.status, 200, reply.text);
  return reply.json;
}

export const review = async (client, draft) => (await client.get(`/v1/dossier-drafts/${draft.id}/review`)).json;
export const fileDraft = (client, draft, json = {}, headers = fresh()) =>
  client.post('/v1/dossiers', { json: { draft: draft.id, ...json }, headers });

export async function file(client, procedure, content, json = {}) {
  const reply = await fileDraft(client, await saved(client, procedure, content), json);
  assert.equal(reply.status, 201, reply.text);
  return reply.json;
}

export const dossierOf = async (client, dossier) => (await client.get(`/v1/dossiers/${dossier.id}`)).json;
export const store = async (client, query = '') => (await client.get(`/v1/documents${query}`)).json.items;

/* A dossier whose result is a certificate of marital status. */
export async function granted(client, name) {
  const dossier = await file(client, MARITAL, { form: marital({ name }) });
  await act(officer, dossier, 'receive');
  await act(officer, dossier, 'take');
  const result = await photo(leader);
  const finished = await act(leader, dossier, 'finish', { results: [{ file: result, code: 'giay_xac_nhan', number: '77/2026' }] });
  assert.ok(finished.owed > 0);
  assert.ok(!(await store(client)).some((one) => one.dossier === dossier.id), 'what is not paid is not theirs yet');
  await act(officer, dossier, 'pay', { amount: finished.owed, reference: 'BL 1' });
  return { dossier, result };
}

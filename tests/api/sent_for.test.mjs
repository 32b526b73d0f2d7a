/* What somebody sent for whom they act for is theirs: it goes when they are erased, and stays when the sender is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeJpeg } from './lib/make-jpeg.mjs';
import { acting, awake, fileFor, join, organisation, server, somebody } from './lib/organisations.mjs';
import { advanceClock, fresh, signInStaff } from './lib/people.mjs';

const DAY = 24 * 3600;
const PATIENCE_MS = 150_000; // the sweep looks every half minute; nothing is measured by it

async function until(ask, wanted) {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(250)) if (wanted(await ask())) return;
  throw new Error('it never came');
}

/* A photograph that the client sends for whom they act; its id. */
async function photoFor(client, principal) {
  const body = makeJpeg({ width: 80, height: 60 });
  const made = await client.post('/v1/uploads', {
    body,
    headers: { 'tus-resumable': '1.0.0', 'upload-length': String(body.length), 'content-type': 'application/offset+octet-stream', 'acting-for': principal },
  });
  assert.equal(made.status, 201, made.text);
  return made.headers.location.split('/').pop();
}

/* What is noted behind a filing changes what is shown. */
const ask = (client) =>
  until(async () => {
    const { shown } = (await client.get('/v1/me/erasure')).json;
    return client.post('/v1/me/erasure', { json: { shown } });
  }, (reply) => reply.status === 202);

const gone = (client) =>
  until(() => client.post('/v1/auth/refresh', { json: { refresh_token: client.refresh }, token: null }), (reply) => {
    if (reply.status === 200) client.refresh = reply.json.refresh_token;
    return reply.status === 401;
  });

test('what was sent for somebody goes with them, and not with who sent it', async () => {
  const [old, young, boss, clerk] = [await somebody('Phạm Văn Cụ'), await somebody('Phạm Văn Cháu'), await somebody('Lê Văn Giám Đốc'), await somebody('Lê Thị Văn Thư')];
  const given = await old.post('/v1/me/mandates', { json: { kind: 'proxy', scope: ['reports'], agent: { card: young.card } }, headers: fresh() });
  assert.equal(given.status, 201, given.text);
  const [offer] = (await young.get('/v1/me/mandates')).json.items;
  assert.equal((await young.post(`/v1/me/mandates/${offer.id}/steps/accept`, { json: {} })).status, 200);
  const theirs = await photoFor(young, old.person);
  const report = (await fileFor(young, old.person, { photos: [theirs] })).json;
  assert.equal(report.photos?.[0].id, theirs);
  assert.equal((await old.post(`/v1/reports/${report.id}/steps/withdraw`, { json: {}, headers: fresh() })).status, 200);
  const org = await organisation(boss);
  await join(boss, org.id, clerk, 'prepares');
  const works = await photoFor(clerk, org.id);
  const filed = (await fileFor(clerk, org.id, { photos: [works] })).json;

  await ask(old);
  await ask(clerk);
  await advanceClock(server, 7 * DAY + 60);
  await gone(old);
  await gone(clerk);
  const inspector = await signInStaff(server, 'inspector.demo');
  await until(() => inspector.get(`/v1/reports/${report.id}`), (reply) => reply.json.text === undefined);
  await until(() => inspector.get(`/v1/media/${theirs}`), (reply) => reply.status === 404);

  const still = await (await awake(boss)).get(`/v1/media/${works}`, acting(org.id));
  assert.equal(still.status, 200, 'the organisation has its report, and what belongs to it');
  const officer = await signInStaff(server, 'officer.demo');
  assert.equal((await officer.post(`/v1/reports/${filed.id}/photos/${works}/original`, { json: { note: 'Cần xem số nhà' } })).status, 200);
});

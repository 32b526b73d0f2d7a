/* An online service as tests use it: a birth is registered at the commune of the demonstration's officer. */
import assert from 'node:assert/strict';
import { makeJpeg } from './make-jpeg.mjs';
import { fresh, sendPhoto } from './people.mjs';

export const BIRTH = '1.001193';
export const MARITAL = '1.004873';

/* What the form of a birth's registration asks. */
export const form = (more = {}) => ({
  applicant_name: 'Lê Thị An',
  relation: 'mother',
  child_name: 'Trần Minh Khang',
  child_birth: '2026-11-02',
  child_sex: 'male',
  child_birthplace: 'Bệnh viện Sản - Nhi Cà Mau',
  late: false,
  married: true,
  mother: { name: 'Lê Thị An', birth: '1990-05-17', nationality: 'vn' },
  father: { name: 'Trần Văn Cảnh', birth: '1988-03-04', nationality: 'vn' },
  commune: '32025',
  ...more,
});

export const maritalForm = (more = {}) => ({
  name: 'Lê Thị An',
  birth: '1990-05-17',
  card: '096190000123',
  status: 'never',
  purpose: 'loan',
  commune: '32025',
  ...more,
});

export const save = (client, draft, json) =>
  client.request('PUT', `/v1/dossier-drafts/${draft.id}`, { json, headers: { 'if-match': `"${draft.revision}"` } });

export async function begin(client, procedure = BIRTH, more = {}) {
  const reply = await client.post('/v1/dossier-drafts', { json: { procedure, ...more }, headers: fresh() });
  assert.equal(reply.status, 201, reply.text);
  return reply.json;
}

export async function papers(client, n = 2) {
  const ids = [];
  for (let i = 0; i < n; i++) ids.push(await sendPhoto(client, makeJpeg({ width: 60 + i, height: 40 })));
  return ids;
}

/* A dossier of a birth, complete and filed. */
export async function file(client, more = {}) {
  const [birth, marriage] = await papers(client);
  const draft = await begin(client);
  const saved = await save(client, draft, {
    form: form(),
    components: [
      { code: 'giay_chung_sinh', files: [birth] },
      { code: 'ket_hon', files: [marriage] },
    ],
    fetch: 'download',
    ...more,
  });
  assert.equal(saved.status, 200, saved.text);
  const filed = await client.post('/v1/dossiers', { json: { draft: draft.id }, headers: fresh() });
  assert.equal(filed.status, 201, filed.text);
  return filed.json;
}

/* A certificate of marital status: a form alone, and three working days. */
export async function fileMarital(client, more = {}) {
  const draft = await begin(client, MARITAL);
  const saved = await save(client, draft, { form: maritalForm(), fetch: 'post', ...more });
  assert.equal(saved.status, 200, saved.text);
  const filed = await client.post('/v1/dossiers', { json: { draft: draft.id }, headers: fresh() });
  assert.equal(filed.status, 201, filed.text);
  return filed.json;
}

export async function act(client, dossier, verb, json = {}, status = 200) {
  const reply = await client.post(`/v1/dossiers/${dossier.id}/steps/${verb}`, { json, headers: fresh() });
  assert.equal(reply.status, status, `${verb}: ${reply.text}`);
  return reply.json;
}

/* What may be done next. */
export const verbs = (dossier) => dossier.steps.map((step) => step.verb).sort();

/* A request whose answer was lost is sent again with its key: the answer is the same, and once. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fileReport, fresh, signInCitizen, signInStaff, step } from './lib/people.mjs';
import { useServer } from './lib/server.mjs';

const server = useServer();

const transfer = { reason: 'other_field', agency: 'H12.03' };

describe('a lost answer', () => {
  test('who gave a report away is answered again, until somebody else has acted', async () => {
    const citizen = await signInCitizen(server, '+84912346001');
    const officer = await signInStaff(server, 'officer.demo');
    const health = await signInStaff(server, 'health.demo');
    const report = await fileReport(citizen);
    const headers = fresh();
    const away = await step(officer, report.id, 'transfer', transfer, headers);
    assert.equal(away.status, 200, away.text);
    const again = await step(officer, report.id, 'transfer', transfer, headers);
    assert.equal(again.status, 200, again.text);
    assert.equal(again.json.agency, 'H12.03');
    assert.equal(again.json.transfers, 1);
    assert.equal((await step(officer, report.id, 'transfer', transfer)).status, 404, 'another key');
    assert.equal((await officer.get(`/v1/reports/${report.id}`)).status, 404);

    assert.equal((await step(health, report.id, 'receive')).status, 200);
    const late = await step(officer, report.id, 'transfer', transfer, headers);
    assert.equal(late.status, 404, 'what others did since is not theirs to see');
    const { history } = (await citizen.get(`/v1/reports/${report.id}`)).json;
    assert.equal(history.filter((one) => one.verb === 'transfer').length, 1);
  });

  test('who filed a report is answered the same, though its category asks more by now', async () => {
    const citizen = await signInCitizen(server, '+84912346003');
    const admin = await signInStaff(server, 'admin.demo');
    const lamp = async () => (await admin.get('/v1/admin/categories')).json.items.find((one) => one.code === 'dien_chieu_sang');
    const file = (headers, more = {}) =>
      citizen.post('/v1/reports', { json: { category: 'dien_chieu_sang', text: 'Đèn đường không sáng', commune: '32025', answers: { danger: false }, consent: false, ...more }, headers });
    const headers = fresh();
    const first = await file(headers);
    assert.equal(first.status, 201, first.text);
    const { questions_form: form, ...row } = await lamp();
    const questions = { ...row.questions, properties: { ...row.questions.properties, so_cot: { type: 'string', maxLength: 20, title: 'Số cột' } }, required: [...(row.questions.required ?? []), 'so_cot'] };
    assert.equal((await admin.put('/v1/admin/categories', { json: [{ ...row, questions }] })).status, 200);
    assert.equal((await lamp()).questions_form, form + 1);
    assert.equal((await file(fresh())).status, 422, 'a new one has to answer it');
    const again = await file(headers);
    assert.equal(again.status, 201, again.text);
    assert.equal(again.json.id, first.json.id);
    assert.equal(again.headers.location, first.headers.location);
    assert.equal((await file(headers, { text: 'Một chuyện khác' })).json.type, '/problems/idempotency-key-reused');
    assert.equal((await citizen.get('/v1/reports')).json.items.length, 1);
  });

  test('a header that is not UTF-8 is refused, not stored', async () => {
    const citizen = await signInCitizen(server, '+84912346002');
    const made = await citizen.post('/v1/uploads', {
      headers: { 'tus-resumable': '1.0.0', 'upload-length': '10', 'upload-metadata': 'filename \xa3\xac\xca' },
    });
    assert.equal(made.status, 422, made.text);
  });
});

/* Consents: nothing without a yes, a yes that can be proven, and one that can be taken back. */
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { test } from 'node:test';
import { until } from './lib/organisations.mjs';
import { fileReport, fresh, signInCitizen, signInStaff, step } from './lib/people.mjs';
import { useServer } from './lib/server.mjs';
import { tramctl, tramctlJson } from './lib/tramctl.mjs';

const server = useServer({ env: { TRAM_HTTP_RATES: '100000' } });
const sha256 = (...parts) => crypto.createHash('sha256').update(parts.map((p) => `${p}\0`).join('')).digest('hex');

const consents = async (citizen) => (await citizen.get('/v1/me/consents')).json.items;
/* What is said with a filing is noted behind it. */
const noted = (citizen, n) => until(() => consents(citizen), (items) => items.length >= n);
const reveal = (staff, id) => staff.post(`/v1/reports/${id}/reporter`, { json: { note: 'Gọi để hỏi đường' } });

test('the words that may be agreed to, in both languages, and what their sum is of', async () => {
  const anybody = server.client();
  for (const language of ['vi', 'en']) {
    const { items } = (await anybody.get('/v1/consents/purposes', { headers: { 'accept-language': language } })).json;
    assert.deepEqual(items.map((p) => p.purpose), ['report.contact', 'dossier.documents', 'notices.sms', 'eid.prefill']);
    for (const p of items) {
      assert.equal(p.language, language);
      assert.equal(p.words_sha256, sha256(p.title, p.text, p.data));
    }
  }
});

test('who has said nothing has consented to nothing', async () => {
  const citizen = await signInCitizen(server, '+84912380001');
  assert.deepEqual(await consents(citizen), []);
  const wrong = await citizen.post('/v1/me/consents', { json: { purpose: 'notices.sms', version: 1, language: 'fr' } });
  assert.deepEqual(wrong.json.errors, [{ pointer: '/language', detail: 'Phải là một trong vi, en.' }], 'what may be said is listed');
});

test('a filed yes is a record with its words; a filed no is none', async () => {
  const citizen = await signInCitizen(server, '+84912380002', { name: 'Trần Văn Chứng' });
  const key = fresh();
  const body = { category: 'dien_chieu_sang', text: 'Đèn đường không sáng', commune: '32025', answers: { danger: false }, consent: true };
  const first = await citizen.post('/v1/reports', { json: body, headers: key });
  const again = await citizen.post('/v1/reports', { json: body, headers: key });
  assert.equal(again.json.id, first.json.id);
  await fileReport(citizen, { consent: false });
  const [only, ...more] = await noted(citizen, 1);
  assert.deepEqual(more, []);
  assert.equal(only.subject, first.json.id);
  assert.equal(only.purpose, 'report.contact');
  assert.equal(only.route, 'reportFile');
  assert.equal(only.session, citizen.session);
  assert.equal(only.given, true);
  assert.equal(only.stands, true);
  assert.equal(only.words_sha256, sha256(only.title, only.text, only.data));
});

test('a withdrawal stops the look at once, and a repeated filing does not undo it', async () => {
  const citizen = await signInCitizen(server, '+84912380003', { name: 'Lê Thị Rút' });
  const officer = await signInStaff(server, 'officer.demo');
  const key = fresh();
  const body = { category: 'dien_chieu_sang', text: 'Đèn đường không sáng', commune: '32025', answers: { danger: false }, consent: true };
  const { id } = (await citizen.post('/v1/reports', { json: body, headers: key })).json;
  assert.equal((await reveal(officer, id)).json.name, 'Lê Thị Rút');

  const [given] = await consents(citizen);
  const withdrawn = await citizen.post(`/v1/me/consents/${given.id}/withdraw`);
  assert.equal(withdrawn.status, 201);
  assert.equal(withdrawn.json.given, false);
  assert.equal((await reveal(officer, id)).status, 403);
  assert.equal((await officer.get(`/v1/reports/${id}`)).json.consent, false);
  const twice = await citizen.post(`/v1/me/consents/${given.id}/withdraw`);
  assert.equal(twice.json.id, withdrawn.json.id);
  await citizen.post('/v1/reports', { json: body, headers: key });
  assert.equal((await reveal(officer, id)).status, 403);
  assert.equal((await consents(citizen)).length, 2);

  const back = await citizen.post('/v1/me/consents', {
    json: { purpose: 'report.contact', version: 1, language: 'en', report: id },
  });
  assert.equal(back.status, 201);
  assert.match(back.json.text, /^I agree/);
  assert.equal((await reveal(officer, id)).status, 200);
  assert.deepEqual((await consents(citizen)).map((c) => [c.seq, c.given, c.stands]), [[3, true, true], [2, false, false], [1, true, false]]);
});

test('many yeses at once are one record, and the chain of many things holds', async () => {
  const citizen = await signInCitizen(server, '+84912380004');
  const { id } = (await citizen.get('/v1/me')).json;
  const yes = { purpose: 'notices.sms', version: 1, language: 'vi' };
  const all = await Promise.all(Array.from({ length: 12 }, () => citizen.post('/v1/me/consents', { json: yes })));
  assert.equal(new Set(all.map((one) => one.json.id)).size, 1);
  await Promise.all(Array.from({ length: 8 }, () => fileReport(citizen)));
  assert.deepEqual((await noted(citizen, 9)).map((c) => c.seq).sort((a, b) => a - b), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const proof = await tramctlJson(server.data, 'consents', 'verify', id);
  assert.equal(proof.holds, true);
  assert.equal(proof.records, 9);
});

test('a yes that is said right behind a filing without one holds nothing back', async () => {
  const citizen = await signInCitizen(server, '+84912380009');
  const fileAndSay = async () => {
    const report = await fileReport(citizen, { consent: false });
    const yes = { purpose: 'report.contact', version: 1, language: 'vi', report: report.id };
    assert.equal((await citizen.post('/v1/me/consents', { json: yes })).status, 201);
    return report.id;
  };
  const filed = [];
  for (let round = 0; round < 10; round++) {
    filed.push(...await Promise.all(Array.from({ length: 6 }, fileAndSay)));
  }
  const told = await until(async () => {
    const pages = [await citizen.get('/v1/notices?limit=100')];
    return new Set(pages.flatMap((page) => page.json.items).map((notice) => notice.about));
  }, (about) => filed.every((id) => about.has(id)));
  assert.equal(told.size, filed.length);
  assert.equal((await consents(citizen)).every((c) => c.given), true);
});

test('what is not mine, not there, or of other words is refused', async () => {
  const citizen = await signInCitizen(server, '+84912380005');
  const other = await signInCitizen(server, '+84912380006');
  const report = await fileReport(other);
  const [theirs] = await noted(other, 1);
  assert.equal((await citizen.post(`/v1/me/consents/${theirs.id}/withdraw`)).status, 404);
  assert.equal((await citizen.post(`/v1/me/consents/${crypto.randomUUID()}/withdraw`)).status, 404);
  const yes = { purpose: 'notices.sms', version: 1, language: 'vi' };
  for (const [json, pointer] of [
    [{ ...yes, purpose: 'everything' }, '/purpose'],
    [{ ...yes, version: 2 }, '/version'],
    [{ ...yes, report: report.id }, '/report'],
    [{ ...yes, purpose: 'report.contact' }, '/report'],
    [{ ...yes, purpose: 'report.contact', report: report.id }, '/report'],
    [{ ...yes, language: 'fr' }, '/language'],
  ]) {
    const refused = await citizen.post('/v1/me/consents', { json });
    assert.equal(refused.status, 422);
    assert.equal(refused.json.errors[0].pointer, pointer);
  }
  assert.deepEqual(await consents(citizen), []);
  assert.equal((await consents(other))[0].stands, true);
});

test('an inspector sees the proof of a report, and its owner is told', async () => {
  const citizen = await signInCitizen(server, '+84912380007');
  const report = await fileReport(citizen);
  const inspector = await signInStaff(server, 'inspector.demo');
  const proof = await inspector.post('/v1/desk/consents/proof', { json: { report: report.id, note: 'Khiếu nại số 12' } });
  assert.equal(proof.status, 200);
  assert.equal(proof.json.holds, true);
  assert.equal(proof.json.items[0].subject, report.id);
  assert.equal(proof.json.items[0].session, undefined);
  const notices = (await citizen.get('/v1/notices')).json.items;
  assert.ok(notices.some((n) => n.what === 'consent_proof' && n.text_vi.includes('Khiếu nại số 12')));
  const officer = await signInStaff(server, 'officer.demo');
  assert.equal((await officer.post('/v1/desk/consents/proof', { json: { report: report.id, note: 'Tò mò thôi' } })).status, 403);
});

test('a yes of a report written before the code is noted when it is filed, for whoever that is', async () => {
  const phone = '+84912380008';
  const unproven = server.client();
  const asked = await unproven.post('/v1/auth/otp', { json: { phone, file_first: true } });
  unproven.token = asked.json.tokens.access_token;
  const held = await fileReport(unproven);
  assert.equal(held.state, 'held');
  const code = await server.smsCode(phone);
  const tokens = await server.client().post(`/v1/auth/otp/${asked.json.challenge}/check`, { json: { code } });
  const citizen = server.client();
  citizen.token = tokens.json.access_token;
  const [only, ...more] = await noted(citizen, 1);
  assert.deepEqual(more, []);
  assert.equal(only.subject, held.id);
  assert.equal(only.route, undefined);
  const officer = await signInStaff(server, 'officer.demo');
  await step(officer, held.id, 'receive');
  assert.equal((await reveal(officer, held.id)).json.phone, phone);
});

test('tramctl fails for a chain that nobody can verify, and holds for one of nobody', async () => {
  const nobody = await tramctlJson(server.data, 'consents', 'verify', crypto.randomUUID());
  assert.deepEqual(nobody, { holds: true, records: 0 });
  const wrong = await tramctl(server.data, 'consents', 'verify', 'not-an-id');
  assert.notEqual(wrong.code, 0);
});

test('what was signed on paper at a desk is a record of who, where and which words, told to the person, and can be taken back', async () => {
  const citizen = await signInCitizen(server, '+84912380077', { name: 'Phạm Thị Giấy' });
  const officer = await signInStaff(server, 'officer.demo');
  const elsewhere = await signInStaff(server, 'health.demo');
  const { id, number } = await fileReport(citizen, { consent: false });
  assert.equal((await reveal(officer, id)).status, 403);
  const paper = { purpose: 'report.contact', version: 1, language: 'vi', given: true, report: id, note: 'Phiếu số 12, tập 2026-11' };
  const say = (staff, more) => staff.post('/v1/desk/consents', { json: { ...paper, ...more } });
  const invalid = async (reply, pointer) => {
    const { status, json } = await reply;
    assert.equal(status, 422);
    assert.deepEqual(json.errors.map((one) => one.pointer), [pointer]);
  };
  await invalid(say(elsewhere), '/report');
  await invalid(say(officer, { report: '00000000-0000-4000-8000-000000000000' }), '/report');
  await invalid(say(officer, { purpose: 'nothing' }), '/purpose');
  await invalid(say(officer, { version: 2 }), '/version');
  await invalid(say(officer, { purpose: 'notices.sms' }), '/report');
  await invalid(say(officer, { report: undefined }), '/report');
  await invalid(say(officer, { purpose: 'notices.sms', report: undefined }), '/card');
  await invalid(say(officer, { given: false }), '/given');
  assert.equal((await say(officer, { card: '096085009999' })).status, 404);
  assert.equal((await say(citizen)).status, 403);
  assert.deepEqual(await consents(citizen), [], 'nothing was said by any of it');

  const said = await say(officer);
  assert.equal(said.status, 201, said.text);
  assert.deepEqual([said.json.how, said.json.given, said.json.route, said.json.stands], ['desk', true, 'deskConsent', true]);
  assert.equal(said.json.office, 'H12.32025');
  assert.ok(said.json.officer);
  const again = await say(officer);
  assert.equal(again.json.id, said.json.id, 'repeating adds nothing');
  const [mine, ...more] = await consents(citizen);
  assert.deepEqual(more, []);
  assert.deepEqual([mine.how, mine.office, mine.session], ['desk', 'H12.32025', undefined]);
  const told = (await citizen.get('/v1/notices')).json.items.filter((one) => one.what === 'consent_at_desk');
  assert.ok(told.length >= 1);
  assert.match(told[0].text_vi, new RegExp(`đồng ý.*${number}.*tập 2026-11`));
  assert.equal((await reveal(officer, id)).json.name, 'Phạm Thị Giấy');
  const inspector = await signInStaff(server, 'inspector.demo');
  const proof = await inspector.post('/v1/desk/consents/proof', { json: { report: id, note: 'Kiểm tra giấy tờ' } });
  assert.equal(proof.json.holds, true);

  const back = await say(officer, { given: false });
  assert.equal(back.status, 201, back.text);
  assert.equal((await reveal(officer, id)).status, 403);
  const once = await say(officer);
  assert.equal(once.status, 201);
  const [last] = await consents(citizen);
  assert.equal((await citizen.post(`/v1/me/consents/${last.id}/withdraw`)).json.given, false);
  assert.equal((await reveal(officer, id)).status, 403, 'the person has the last word');
});

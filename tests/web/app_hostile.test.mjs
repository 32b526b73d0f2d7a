/*
 * Whatever a stranger, an office or an import may write is words on every page of the app: reports and their
 * answers, dossiers and their forms, procedures, papers, complaints, organisations, those one acts for, notices.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { act, begin, file, form, papers, save } from '../api/lib/dossiers.mjs';
import { makeJpeg } from '../api/lib/make-jpeg.mjs';
import { makePdf } from '../api/lib/make-pdf.mjs';
import { fileReport, fresh, sendPhoto, signInStaff, step } from '../api/lib/people.mjs';
import { eidClient } from '../api/lib/provider.mjs';
import { until } from './lib/app.mjs';
import { AN, startWithEid } from './lib/eid.mjs';
import { EVIL, MARK, PROSE, importHostile, inert } from './lib/hostile.mjs';

let rig, server, page, complaints;
const made = {};
const NUMBER = '+84912345971';

const ok = (reply, status = 200) => (assert.equal(reply.status, status, reply.text), reply.json);
const answers = { applicant_name: EVIL, child_name: EVIL, child_birthplace: PROSE.slice(0, 190), mother: { name: EVIL, birth: '1990-05-17', nationality: 'vn', residence: EVIL } };

async function reportIt(an, officer) {
  const photo = await sendPhoto(an, makeJpeg({ width: 320, height: 240 }));
  made.report = await fileReport(an, { text: PROSE, address: EVIL, photos: [photo], point: { lat: 9.1769, lon: 105.1524 } });
  ok(await step(officer, made.report.id, 'receive', {}));
  ok(await officer.post(`/v1/reports/${made.report.id}/reporter`, { json: { note: PROSE.slice(0, 200) }, headers: fresh() }));
  ok(await step(officer, made.report.id, 'ask', { note: PROSE }));
  ok(await step(an, made.report.id, 'supply', { note: PROSE }));
  const proof = await sendPhoto(officer, makeJpeg({ width: 320, height: 240 }));
  ok(await step(officer, made.report.id, 'answer', { note: PROSE, photos: [proof] }));
  ok(await step(officer, made.report.id, 'publish', { photos: [photo, proof] }));
}

async function applyForIt(an, officer, leader) {
  const me = ok(await officer.get('/v1/me')).id;
  made.dossier = await file(an, { form: form(answers) });
  await act(officer, made.dossier, 'receive', { note: PROSE });
  await act(leader, made.dossier, 'assign', { officer: me });
  await act(officer, made.dossier, 'supplement', { note: PROSE, components: [{ code: 'ket_hon', verdict: 'unclear', note: PROSE }], fields: [{ pointer: '/child_name', note: PROSE }] });
  const complaint = ok(await an.post(`/v1/dossiers/${made.dossier.id}/complaints`, { json: { about: 'delay', text: PROSE }, headers: fresh() }), 201);
  ok(await leader.post(`/v1/complaints/${complaint.id}/steps/take`, { json: {}, headers: fresh() }));
  ok(await leader.post(`/v1/complaints/${complaint.id}/steps/answer`, { json: { note: PROSE }, headers: fresh() }));

  made.finished = await file(an, { form: form(answers) });
  await act(officer, made.finished, 'receive');
  await act(leader, made.finished, 'assign', { officer: me });
  await act(officer, made.finished, 'propose', { note: PROSE });
  const { code } = ok(await officer.get('/v1/procedures/1.001193')).results[0];
  await act(leader, made.finished, 'finish', { results: [{ file: await sendPhoto(leader, makePdf()), code, number: EVIL.slice(0, 40) }] });

  const [birth] = await papers(an, 1);
  made.draft = await begin(an);
  ok(await save(an, made.draft, { form: form(answers), components: [{ code: 'giay_chung_sinh', files: [birth] }] }));
}

async function actForOthers(an, officer) {
  made.org = ok(await an.post('/v1/me/organisations', { json: { kind: 'household', tax_code: AN.card_no, name: PROSE.slice(0, 190), address: PROSE.slice(0, 190), commune: '32025' } }), 201);
  ok(await officer.post(`/v1/desk/organisations/${made.org.id}/steps/confirm`, { json: { note: PROSE.slice(0, 400) } }));
  ok(await an.post('/v1/me/mandates', { json: { kind: 'parent', dependant: { name: EVIL.slice(0, 60), birth: '2018-05-17' }, scope: ['reports'], commune: '32025' }, headers: fresh() }), 201);
}

before(async () => {
  rig = await startWithEid();
  ({ server, page, complaints } = rig);
  rig.provider.people.set('an', { ...AN, name: EVIL.slice(0, 60) });
  await importHostile(server.data);
  await page.goto(`${server.origin}/app/acting`);
  await page.getByLabel('Số điện thoại của bạn').fill(NUMBER);
  await page.getByRole('button', { name: 'Nhận mã' }).click();
  await page.getByLabel(/^Mã gồm 6 số/).fill(await server.smsCode(NUMBER));
  await page.getByRole('button', { name: 'Xác thực bằng VNeID' }).click();
  await page.waitForURL('**/app/acting');
  const an = await eidClient(server, rig.provider, 'an');
  const [officer, leader] = [await signInStaff(server, 'officer.demo'), await signInStaff(server, 'leader.demo')];
  await reportIt(an, officer);
  await applyForIt(an, officer, leader);
  await actForOthers(an, officer);
  await until('the projection', async () => (await server.client().get(`/v1/public/reports/${made.report.number}`)).status === 200);
});
after(() => rig.stop());

/* The page, once all is there; whether the hostile words are. */
async function see(at) {
  await page.goto(server.origin + at);
  await page.locator('main h1').waitFor();
  await until(`what ${at} loads`, async () => (await page.locator('.spinner').count()) === 0);
  await inert(page, at);
  return (await page.locator('main').innerText()).includes(MARK);
}

describe('hostile words', () => {
  test('are words on every page of the app', async () => {
    const shown = [
      `/r/${made.report.number}`,
      '/',
      '/app/around?view=list',
      '/app/services?q=khai%20sinh',
      '/app/procedure/1.001193',
      '/app/mine',
      '/app/mine?tab=dossiers',
      `/app/reports/${made.report.id}`,
      `/app/dossiers/${made.dossier.id}`,
      `/app/dossiers/${made.finished.id}`,
      '/app/acting',
      `/app/organisation/${made.org.id}`,
      '/app/account/documents',
      '/app/account/looks',
    ];
    for (const at of shown) assert.equal(await see(at), true, `${at} shows them`);
    const others = ['/app/account', '/app/notices', '/app/commune/32025', '/app/report', '/app/account/consents', '/app/account/devices', '/app/account/erasure', `/app/around?q=${encodeURIComponent(EVIL)}&view=list`, `/app/${encodeURIComponent(EVIL)}`];
    for (const at of others) await see(at);
    assert.deepEqual(complaints, []);
  });

  test('in a draft: its form, its papers, its review', async () => {
    assert.equal(await see(`/app/drafts/${made.draft.id}`), true, 'titles of the form');
    assert.equal(await page.locator('#f-child_name').inputValue(), EVIL);
    for (const part of ['Giấy tờ', 'Xem lại, nộp']) {
      await page.getByRole('button', { name: part, exact: true }).click();
      await until('what is loaded', async () => (await page.locator('.spinner').count()) === 0);
      await inert(page, part);
    }
    assert.deepEqual(complaints, []);
  });

  test('in what is being written, and in the name of whom one acts for', async () => {
    await page.goto(`${server.origin}/app/acting`);
    await page.getByRole('button', { name: 'Làm thay' }).click();
    await page.getByText('Bạn đang làm thay cho').waitFor();
    await inert(page, 'acting');
    await page.goto(`${server.origin}/app/report`);
    await page.getByRole('heading', { name: 'Ảnh hiện trường' }).waitFor();
    await page.goto(`${page.url()}/what`);
    await page.getByLabel('Kể ngắn gọn').fill(PROSE);
    await page.getByText('Đã lưu trên máy').waitFor();
    await page.goto(page.url().replace(/what$/, 'send'));
    await page.getByRole('heading', { name: 'Xem lại và gửi' }).waitFor();
    await inert(page, 'a report that is looked through');
    await page.goto(`${server.origin}/app/mine`);
    await page.getByText(MARK).first().waitFor();
    await inert(page, 'what is on this phone');
    assert.deepEqual(complaints, []);
  });
});

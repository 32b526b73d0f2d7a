/* Two officials at the same case: they see each other, what the other did, and keep what they wrote themselves. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { file } from '../api/lib/dossiers.mjs';
import { fileReport, signInCitizen } from '../api/lib/people.mjs';
import { axe } from './lib/app.mjs';
import { useDesk } from './lib/desk.mjs';

const desk = await useDesk({ identity: true });
const LARGE = { width: 1440, height: 900 };
const here = (page, words) => page.locator('.here-one').filter({ hasText: words });

/* The page looks at once, as it does when one comes back to it. */
const looks = (page) => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));

describe('two officials at one case', () => {
  let citizen, report, officer, leader;

  before(async () => {
    citizen = await signInCitizen(desk.server, '+84912345678');
    report = await fileReport(citizen);
    officer = await desk.tab('officer.demo', { ...LARGE, at: `/desk/reports/${report.id}` });
    await officer.page.locator('.act-buttons').waitFor();
  });

  test('see each other, and who writes', async () => {
    assert.equal(await officer.page.locator('.here-one').count(), 0, 'alone');
    leader = await desk.tab('leader.demo', { ...LARGE, at: `/desk/reports/${report.id}` });
    await here(leader.page, 'Trần Quốc Huy cũng đang mở việc này').waitFor();
    await here(officer.page, 'Nguyễn Văn Thành cũng đang mở việc này').waitFor(); // by itself
    await desk.step(leader.page, 'Từ chối');
    const told = leader.page.waitForResponse((reply) => reply.url().endsWith('/presence') && reply.request().postData()?.includes('true'));
    await leader.page.locator('.act-form textarea').fill('Ngoài địa bàn của phường');
    await told;
    await looks(officer.page);
    await here(officer.page, 'Nguyễn Văn Thành đang viết ở việc này').waitFor();
    await desk.shot(officer.page, 'together-1440');
    assert.deepEqual(await axe(officer.page), []);
  });

  test('what one does the other is told in words, and keeps what was typed', async () => {
    await desk.step(officer.page, 'Tiếp nhận');
    await officer.page.locator('.state').getByText('Đã tiếp nhận').waitFor();
    await looks(leader.page);
    const note = leader.page.locator('.case-head .note');
    await note.getByText('Tiếp nhận').waitFor();
    assert.match(await note.innerText(), /Trần Quốc Huy/);
    assert.equal(await officer.page.locator('.case-head .note').count(), 0, 'nobody is told of what they did themselves');
    await leader.page.locator('.act-form select').selectOption({ index: 1 });
    await leader.page.locator('.act-form [type=submit]').click();
    const conflict = leader.page.locator('.act-form [role=alert]');
    await conflict.getByText('chữ bạn viết vẫn còn đây').waitFor();
    await conflict.getByText('Tiếp nhận').waitFor();
    assert.equal(await leader.page.locator('.act-form textarea').inputValue(), 'Ngoài địa bàn của phường');
    await desk.shot(leader.page, 'together-conflict-1440');
    assert.equal((await (await desk.staff('leader.demo')).get(`/v1/reports/${report.id}`)).json.state, 'received', 'nothing was written over');
  });

  test('who leaves is gone, who looks on only is not seen', async () => {
    const told = leader.page.waitForResponse((reply) => reply.url().includes('/v1/desk/presence/'));
    await leader.page.getByRole('link', { name: 'Hồ sơ', exact: true }).click();
    await told;
    const inspector = await desk.tab('inspector.demo', { ...LARGE, at: `/desk/reports/${report.id}` });
    await inspector.page.locator('.case').waitFor();
    await looks(officer.page);
    await officer.page.locator('.here-one').waitFor({ state: 'detached' });
    for (const one of [officer, leader, inspector]) assert.deepEqual(one.complaints, []);
    await inspector.context.close();
  });

  test('the same at a dossier', async () => {
    const dossier = await file(await desk.verified('Lê Thị An', '096190000123'));
    for (const { page } of [officer, leader]) {
      await page.goto(`${desk.origin}/desk/dossiers/${dossier.id}`);
      await page.locator('.act-buttons').waitFor();
    }
    await here(leader.page, 'Trần Quốc Huy').waitFor();
    await looks(officer.page);
    await here(officer.page, 'Nguyễn Văn Thành').waitFor();
    for (const one of [officer, leader]) assert.deepEqual(one.complaints, []);
  });

  test('who passed it on writes at it no more, and why they did is read where it went', async () => {
    const passed = await fileReport(citizen);
    const { page } = officer;
    await page.goto(`${desk.origin}/desk/reports/${passed.id}`);
    await desk.step(page, 'Chuyển trả');
    await page.locator('.act-form select').first().selectOption('other_field');
    await page.locator('.act-form select').nth(1).selectOption('H12.03');
    const writes = page.waitForResponse((reply) => reply.url().endsWith('/presence') && reply.request().postData()?.includes('true'));
    await page.locator('.act-form textarea').fill('Cột đèn trong sân trạm y tế');
    await writes;
    const gone = page.waitForResponse((reply) => reply.url().includes('/v1/desk/presence/'));
    await page.locator('.act-form [type=submit]').click();
    await gone;
    const health = await desk.tab('health.demo', { ...LARGE, at: `/desk/reports/${passed.id}` });
    const asked = health.page.waitForResponse((reply) => reply.url().endsWith('/presence'));
    await health.page.locator('.timeline').getByText('Không thuộc lĩnh vực phụ trách').waitFor();
    await asked;
    assert.equal(await health.page.locator('.here-one').count(), 0);
    for (const one of [officer, health]) assert.deepEqual(one.complaints, []);
  });
});

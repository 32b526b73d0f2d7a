/* The desk of one's own agency and account: deputies, the duty roster, hand-overs, money to give back, how one signs in. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { act, file } from '../api/lib/dossiers.mjs';
import { Bank, CALLBACK } from '../api/lib/payments.mjs';
import { fileReport, fresh, signInCitizen, step } from '../api/lib/people.mjs';
import { axe, overflow } from './lib/app.mjs';
import { account, useDesk } from './lib/desk.mjs';

const bank = await Bank.start();
after(() => bank.stop());
const { TRAM_HTTP_DEMO_PORT: _, ...paid } = bank.config();
const desk = await useDesk({ identity: true, env: paid });
const LARGE = { width: 1440, height: 900 };

async function looked(page, name) {
  assert.deepEqual(await axe(page), [], name);
  await desk.shot(page, `${name}-1440`);
  for (const [width, height] of [[360, 640], [720, 450]]) {
    await page.setViewportSize({ width, height });
    assert.equal(await overflow(page), 0, `${name} at ${width} px`);
    if (width === 360) await desk.shot(page, `${name}-360`);
  }
  await page.setViewportSize(LARGE);
}

describe('my agency', () => {
  let leader, page, complaints;

  before(async () => {
    leader = await desk.staff('leader.demo');
    ({ page, complaints } = await desk.tab('leader.demo', { ...LARGE, at: '/desk/staff' }));
  });

  test('a leader names a deputy for some days, who is told and shown; and ends it', async () => {
    await page.getByRole('link', { name: 'Uỷ quyền' }).click();
    await page.getByText('Không có uỷ quyền nào.').waitFor();
    await page.getByRole('button', { name: 'Uỷ quyền' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Uỷ quyền' }).click();
    await page.locator('#deputy-who-error').waitFor();
    await page.getByLabel('Người được uỷ quyền').selectOption((await (await desk.staff('officer.demo')).get('/v1/me')).json.id);
    await page.getByRole('dialog').getByRole('button', { name: 'Uỷ quyền' }).click();
    await page.locator('.key-row').getByText('Đang hiệu lực').waitFor();
    const deputy = await desk.tab('officer.demo', LARGE);
    await deputy.page.locator('.rail').getByText('Phản ánh hồ sơ').waitFor();
    await deputy.page.locator('.tabs').getByText('Chờ duyệt').waitFor();
    assert.deepEqual(deputy.complaints, []);
    await deputy.page.close();
    const [named] = (await leader.get('/v1/desk/deputies')).json.items;
    assert.match(named.until, /T17:00:00/, 'until the end of the day there');
    await looked(page, 'deputies');
    await page.getByRole('button', { name: /^Kết thúc uỷ quyền/ }).click();
    await page.locator('.key-row').getByText('Đã hết').waitFor();
    assert.deepEqual(complaints, []);
  });

  test('the roster is changed; what another changed meanwhile is not written over', async () => {
    await page.getByRole('link', { name: 'Lịch trực' }).click();
    await page.locator('.duty').first().waitFor();
    await looked(page, 'roster');
    await page.getByRole('button', { name: 'Sửa' }).click();
    await page.getByLabel('Tên ca').first().fill('Trực hành chính <b>mới</b>');
    await page.getByLabel('Từ giờ').first().fill('25:00');
    await page.getByRole('button', { name: 'Lưu' }).click();
    await page.locator('.paper .error').first().waitFor();
    await page.getByLabel('Từ giờ').first().fill('07:30');
    await looked(page, 'roster-edit');
    await page.reload();
    await page.getByRole('button', { name: 'Sửa' }).click();
    assert.equal(await page.getByLabel('Từ giờ').first().inputValue(), '07:30', 'what was typed survives a reload');

    const { shifts } = (await leader.get('/v1/desk/roster')).json;
    const put = await leader.put('/v1/desk/roster', { json: { shifts: shifts.map((one) => ({ ...one, name: 'Ca của người khác' })) } });
    assert.equal(put.status, 200, put.text);
    await page.getByRole('button', { name: 'Lưu' }).click();
    await page.getByText('Người khác vừa sửa lịch trực').waitFor();
    await page.getByText('Ca của người khác').first().waitFor();
    assert.equal((await leader.get('/v1/desk/roster')).json.shifts[0].name, 'Ca của người khác', 'nothing was written over');
    await page.getByRole('button', { name: 'Lưu' }).click();
    await page.getByText('Trực hành chính <b>mới</b>').waitFor();
    assert.equal((await leader.get('/v1/desk/roster')).json.shifts[0].start, '07:30');
    assert.deepEqual(complaints, []);
  });

  test('the queue of an officer goes to another in one act', async () => {
    const citizen = await signInCitizen(desk.server, '+84912345678');
    const people = (await leader.get('/v1/desk/colleagues')).json.items;
    const officer = people.find((one) => one.role === 'officer').id;
    const given = [];
    for (let i = 0; i < 2; i++) {
      const report = await fileReport(citizen);
      assert.equal((await step(leader, report.id, 'assign', { officer })).status, 200);
      given.push(report.id);
    }
    await page.getByRole('link', { name: 'Bàn giao việc' }).click();
    await page.getByLabel('Của ai').selectOption(officer);
    await page.locator('#handover-queue').getByText('2').waitFor();
    await page.getByRole('button', { name: 'Bàn giao 2 việc' }).click();
    await page.locator('#handover-reason-error').waitFor();
    await page.getByLabel('Lý do').fill('Nghỉ phép năm');
    await looked(page, 'handover');
    await page.getByRole('button', { name: 'Bàn giao 2 việc' }).click();
    await page.locator('.key-row').getByText('Xong').waitFor();
    await page.locator('.key-row').getByText('2 trong 2 việc').waitFor();
    for (const id of given) assert.equal((await leader.get(`/v1/reports/${id}`)).json.officer, undefined);
    assert.deepEqual(complaints, []);
  });

  test('money that came twice is given back, and by which paper', async () => {
    const an = await desk.verified('Lê Thị An', '096190000123');
    const officer = await desk.staff('officer.demo');
    const dossier = await file(an);
    for (const [verb, body] of [['receive'], ['take'], ['ask_fee', { amount: 8000 }]]) await act(officer, dossier, verb, body);
    const order = (await an.post(`/v1/dossiers/${dossier.id}/payments`, { headers: fresh() })).json;
    await act(officer, dossier, 'pay', { amount: 8000, reference: 'BL 12' });
    const text = JSON.stringify({ order: order.id, status: 'paid', transactions: [{ transaction: 'GD-hai-lan', order: order.id, amount: 8000, paid_at: new Date().toISOString() }] });
    const told = await desk.server.client().post(CALLBACK, { body: Buffer.from(text), headers: Bank.headers(text, { now: Date.now() }) });
    assert.equal(told.status, 204, told.text);
    await page.goto(`${desk.origin}/desk/dossiers?view=refunds`);
    const row = page.locator('.key-row').filter({ hasText: dossier.number });
    await row.waitFor();
    await looked(page, 'refunds');
    await row.getByRole('button', { name: /^Ghi đã hoàn trả/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Ghi đã hoàn trả' }).click();
    await page.locator('#refund-reference-error').waitFor();
    await page.getByLabel('Số chứng từ hoàn trả').fill('UNC 0042/2026');
    await page.getByRole('dialog').getByRole('button', { name: 'Ghi đã hoàn trả' }).click();
    await page.getByText('Không có khoản nào phải hoàn trả.').waitFor();
    await page.getByLabel('Tiền hoàn').selectOption('given');
    await page.locator('.key-row').getByText('UNC 0042/2026').waitFor();
    assert.deepEqual(complaints, []);
  });

  test('money of a dossier that ended without a decision is kept, with the reason that its payer is told', async () => {
    const an = await desk.verified('Lê Thị An', '096190000123');
    const officer = await desk.staff('officer.demo');
    const dossier = await file(an);
    for (const [verb, body] of [['receive'], ['take'], ['ask_fee', { amount: 8000 }], ['pay', { amount: 8000, reference: 'BL 13' }]]) await act(officer, dossier, verb, body);
    await act(an, dossier, 'withdraw', { note: 'Tôi không cần nữa' });
    await act(officer, dossier, 'release');
    const row = page.locator('.key-row').filter({ hasText: dossier.number });
    for (let i = 0; i < 300 && (await row.count()) === 0; i++) {
      await page.goto(`${desk.origin}/desk/dossiers?view=refunds`);
      await page.locator('.key-row, .empty').first().waitFor();
    }
    await row.getByText('Hồ sơ kết thúc mà không được giải quyết').waitFor();
    await row.getByRole('button', { name: /^Không hoàn trả/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Không hoàn trả' }).click();
    await page.locator('#refund-note-error').waitFor();
    assert.deepEqual(await axe(page), []);
    await dialog.getByLabel('Vì sao khoản này vẫn phải nộp').fill('Đã thẩm định hồ sơ');
    await dialog.getByRole('button', { name: 'Không hoàn trả' }).click();
    await page.getByText('Không có khoản nào phải hoàn trả.').waitFor();
    const { money } = (await an.get(`/v1/dossiers/${dossier.id}/payments`)).json;
    assert.deepEqual(money.map((one) => [one.state, one.refund]), [['retained', 0]]);
    assert.deepEqual(complaints, []);
  });

  test('an officer reads the roster and the deputies, a dispatcher the roster, and no more', async () => {
    const officer = await desk.tab('officer.demo', { ...LARGE, at: '/desk/staff' });
    await officer.page.locator('.tabs .tab').nth(1).waitFor();
    assert.deepEqual(await officer.page.locator('.tabs .tab').allInnerTexts(), ['Uỷ quyền', 'Lịch trực']);
    await officer.page.goto(`${desk.origin}/desk/staff/roster`);
    await officer.page.locator('.duty').first().waitFor();
    assert.equal(await officer.page.getByRole('button', { name: 'Sửa' }).count(), 0);
    await officer.page.goto(`${desk.origin}/desk/staff/handover`);
    await officer.page.getByText('Trang này không có').waitFor();
    const admin = await desk.tab('unit.demo', { ...LARGE, at: '/desk/staff/deputies' });
    await admin.page.locator('.key-row').getByText('Trần Quốc Huy').waitFor();
    for (const one of [officer, admin]) {
      assert.deepEqual(one.complaints, []);
      await one.context.close();
    }
  });
});

describe('my account', () => {
  test('other sessions are seen and ended; codes and the password are made anew, which ends the others', async () => {
    const elsewhere = await desk.tab('health.demo', { ...LARGE });
    const { page, complaints } = await desk.tab('health.demo', { ...LARGE, at: '/desk/me' });
    await page.locator('#sessions li').nth(1).waitFor();
    await looked(page, 'me');
    await page.locator('#sessions li').filter({ hasNotText: 'Máy này' }).getByRole('button').click();
    await page.locator('#sessions li').nth(1).waitFor({ state: 'detached' });
    await elsewhere.page.reload();
    await elsewhere.page.locator('#sign-in').waitFor();
    await elsewhere.context.close();

    await page.getByRole('button', { name: 'Lấy mười mã mới' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Lấy mười mã mới' }).click();
    await page.locator('#codes-now-error').waitFor();
    await dialog.getByLabel('Mật khẩu hiện nay').fill(account('health.demo').password);
    await dialog.getByLabel('Mã xác thực').fill(await desk.freshCode('health.demo'));
    await dialog.getByRole('button', { name: 'Lấy mười mã mới' }).click();
    await dialog.locator('.codes li').nth(9).waitFor();
    const code = await dialog.locator('.codes li').first().innerText();
    await desk.shot(page, 'recovery-1440');
    await dialog.getByRole('button', { name: 'Tôi đã ghi lại' }).click();

    await page.getByRole('button', { name: 'Đổi mật khẩu' }).click();
    await dialog.getByLabel('Mật khẩu hiện nay').fill(account('health.demo').password);
    await dialog.getByLabel('Mã xác thực').fill(code); // one of the new ones
    await dialog.getByLabel('Mật khẩu mới').fill('1234567890');
    await dialog.getByRole('button', { name: 'Đổi mật khẩu' }).click();
    await page.locator('#password-new-error').waitFor();
    await dialog.getByLabel('Mật khẩu mới').fill('con vịt bơi qua kinh xáng Cà Mau');
    await dialog.getByRole('button', { name: 'Đổi mật khẩu' }).click();
    await page.getByText('Đã đổi mật khẩu.').waitFor();
    assert.equal(await page.locator('dialog').count(), 0);
    await page.reload();
    await page.locator('#sessions-title').waitFor();
    const old = await desk.server.client().post('/v1/auth/staff', { json: { user: 'health.demo', password: account('health.demo').password, code: await desk.freshCode('health.demo') } });
    assert.equal(old.status, 401, 'the old one opens nothing');
    assert.deepEqual(complaints, []);
  });

  test('the bell may be turned off on this computer, and stays off', async () => {
    const { page, complaints } = await desk.tab('officer.demo', { ...LARGE, at: '/desk/me' });
    await page.getByLabel('Chuông khi có phản ánh khẩn cấp mới').uncheck();
    await page.reload();
    assert.equal(await page.getByLabel('Chuông khi có phản ánh khẩn cấp mới').isChecked(), false);
    await page.getByLabel('Chuông khi có phản ánh khẩn cấp mới').check();
    await page.reload();
    assert.equal(await page.getByLabel('Chuông khi có phản ánh khẩn cấp mới').isChecked(), true);
    assert.deepEqual(complaints, []);
  });

  test('an emergency is heard by who is on duty, once for all; received, it rings no more; who has it on the screen has it off again', async () => {
    const citizen = await signInCitizen(desk.server, '+84912345677');
    const chief = await desk.staff('leader.demo');
    const [{ shifts }, { id }] = [(await chief.get('/v1/desk/roster')).json, (await chief.get('/v1/me')).json];
    const leads = (one) => ({ ...one, people: [{ id }, ...one.people.filter((other) => other.id !== id)] }); // rung first, whatever the hour; officers are told anyway
    assert.equal((await chief.put('/v1/desk/roster', { json: { shifts: shifts.map(leads) } })).status, 200);
    const { page, complaints } = await desk.tab('officer.demo', { ...LARGE });
    const leader = await desk.tab('leader.demo', { ...LARGE });
    const alarm = (at, report) => at.locator('.alarm').filter({ hasText: report.number });
    const looks = () => leader.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange'))); // as it does every while
    const [heard, received] = [await fileReport(citizen, { text: 'Dây điện đứt rơi xuống đường', emergency: true }), await fileReport(citizen, { text: 'Cháy ở chợ nổi', emergency: true })];
    for (const at of [page, leader.page]) for (const one of [heard, received]) await alarm(at, one).waitFor();
    assert.match(await page.title(), /2 phản ánh khẩn cấp mới/);
    await looked(page, 'alarms');
    await page.getByRole('button', { name: `Mở ngay ${heard.number}` }).click();
    await alarm(page, heard).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Tôi đã nghe, tôi lo' }).click();
    await page.getByText('Trần Quốc Huy đã nghe lúc').waitFor();
    await looked(page, 'emergency');
    await looks();
    await alarm(leader.page, heard).waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Mở ngay' }).click();
    await page.getByText('Chưa ai xác nhận đã nghe.').waitFor();
    await desk.step(page, 'Tiếp nhận');
    await page.getByText('Không báo nữa').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Tôi đã nghe, tôi lo' }).count(), 0);
    await looks();
    await alarm(leader.page, received).waitFor({ state: 'detached' });
    assert.deepEqual([...complaints, ...leader.complaints], []);
    await leader.context.close();
  });
});

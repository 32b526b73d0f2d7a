/* The desk's other pages: the counter, figures, accounts; each role finds what is its own, and nothing that is not. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { before, describe, test } from 'node:test';
import { act, file } from '../api/lib/dossiers.mjs';
import { advanceClock, fileReport, signInCitizen, totp } from '../api/lib/people.mjs';
import { axe, overflow, until } from './lib/app.mjs';
import { cameraArgs } from './lib/camera.mjs';
import { useDesk } from './lib/desk.mjs';

const SCAN = '096190000123|381234567|Lê Thị An|17051990|Nữ|Khóm 3, phường Tân Thành, Cà Mau|28042021';
const desk = await useDesk({ identity: true, args: await cameraArgs(SCAN) });
const ways = (page) => page.locator('.rail .way').allInnerTexts();

/* Looked at on both sizes. */
async function looked(page, name) {
  assert.deepEqual(await axe(page), [], name);
  await desk.shot(page, `${name}-1440`);
  await page.setViewportSize({ width: 390, height: 844 });
  assert.equal(await overflow(page), 0, `${name} on a phone`);
  await desk.shot(page, `${name}-390`);
  await page.setViewportSize({ width: 1440, height: 900 });
}

/* Its owner, in a browser of their own. */
async function opensAccount(code) {
  const { page, complaints, context } = await desk.tab(undefined, { width: 390, height: 844 });
  await page.goto(`${desk.origin}/desk`);
  await page.getByRole('button', { name: 'Mở tài khoản mới bằng mã' }).click();
  await page.getByLabel('Tên đăng nhập').fill('teo.phan');
  await page.getByLabel('Mã mở tài khoản').fill(code);
  await page.getByRole('button', { name: 'Tiếp tục' }).click();
  const secret = (await page.locator('.secret').innerText()).replaceAll(' ', '');
  assert.deepEqual(await axe(page), []);
  await desk.shot(page, 'activate-390');
  await page.getByLabel('6 số trong ứng dụng').fill(totp(secret, Date.now() + (desk.server.aheadMs ?? 0)));
  await page.locator('#activate-password').fill('con vịt bơi qua kinh xáng Cà Mau');
  await page.getByRole('button', { name: 'Mở tài khoản', exact: true }).click();
  await page.locator('.codes li').nth(9).waitFor();
  await page.getByRole('button', { name: 'Tôi đã ghi lại' }).click();
  await page.locator('#inside').waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
}

describe('other pages of the desk', () => {
  before(async () => {
    const citizen = await signInCitizen(desk.server, '+84912345678');
    for (const category of ['dien_chieu_sang', 'dien_chieu_sang', 've_sinh_moi_truong']) await fileReport(citizen, { category, ...(category !== 'dien_chieu_sang' && { answers: {} }) });
  });

  test('at the counter: the card is scanned, papers are counted, the receipt is printed, and a second click files nothing twice', async () => {
    const { page, complaints, context } = await desk.tab('officer.demo', { width: 1440, height: 900 });
    await page.keyboard.press('g');
    await page.keyboard.press('c');
    await page.getByRole('heading', { name: 'Nhận hồ sơ tại quầy' }).waitFor();
    await page.getByRole('button', { name: 'Nhận hồ sơ', exact: true }).click();
    await page.getByText('Hãy chọn thủ tục.').waitFor();
    await page.getByRole('searchbox', { name: 'Thủ tục' }).fill('tinh trang hon nhan');
    await page.locator('.told').filter({ hasText: 'tình trạng hôn nhân' }).first().click();
    await page.getByLabel('Mã QR trên thẻ căn cước').fill(SCAN);
    await page.locator('#taken-title').waitFor();
    await page.locator('input.few').first().fill('1');
    await page.getByRole('radio', { name: 'Tại quầy' }).check();
    await page.reload();
    assert.equal(await page.getByLabel('Mã QR trên thẻ căn cước').inputValue(), SCAN, 'what was typed survives a reload');
    await page.locator('#taken-title').waitFor();
    await looked(page, 'counter');
    await page.getByRole('button', { name: 'Nhận hồ sơ', exact: true }).click();
    await page.getByText(/Đã nhận hồ sơ H12/).waitFor();
    const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'In giấy tiếp nhận' }).click()]);
    assert.match(saved.suggestedFilename(), /-01\.pdf$/);
    await page.getByRole('link', { name: 'Mở hồ sơ' }).click();
    await page.getByText('Lê Thị An').first().waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test('at the counter: a card before the camera is read, and typing goes on where it is needed next', async () => {
    const { page, complaints, context } = await desk.tab('officer.demo', { width: 1440, height: 900, at: '/desk/counter' });
    await page.getByRole('button', { name: 'Quét bằng camera' }).click();
    await page.getByText('Đã đọc thẻ: Lê Thị An, sinh 17/05/1990, số 096190000123').waitFor();
    assert.equal(await page.getByLabel('Mã QR trên thẻ căn cước').inputValue(), SCAN);
    assert.equal(await page.getByRole('dialog').count(), 0, 'the camera is let go');
    await page.waitForFunction(() => document.activeElement?.id === 'counter-phone');
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test('an inspector sees figures, and what each of them counts', async () => {
    const officer = await desk.staff('officer.demo');
    const [seen] = (await officer.get('/v1/desk/inbox')).json.items;
    assert.equal((await officer.post(`/v1/reports/${seen.id}/reporter`, { json: { note: 'Cần hỏi đường' } })).status, 200);
    const { page, complaints, context } = await desk.tab('inspector.demo', { width: 1440, height: 900 });
    assert.deepEqual(await ways(page), ['Phản ánh', 'Hồ sơ', 'Phản ánh hồ sơ', 'Số liệu', 'Lượt xem']);
    await page.goto(`${desk.origin}/desk/figures?by=category`);
    await page.locator('.figure-bars').getByText('Điện, chiếu sáng').waitFor();
    assert.match(await page.locator('.big').first().innerText(), /^3/);
    await page.getByText('Không có phản ánh nào trễ.').waitFor();
    await looked(page, 'figures');
    await page.locator('.figure-bars').getByRole('link', { name: 'Điện, chiếu sáng' }).click();
    await page.locator('.line').nth(1).waitFor();
    assert.equal(await page.locator('.line').count(), 2);
    assert.equal(await page.locator('.line input').count(), 0, 'who only looks on chooses nothing');
    await page.goto(`${desk.origin}/desk/figures`);
    const [table] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Tải bảng (CSV)' }).click()]);
    const text = fs.readFileSync(await table.path(), 'utf8');
    assert.match(text, /^\uFEFF"Nhóm","Tiếp nhận","Đúng hạn","Trễ","Đúng hạn, %"\r\n/);
    assert.match(text, /"Tổng cộng",3,3,0,100\r\n$/);
    await page.locator('.big').first().getByRole('link').click();
    await page.locator('.line').nth(2).waitFor();
    assert.equal(await page.locator('.line').count(), 3, 'the whole opens all of it');
    await page.goto(`${desk.origin}/desk/figures?kind=dossiers`);
    await page.locator('table').waitFor();
    const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Tải bảng (CSV)' }).click()]);
    assert.match(saved.suggestedFilename(), /\.csv$/);
    await looked(page, 'figures-dossiers');
    const over = await page.getByLabel('Trong').locator('option').nth(3).getAttribute('value');
    const asked = page.waitForRequest((request) => request.url().includes(`/v1/desk/dossiers/figures?by=agency&month=${over}`));
    await page.getByLabel('Trong').selectOption(over);
    await asked;
    await page.getByText('Chưa có gì để đếm').waitFor();
    await page.getByLabel('Trong').selectOption('');
    await page.locator('table').waitFor();
    await page.locator('tbody a').first().click();
    await page.locator('.line').waitFor();
    assert.equal(await page.locator('.line').count(), 1, 'a figure opens what it counts');
    await page.locator('.rail').getByText('Lượt xem').click();
    await page.locator('.letter').getByText('Cần hỏi đường').waitFor();
    await page.locator('.letter').filter({ hasText: seen.number }).getByText('Ủy ban nhân dân phường Tân Thành').waitFor();
    await looked(page, 'looks');
    await page.getByRole('link', { name: 'Theo cán bộ và ngày' }).click();
    await page.getByRole('row').filter({ hasText: 'Trần Quốc Huy' }).getByRole('link').first().click();
    await page.getByText('Chỉ của Trần Quốc Huy').waitFor();
    await page.locator('.letter').getByText('Cần hỏi đường').waitFor();
    await page.getByRole('link', { name: 'Nhật ký quản trị' }).click();
    await page.locator('.letter').first().waitFor();
    const { id: who } = (await officer.get('/v1/me')).json;
    const has = page.waitForResponse((reply) => reply.url().includes(`/v1/desk/officers/${who}/reports`));
    await page.goto(`${desk.origin}/desk/reports?view=officer&officer=${who}`);
    assert.equal((await has).status(), 200);
    await page.getByText('Phản ánh đang giao cho').waitFor();
    await page.goto(`${desk.origin}/desk/reports/${seen.id}`);
    await page.getByRole('button', { name: 'Kiểm tra chứng cứ' }).click();
    await page.getByLabel('Vì sao cần kiểm tra').fill('Hỏi');
    await page.getByRole('button', { name: 'Kiểm tra chứng cứ' }).click();
    await page.locator('#consent-proof-note-error').getByText('ít nhất 5').waitFor();
    await page.getByLabel('Vì sao cần kiểm tra').fill('Kiểm tra khiếu nại số 12');
    await page.getByRole('button', { name: 'Kiểm tra chứng cứ' }).click();
    await page.getByText('Chuỗi ghi nhận nguyên vẹn').waitFor();
    await looked(page, 'consent-proof');
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test('an administrator keeps accounts: one is made, its code is shown once, it is ended', async () => {
    const { page, complaints, context } = await desk.tab('unit.demo', { width: 1440, height: 900 });
    assert.deepEqual(await ways(page), ['Đơn vị', 'Thiết lập']);
    await page.getByText('Trần Quốc Huy').waitFor();
    await page.getByRole('button', { name: 'Thêm tài khoản' }).click();
    await page.getByLabel('Họ và tên').fill('<b onmouseover=window.hit=1>Phan Văn Tèo</b>');
    await page.getByLabel('Chức danh').fill('Công chức tư pháp');
    await page.mouse.click(10, 400);
    await page.getByLabel('Tên đăng nhập').fill('teo.phan'); // a click beside it loses nothing that was typed
    await page.getByRole('button', { name: 'Tạo tài khoản' }).dblclick(); // nor does a second one the code
    const code = await page.locator('.one-code').innerText();
    await opensAccount(code);
    await page.getByRole('dialog').getByRole('button', { name: 'Đóng' }).click();
    await page.locator('tr').filter({ hasText: 'teo.phan' }).waitFor();
    await looked(page, 'staff');
    const row = (on) => on.locator('tr').filter({ hasText: 'teo.phan' });
    await row(page).getByRole('button', { name: /^Sửa/ }).click();
    await page.getByLabel('Chức danh').fill(' ');
    await page.getByRole('button', { name: 'Lưu' }).click();
    await page.locator('#staff-title-error').waitFor();
    await page.getByLabel('Chức danh').fill('Công chức hộ tịch');
    await page.reload();
    await row(page).getByRole('button', { name: /^Sửa/ }).click();
    assert.equal(await page.getByLabel('Chức danh').inputValue(), 'Công chức hộ tịch', 'what was typed is there again');
    await page.getByRole('button', { name: 'Lưu' }).click();
    await row(page).getByText('Công chức hộ tịch').waitFor();
    await row(page).getByRole('button', { name: /^Mở lại/ }).click();
    const ask = page.getByRole('dialog').getByRole('button', { name: 'Xin mở lại' });
    await ask.click();
    await page.locator('#reset-reason-error').waitFor();
    assert.deepEqual(await axe(page), []);
    await desk.shot(page, 'staff-reset-1440');
    await page.getByLabel('Điện thoại có mã xác thực').check();
    await page.getByLabel('Lý do').fill('Đổi điện thoại');
    await ask.click();
    await row(page).getByText('Chờ người thứ hai').waitFor();
    assert.equal(await row(page).getByRole('button', { name: /^Đồng ý/ }).count(), 0, 'who asks does not agree');
    const leader = await desk.tab('leader.demo', { width: 1440, height: 900, at: '/desk/staff' });
    await row(leader.page).getByText('Đổi điện thoại').waitFor();
    await looked(leader.page, 'staff-wanted');
    await row(leader.page).getByRole('button', { name: /^Đồng ý/ }).click();
    await leader.page.locator('.one-code').waitFor();
    assert.deepEqual(leader.complaints, []);
    await leader.context.close();
    await page.locator('tr').filter({ hasText: 'teo.phan' }).getByRole('button', { name: /^Kết thúc/ }).click();
    await page.getByLabel('Lý do').fill('Tạo nhầm');
    await page.getByRole('dialog').getByRole('button', { name: 'Kết thúc' }).click();
    await page.locator('tr').filter({ hasText: 'teo.phan' }).getByText('Đã kết thúc').waitFor();
    await row(page).getByRole('button', { name: /^Mở lại/ }).waitFor();
    assert.equal(await page.evaluate(() => window.hit), undefined);
    await page.goto(`${desk.origin}/desk/reports`);
    await page.getByRole('heading', { name: 'Không tìm thấy' }).waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test('month by month: what was in time and what was late, each leading to what it counts', async () => {
    const citizen = await desk.verified('Lê Thị An', '096190000123');
    const officer = await desk.staff('officer.demo');
    const [good, late] = [await file(citizen), await file(citizen)];
    for (const one of [good, late]) for (const verb of ['receive', 'take']) await act(officer, one, verb);
    const deny = async (one, leader) => act(leader, one, 'deny', { note: 'Không đủ điều kiện' });
    await deny(good, await desk.staff('leader.demo'));
    await advanceClock(desk.server, 32 * 86_400);
    const leader = await desk.staff('leader.demo');
    await deny(late, leader);
    await until('it is counted', async () => (await leader.get('/v1/desk/dossiers/figures?by=month')).json.total.late.count === 1);
    const { page, complaints, context } = await desk.tab(undefined, { width: 1440, height: 900 });
    await page.clock.setFixedTime(Date.now() + desk.server.aheadMs); // the browser lives in the same month
    await desk.signIn(page, 'leader.demo', '/desk/figures?kind=dossiers');
    await page.getByRole('heading', { name: 'Đã giải quyết theo tháng' }).waitFor();
    await page.locator('.trend-late').waitFor();
    assert.deepEqual([await page.locator('.trend-whole').count(), await page.locator('.trend-late').count()], [1, 1]);
    await looked(page, 'figures-trend');
    await page.locator('.trend-late').click();
    await page.locator('.line').waitFor();
    assert.deepEqual(await page.locator('.line .number').allInnerTexts(), [late.number]);
    await page.goto(`${desk.origin}/desk/figures`);
    await page.getByRole('heading', { name: 'Đang trễ' }).waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });
});

/* The administration at the desk: what the province's 29 IT officers and the communes' administrators do without a shell. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fileReport, signInCitizen } from '../api/lib/people.mjs';
import { useReceiver } from '../api/lib/receiver.mjs';
import { axe, overflow, until } from './lib/app.mjs';
import { useDesk } from './lib/desk.mjs';

/* Refuses every webhook for good until it is told otherwise. */
const receiver = await useReceiver(410);
const desk = await useDesk({ env: receiver.env });
const HOSTILE = '<img src=x onerror=window.hit=1>';
const ways = (page) => page.locator('.rail .way > span:first-of-type').allInnerTexts();
const json = (name, value) => ({ name, mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(value)) });
const said = (page, words) => page.locator('.toast').filter({ hasText: words }).first().waitFor();

/* Looked at on both sizes; judged by axe unless the page was already. */
async function looked(page, name, judged = true) {
  if (judged) assert.deepEqual(await axe(page), [], name);
  await desk.shot(page, `${name}-1440`);
  await page.setViewportSize({ width: 360, height: 640 });
  assert.equal(await overflow(page), 0, `${name} on a phone`);
  await desk.shot(page, `${name}-360`);
  await page.setViewportSize({ width: 1440, height: 900 });
}

const pick = (scope, file) => scope.locator('input[type=file]').setInputFiles(file);
const dialog = (page) => page.getByRole('dialog');

describe('the administration', () => {
  let tab;
  before(async () => {
    tab = await desk.tab('admin.demo', { width: 1440, height: 900 });
    /* Hostile names, by the operator, are seen as they are written. */
    const put = async (what, rows) => assert.equal((await desk.server.operator().put(`/v1/admin/${what}`, { json: rows })).status, 200);
    await put('agencies', [{ code: 'H12.66', name: `Sở ${HOSTILE}`, name_en: HOSTILE, kind: 'department', address: HOSTILE, hotline: HOSTILE, hours: HOSTILE }]);
    await put('categories', [{ code: 'doc_hai', name: `Lĩnh vực ${HOSTILE}`, hint: HOSTILE, redirect: HOSTILE, rank: 900, questions: { type: 'object', properties: { q: { type: 'string', enum: ['a'], title: HOSTILE, 'x-labels': { a: { vi: HOSTILE, en: HOSTILE } } } } } }]);
    await put('routes', [{ category: 'doc_hai', commune: '*', agency: 'H12.66' }]);
  });
  after(async () => {
    assert.equal(await tab.page.evaluate(() => window.hit), undefined);
    assert.deepEqual(tab.complaints, []);
    await tab.context.close();
  });
  const open = async (part) => {
    await tab.page.goto(`${desk.origin}/desk/admin/${part}`);
    await tab.page.locator('#inside h1').waitFor();
    return tab.page;
  };

  test('agencies: one is found, looked at, changed; what is wrong stands at its field; another is added', async () => {
    const page = await open('agencies');
    assert.deepEqual(await ways(page), ['Đơn vị', 'Thiết lập']);
    await page.locator('.line').nth(60).waitFor();
    await looked(page, 'admin-agencies');
    await page.getByRole('searchbox', { name: 'Tìm tên hoặc mã' }).fill('so y te');
    await until('one agency', async () => (await page.locator('.line').count()) === 1);
    await page.locator('.line a').click();
    await page.getByRole('button', { name: 'Sửa' }).click();
    await dialog(page).getByLabel('Điện thoại').fill('0290 3 838 383');
    await dialog(page).getByLabel('Địa chỉ nhận webhook').fill('ftp://sai');
    await dialog(page).getByRole('button', { name: 'Lưu' }).click();
    await dialog(page).locator('#agency-webhook_url-error').waitFor();
    await dialog(page).getByLabel('Địa chỉ nhận webhook').fill('');
    await looked(page, 'admin-agency-form');
    await dialog(page).getByRole('button', { name: 'Lưu' }).click();
    await page.getByText('0290 3 838 383').waitFor();
    await looked(page, 'admin-agency');
    await page.getByRole('button', { name: 'Tạo khoá ký mới' }).click();
    assert.match(await page.locator('.secret').innerText(), /^whsec_/);
    await dialog(page).getByRole('button', { name: 'Đóng' }).click();

    await open('agencies');
    await page.getByRole('button', { name: 'Thêm cơ quan' }).click();
    await dialog(page).getByRole('button', { name: 'Lưu' }).click();
    await dialog(page).locator('#agency-code-error').waitFor();
    await dialog(page).locator('#agency-name-error').waitFor();
    await dialog(page).getByLabel('Mã').fill('H12.88');
    await dialog(page).getByLabel('Tên', { exact: true }).fill('Sở Kiểm thử');
    await page.reload(); // what was typed is there again
    await page.getByRole('button', { name: 'Thêm cơ quan' }).click();
    assert.equal(await dialog(page).getByLabel('Tên', { exact: true }).inputValue(), 'Sở Kiểm thử');
    await dialog(page).getByRole('button', { name: 'Lưu' }).click();
    await page.locator('.line').filter({ hasText: 'Sở Kiểm thử' }).waitFor();
    await page.goto(`${desk.origin}/desk/admin/agencies?code=H12.66`);
    await page.getByText(HOSTILE).nth(3).waitFor();
  });

  test('two administrators: the second is told, and loads what the first wrote', async () => {
    const page = await open('agencies?code=H12.88');
    await page.getByRole('button', { name: 'Sửa' }).click();
    const admin = await desk.staff('admin.demo');
    const seen = (await admin.get('/v1/admin/agencies')).json.items.find((one) => one.code === 'H12.88');
    assert.equal((await admin.put('/v1/admin/agencies', { json: [{ ...seen, hotline: '1022' }] })).status, 200);
    await dialog(page).getByLabel('Địa chỉ', { exact: false }).first().fill('Nơi khác');
    await dialog(page).getByRole('button', { name: 'Lưu' }).click();
    await dialog(page).getByRole('button', { name: 'Tải lại bản mới' }).click();
    await page.getByText('1022').waitFor();
  });

  test('a category: a question is added and drawn as a citizen sees it, then it is retired', async () => {
    const page = await open('categories');
    await page.locator('.line').nth(9).waitFor();
    await looked(page, 'admin-categories');
    await page.locator('.line a').filter({ hasText: 'Điện, chiếu sáng' }).click();
    await page.getByRole('button', { name: 'Thêm câu hỏi' }).click();
    const last = page.getByRole('group', { name: /^Câu hỏi \d+$/ }).last();
    await last.getByLabel('Lời hỏi', { exact: true }).fill('Trụ đèn số mấy?');
    await last.getByLabel('Trả lời bằng').selectOption('choice');
    await last.getByRole('textbox', { name: 'Lựa chọn 1', exact: true }).fill('Trụ bê tông');
    await last.getByRole('textbox', { name: 'Lựa chọn 2', exact: true }).fill('Trụ sắt');
    await page.locator('.preview').getByText('Trụ sắt').waitFor();
    await page.getByRole('radio', { name: 'Giao thông' }).check();
    const drawn = (within) => within.locator('svg path').getAttribute('d');
    assert.equal(await drawn(page.locator('.preview h3')), await drawn(page.locator('label', { hasText: 'Giao thông' })), 'its picture is seen as it will be');
    await looked(page, 'admin-category');
    await page.reload();
    await page.locator('.preview').getByText('Trụ sắt').waitFor();
    await page.getByText('Có thay đổi chưa lưu.').waitFor();
    await page.getByRole('button', { name: 'Lưu' }).click();
    await said(page, 'Đã lưu');
    const { questions: asked, icon } = (await desk.server.client().get('/v1/categories')).json.items.find((one) => one.code === 'dien_chieu_sang');
    assert.equal(icon, 'traffic');
    assert.deepEqual(Object.values(asked.properties.tru_den_so_may['x-labels']).map((one) => one.vi), ['Trụ bê tông', 'Trụ sắt']);
    assert.ok(asked.properties.danger, 'what was asked before is still asked');

    await page.goto(`${desk.origin}/desk/admin/categories?code=doc_hai`);
    await page.locator('.preview').getByText(HOSTILE).nth(2).waitFor();
    await page.getByLabel('Tên', { exact: true }).fill('');
    await page.getByRole('button', { name: 'Lưu' }).click();
    await page.locator('#category-name-error').waitFor();
    await page.getByRole('button', { name: 'Bỏ thay đổi' }).click();
    assert.match(await page.getByLabel('Tên', { exact: true }).inputValue(), /onerror/, 'as it is stored');
    await page.getByRole('button', { name: 'Ngừng dùng' }).click();
    await page.getByRole('button', { name: 'Dùng lại' }).waitFor();
    assert.ok(!(await desk.server.client().get('/v1/categories')).json.items.some((one) => one.code === 'doc_hai'));
  });

  test('routes: who would take it, one field changed and given back, a file with its difference', async () => {
    const page = await open('routes');
    await page.locator('.routes tbody tr').nth(60).waitFor();
    await page.getByRole('searchbox', { name: 'Tìm xã, phường' }).fill('phuong tan');
    await until('one commune', async () => (await page.locator('.routes tbody tr').count()) === 1);
    await looked(page, 'admin-routes');
    await page.getByLabel('Lĩnh vực').first().selectOption('y_te_suc_khoe');
    await page.getByLabel('Xã, phường').first().selectOption('32025');
    await page.getByRole('button', { name: 'Thử', exact: true }).click();
    await page.getByText('Sở Y tế sẽ nhận, theo quy tắc của lĩnh vực.').waitFor();

    await page.goto(`${desk.origin}/desk/admin/routes?category=y_te_suc_khoe`);
    const cell = page.getByRole('button', { name: /^Y tế, sức khỏe, Phường Tân Thành:/ });
    await cell.click();
    await dialog(page).getByLabel('Cơ quan nhận').selectOption('H12.01');
    await dialog(page).getByRole('button', { name: 'Lưu' }).click();
    await until('the new agency', async () => /Sở Xây dựng/.test(await cell.innerText()));
    await looked(page, 'admin-routes-one');
    await cell.click();
    await dialog(page).getByLabel('Cơ quan nhận').selectOption({ label: 'Theo quy tắc chung: Sở Y tế' });
    await dialog(page).getByRole('button', { name: 'Lưu' }).click();
    await until('the common rule', async () => /Sở Y tế/.test(await cell.innerText()));

    await page.getByRole('button', { name: 'Nạp từ tệp' }).click();
    const rule = (more) => ({ category: 'cap_thoat_nuoc', commune: '32025', agency: 'H12.32025', ...more });
    await pick(dialog(page), json('sai.json', [rule(), rule({ commune: '00000', agency: 'H12.KHONG' })]));
    await dialog(page).getByText('Dòng 2 agency').waitFor();
    assert.equal(await dialog(page).getByRole('button', { name: /^Nạp \d/ }).count(), 0, 'nothing is loaded of a file with faults');
    await pick(dialog(page), json('tuyen.json', [rule(), { category: 'y_te_suc_khoe', commune: '*', agency: 'H12.03' }]));
    await dialog(page).getByText('1 dòng giữ nguyên.').waitFor();
    await looked(page, 'admin-import');
    await dialog(page).getByRole('button', { name: 'Nạp 1 thay đổi' }).click();
    await said(page, 'Đã nạp 1 thay đổi');
    await page.getByRole('button', { name: 'Nạp từ tệp' }).click();
    await pick(dialog(page), { name: 'a.json', mimeType: 'application/json', buffer: Buffer.from('{"a":') });
    await dialog(page).getByText('Tệp không phải là JSON đúng cú pháp.').waitFor();
    await page.keyboard.press('Escape');
  });

  test('procedures: found by words, a file is tried, then loaded', async () => {
    const page = await open('procedures');
    await page.locator('.procedure').nth(10).waitFor();
    await page.getByRole('searchbox', { name: 'Tìm tên, mã, lĩnh vực' }).fill('tinh trang hon nhan');
    await until('one procedure', async () => (await page.locator('.procedure').count()) === 1);
    await page.locator('.procedure summary').click();
    await page.getByText(/^Bản từ/).waitFor();
    await looked(page, 'admin-procedures');
    await page.getByRole('button', { name: 'Nạp từ tệp' }).click();
    const row = { code: '9.900009', name: `Thủ tục ${HOSTILE}`, field: 'Thử', level: 'province', place: 'portal', scope: 'offline', rule: 'department', agency: 'H12.02', applicants: ['citizen'], reason: 'Nộp tại Cổng Dịch vụ công quốc gia.', link: 'https://dichvucong.gov.vn/' };
    await pick(dialog(page), json('sai.json', [row, { code: '9.900010' }]));
    await dialog(page).getByText(/Dòng 2/).first().waitFor();
    await pick(dialog(page), json('khong.json', []));
    await dialog(page).getByText('Tệp không có dòng nào.').waitFor();
    await pick(dialog(page), json('thu-tuc.json', [row]));
    await dialog(page).getByRole('button', { name: 'Nạp 1 thay đổi' }).click();
    await said(page, 'Đã nạp 1 thay đổi');
    await page.getByRole('searchbox', { name: 'Tìm tên, mã, lĩnh vực' }).fill('9.900009');
    await page.locator('.procedure').filter({ hasText: HOSTILE }).waitFor();
  });

  test('the calendar: a day off is set with the keyboard, its effect is told, then it is saved', async () => {
    const citizen = await signInCitizen(desk.server, '+84912345690');
    await fileReport(citizen);
    const page = await open('calendar');
    await page.locator('.month').nth(11).waitFor();
    await looked(page, 'admin-calendar');
    const year = new Date(Date.now() + 7 * 3_600_000).getUTCFullYear();
    const day = (date) => page.locator(`[data-date="${date}"]`);
    await page.locator('.day[tabindex="0"]').focus();
    await page.keyboard.press('ArrowLeft');
    const reached = await page.evaluate(() => document.activeElement.dataset.date);
    assert.match(reached, /^\d{4}-\d\d-\d\d$/);
    await day(`${year}-12-15`).click();
    await dialog(page).getByRole('radio', { name: /^Ngày nghỉ/ }).check();
    await dialog(page).getByRole('button', { name: 'Đặt' }).click();
    await dialog(page).locator('#day-name-error').waitFor();
    await dialog(page).getByLabel('Tên hoặc lý do').fill(HOSTILE);
    await looked(page, 'admin-day', false);
    await dialog(page).getByRole('button', { name: 'Đặt' }).click();
    await page.getByText('1 thay đổi chưa lưu').waitFor();
    await looked(page, 'admin-calendar-edited', false);
    await page.reload();
    await page.getByText('1 thay đổi chưa lưu').waitFor();
    await page.getByRole('button', { name: 'Xem ảnh hưởng và lưu' }).click();
    await dialog(page).getByText(/việc đang mở/).waitFor();
    await dialog(page).getByRole('button', { name: 'Lưu lịch' }).click();
    await said(page, 'Đã lưu lịch');
    await until('the day off', async () => /\boff\b/.test((await day(`${year}-12-15`).getAttribute('class')) ?? ''));
    const stored = (await desk.server.operator().get('/v1/admin/calendar')).json.holidays;
    assert.ok(stored.some((one) => one.date === `${year}-12-15` && one.name === HOSTILE));
    await page.getByRole('button', { name: 'Năm sau' }).click();
    await day(`${year + 1}-01-01`).waitFor();

    await page.getByRole('button', { name: 'Sửa giờ làm việc' }).click();
    await dialog(page).getByLabel('Buổi 1: từ giờ').fill('12:00');
    await dialog(page).getByRole('button', { name: 'Đặt' }).click();
    await dialog(page).locator('#week-hours-error').waitFor();
    await looked(page, 'admin-hours', false);
    await dialog(page).getByLabel('Buổi 1: từ giờ').fill('07:00');
    await dialog(page).getByLabel('Buổi 1: đến giờ').fill('11:00');
    await dialog(page).getByRole('checkbox', { name: 'T7' }).check();
    await dialog(page).getByRole('button', { name: 'Đặt' }).click();
    await page.getByRole('button', { name: 'Xem ảnh hưởng và lưu' }).click();
    await dialog(page).getByText(/việc đang mở/).waitFor();
    await dialog(page).getByRole('button', { name: 'Lưu lịch' }).click();
    await page.getByText('Giờ làm việc: 07:00–11:00, 13:00–17:00 · T2, T3, T4, T5, T6, T7').first().waitFor();
    await until('the new hours', async () => String((await desk.server.operator().get('/v1/admin/calendar')).json.hours) === '07:00,11:00,13:00,17:00');
  });

  test('borders: a file is drawn and looked through, what is missing is named; a whole one is put in force', async () => {
    const page = await open('areas');
    const { items } = (await desk.server.client().get('/v1/communes')).json;
    const square = ({ code, lon, lat }, d = 0.02) => ({ type: 'Feature', properties: { code }, geometry: { type: 'Polygon', coordinates: [[[lon - d, lat - d], [lon + d, lat - d], [lon + d, lat + d], [lon - d, lat + d], [lon - d, lat - d]]] } });
    const file = (features) => json('ranh-gioi.geojson', { type: 'FeatureCollection', features });
    const all = items.map((one) => square(one));
    const metres = { ...square({ code: items[0].code, lon: 500000, lat: 1000000 }, 100) };
    await page.locator('.map.leaflet-container').waitFor();
    await pick(page, file(all.slice(2)));
    await page.getByText(`Thiếu 2 trong ${items.length} xã, phường:`).waitFor();
    await page.getByText(items[1].full_name, { exact: false }).first().waitFor();
    await until('shapes', async () => (await page.locator('.map path.outline').count()) === items.length - 2);
    await looked(page, 'admin-areas-missing');
    await pick(page, file([...all.slice(1), metres, { type: 'Feature', properties: { ma_xa: HOSTILE }, geometry: null }]));
    await page.getByText(/Hãy xuất tệp theo WGS 84/).waitFor();
    await page.getByText(/Tệp có các thuộc tính: ma_xa/).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Đưa vào sử dụng' }).count(), 0);
    await pick(page, file(all));
    await page.getByText(`Tệp có đủ ${items.length} xã, phường.`).waitFor();
    await looked(page, 'admin-areas', false);
    await page.getByRole('button', { name: 'Đưa vào sử dụng' }).click();
    await said(page, 'Ranh giới mới đã được dùng');
    await page.getByText(`Đang dùng ranh giới của ${items.length} xã, phường.`).waitFor();
  });

  test('dead letters: counted in the menu, tried again, dropped with a reason by who has just shown who they are', async () => {
    const operator = desk.server.operator();
    const agency = async (more) => {
      const { webhook_url: _, ...own } = (await operator.get('/v1/admin/agencies')).json.items.find((one) => one.code === 'H12.32025');
      assert.equal((await operator.put('/v1/admin/agencies', { json: [{ ...own, ...more }] })).status, 200);
    };
    const dead = async () => (await operator.get('/v1/admin/dead-letters')).json.items.length;
    const hook = { webhook_url: receiver.url };
    const citizen = await signInCitizen(desk.server, '+84912345691');
    let page = await open('dead');
    await page.getByText('Mọi thứ đều đã tới nơi.').waitFor();
    await looked(page, 'admin-dead-none');
    await agency(hook);
    await operator.post('/v1/admin/agencies/H12.32025/webhook-key');
    for (let n = 1; n <= 2; n++) {
      await fileReport(citizen, { text: `Đèn thứ ${n} không sáng` });
      await until('a dead letter', async () => (await dead()) === n);
      await agency(hook); // its receiver had disabled it
    }
    page = await open('dead');
    await page.locator('.letter').nth(1).waitFor();
    await page.locator('.way-count').getByText('2', { exact: true }).waitFor();
    await page.locator('.letter').first().getByText('Bên nhận trả lời 410').waitFor();
    await looked(page, 'admin-dead');
    await page.getByLabel('Kênh').selectOption('sms');
    await page.getByText('Không có thư nào như vậy.').waitFor();
    await page.getByLabel('Kênh').selectOption('webhook');
    await page.locator('.letter').nth(1).waitFor();
    receiver.answer = 200;
    await page.locator('.letter').first().getByRole('button', { name: /^Gửi lại/ }).click();
    await until('one letter', async () => (await page.locator('.letter').count()) === 1);
    await page.locator('.letter').getByRole('button', { name: /^Bỏ/ }).click();
    await dialog(page).getByRole('button', { name: 'Bỏ', exact: true }).click();
    await dialog(page).locator('#drop-reason-error').waitFor();
    await dialog(page).getByLabel('Lý do').fill('Đã báo qua điện thoại');
    await dialog(page).getByRole('button', { name: 'Bỏ', exact: true }).click();
    await page.getByText('Không có thư nào như vậy.').waitFor();
    await until('an empty menu', async () => (await page.locator('.way-count').count()) === 0);
  });

  test('the log says who did what, by the desk and at the server', async () => {
    const page = await open('log');
    const row = page.locator('.letter');
    await row.filter({ hasText: 'Bỏ thư' }).filter({ hasText: 'Đã báo qua điện thoại' }).filter({ hasText: 'admin.demo' }).waitFor();
    await row.filter({ hasText: 'Đặt lịch làm việc' }).filter({ hasText: /nghỉ 15\/12\/\d{4}/ }).first().waitFor();
    await row.filter({ hasText: 'giờ làm việc: 07:00–11:00, 13:00–17:00' }).first().waitFor();
    await row.filter({ hasText: 'Sửa cơ quan' }).filter({ hasText: 'tại máy chủ' }).first().waitFor();
    await row.filter({ hasText: 'Sửa tuyến' }).filter({ hasText: 'Y tế, sức khỏe, Phường Tân Thành: Sở Xây dựng' }).waitFor();
    await row.filter({ hasText: 'Bỏ tuyến' }).filter({ hasText: 'không còn Sở Xây dựng' }).waitFor();
    await row.filter({ hasText: 'Nạp thủ tục' }).filter({ hasText: 'mới 1, đổi 0, kết thúc 0' }).waitFor();
    assert.doesNotMatch((await row.allInnerTexts()).join('\n'), /\b(changed|added|nobody|hotline|y_te_suc_khoe)\b|[0-9a-f]{8}-[0-9a-f]{4}/, 'no codes');
    await looked(page, 'admin-log');
    await page.getByLabel('Cơ quan').selectOption('H12.03');
    await row.filter({ hasText: 'Sở Y tế: điện thoại' }).waitFor();
    await until('that agency alone', async () => !(await row.allInnerTexts()).some((text) => text.includes('Đặt lịch làm việc')));
  });

  test('in English, and an address that is none', async () => {
    const page = await open('routes');
    await page.locator('#language').click();
    await page.getByRole('heading', { name: 'Routes' }).waitFor();
    await page.locator('#language').click();
    await page.goto(`${desk.origin}/desk/admin/khong-co`);
    await page.getByText('Không tìm thấy').waitFor();
  });
});

test('a commune’s administrator keeps their own agency, and sees nothing else', async () => {
  const { page, complaints, context } = await desk.tab('unit.demo', { width: 1440, height: 900 });
  await page.goto(`${desk.origin}/desk/admin`);
  await page.getByRole('heading', { name: 'Cơ quan của tôi' }).waitFor();
  await page.getByRole('button', { name: 'Sửa' }).click();
  assert.equal(await dialog(page).getByLabel('Tên', { exact: true }).count(), 0, 'the name is the portal’s');
  await dialog(page).getByLabel('Giờ làm việc', { exact: false }).first().fill('Thứ Hai đến thứ Bảy, 7:00–11:00');
  await dialog(page).getByRole('button', { name: 'Lưu' }).click();
  await page.getByText('Thứ Hai đến thứ Bảy, 7:00–11:00').waitFor();
  await looked(page, 'admin-own');
  await page.goto(`${desk.origin}/desk/admin/dead`);
  await page.getByRole('heading', { name: 'Cơ quan của tôi' }).waitFor();
  await page.getByRole('link', { name: 'Nhật ký' }).click();
  await page.locator('.letter').filter({ hasText: 'unit.demo' }).filter({ hasText: 'phường Tân Thành: giờ làm việc' }).waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

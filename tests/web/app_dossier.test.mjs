/*
 * The story of a dossier: found by words without accents, an e-ID shown at the provider, a form filled, papers
 * photographed, looked through, filed; the office asks for a better picture; the result is downloaded.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { act, save } from '../api/lib/dossiers.mjs';
import { makeJpeg } from '../api/lib/make-jpeg.mjs';
import { makePdf } from '../api/lib/make-pdf.mjs';
import { fresh, sendPhoto, signInStaff } from '../api/lib/people.mjs';
import { eidClient } from '../api/lib/provider.mjs';
import { ROOT } from '../api/lib/places.mjs';
import { tramctl, withJsonFile } from '../api/lib/tramctl.mjs';
import { until } from './lib/app.mjs';
import { startWithEid } from './lib/eid.mjs';
import { holder } from './lib/hold.mjs';

let rig, bank, server, page, complaints, hold, officer, leader, dossier;

before(async () => {
  rig = await startWithEid();
  ({ bank, server, page, complaints } = rig);
  hold = holder(page, complaints);
  officer = await signInStaff(server, 'officer.demo');
  leader = await signInStaff(server, 'leader.demo');
});
after(() => rig.stop());

const choose = (group, option) => page.getByRole('group', { name: group }).getByLabel(option, { exact: true }).check();

describe('a dossier', () => {
  test('is found without accents, and begun by whoever shows their e-ID', async () => {
    await page.goto(`${server.origin}/app/services`);
    await page.getByLabel('Bạn muốn làm gì?').fill('DANG KY khai sinh');
    await page.getByRole('link', { name: /Thủ tục đăng ký khai sinh Nộp/ }).first().click();
    await page.getByRole('heading', { name: 'Thủ tục đăng ký khai sinh' }).waitFor();
    await page.getByRole('button', { name: 'Bắt đầu làm' }).click();
    await page.getByLabel('Số điện thoại của bạn').fill('+84912345931');
    await page.getByRole('button', { name: 'Nhận mã' }).click();
    await page.getByLabel(/^Mã gồm 6 số/).fill(await server.smsCode('+84912345931'));
    await page.getByRole('heading', { name: 'Cần xác thực bằng VNeID' }).waitFor();
    await hold('eid');
    await page.getByRole('button', { name: 'Xác thực bằng VNeID' }).click();
    await page.waitForURL('**/app/eid?*');
    await page.waitForURL('**/app/drafts/*'); // which was wanted
    await page.getByLabel('Họ và tên người yêu cầu').waitFor();
    assert.equal(await page.getByLabel('Họ và tên người yêu cầu').inputValue(), 'Lê Thị An', 'what is known is there');
    await hold('draft-form');
  });

  test('its form is drawn from the schema, and saved as one types', async () => {
    await choose(/Quan hệ với người được khai sinh/, 'Mẹ');
    await page.getByLabel('Họ, chữ đệm, tên của trẻ').fill('Trần Minh Khang');
    await page.getByLabel('Ngày sinh', { exact: true }).first().fill('2026-11-02');
    await choose(/Giới tính/, 'Nam');
    await page.getByLabel('Nơi sinh').fill('Bệnh viện Sản - Nhi Cà Mau');
    await choose(/Đã quá 60 ngày/, 'Có');
    await choose(/Cha mẹ đã đăng ký kết hôn/, 'Có');
    const mother = page.getByRole('group', { name: 'Người mẹ' });
    await mother.getByLabel('Họ và tên').fill('Lê Thị An');
    await mother.getByLabel('Ngày sinh').fill('1990-05-17');
    await mother.getByLabel('Việt Nam').check();
    const father = page.getByRole('group', { name: 'Người cha' });
    await father.getByLabel('Họ và tên').fill('Trần Văn Cảnh');
    await father.getByLabel('Ngày sinh').fill('1988-03-04');
    await father.getByLabel('Việt Nam').check();
    await page.getByLabel('Xã, phường nơi cha hoặc mẹ cư trú').selectOption('32025');
    await page.getByText(/^Đã lưu \d\d:\d\d/).waitFor();
    await page.reload();
    await page.getByLabel('Họ, chữ đệm, tên của trẻ').waitFor();
    assert.equal(await page.getByLabel('Họ, chữ đệm, tên của trẻ').inputValue(), 'Trần Minh Khang');
    await hold('draft-form-filled');
    /* Signed out elsewhere in the middle of a word: it is there again once one has shown who one is. */
    const elsewhere = await eidClient(server, rig.provider, 'an');
    await page.getByLabel('Nơi sinh').fill('Bệnh viện Sản');
    for (const one of (await elsewhere.get('/v1/me/sessions')).json.items) if (!one.this) await elsewhere.request('DELETE', `/v1/me/sessions/${one.id}`);
    await page.getByLabel('Số điện thoại của bạn').fill('+84912345931');
    await page.getByRole('button', { name: 'Nhận mã' }).click();
    await page.getByLabel(/^Mã gồm 6 số/).fill(await server.smsCode('+84912345931'));
    await page.getByRole('button', { name: 'Xác thực bằng VNeID' }).click();
    await page.waitForURL('**/app/drafts/*');
    await page.getByLabel('Nơi sinh').waitFor();
    assert.equal(await page.getByLabel('Nơi sinh').inputValue(), 'Bệnh viện Sản');
    await page.getByText(/^Đã lưu \d\d:\d\d/).waitFor();
    assert.deepEqual(complaints, []);
  });

  test('changed on two devices, nobody’s words are lost: one chooses', async () => {
    const citizen = await eidClient(server, rig.provider, 'an');
    const id = page.url().split('/').pop();
    const kept = async () => (await citizen.get(`/v1/dossier-drafts/${id}`)).json;
    const elsewhere = async (child_birthplace) => {
      const draft = await kept();
      assert.equal((await save(citizen, draft, { form: { ...draft.form, child_birthplace } })).status, 200);
    };
    const place = page.getByLabel('Nơi sinh');
    await elsewhere('Trạm y tế');
    await place.fill('Nhà hộ sinh');
    await page.getByText('Bản này vừa được sửa ở máy khác.').waitFor();
    await hold('draft-conflict');
    let saves = 0;
    const count = (request) => (saves += request.method() === 'PUT' ? 1 : 0);
    page.on('request', count);
    await page.waitForTimeout(1500); // longer than the pause after a touch
    assert.equal(saves, 0, 'it is not sent again before one has chosen');
    page.off('request', count);
    await page.getByRole('button', { name: 'Lấy bản kia' }).click();
    await until('the other', async () => (await place.inputValue()) === 'Trạm y tế');
    await elsewhere('Trạm y tế số 2');
    await place.fill('Bệnh viện Sản - Nhi Cà Mau');
    await page.getByRole('button', { name: 'Giữ bản ở đây' }).click();
    await page.getByText(/^Đã lưu \d\d:\d\d/).waitFor();
    /* Whoever goes on at once takes nothing away with them. */
    await place.fill('Bệnh viện Sản - Nhi Cà Mau, khoa Sản');
    await page.getByRole('button', { name: 'Quay lại' }).click();
    await page.waitForURL((at) => !at.pathname.includes('/drafts/'));
    await until('the last touch', async () => (await kept()).form.child_birthplace.endsWith('khoa Sản'));
    await page.goto(`${server.origin}/app/drafts/${id}`);
    await page.getByLabel('Họ, chữ đệm, tên của trẻ').waitFor();
    assert.deepEqual(complaints, []);
  });

  test('looked through too early, it says what is missing, and leads there', async () => {
    await page.getByLabel('Nơi sinh').fill('');
    await page.getByRole('button', { name: 'Xem lại, nộp' }).click();
    await page.getByText('Cần sửa trước khi nộp').waitFor();
    await hold('draft-review-early');
    assert.equal(await page.getByRole('button', { name: 'Nộp hồ sơ' }).isDisabled(), true);
    await page.getByRole('button', { name: 'Còn thiếu: Nơi sinh' }).click();
    await page.getByText('Hãy điền ô này.').waitFor();
    await page.getByLabel('Nơi sinh').fill('Bệnh viện Sản - Nhi Cà Mau');
    assert.deepEqual(complaints, []);
  });

  test('a paper that is not taken says why, in words', async () => {
    await page.getByRole('button', { name: 'Giấy tờ', exact: true }).click();
    const choosePaper = (buffer) => page.locator('input[data-papers=giay_chung_sinh]').setInputFiles({ name: 'chung-sinh.pdf', mimeType: 'application/pdf', buffer });
    await choosePaper(makePdf({ catalog: '/OpenAction << /S /JavaScript /JS (x) >>' }));
    await page.getByText(/PDF có chứa mã JavaScript; hãy in ra PDF mới rồi gửi/).waitFor();
    const full = (route) => (route.request().method() === 'PATCH' ? route.fulfill({ status: 507, contentType: 'text/plain; charset=utf-8', body: 'Máy chủ hết chỗ lưu; chưa có gì bị mất' }) : route.continue());
    await page.route('**/v1/uploads/*', full);
    await choosePaper(makePdf());
    await page.getByText(/Máy chủ hết chỗ lưu; chưa có gì bị mất/).waitFor();
    await page.unroute('**/v1/uploads/*', full);
    assert.deepEqual(complaints.splice(0).filter((words) => !/status of 507/.test(words)), []);
  });

  test('papers: a PDF is chosen, another is photographed page by page', async () => {
    await page.getByRole('button', { name: 'Giấy tờ', exact: true }).click();
    const [birth, marriage] = ['Giấy chứng sinh', 'Giấy chứng nhận kết hôn'].map((name) => page.locator('section.card', { hasText: name }));
    /* The first is still on its way when the other has arrived. */
    let left = 1;
    let free;
    const arrived = new Promise((resolve) => (free = resolve));
    const slow = async (route) => {
      if (route.request().method() === 'PATCH' && left-- > 0) await arrived;
      await route.continue();
    };
    await page.route('**/v1/uploads/*', slow);
    await page.locator('input[data-papers=giay_chung_sinh]').setInputFiles({ name: 'chung-sinh.pdf', mimeType: 'application/pdf', buffer: makePdf() });
    await birth.getByRole('progressbar').waitFor();
    await page.getByRole('button', { name: 'Xem lại, nộp' }).click();
    await page.getByText('Giấy tờ còn đang gửi').waitFor(); // it is not looked through without them
    await page.getByRole('button', { name: 'Giấy tờ', exact: true }).click();
    await birth.getByRole('progressbar').waitFor();
    await page.locator('input[data-papers=ket_hon]').setInputFiles({ name: 'ket-hon.jpg', mimeType: 'image/jpeg', buffer: makeJpeg({ width: 900, height: 600 }) });
    await marriage.locator('.paper-list li').waitFor();
    free();
    await birth.getByText(/1 trang/).waitFor();
    await page.unroute('**/v1/uploads/*', slow);
    assert.equal(await marriage.locator('.paper-list li').count(), 1, 'the one does not take the other’s place');
    await page.getByText('Không cần nữa: đã có giấy khác thay').first().waitFor();
    await marriage.getByRole('button', { name: /^Bỏ tệp/ }).click();
    await marriage.getByRole('button', { name: 'Chụp giấy' }).click();
    for (let i = 1; i <= 3; i++) {
      const isBlurred = i === 1;
      await page.locator('input[data-scan]').setInputFiles({ name: 'trang.jpg', mimeType: 'image/jpeg', buffer: makeJpeg({ width: 1600, height: 1200, grain: isBlurred ? 0 : 60 }) });
      await page.getByText('Kéo bốn góc').waitFor();
      assert.equal(await page.getByText('Ảnh hơi mờ').count(), Number(isBlurred), 'a blurred one is told');
      if (i === 2) await hold('draft-scan');
      await page.getByRole('button', { name: 'Góc 1' }).press('ArrowRight');
      await page.getByRole('button', { name: 'Dùng trang này' }).click();
      await page.getByText(new RegExp(`^${i} trang`)).waitFor();
    }
    await page.getByRole('button', { name: 'Bỏ trang 1' }).click();
    await page.getByText(/^2 trang/).waitFor();
    await hold('draft-scan-pages');
    await page.getByRole('button', { name: 'Xong, đính kèm' }).click();
    await marriage.getByText(/2 trang · \d+ kB/).waitFor();
    const size = Number(/2 trang · (\d+) kB/.exec(await marriage.innerText())[1]);
    assert.ok(size <= 2 * 215, `two pages of some 200 KB: ${size} kB`);
    await choose(/Bạn muốn nhận kết quả/, 'Bản điện tử, tải về');
    await hold('draft-papers');
    assert.deepEqual(complaints, []);
  });

  test('is filed, with a slip', async () => {
    await page.getByRole('button', { name: 'Tiếp tục' }).click();
    await page.getByText('Hồ sơ đã đủ').waitFor();
    await page.reload();
    await page.getByText('Hồ sơ đã đủ').waitFor(); // where one was
    await until('the thumbnails of the server', () => page.evaluate(() => document.querySelectorAll('.paper-list img').length === 2));
    await hold('draft-review');
    await page.getByRole('button', { name: 'Nộp hồ sơ' }).click();
    await page.waitForURL('**/app/dossiers/*');
    await page.getByText('Mã tra cứu').waitFor();
    await page.goBack();
    await page.waitForURL('**/app/dossiers/*'); // what the draft became
    await page.getByText(/đang kiểm tra hồ sơ của bạn/).waitFor();
    const id = page.url().split('/').pop();
    dossier = (await officer.get(`/v1/dossiers/${id}`)).json;
    assert.equal(dossier.state, 'submitted');
    await page.getByRole('img', { name: `Mã QR để tra cứu hồ sơ ${dossier.number}` }).waitFor();
    await hold('dossier');
    const check = await page.locator('dt:text-is("Mã tra cứu") + dd').innerText();
    await page.goto(`${server.origin}/app/lookup#number=${dossier.number}&check=${check}`);
    await page.getByText(`Hồ sơ ${dossier.number} đã đi được`).waitFor();
    await hold('lookup-found');
    await page.goto(`${server.origin}/app/dossiers/${id}`);
    await page.getByText('Mã tra cứu').waitFor();
    assert.deepEqual(complaints, []);
  });

  test('its fee is paid on the provider’s page, and seen when one is back', async () => {
    await page.getByRole('button', { name: /^Nộp 8.000 đ trực tuyến/ }).click();
    await page.waitForURL(`${bank.url}/**`);
    await page.getByRole('button', { name: 'Thanh toán', exact: true }).click();
    await page.locator('a').last().click();
    await page.waitForURL('**/app/dossiers/*');
    await page.getByText(/^Đã nộp 8.000 đ/).waitFor();
    await hold('dossier-paid');
    await page.getByRole('link', { name: 'Biên lai' }).click();
    await page.getByText('Tám nghìn đồng', { exact: false }).waitFor();
    await hold('receipt');
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('.bar, .places').filter({ visible: true }).count(), 0, 'it is printed alone');
    await page.emulateMedia({ media: null });
    await page.getByRole('button', { name: 'Quay lại' }).click();
    await page.getByText(/^Đã nộp 8.000 đ/).waitFor();
    assert.deepEqual(complaints, []);
    dossier = (await officer.get(`/v1/dossiers/${dossier.id}`)).json;
  });

  test('is followed live; what is asked for is handed in', async () => {
    await act(officer, dossier, 'receive');
    await page.getByText(/hẹn trả kết quả ngày/).waitFor();
    await page.getByText(/^(còn \d+ ngày làm việc|hôm nay)$/).waitFor();
    const me = (await officer.get('/v1/me')).json.id;
    await act(leader, dossier, 'assign', { officer: me });
    await act(officer, dossier, 'supplement', { note: 'Ảnh chụp mờ.', components: [{ code: 'ket_hon', verdict: 'unclear', note: 'Chụp lại rõ bốn góc' }], fields: [{ pointer: '/child_name', note: 'Khác với giấy chứng sinh' }] });
    await page.getByText(/^Bạn cần điền lại tờ khai chậm nhất ngày/).waitFor();
    await page.getByText('Khác với giấy chứng sinh').waitFor();
    await page.getByText('Chụp lại rõ bốn góc').waitFor();
    await page.locator('input[data-papers=ket_hon]').setInputFiles({ name: 'ket-hon.jpg', mimeType: 'image/jpeg', buffer: makeJpeg({ width: 900, height: 600 }) });
    await page.locator('.paper-list img').first().waitFor();
    await hold('dossier-supplement');
    await page.locator('#f-child_name').fill('');
    await page.getByRole('button', { name: 'Gửi bổ sung' }).click();
    await page.getByText('Còn thiếu: Họ, chữ đệm, tên của trẻ.').waitFor(); // as the form calls it
    await page.getByText('Hãy điền ô này.').waitFor();
    await page.locator('#f-child_name').fill('Trần Minh Khang Bổ');
    const { revision } = (await officer.get(`/v1/dossiers/${dossier.id}`)).json;
    const seen = page.waitForResponse(async (reply) => reply.url().endsWith(`/v1/dossiers/${dossier.id}`) && (await reply.json()).revision > revision);
    await act(await signInStaff(server, 'inspector.demo'), dossier, 'urge', { note: 'Xem giúp trong tuần', days: 3 });
    const an = await eidClient(server, rig.provider, 'an');
    const complaint = await an.post(`/v1/dossiers/${dossier.id}/complaints`, { json: { about: 'delay', text: 'Hẹn ba lần mà không ai tiếp' }, headers: fresh() });
    assert.equal((await leader.post(`/v1/complaints/${complaint.json.id}/steps/take`, { json: {}, headers: fresh() })).status, 200); // which is told
    await seen; // something else happened to it: what was filled in stays
    await page.getByRole('button', { name: 'Gửi bổ sung' }).click();
    await page.getByText('Bạn đã bổ sung').waitFor();
    assert.equal((await officer.get(`/v1/dossiers/${dossier.id}`)).json.form.child_name, 'Trần Minh Khang Bổ');
    assert.deepEqual(complaints, []);
  });

  test('its result is there', async () => {
    await act(officer, dossier, 'propose', { note: 'Đủ điều kiện' });
    const result = await sendPhoto(leader, makePdf());
    const code = (await officer.get('/v1/procedures/1.001193')).json.results[0].code;
    await act(leader, dossier, 'finish', { results: [{ file: result, code, number: '12/KS' }] });
    await page.getByText(/^Kết quả đã có/).waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Tải kết quả' }).click()]);
    assert.match(download.suggestedFilename(), new RegExp(`^${dossier.number.replaceAll('.', '\\.')}\\.pdf$`));
    await hold('dossier-result');
    await page.goto(`${server.origin}/app/mine?tab=dossiers`);
    await page.getByRole('heading', { name: 'Thủ tục đăng ký khai sinh' }).waitFor();
    await page.getByText('Đã xử lý xong').waitFor();
    await hold('mine-dossiers');
    await page.goto(`${server.origin}/app/notices`); // a complaint that somebody takes on is told, and led to
    await page.locator('.notice', { hasText: 'KN-' }).first().click();
    await page.waitForURL('**/app/dossiers/*?complaint=*');
    await page.getByText(/^KN-\d{6}-\d+ · Chậm trễ/).waitFor();
    assert.deepEqual(complaints, []);
  });

  test('what was given once serves in the next: no upload is needed', async () => {
    await page.goto(`${server.origin}/app/account/documents`);
    await page.getByText(/^(Đã được|Do) Ủy ban nhân dân phường Tân Thành/).first().waitFor();
    await hold('documents');
    await page.goto(`${server.origin}/app/procedure/1.001193`);
    await page.getByRole('button', { name: 'Bắt đầu làm' }).click();
    await page.getByLabel('Họ và tên người yêu cầu').waitFor();
    await choose(/Cha mẹ đã đăng ký kết hôn/, 'Có');
    await page.getByText(/^Đã lưu \d\d:\d\d/).waitFor();
    await page.getByRole('button', { name: 'Giấy tờ', exact: true }).click();
    await page.getByText(/^Dùng giấy đã nộp: /).first().waitFor();
    await hold('draft-offers');
    assert.deepEqual(complaints, []);
  });

  test('its procedure changed meanwhile: the draft is taken over to the new form, with what it has', async () => {
    const { from, ...row } = JSON.parse(fs.readFileSync(path.join(ROOT, 'demo', 'procedures.json'), 'utf8')).find((one) => one.code === '1.001193');
    assert.ok(from);
    row.form_schema.properties.village = { title: 'Ấp, khóm', 'x-title-en': 'Village', 'x-order': 5, 'x-group': 'applicant', type: 'string', maxLength: 80, format: 'line' };
    const imported = await withJsonFile([row], (file) => tramctl(server.data, 'procedures', 'import', file, '--yes'));
    assert.equal(imported.code, 0, imported.err);
    await page.getByRole('button', { name: 'Xem lại, nộp' }).click();
    await page.getByRole('button', { name: 'Chuyển sang tờ khai mới' }).waitFor();
    await hold('draft-newer');
    await page.getByRole('button', { name: 'Chuyển sang tờ khai mới' }).click();
    await page.getByLabel('Ấp, khóm').waitFor(); // which it leads to
    assert.equal(await page.getByLabel('Họ và tên người yêu cầu').inputValue(), 'Lê Thị An', 'what was filled in is kept');
    /* Deleted on another device, it says that it is no longer there, and leads on. */
    const an = await eidClient(server, rig.provider, 'an');
    assert.equal((await an.request('DELETE', `/v1/dossier-drafts/${page.url().split('/').pop()}`)).status, 204);
    await page.getByLabel('Ấp, khóm').fill('Khóm 3');
    await page.getByText('Trang này không có').waitFor();
    assert.deepEqual(complaints, []);
  });
});

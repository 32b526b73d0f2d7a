/* A dossier to its end: papers handed in at the counter, the leader signs, the result is handed out. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { MARITAL, act, file, fileMarital } from '../api/lib/dossiers.mjs';
import { makePdf } from '../api/lib/make-pdf.mjs';
import { sendPhoto } from '../api/lib/people.mjs';
import { axe } from './lib/app.mjs';
import { useDesk } from './lib/desk.mjs';

const desk = await useDesk({ identity: true });

describe('the result of a dossier', () => {
  let an, dossier, officer, page, complaints;
  const open = async (tab) => {
    await tab.goto(`${desk.origin}/desk/dossiers/${dossier.id}`);
    await tab.locator('.act').waitFor();
  };

  before(async () => {
    an = await desk.verified('Lê Thị An', '096190000123');
    dossier = await file(an);
    officer = await desk.staff('officer.demo');
    await act(officer, dossier, 'supplement', { note: 'Xin bổ sung', components: [{ code: 'ket_hon', verdict: 'unclear', note: 'Ảnh mờ' }], fields: [{ pointer: '/child_name', note: 'Khác với giấy chứng sinh' }] });
    ({ page, complaints } = await desk.tab('officer.demo', { width: 1440, height: 900 }));
  });

  test('papers that were asked for are taken on paper', async () => {
    await open(page);
    await page.locator('.act-buttons').getByRole('button', { name: /Nhận|Bổ sung|Nộp/ }).first().click();
    await page.locator('.act-form').getByText('Khác với giấy chứng sinh').waitFor();
    await page.locator('.act-form #f-child_name').fill('');
    await page.locator('.act-form input.few').fill('1');
    await page.locator('.act-form [type=submit]').click();
    await page.locator('.act-form').getByText('Còn thiếu: Họ, chữ đệm, tên của trẻ').first().waitFor();
    assert.deepEqual(await axe(page), []);
    await page.locator('.act-form #f-child_name').fill('Trần Minh Khang An');
    await desk.shot(page, 'dossier-supply-1440');
    await page.locator('.act-form [type=submit]').click();
    await page.locator('.state').getByText('Mới đăng ký').waitFor();
    await page.getByText('1 bản giấy đã nộp tại quầy').waitFor();
    assert.equal((await officer.get(`/v1/dossiers/${dossier.id}`)).json.form.child_name, 'Trần Minh Khang An');
  });

  test('it is received and taken on by keys alone, and put to the leader', async () => {
    for (const [label, state] of [['Tiếp nhận', 'Được tiếp nhận'], ['Nhận xử lý', 'Đang xử lý']]) {
      const labels = (await page.locator('.act-buttons button').allInnerTexts()).map((text) => text.split('\n')[0].trim());
      const at = labels.indexOf(label) + 1;
      assert.ok(at > 0, `${label} is among ${labels.join(', ')}`);
      await page.keyboard.press(String(at));
      await page.locator('.state').getByText(state).waitFor();
    }
    await desk.step(page, /Trình/);
    await page.locator('.act-form textarea').fill('Đủ điều kiện, kính trình.');
    await page.locator('.act-form [type=submit]').click();
    await page.locator('.timeline').getByText('Trình lãnh đạo').waitFor();
    assert.deepEqual(complaints, []);
  });

  test('the leader finds it to be signed, uploads the result, and reads what its signature is worth', async () => {
    const chief = await desk.tab('leader.demo', { width: 1440, height: 900, at: '/desk/dossiers?view=sign' });
    await chief.page.locator('.line').filter({ hasText: dossier.number }).waitFor();
    await open(chief.page);
    await desk.step(chief.page, /Ký/);
    await chief.page.locator('.act-form [type=submit]').click();
    await chief.page.locator('.act-form .error').waitFor();
    await chief.page.locator('.act-form [type=file]').setInputFiles({ name: 'ket-qua.pdf', mimeType: 'application/pdf', buffer: Buffer.from(makePdf()) });
    await chief.page.locator('.result').getByText('Không có chữ ký số').waitFor();
    await chief.page.getByLabel('Số của kết quả').fill('12/GKS');
    await desk.shot(chief.page, 'dossier-sign-1440');
    assert.deepEqual(await axe(chief.page), []);
    await chief.page.locator('.state .due').getByText(/ngày làm việc|hôm nay/).waitFor();

    const denied = await fileMarital(an);
    for (const verb of ['receive', 'take']) await act(officer, denied, verb);
    await chief.page.goto(`${desk.origin}/desk/dossiers/${denied.id}`);
    await desk.step(chief.page, 'Không giải quyết');
    await chief.page.locator('.act-form textarea').fill('Đang có vợ hoặc chồng theo sổ hộ tịch.');
    await chief.page.locator('.act-form [type=file]').setInputFiles({ name: 'cong-van.pdf', mimeType: 'application/pdf', buffer: Buffer.from(makePdf()) });
    await chief.page.getByLabel('Số của văn bản').fill('45/UBND');
    await desk.shot(chief.page, 'dossier-deny-1440');
    assert.deepEqual(await axe(chief.page), []);
    await chief.page.locator('.act-form [type=submit]').click();
    await chief.page.getByText(/Văn bản trả lời 45\/UBND/).waitFor();
    const own = (await an.get(`/v1/dossiers/${denied.id}`)).json;
    assert.equal(own.outcome, 'denied');
    assert.equal(own.results[0].number, '45/UBND');
    await page.goto(`${desk.origin}/desk/dossiers/${denied.id}`); // asked to be sent
    await desk.step(page, 'Gửi bưu chính');
    await page.locator('.act-form input[type=text]').fill('EB123456785VN');
    await page.locator('.act-form [type=submit]').click();
    await page.locator('.state').getByText('EB123456785VN').waitFor();
    assert.deepEqual(chief.complaints, []);
    await chief.context.close();
  });

  test('at the counter what the office issued before serves again, once its holder signed a slip', async () => {
    const leader = await desk.staff('leader.demo');
    const earlier = await fileMarital(an);
    for (const verb of ['receive', 'take']) await act(officer, earlier, verb);
    await act(leader, earlier, 'finish', { results: [{ file: await sendPhoto(leader, makePdf()), code: 'giay_xac_nhan', number: '77/XN' }] });
    await act(officer, earlier, 'pay', { amount: 15000, reference: 'BL 1' });
    await page.goto(`${desk.origin}/desk/counter`);
    await page.getByRole('searchbox', { name: 'Thủ tục' }).fill(MARITAL);
    await page.locator('.told').first().click();
    await page.getByLabel('Mã QR trên thẻ căn cước').fill('096190000123|381234567|Lê Thị An|17051990|Nữ|Khóm 3, Tân Thành|28042021');
    await page.getByRole('button', { name: 'Gửi mã' }).click();
    await page.locator('[aria-labelledby="stored-title"] .note').waitFor(); // she has no telephone number here
    await page.getByRole('button', { name: 'Họ ký phiếu' }).click();
    await page.getByRole('button', { name: 'Mở kho giấy tờ' }).click();
    await page.locator('#stored-note-error').waitFor();
    await page.getByLabel('Phiếu đã ký được lưu ở đâu').fill('Sổ lưu quầy 3, tờ 128');
    await page.getByRole('button', { name: 'Mở kho giấy tờ' }).click();
    await page.getByRole('checkbox', { name: /Dùng giấy trong kho: .*hôn nhân/ }).check();
    await page.locator('input.few').first().fill('1');
    await page.getByRole('radio', { name: 'Tại quầy' }).check();
    await desk.shot(page, 'counter-stored-1440');
    assert.deepEqual(await axe(page), []);
    await page.getByRole('button', { name: 'Nhận hồ sơ', exact: true }).click();
    await page.getByText(/Đã nhận hồ sơ H12/).waitFor();
    const [latest] = (await an.get('/v1/dossiers')).json.items;
    const { components } = (await an.get(`/v1/dossiers/${latest.id}`)).json;
    assert.ok(components.find((one) => one.code === 'giay_cu')?.document, JSON.stringify(components));
    assert.ok((await an.get('/v1/notices')).json.items.some((one) => one.text_vi.includes('tờ 128')), 'she is told');
  });
});

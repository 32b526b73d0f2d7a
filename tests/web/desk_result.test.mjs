/* A dossier to its end: papers handed in at the counter, the leader signs, the result is handed out. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { act, file } from '../api/lib/dossiers.mjs';
import { makePdf } from '../api/lib/make-pdf.mjs';
import { axe } from './lib/app.mjs';
import { useDesk } from './lib/desk.mjs';

const desk = await useDesk({ identity: true });

describe('the result of a dossier', () => {
  let dossier, officer, page, complaints;
  const open = async (tab) => {
    await tab.goto(`${desk.origin}/desk/dossiers/${dossier.id}`);
    await tab.locator('.act').waitFor();
  };

  before(async () => {
    dossier = await file(await desk.verified('Lê Thị An', '096190000123'));
    officer = await desk.staff('officer.demo');
    await act(officer, dossier, 'supplement', { note: 'Xin bổ sung', components: [{ code: 'ket_hon', verdict: 'unclear', note: 'Ảnh mờ' }] });
    ({ page, complaints } = await desk.tab('officer.demo', { width: 1440, height: 900 }));
  });

  test('papers that were asked for are taken on paper', async () => {
    await open(page);
    await page.locator('.act-buttons').getByRole('button', { name: /Nhận|Bổ sung|Nộp/ }).first().click();
    await page.locator('.act-form input.few').fill('1');
    await desk.shot(page, 'dossier-supply-1440');
    await page.locator('.act-form [type=submit]').click();
    await page.locator('.state').getByText('Chờ tiếp nhận').waitFor();
    await page.getByText('1 bản giấy đã nộp tại quầy').waitFor();
  });

  test('it is received and taken on by keys alone, and put to the leader', async () => {
    for (const [label, state] of [['Tiếp nhận', 'Đã tiếp nhận'], ['Nhận xử lý', 'Đang giải quyết']]) {
      const labels = (await page.locator('.act-buttons button').allInnerTexts()).map((text) => text.split('\n')[0].trim());
      const at = labels.indexOf(label) + 1;
      assert.ok(at > 0, `${label} is among ${labels.join(', ')}`);
      await page.keyboard.press(String(at));
      await page.locator('.state').getByText(state).waitFor();
    }
    await page.locator('.act-buttons').getByRole('button', { name: /Trình/ }).click();
    await page.locator('.act-form textarea').fill('Đủ điều kiện, kính trình.');
    await page.locator('.act-form [type=submit]').click();
    await page.locator('.timeline').getByText('Trình lãnh đạo').waitFor();
    assert.deepEqual(complaints, []);
  });

  test('the leader finds it to be signed, uploads the result, and reads what its signature is worth', async () => {
    const chief = await desk.tab('leader.demo', { width: 1440, height: 900, at: '/desk/dossiers?view=sign' });
    await chief.page.locator('.line').filter({ hasText: dossier.number }).waitFor();
    await open(chief.page);
    await chief.page.locator('.act-buttons').getByRole('button', { name: /Ký/ }).click();
    await chief.page.locator('.act-form [type=submit]').click();
    await chief.page.locator('.act-form .error').waitFor();
    await chief.page.locator('.act-form [type=file]').setInputFiles({ name: 'ket-qua.pdf', mimeType: 'application/pdf', buffer: Buffer.from(makePdf()) });
    await chief.page.locator('.result').getByText('Không có chữ ký số').waitFor();
    await chief.page.getByLabel('Số của kết quả').fill('12/GKS');
    await desk.shot(chief.page, 'dossier-sign-1440');
    assert.deepEqual(await axe(chief.page), []);
    assert.deepEqual(chief.complaints, []);
    await chief.context.close();
  });
});

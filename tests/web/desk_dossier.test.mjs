/* A dossier on the desk: received, judged by keyboard, papers asked for, its result signed and handed out. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { act, file } from '../api/lib/dossiers.mjs';
import { axe, overflow } from './lib/app.mjs';
import { useDesk } from './lib/desk.mjs';

const desk = await useDesk({ identity: true });

describe('a dossier on the desk', () => {
  let citizen, dossier, page, complaints;

  before(async () => {
    citizen = await desk.verified('Lê Thị An', '096190000123');
    dossier = await file(citizen);
    ({ page, complaints } = await desk.tab('officer.demo', { width: 1440, height: 900 }));
  });

  test('waits in the tab of what is to be received, and opens by a key', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('d');
    await page.locator('.line').filter({ hasText: dossier.number }).waitFor();
    assert.deepEqual(await axe(page), []);
    await desk.shot(page, 'dossiers-1440');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: dossier.number }).waitFor();
    await page.getByText('Trần Minh Khang').waitFor();
    await page.locator('.paper img').nth(1).waitFor();
    await desk.shot(page, 'dossier-1440');
    assert.deepEqual(await axe(page), []);
  });

  test('its papers are judged by keyboard, and a reload keeps what was found', async () => {
    await page.locator('[data-paper="0"]').focus();
    await page.keyboard.press('f');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('r');
    assert.match(await page.locator('[data-paper="1"] textarea').inputValue(), /mờ, không đọc được/);
    await page.reload();
    await page.locator('[data-paper="1"] textarea').waitFor();
    assert.equal(await page.locator('[data-paper="1"]').getByRole('radio', { name: 'Không rõ' }).isChecked(), true);
  });

  test('what does not fit is asked for, in words that were ready', async () => {
    await page.getByRole('button', { name: 'Yêu cầu bổ sung' }).click();
    await page.locator('.act-form').getByText('mờ, không đọc được').waitFor();
    await page.locator('.act-form [type=submit]').click();
    await page.locator('.act-form .error').waitFor();
    await page.locator('.act-form textarea').fill('Xin bổ sung giấy chứng nhận kết hôn chụp rõ.');
    await page.getByLabel('Thêm một mục').selectOption('/mother/name');
    await page.locator('.act-form input[type=text]').fill('Thiếu họ đệm');
    await desk.shot(page, 'dossier-supplement-1440');
    assert.deepEqual(await axe(page), []);
    await page.locator('.act-form [type=submit]').click();
    await page.locator('.state').getByText('Yêu cầu bổ sung giấy tờ').waitFor();
    const { json } = await citizen.get(`/v1/dossiers/${dossier.id}`);
    assert.deepEqual(json.requests[0].components.map((one) => [one.code, one.verdict]), [['ket_hon', 'unclear']]);
    assert.deepEqual(json.fields, [{ pointer: '/mother/name', note: 'Thiếu họ đệm' }]);
    assert.deepEqual(await page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.includes('dossier'))), [], 'nothing is left of what was sent');
    assert.deepEqual(complaints, []);
  });

  test('what was given before is not asked for again without a reason, which who oversees it reads', async () => {
    const [before, now] = [await file(citizen), await file(citizen)];
    await act(await desk.staff('officer.demo'), before, 'receive'); // its papers are kept
    await page.goto(`${desk.origin}/desk/dossiers/${now.id}`);
    await page.locator('[data-paper="1"]').focus();
    await page.keyboard.press('m');
    await desk.step(page, 'Yêu cầu bổ sung');
    await page.getByRole('group', { name: 'Câu viết sẵn' }).getByRole('button').click();
    const send = page.locator('.act-form [type=submit]');
    await send.click();
    await page.getByText(/^Đã có trong kho: /).waitFor();
    assert.equal(await page.getByRole('radio', { name: /^Đề nghị dùng bản trong kho/ }).isChecked(), true, 'the least is asked first');
    await page.getByRole('radio', { name: /^Vẫn yêu cầu nộp/ }).check();
    await send.click();
    await page.locator('#despite-ket_hon-error').waitFor();
    await desk.shot(page, 'dossier-given-1440');
    assert.deepEqual(await axe(page), []);
    await page.getByLabel('Vì sao vẫn phải nộp').fill('Bản trong kho mờ');
    await send.click();
    await page.locator('.state').getByText('Yêu cầu bổ sung giấy tờ').waitFor();
    const leader = await desk.tab('leader.demo', { width: 1440, height: 900, at: '/desk/dossiers?view=asked' });
    await leader.page.locator('.line').filter({ hasText: now.number }).getByText('Bản trong kho mờ').waitFor();
    await desk.shot(leader.page, 'dossiers-asked-1440');
    assert.deepEqual([...complaints, ...leader.complaints], []);
    await leader.context.close();

    await page.goto(`${desk.origin}/desk/dossiers/${before.id}`);
    const kept = page.locator('.paper').filter({ hasText: 'kết hôn' });
    const dialog = page.getByRole('dialog');
    await kept.getByRole('button', { name: 'Ghi nội dung giấy' }).click();
    await dialog.getByLabel('Nơi cấp').pressSequentially('UBND phường 5');
    await dialog.locator('[type=submit]').click();
    await kept.getByText(/UBND phường 5/).waitFor();
    await kept.getByRole('button', { name: 'Thu hồi khỏi kho' }).click();
    await dialog.locator('[type=submit]').click();
    await page.locator('#store-revoke-note-error').waitFor();
    assert.deepEqual(await axe(page), []);
    await dialog.getByLabel('Lý do').fill('Bản chính đã bị thu hồi');
    await dialog.locator('[type=submit]').click();
    await kept.getByText(/^Đã thu hồi/).waitFor();
  });

  test('why it was stopped is not told as a result', async () => {
    const stopped = await file(citizen);
    for (const [who, verb, body] of [['officer.demo', 'receive'], ['leader.demo', 'stop', { reason: 'dispute', note: 'Chờ Toà án giải quyết.' }]]) await act(await desk.staff(who), stopped, verb, body);
    await page.goto(`${desk.origin}/desk/dossiers/${stopped.id}`);
    const why = page.locator('[aria-labelledby="results-title"]');
    await why.getByText('Có tranh chấp, đang được giải quyết').waitFor();
    assert.match(await why.innerText(), /^Lý do dừng xử lý/);
    assert.equal(await page.locator('.state .tag').count(), 1);
    assert.deepEqual(complaints, []);
  });

  test('forms are printed; on a phone nothing is cut off', async () => {
    const [saved] = await Promise.all([page.waitForEvent('download'), page.locator('[aria-labelledby="forms-title"] button').first().click()]);
    assert.match(saved.suggestedFilename(), /\.pdf$/);
    for (const width of [390, 768]) {
      await page.setViewportSize({ width, height: 844 });
      assert.equal(await overflow(page), 0, `${width} px wide`);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    await desk.shot(page, 'dossier-390');
    assert.deepEqual(complaints, []);
  });
});

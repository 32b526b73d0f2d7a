/*
 * A report and a dossier from their coming to their end, by keyboard alone, on a screen of 1440 × 900 at twice the size:
 * everything is reached, nothing is cut off, and one always sees where one is.
 */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { file } from '../api/lib/dossiers.mjs';
import { makePdf } from '../api/lib/make-pdf.mjs';
import { fileReport, signInCitizen } from '../api/lib/people.mjs';
import { axe, overflow } from './lib/app.mjs';
import { account, useDesk } from './lib/desk.mjs';

const desk = await useDesk({ identity: true });
const TWICE = { width: 720, height: 450 }; // what is left of 1440 × 900 at 200%
const TABS_MOST = 90;

/* Tab until what has the focus is what was meant; how often. */
async function tabTo(page, selector) {
  for (let n = 1; n <= TABS_MOST; n++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return n;
  }
  throw new Error(`${selector} is not reached by Tab`);
}

/* The step of this label, by the number that stands on its button. */
async function press(page, label) {
  const buttons = page.locator('.act-buttons button');
  await page.locator('.act-buttons').getByRole('button', { name: label, exact: true }).waitFor();
  const labels = (await buttons.allInnerTexts()).map((text) => text.split('\n')[0].trim());
  const at = labels.indexOf(label) + 1;
  assert.ok(at > 0 && at < 10, `${label} is among ${labels.join(', ')}`);
  await page.keyboard.press(String(at));
}

/* Opens its form, and types where the focus then is. */
async function write(page, label, words) {
  await press(page, label);
  await page.locator('.act-form textarea:focus').waitFor();
  await page.keyboard.type(words);
}

async function submit(page) {
  await tabTo(page, '.act-form [type=submit]');
  await page.keyboard.press('Enter');
  await page.locator('.act-form').waitFor({ state: 'detached' });
}

const state = (page, words) => page.locator('.card.state').getByText(words, { exact: true }).waitFor();

/* Wide enough, and what has the focus is seen: within the window, and not all below bars and messages. */
async function seen(page, name) {
  assert.equal(await overflow(page), 0, `${name} is no wider than the window`);
  const hidden = await page.evaluate(() => {
    const one = document.activeElement;
    if (!one || one === document.body || one.closest('dialog')) return false;
    const { top, left, width, height } = one.getBoundingClientRect();
    const parts = [0.1, 0.5, 0.9];
    const found = parts.flatMap((x) => parts.map((y) => document.elementFromPoint(left + x * width, top + y * height)));
    return !found.some((part) => part && (one.contains(part) || part.contains(one)));
  });
  assert.equal(hidden, false, `${name}: what has the focus is seen`);
}

async function signIn(page, user) {
  await page.goto(`${desk.origin}/desk`);
  await page.locator('#user').waitFor();
  await tabTo(page, '#user');
  await page.keyboard.type(user);
  await tabTo(page, '#password');
  await page.keyboard.type(account(user).password);
  await tabTo(page, '#code');
  await page.keyboard.type(await desk.freshCode(user));
  await page.keyboard.press('Enter');
  await page.locator('#inside').waitFor();
}

async function openFirst(page, number) {
  await page.locator('.line').filter({ hasText: number }).waitFor();
  for (let n = 0; n < 10; n++) {
    await page.keyboard.press('j');
    if (await page.evaluate((wanted) => document.activeElement?.textContent.includes(wanted), number)) break;
  }
  await seen(page, 'a list');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: number }).waitFor();
}

async function go(page, keys) {
  for (const key of keys) await page.keyboard.press(key);
}

describe('by keyboard alone, at twice the size', () => {
  let officer, leader;

  before(async () => {
    officer = await desk.tab(undefined, TWICE);
    await signIn(officer.page, 'officer.demo');
  });

  test('a report is received, answered and published', async () => {
    const report = await fileReport(await signInCitizen(desk.server, '+84912345678'), { category: 'an_ninh_trat_tu', answers: {}, text: 'Loa kẹo kéo mở quá khuya' });
    const { page } = officer;
    await go(page, ['g', 'r']);
    await openFirst(page, report.number);
    await press(page, 'Tiếp nhận');
    await state(page, 'Đã tiếp nhận');
    await write(page, 'Trả lời', 'Đã nhắc nhở, chủ loa cam kết tắt sau 22 giờ.');
    await seen(page, 'a form');
    await desk.shot(page, 'keyboard-answer-720');
    await submit(page);
    await state(page, 'Đã xử lý');
    assert.deepEqual(await axe(page), []);
    await page.keyboard.press('u');
    await page.locator('.line').filter({ hasText: report.number }).waitFor();

    leader = await desk.tab(undefined, TWICE);
    await signIn(leader.page, 'leader.demo');
    await openFirst(leader.page, report.number);
    await press(leader.page, 'Công khai');
    await seen(leader.page, 'the form of publishing');
    await submit(leader.page);
    await leader.page.locator('.card.state').getByText('Đã công khai').waitFor();
    for (const one of [officer, leader]) assert.deepEqual(one.complaints, []);
  });

  test('a dossier is judged, received, put to the leader, signed and handed out', async () => {
    const dossier = await file(await desk.verified('Lê Thị An', '096190000123'));
    const { page } = officer;
    await go(page, ['g', 'd']);
    await openFirst(page, dossier.number);
    await tabTo(page, '[data-paper="0"]');
    await go(page, ['f', 'ArrowDown', 'f']);
    assert.equal(await page.locator('.verdict input:checked').count(), 2);
    await seen(page, 'papers');
    await press(page, 'Tiếp nhận');
    await state(page, 'Được tiếp nhận');
    await press(page, 'Nhận xử lý');
    await state(page, 'Đang xử lý');
    await write(page, 'Trình lãnh đạo', 'Đủ điều kiện, kính trình.');
    await desk.shot(page, 'keyboard-propose-720');
    await submit(page);
    await page.locator('.timeline').getByText('Trình lãnh đạo').waitFor();

    const chief = leader.page;
    await go(chief, ['g', 'd']);
    await chief.locator('.tabs').waitFor();
    await tabTo(chief, '.tab[href*="view=sign"]');
    await chief.keyboard.press('Enter');
    await openFirst(chief, dossier.number);
    const chosen = chief.waitForEvent('filechooser'); // listened for before there is one
    await press(chief, 'Ký, trả kết quả');
    await chief.locator('.act-form button:focus').waitFor();
    await chief.keyboard.press('Enter');
    await (await chosen).setFiles({ name: 'ket-qua.pdf', mimeType: 'application/pdf', buffer: Buffer.from(makePdf()) });
    await chief.locator('.result').getByText('Không có chữ ký số').waitFor();
    await seen(chief, 'the form of signing');
    await desk.shot(chief, 'keyboard-sign-720');
    await submit(chief);
    await state(chief, 'Đã xử lý xong');

    await state(page, 'Đã xử lý xong'); // told without a reload
    await write(page, 'Trao kết quả', 'Đã trao bản giấy, người nhận ký sổ.');
    await submit(page);
    await state(page, 'Đã trả kết quả');
    for (const one of [officer, leader]) assert.deepEqual(one.complaints, []);
  });

  test('at the counter a dossier is filed with a hand scanner, and Enter of the scanner files nothing', async () => {
    const { page, complaints } = officer;
    await go(page, ['g', 'c']);
    await page.getByRole('heading', { name: 'Nhận hồ sơ tại quầy' }).waitFor();
    await page.locator('#counter-procedure:focus').waitFor();
    await page.keyboard.type('tinh trang hon nhan');
    await page.locator('.told').filter({ hasText: 'tình trạng hôn nhân' }).first().waitFor();
    await page.keyboard.press('Enter');
    await page.locator('#taken-title').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.id), 'counter-scan', 'the card is next');
    await page.keyboard.type('096190000123|381234567|Lê Thị An|17051990|Nữ|Khóm 3, phường Tân Thành, Cà Mau|28042021');
    await page.keyboard.press('Enter');
    await page.locator('.read').getByText('Lê Thị An, sinh 17/05/1990').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.id), 'counter-phone');
    assert.equal(await page.getByText(/Đã nhận hồ sơ/).count(), 0);
    await page.keyboard.type('0912345678');
    await tabTo(page, 'input.few');
    await page.keyboard.press('ArrowUp');
    await tabTo(page, '[name="counter-fetch"]');
    await page.keyboard.press('Space');
    await seen(page, 'the counter');
    await tabTo(page, 'form [type=submit]');
    await page.keyboard.press('Enter');
    await page.getByText(/Đã nhận hồ sơ H12/).waitFor();
    await desk.shot(page, 'keyboard-counter-720');
    assert.deepEqual(complaints, []);
  });

  test('who has no card is filed for by passport', async () => {
    const { page, complaints } = officer;
    await page.getByRole('button', { name: 'Nhận hồ sơ khác' }).click();
    await page.getByRole('searchbox', { name: 'Thủ tục' }).fill('tinh trang hon nhan');
    await page.locator('.told').filter({ hasText: 'tình trạng hôn nhân' }).first().waitFor();
    await page.keyboard.press('Enter');
    await page.locator('#taken-title').waitFor();
    await page.getByRole('radio', { name: 'Hộ chiếu' }).check();
    await page.getByLabel('Nước cấp').fill('aus');
    await page.getByLabel('Số hộ chiếu').fill('n12');
    await page.getByLabel('Họ và tên').fill('Mary Ann O’Neill');
    await page.getByLabel('Ngày sinh').fill('1985-03-09');
    await page.locator('input.few').first().fill('1');
    await page.getByRole('radio', { name: 'Tại quầy' }).check();
    await page.getByRole('button', { name: 'Nhận hồ sơ', exact: true }).click();
    await page.locator('#counter-number-error').waitFor();
    await seen(page, 'a fault at the counter');
    assert.deepEqual(await axe(page), []);
    await desk.shot(page, 'counter-passport-720');
    await page.getByLabel('Số hộ chiếu').fill('n1234567');
    await page.getByRole('button', { name: 'Nhận hồ sơ', exact: true }).click();
    await page.getByText(/Đã nhận hồ sơ H12/).waitFor();
    await page.getByRole('link', { name: 'Mở hồ sơ' }).click();
    await page.getByText('AUS N1234567').waitFor();
    assert.deepEqual(complaints, []);
  });

  test('or with the camera, where the browser reads codes', async () => {
    const { page, complaints, context } = await desk.tab(undefined, { width: 1440, height: 900 });
    await page.addInitScript(() => {
      const codes = [[{ rawValue: 'https://elsewhere.example' }], [{ rawValue: '096190000123|381234567|Lê Thị An|17051990|Nữ|Khóm 3, phường Tân Thành, Cà Mau|28042021' }]];
      window.BarcodeDetector = class {
        static async getSupportedFormats() {
          return ['qr_code'];
        }
        async detect() {
          return codes.length > 1 ? codes.shift() : codes[0];
        }
      };
      navigator.mediaDevices.getUserMedia = async () => {
        const canvas = document.createElement('canvas');
        canvas.getContext('2d').fillRect(0, 0, 10, 10);
        window.camera = canvas.captureStream();
        return window.camera;
      };
    });
    await desk.signIn(page, 'officer.demo', '/desk/counter');
    await page.getByRole('button', { name: 'Quét bằng camera' }).click();
    await page.locator('.read').getByText('Lê Thị An').waitFor();
    assert.equal(await page.locator('dialog').count(), 0);
    assert.deepEqual(await page.evaluate(() => window.camera.getTracks().map((one) => one.readyState)), ['ended'], 'the camera is off again');
    await page.evaluate(() => (navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'))));
    await page.getByRole('button', { name: 'Quét bằng camera' }).click();
    await page.getByText('Không mở được camera').waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });
});

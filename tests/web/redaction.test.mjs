/*
 * What must not be seen: a citizen covers a face before the photo leaves the phone and keeps another for the agency;
 * an officer covers a plate by mouse and by keyboard, and what the public is shown is what the officer saw.
 */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { makeJpeg, readJpeg } from '../api/lib/make-jpeg.mjs';
import { fileReport, sendPhoto, signInCitizen, step } from '../api/lib/people.mjs';
import { axe, overflow, until } from './lib/app.mjs';
import { useDesk } from './lib/desk.mjs';

const desk = await useDesk();
const COVER = [0x5b, 0x64, 0x70];
const isSlate = (pixel) => pixel.every((value, i) => Math.abs(value - COVER[i]) < 14);
const isCovered = (bytes, x, y) => {
  const picture = readJpeg(bytes);
  return isSlate(picture.pixel(Math.floor(x * picture.width), Math.floor(y * picture.height)));
};

/* Of a picture on the page, in shares of its sides. */
const pixelOf = (image, x, y) =>
  image.evaluate(
    async (shown, [across, down]) => {
      await shown.decode();
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [shown.naturalWidth, shown.naturalHeight];
      const draw = canvas.getContext('2d');
      draw.drawImage(shown, 0, 0);
      return [...draw.getImageData(Math.floor(across * canvas.width), Math.floor(down * canvas.height), 1, 1).data].slice(0, 3);
    },
    [x, y],
  );

/* From one place of the picture to another, in shares of its sides. */
async function drag(page, [fromX, fromY], [toX, toY]) {
  const picture = page.locator('.cover');
  await picture.scrollIntoViewIfNeeded();
  await until('the picture', () => page.locator('.cover img').evaluate((image) => image.complete && image.naturalWidth > 0));
  const box = await picture.boundingBox();
  await page.mouse.move(box.x + fromX * box.width, box.y + fromY * box.height);
  await page.mouse.down();
  await page.mouse.move(box.x + ((fromX + toX) / 2) * box.width, box.y + ((fromY + toY) / 2) * box.height);
  await page.mouse.move(box.x + toX * box.width, box.y + toY * box.height);
  await page.mouse.up();
}
const placeOf = (page, n) =>
  page.locator('.cover-area').nth(n).evaluate((area) => {
    const [own, all] = [area.getBoundingClientRect(), area.parentElement.getBoundingClientRect()];
    return { left: (own.left - all.left) / all.width, top: (own.top - all.top) / all.height, width: own.width / all.width, height: own.height / all.height };
  });

describe('before it leaves the phone', () => {
  test('a face is covered by finger and keyboard, and a photo is kept for the agency', async () => {
    const { page, complaints, context } = await desk.tab(undefined, { width: 360, height: 640 });
    await page.goto(`${desk.origin}/app/report`);
    await page.getByRole('heading', { name: 'Ảnh hiện trường' }).waitFor();
    const file = (name, grain) => ({ name, mimeType: 'image/jpeg', buffer: makeJpeg({ width: 640, height: 480, grain }) });
    await page.locator('input[data-gallery]').setInputFiles([file('mot.jpg', 0), file('hai.jpg', 40)]);
    await page.getByAltText('Ảnh 2').waitFor();
    await page.getByRole('button', { name: 'Che mặt, biển số trong ảnh 1' }).click();
    await drag(page, [0.05, 0.05], [0.45, 0.45]);
    await page.locator('.cover-area').waitFor();
    await page.getByRole('button', { name: 'Thêm khung' }).click();
    await page.locator('.cover-area').nth(1).focus();
    const before_ = await placeOf(page, 1);
    for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowRight');
    for (let i = 0; i < 5; i++) await page.keyboard.press('Shift+ArrowDown');
    const after_ = await placeOf(page, 1);
    assert.ok(after_.left > before_.left + 0.03 && after_.height > before_.height + 0.03, JSON.stringify([before_, after_]));
    await desk.shot(page, 'cover-app-360');
    assert.deepEqual(await axe(page), []);
    await page.keyboard.press('Delete');
    assert.equal(await page.locator('.cover-area').count(), 1);
    await page.getByRole('button', { name: 'Che', exact: true }).click();
    await page.locator('.cover').waitFor({ state: 'detached' });
    const first = page.getByAltText('Ảnh 1');
    await until('the covered picture', async () => isSlate(await pixelOf(first, 0.25, 0.25)));
    assert.ok(!isSlate(await pixelOf(first, 0.75, 0.75)));
    await page.getByRole('button', { name: /^Ảnh 2: chỉ cơ quan xem/ }).click();
    await page.getByText('Chỉ cơ quan', { exact: true }).waitFor();
    await desk.shot(page, 'photos-app-360');
    assert.equal(await overflow(page), 0);
    assert.deepEqual(await axe(page), []);

    await page.getByRole('button', { name: 'Tiếp tục' }).click();
    await page.getByLabel('Xã, phường').selectOption('32025');
    await page.getByRole('button', { name: 'Tiếp tục' }).click();
    await page.getByLabel('Điện, chiếu sáng').check();
    await page.getByLabel('Kể ngắn gọn').fill('Đèn đường tắt trước nhà văn hoá');
    await page.getByRole('group', { name: /điện giật/ }).getByLabel('Không').check();
    await page.getByRole('button', { name: 'Tiếp tục' }).click();
    await page.getByRole('button', { name: 'Gửi phản ánh' }).click();
    await page.getByLabel('Số điện thoại của bạn').fill('+84912390001');
    await page.getByRole('button', { name: 'Nhận mã' }).click();
    await page.getByLabel(/^Mã gồm 6 số/).fill(await desk.server.smsCode('+84912390001'));
    await page.getByRole('heading', { name: 'Đã gửi' }).waitFor();
    const officer = await desk.staff('officer.demo');
    const [row] = await until('the report', async () => {
      const { items } = (await officer.get('/v1/desk/inbox')).json;
      return items.length > 0 && items;
    });
    const photos = await until('both photos', async () => {
      const now = (await officer.get(`/v1/reports/${row.id}`)).json.photos ?? [];
      return now.length === 2 && now;
    });
    assert.deepEqual(photos.map((one) => one.agency_only), [false, true]);
    const { large } = (await officer.get(`/v1/media/${photos[0].id}`)).json;
    assert.ok(isCovered((await officer.get(large)).body, 0.25, 0.25), 'what arrives is covered');
    assert.deepEqual(complaints, []);
    await context.close();
  });
});

describe('on the desk', () => {
  let citizen, report, page, complaints;

  before(async () => {
    citizen = await signInCitizen(desk.server, '+84912390002');
    const sent = makeJpeg({ width: 900, height: 600, grain: 120, lat: 9.17726, lon: 105.1524, takenAt: '2026:11:20 07:31:47' });
    await fileReport(citizen, { photos: [await sendPhoto(citizen, sent)], point: { lat: 9.1771, lon: 105.1524 } });
    const photo = await sendPhoto(citizen, sent);
    const only = await sendPhoto(citizen, makeJpeg({ width: 600, height: 800 }));
    report = await fileReport(citizen, { photos: [photo, only], agency_only: [only], point: { lat: 9.1769, lon: 105.1524 } });
    ({ page, complaints } = await desk.tab('officer.demo', { width: 1440, height: 900, at: `/desk/reports/${report.id}` }));
    await desk.step(page, 'Tiếp nhận');
    await page.locator('.state').getByText('Đã tiếp nhận').waitFor();
  });

  test('each photo says how far from the pin it was taken; a plate is covered by mouse and keyboard', async () => {
    await page.getByText(/Chụp cách ghim 40 m, \d+ (phút|giờ|ngày) trước khi gửi/).waitFor();
    await page.getByText('Ảnh không ghi nơi chụp, không ghi giờ chụp.').waitFor();
    await page.getByText('Người gửi không cho công khai ảnh này.').waitFor();
    await page.getByText(/cách 20 m, gửi/).waitFor(); // perhaps the same
    await desk.shot(page, 'photos-1440');
    assert.deepEqual(await axe(page), []);
    await page.getByRole('button', { name: 'Che chỗ nhạy cảm' }).first().click();
    await drag(page, [0.1, 0.1], [0.4, 0.4]);
    await page.locator('.cover-area').waitFor();
    const drawn = await placeOf(page, 0);
    assert.ok(Math.abs(drawn.left - 0.1) < 0.02 && Math.abs(drawn.width - 0.3) < 0.02, JSON.stringify(drawn));
    await drag(page, [0.25, 0.25], [0.65, 0.65]); // the box is dragged
    const moved = await placeOf(page, 0);
    assert.ok(Math.abs(moved.left - 0.5) < 0.02 && Math.abs(moved.top - 0.5) < 0.02, JSON.stringify(moved));
    await drag(page, [moved.left + moved.width, moved.top + moved.height], [0.95, 0.95]); // its corner is
    const sized = await placeOf(page, 0);
    assert.ok(Math.abs(sized.width - 0.45) < 0.03 && Math.abs(sized.left - moved.left) < 0.01, JSON.stringify(sized));
    await page.getByRole('button', { name: 'Thêm khung' }).press('Enter');
    const added = page.locator('.cover-area').nth(1);
    await until('its focus', () => added.evaluate((area) => document.activeElement === area));
    for (let i = 0; i < 60; i++) await page.keyboard.press('ArrowLeft');
    for (let i = 0; i < 60; i++) await page.keyboard.press('ArrowUp');
    const corner = await placeOf(page, 1);
    assert.ok(corner.left < 0.005 && corner.top < 0.005, 'it stays in the picture');
    await desk.shot(page, 'cover-1440');
    assert.deepEqual(await axe(page), []);
    await page.getByRole('button', { name: 'Lưu chỗ che' }).click();
    await page.getByText('Đã che 2 chỗ').waitFor();
    const [first] = (await citizen.get(`/v1/reports/${report.id}`)).json.photos;
    const { large } = (await citizen.get(`/v1/media/${first.id}`)).json;
    const { body } = await citizen.get(large);
    assert.ok(isCovered(body, 0.7, 0.7) && isCovered(body, 0.05, 0.05) && !isCovered(body, 0.4, 0.4));
    assert.deepEqual(complaints, []);
  });

  test('what another covered meanwhile is not written over', async () => {
    const [first] = (await citizen.get(`/v1/reports/${report.id}`)).json.photos;
    await page.getByRole('button', { name: 'Sửa chỗ che' }).click();
    await page.locator('.cover-area').nth(1).waitFor();
    const leader = await desk.staff('leader.demo');
    const { covered, boxes } = (await leader.get(`/v1/reports/${report.id}/photos`)).json.items[0];
    const other = await leader.request('PUT', `/v1/reports/${report.id}/photos/${first.id}/boxes`, { json: { boxes: [...boxes, { x: 0, y: 9000, width: 500, height: 500 }] }, headers: { 'if-match': `"${covered}"` } });
    assert.equal(other.status, 200, other.text);
    await until('a save or its refusal', async () => {
      if ((await page.locator('.cover').count()) === 0) return true; // the page knew already, and shows what is there now
      await page.getByRole('button', { name: 'Lưu chỗ che' }).click({ timeout: 2000 }).catch(() => undefined);
      return (await page.getByText('Người khác vừa sửa chỗ che').count()) > 0;
    });
    assert.equal((await leader.get(`/v1/reports/${report.id}/photos`)).json.items[0].boxes.length, 3);
    if ((await page.locator('.cover').count()) > 0) await page.keyboard.press('Escape');
    await page.getByText('Đã che 3 chỗ').waitFor();
    await page.getByText(/Nguyễn Văn Thành che lúc /).waitFor();
  });

  test('the original is seen with a reason, which the reporter reads', async () => {
    await page.getByRole('button', { name: 'Sửa chỗ che' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Xem ảnh gốc' }).click();
    await page.getByLabel('Vì sao cần xem ảnh gốc').fill('Cần đọc biển số xe');
    await desk.shot(page, 'original-asked-1440');
    await page.locator('form').getByRole('button', { name: 'Xem ảnh gốc' }).click();
    await page.getByText('Ảnh gốc, chỉ hiện ở đây.').waitFor();
    assert.match(await page.locator('.cover img').getAttribute('src'), /^blob:/);
    await page.getByRole('dialog').getByRole('button', { name: 'Đóng' }).click();
    const [look] = (await citizen.get('/v1/me/looks')).json.items;
    assert.deepEqual([look.what, look.reason], [['original'], 'Cần đọc biển số xe']);
    assert.deepEqual(complaints, []);
  });

  test('what is published is what was covered, and never what is for the agency', async () => {
    await desk.step(page, 'Công khai');
    await page.getByText('Người gửi chỉ cho cơ quan xem: không công khai được.').waitFor();
    assert.equal(await page.locator('.pick [type=checkbox]').count(), 1);
    await page.locator('.pick [type=checkbox]').check();
    await desk.shot(page, 'publish-1440');
    await page.locator('.act-form [type=submit]').click();
    await page.getByText('Đã đăng').waitFor();
    const [first, only] = (await citizen.get(`/v1/reports/${report.id}`)).json.photos;
    const shown = await until('the public page', async () => {
      const reply = await desk.server.client().get(`/v1/public/media/${first.id}/large`);
      return reply.status === 200 && reply;
    });
    assert.ok(isCovered(shown.body, 0.7, 0.7));
    assert.equal((await desk.server.client().get(`/v1/public/media/${only.id}/large`)).status, 404);
    await page.setViewportSize({ width: 360, height: 640 });
    await desk.shot(page, 'photos-360');
    assert.equal(await overflow(page), 0);
    assert.deepEqual(complaints, []);
  });

  test('its sender is told in the app, and still has it as it was', async () => {
    const { page: phone, complaints: words, context } = await desk.tab(undefined, { width: 360, height: 640 });
    await phone.goto(`${desk.origin}/app/reports/${report.id}`);
    await phone.getByLabel('Số điện thoại của bạn').fill('+84912390002');
    await phone.getByRole('button', { name: 'Nhận mã' }).click();
    await phone.getByLabel(/^Mã gồm 6 số/).fill(await desk.server.smsCode('+84912390002'));
    await phone.getByText(/xem ảnh, video gốc của bạn/).waitFor();
    await phone.getByRole('button', { name: 'Xem ảnh như tôi đã gửi' }).click();
    const shown = phone.getByRole('dialog').getByAltText('Xem ảnh như tôi đã gửi');
    await shown.waitFor();
    assert.match(await shown.getAttribute('src'), /^blob:/);
    assert.ok(!isSlate(await pixelOf(shown, 0.7, 0.7)), 'nothing of theirs is covered');
    await phone.keyboard.press('Escape');
    await desk.shot(phone, 'my-covered-360');
    assert.deepEqual(await axe(phone), []);
    assert.deepEqual(words, []);
    await context.close();
  });

  test('nothing is decided by who was only asked: an inspector sees the photos and no more', async () => {
    assert.equal((await step(await desk.staff('inspector.demo'), report.id, 'cover')).status, 404);
    const { page: other, context } = await desk.tab('inspector.demo', { width: 1440, height: 900, at: `/desk/reports/${report.id}` });
    await other.locator('.case-said .photos button').first().waitFor();
    assert.equal(await other.getByRole('button', { name: 'Che chỗ nhạy cảm' }).count(), 0);
    await context.close();
  });
});

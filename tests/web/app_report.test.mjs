/* The story of a report: a phone that has never been here, an officer, and all that passes between them. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { sendPhoto, signInStaff, step } from '../api/lib/people.mjs';
import { makeJpeg, readJpeg } from '../api/lib/make-jpeg.mjs';
import { axe, shot, until, useApp } from './lib/app.mjs';
import { holder } from './lib/hold.mjs';

const app = await useApp();
const PHONE = '+84912345901';

/* The colour of what is covered (web/shared/photo.ts), in sixteenths. */
const COVERED = [0x5b, 0x64, 0x70].map((one) => Math.round(one / 16));

const choosePhoto = (within, name) => within.locator('input[data-add]').setInputFiles({ name, mimeType: 'image/jpeg', buffer: makeJpeg({ width: 640, height: 480 }) });

/* By the keys of a box: nearly all of the photo. */
async function cover(page) {
  await page.getByRole('button', { name: 'Che mặt, biển số trong ảnh 1' }).first().click();
  const inner = page.getByRole('dialog', { name: 'Che mặt, biển số' });
  await inner.getByRole('button', { name: /^Thêm/ }).click();
  await inner.getByRole('button', { name: 'Che', exact: true }).click();
  await inner.waitFor({ state: 'detached' });
}

/* The pin is dragged, and another place tapped: each asks which commune that is. */
async function movePin(page) {
  const asked = [];
  page.on('request', (request) => request.url().includes('/v1/places') && asked.push(new URL(request.url()).search));
  const pin = page.locator('.pin-mark');
  await pin.scrollIntoViewIfNeeded();
  const at = await pin.boundingBox();
  await page.mouse.move(at.x + at.width / 2, at.y + at.height / 2);
  await page.mouse.down();
  await page.mouse.move(at.x + 40, at.y + 30, { steps: 4 });
  await page.mouse.up();
  await until('where it was dragged to', () => asked.length === 1);
  const box = await page.locator('.map').boundingBox();
  await page.locator('.map').click({ position: { x: box.width / 4, y: box.height / 4 } });
  await until('where it was set', () => asked.length === 2);
  assert.notEqual(asked[0], asked[1]);
}

/* Two places are tapped; the answer about the first comes last, and says nothing any more. */
async function answerLate(page) {
  const held = [];
  const hold = (route) => held.push(route);
  const answer = (route, code) => route.fulfill({ json: { found: 'polygon', commune: { code }, nearest: [] } });
  await page.route('**/v1/places?*', hold);
  for (const at of [60, 120]) await page.locator('.map').click({ position: { x: at, y: at } });
  await until('both questions', () => held.length === 2);
  await answer(held[1], '32025');
  await until('the answer', async () => (await page.getByLabel('Xã, phường').inputValue()) === '32025');
  const came = page.waitForResponse('**/v1/places?*');
  await answer(held[0], '32014');
  await (await came).finished();
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  assert.equal(await page.getByLabel('Xã, phường').inputValue(), '32025');
  await page.unroute('**/v1/places?*', hold);
}

/* The first photo is kept for the agency while the second is still being made ready. */
async function lockMeanwhile(page) {
  await page.evaluate(() => {
    const make = window.createImageBitmap;
    window.createImageBitmap = (...given) => new Promise((ready) => (window.goOn = () => ready(make(...given))));
  });
  await page.locator('input[data-gallery]').setInputFiles({ name: 'hai.jpg', mimeType: 'image/jpeg', buffer: makeJpeg({ width: 320, height: 240 }) });
  await page.waitForFunction(() => window.goOn);
  await page.getByRole('button', { name: /^Ảnh 1: chỉ cơ quan xem/ }).click();
  await page.getByText('Chỉ cơ quan', { exact: true }).waitFor();
  await page.evaluate(() => window.goOn());
  await page.getByAltText('Ảnh 2').waitFor();
  assert.equal(await page.getByText('Chỉ cơ quan', { exact: true }).count(), 1, 'it stays the agency’s alone');
  await page.getByRole('button', { name: 'Xoá ảnh 2' }).click();
  await page.getByRole('button', { name: /^Ảnh 1: chỉ cơ quan xem/ }).click();
  await page.getByText('Chỉ cơ quan', { exact: true }).waitFor({ state: 'detached' });
}

describe('a report', () => {
  let mine, officer, report, hold;

  before(async () => {
    mine = await app.phone({ geolocation: { latitude: 9.1769, longitude: 105.1524 }, permissions: ['geolocation'] });
    officer = await signInStaff(app.server, 'officer.demo');
    hold = holder(mine.page, mine.complaints);
  });

  test('is written without an account, and kept at each touch', async () => {
    const { page, complaints } = mine;
    await page.goto(app.origin);
    await page.getByRole('link', { name: 'Gửi phản ánh' }).click();
    await page.getByRole('heading', { name: 'Ảnh hiện trường' }).waitFor();
    await page.locator('input[data-gallery]').setInputFiles({ name: 'den.jpg', mimeType: 'image/jpeg', buffer: makeJpeg({ width: 640, height: 480, orientation: 6 }) });
    await page.getByAltText('Ảnh 1').waitFor();
    assert.deepEqual(await page.getByAltText('Ảnh 1').evaluate((image) => [image.naturalWidth, image.naturalHeight]), [480, 640], 'turned as it was taken');
    await lockMeanwhile(page);
    await hold('report-photos');
    await page.reload();
    await page.getByAltText('Ảnh 1').waitFor();
    await page.getByRole('button', { name: 'Tiếp tục' }).click();
    await page.getByRole('heading', { name: 'Ở đâu?' }).waitFor();
    await page.getByRole('button', { name: 'Dùng vị trí của tôi' }).click();
    await until('a commune', async () => (await page.getByLabel('Xã, phường').inputValue()) !== '');
    await hold('report-place');
    const near = page.getByRole('group', { name: 'Ba nơi gần nhất' });
    assert.equal(await near.getByRole('radio').count(), 3);
    await near.getByRole('radio').nth(1).check();
    assert.equal(await page.getByLabel('Xã, phường').inputValue(), await near.getByRole('radio').nth(1).inputValue());
    await movePin(page);
    await answerLate(page);
    await page.getByLabel('Xã, phường').selectOption('32025');
    await page.getByRole('button', { name: 'Tiếp tục' }).click();
    await page.getByRole('heading', { name: 'Việc gì?' }).waitFor();
    await page.getByRole('button', { name: 'Tiếp tục' }).click();
    await page.getByText('Hãy chọn lĩnh vực.').waitFor();
    await page.getByLabel('Điện, chiếu sáng').check();
    await page.getByLabel('Kể ngắn gọn').fill('Đèn đường trước trạm y tế tắt ba hôm nay <b onclick="x">');
    await page.getByRole('group', { name: /điện giật/ }).getByLabel('Không').check();
    await hold('report-what');
    await page.getByRole('button', { name: 'Tiếp tục' }).click();
    await page.getByRole('heading', { name: 'Xem lại và gửi' }).waitFor();
    assert.deepEqual(complaints, []);
  });

  test('asks for the phone at the moment of sending, and is filed once', async () => {
    const { page, complaints } = mine;
    await hold('report-send');
    await page.getByRole('button', { name: 'Gửi phản ánh' }).click();
    await page.getByRole('heading', { name: 'Xác nhận số điện thoại để gửi' }).waitFor();
    await hold('report-sign-in');
    await app.signIn(page, PHONE);
    await page.getByRole('heading', { name: 'Đã gửi' }).waitFor();
    await hold('report-sent');
    const inbox = (await officer.get('/v1/desk/inbox')).json.items;
    assert.equal(inbox.length, 1);
    report = await until('its photo, which follows', async () => {
      const now = (await officer.get(`/v1/reports/${inbox[0].id}`)).json;
      return now.photos?.length === 1 && now;
    });
    assert.match(report.text, /Đèn đường trước trạm y tế/);
    assert.deepEqual(complaints, []);
  });

  test('keeps nothing that a script could carry away', async () => {
    const { page, context } = mine;
    const kept = await page.evaluate(async () => {
      const all = [];
      for (const { name } of await indexedDB.databases())
        await new Promise((resolve) => {
          const open = indexedDB.open(name);
          open.onsuccess = () => {
            const stores = [...open.result.objectStoreNames];
            let left = stores.length;
            for (const store of stores) {
              const read = open.result.transaction(store).objectStore(store).getAll();
              read.onsuccess = () => (all.push(...read.result), --left === 0 && (open.result.close(), resolve()));
            }
          };
        });
      return JSON.stringify([all, { ...localStorage }, { ...sessionStorage }, document.cookie]);
    });
    const [cookie] = await context.cookies(`${app.origin}/v1/auth/refresh`);
    assert.ok(cookie.httpOnly && cookie.sameSite === 'Strict' && cookie.path === '/v1/auth');
    assert.ok(!kept.includes(cookie.value) && !/eyJ|"refresh/.test(kept), kept);
  });

  test('is followed live: received, asked, answered by both, rated', async () => {
    const { page, complaints } = mine;
    await page.getByRole('link', { name: 'Theo dõi phản ánh' }).click();
    await page.getByText('Đã phân phối', { exact: true }).waitFor();
    await page.getByText(/^Hạn trả lời/).waitFor();
    assert.equal((await step(officer, report.id, 'receive')).status, 200);
    await page.getByText('Đã tiếp nhận', { exact: true }).waitFor();
    assert.equal((await step(officer, report.id, 'ask', { note: 'Trụ số mấy? <script>alert(1)</script>' })).status, 200);
    await page.getByRole('heading', { name: 'Bạn có thể' }).waitFor();
    await page.getByText('Trụ số mấy? <script>alert(1)</script>').first().waitFor();
    await hold('my-report-asked');
    await page.getByRole('button', { name: 'Bổ sung' }).click();
    await page.getByLabel('Bạn trả lời').fill('Trụ 12, trước cổng chính');
    await choosePhoto(page.getByRole('dialog'), 'tru-12.jpg');
    await cover(page);
    await page.getByRole('button', { name: /^Ảnh 1: chỉ cơ quan xem/ }).first().click();
    await hold('my-report-supply');
    await page.getByRole('dialog').getByRole('button', { name: 'Bổ sung' }).click();
    await page.getByText('Bạn đã bổ sung').waitFor();
    await page.getByText('Bạn đã thêm ảnh').first().waitFor();
    const kept = await until('one photo more', async () => (await officer.get(`/v1/reports/${report.id}`)).json.photos.filter((one) => one.agency_only)[0]);
    const { large } = (await officer.get(`/v1/media/${kept.id}`)).json;
    const { pixel, width, height } = readJpeg((await officer.get(large)).body);
    assert.deepEqual(pixel(width >> 1, height >> 1).map((one) => Math.round(one / 16)), COVERED, 'what was covered never left the phone');
    const proof = await sendPhoto(officer, makeJpeg({ width: 800, height: 600 }));
    const answered = await step(officer, report.id, 'answer', { note: 'Đã thay bóng đèn.', photos: [proof] });
    assert.equal(answered.status, 200, answered.text);
    await page.getByText('Đã thay bóng đèn.').first().waitFor();
    await page.getByRole('button', { name: 'Đánh giá' }).click();
    await page.getByLabel('5 trên 5 sao').check({ force: true });
    await page.getByRole('dialog').getByRole('button', { name: 'Đánh giá' }).click();
    await page.getByText('Bạn đánh giá', { exact: true }).first().waitFor();
    await hold('my-report-rated');
    assert.equal(await page.locator('section[aria-live] img').count(), 1, 'what was done is seen beside the answer');
    assert.deepEqual(complaints, []);
  });

  test('is reopened by who finds that nothing was done, and answered anew', async () => {
    const { page, complaints } = mine;
    await page.getByRole('button', { name: 'Mở lại' }).click();
    await page.getByLabel('Việc gì chưa ổn?').fill('Đèn vẫn tắt sau 20 giờ');
    await page.getByRole('dialog').getByRole('button', { name: 'Mở lại' }).click();
    await page.getByText('Bạn mở lại').waitFor();
    await page.getByText('Đã phân phối', { exact: true }).waitFor();
    assert.equal(await page.getByRole('heading', { name: 'Trả lời' }).count(), 0, 'the answer before is told by what happened');
    for (const [verb, body] of [['receive', {}], ['answer', { note: 'Đã thay bóng đèn, và cả bộ đèn.', photos: [await sendPhoto(officer, makeJpeg({ width: 400, height: 300 }))] }]])
      assert.equal((await step(officer, report.id, verb, body)).status, 200);
    await page.getByText('Đã thay bóng đèn, và cả bộ đèn.').first().waitFor();
    assert.deepEqual(complaints, []);
  });

  test('more photos wait until they are looked through, and a reload loses none', async () => {
    const { page, complaints } = mine;
    await choosePhoto(page.locator('main'), 'sau-khi-sua.jpg');
    await page.getByAltText('Ảnh 1').first().waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Gửi ảnh đã chọn (1)' }).waitFor();
    await hold('my-report-photos-chosen');
    await page.getByRole('button', { name: 'Bỏ chọn' }).click();
    await page.getByRole('button', { name: 'Gửi ảnh đã chọn (1)' }).waitFor({ state: 'detached' });
    await choosePhoto(page.locator('main'), 'sau-khi-sua.jpg');
    await page.getByRole('button', { name: 'Gửi ảnh đã chọn (1)' }).click();
    await until('one photo more', async () => (await officer.get(`/v1/reports/${report.id}`)).json.photos.length === 5);
    assert.deepEqual(complaints, []);
  });

  test('each step is a notice, unread until it is opened', async () => {
    const { page, context, complaints } = mine;
    await context.setOffline(true);
    await page.getByRole('link', { name: /^Thông báo \(\d+\)/ }).click();
    await page.getByText('Không có mạng. Xin thử lại').waitFor();
    await context.setOffline(false); // it comes by itself
    await page.getByText('Chưa đọc').first().waitFor();
    await hold('notices');
    await page.getByRole('button', { name: 'Đánh dấu đã đọc tất cả' }).click();
    await page.getByText('Chưa đọc').first().waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Thông báo', exact: true }).waitFor();
    assert.deepEqual(complaints, []);
  });

  test('published, it has a page for everybody, with before and after', async () => {
    const now = (await officer.get(`/v1/reports/${report.id}`)).json;
    const published = await step(officer, report.id, 'publish', { photos: now.photos.filter((one) => !one.agency_only).map((one) => one.id) });
    assert.equal(published.status, 200, published.text);
    const { page, complaints, context } = await app.phone();
    await until('the projection', async () => (await page.goto(`${app.origin}/r/${now.number}`)).status() === 200);
    await page.getByRole('heading', { name: 'Điện, chiếu sáng' }).waitFor();
    await page.getByRole('heading', { name: 'Ảnh hiện trường' }).waitFor();
    await page.getByRole('heading', { name: 'Sau khi xử lý' }).waitFor();
    await until('pictures', () => page.evaluate(() => [...document.images].length === 4 && [...document.images].every((image) => image.naturalWidth > 0)));
    assert.equal(await page.locator('main b').count(), 0, 'what was written is text');
    await shot(page, 'published-both-360', true);
    assert.deepEqual(await axe(page), []);
    const picture = await page.locator('h1 svg path').getAttribute('d');
    await page.goto(`${app.origin}/app/around`);
    await page.getByRole('button', { name: 'Điện, chiếu sáng' }).waitFor();
    assert.equal(await page.locator('.cluster.one svg path').getAttribute('d'), picture, 'its category is seen on the map');
    await page.getByRole('button', { name: 'Điện, chiếu sáng' }).click();
    assert.equal(await page.locator('.report-row svg path').getAttribute('d'), picture);
    await shot(page, 'around-picked-360', true);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test('is readable without scripts', async () => {
    const { page, context } = await app.phone({ javaScriptEnabled: false });
    await page.goto(`${app.origin}/r/${report.number}`);
    assert.match(await page.locator('main').innerText(), /Đèn đường trước trạm y tế[\s\S]*Đã thay bóng đèn/);
    await shot(page, 'published-no-scripts-360', true);
    await context.close();
  });

  test('signed out, nothing of mine is left; what is not sent yet stays', async () => {
    const { page } = mine;
    await page.goto(`${app.origin}/app/report`);
    await page.getByRole('heading', { name: 'Ảnh hiện trường' }).waitFor();
    await page.goto(page.url() + '/what');
    await page.getByLabel('Kể ngắn gọn').fill('Chưa gửi đâu nhé');
    await page.getByText('Đã lưu trên máy').waitFor();
    await page.goto(`${app.origin}/app/account`);
    await page.getByRole('button', { name: 'Đăng xuất' }).click();
    await page.waitForURL(`${app.origin}/`);
    await page.goto(`${app.origin}/app/mine`);
    await page.getByText('Chưa gửi đâu nhé').waitFor();
    await page.getByLabel('Số điện thoại của bạn').waitFor();
    assert.equal((await page.context().cookies(`${app.origin}/v1/auth/refresh`)).length, 0);
  });
});

/* A video from the phone to who plays it: 30 MB that go last, wait for a network that costs nothing, and break off in the middle. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { makeJpeg } from '../api/lib/make-jpeg.mjs';
import { makeVideo } from '../api/lib/make-video.mjs';
import { signInStaff, step } from '../api/lib/people.mjs';
import { checked } from '../api/lib/videos.mjs';
import { DESKTOP, axe, overflow, shot, until, useApp } from './lib/app.mjs';

const app = await useApp();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tram-film-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));

const LARGE = path.join(folder, 'ổ gà.mp4');
const noise = ['-vf', 'noise=alls=60:allf=t', '-qp', '22'];

/* Plays, and gets somewhere. */
async function plays(page) {
  const video = page.locator('dialog[open] video, main video').first();
  await video.waitFor();
  await video.evaluate((one) => {
    one.muted = true;
    return one.play();
  });
  await until('the film to move', () => video.evaluate((one) => one.currentTime > 0.2));
  return video;
}

describe('a video', () => {
  let phone, officer, report, video;

  before(async () => {
    const bytes = makeVideo({ size: '1280x720', seconds: 2.5, sound: false, more: noise });
    fs.writeFileSync(LARGE, bytes);
    assert.ok(bytes.length > 25 << 20 && bytes.length < 90 << 20, `${bytes.length} bytes`);
    officer = await signInStaff(app.server, 'officer.demo');
    /* Without a worker, so that it is this page that sends, and this page's network that is known. */
    phone = await app.phone({ serviceWorkers: 'block', geolocation: { latitude: 9.1769, longitude: 105.1524 }, permissions: ['geolocation'] });
    await phone.page.addInitScript(() => {
      const connection = Object.assign(new EventTarget(), { type: 'cellular', saveData: false });
      Object.defineProperty(navigator, 'connection', { value: connection });
    });
  });

  test('is chosen beside a photo; one that is no video, or too long, is told of at once', async () => {
    const { page, complaints } = phone;
    await page.goto(`${app.origin}/app/report`);
    await page.getByRole('heading', { name: 'Ảnh hiện trường' }).waitFor();
    await page.getByRole('button', { name: 'Quay video' }).waitFor();
    const gallery = page.locator('input[data-gallery]');
    await gallery.setInputFiles({ name: 'phim.avi', mimeType: 'video/x-msvideo', buffer: Buffer.from('RIFF') });
    await page.getByText('Không gửi được phim.avi').waitFor();
    await gallery.setInputFiles({ name: 'dài.mp4', mimeType: 'video/mp4', buffer: makeVideo({ size: '64x48', seconds: 125, sound: false }) });
    await page.getByText(/Video dài 125 giây; tối đa 120 giây/).waitFor();
    await gallery.setInputFiles([LARGE]);
    await page.getByRole('button', { name: 'Xoá video' }).waitFor();
    await gallery.setInputFiles({ name: 'den.jpg', mimeType: 'image/jpeg', buffer: makeJpeg({ width: 640, height: 480 }) });
    await page.getByAltText('Ảnh 2').waitFor();
    await shot(page, 'video-chosen-360', true);
    assert.equal(await page.getByRole('button', { name: 'Quay video' }).count(), 0, 'one is enough');
    assert.deepEqual(await axe(page), []);
    assert.ok((await overflow(page)) <= 0);
    assert.deepEqual(complaints, []);
  });

  test('waits for Wi-Fi while the report and its photo go', async () => {
    const { page, complaints } = phone;
    await page.getByRole('button', { name: 'Tiếp tục' }).click();
    await page.getByRole('heading', { name: 'Ở đâu?' }).waitFor();
    await page.getByRole('button', { name: 'Dùng vị trí của tôi' }).click();
    await until('a commune', async () => (await page.getByLabel('Xã, phường').inputValue()) !== '');
    await page.getByLabel('Xã, phường').selectOption('32025');
    await page.getByRole('button', { name: 'Tiếp tục' }).click();
    await page.getByLabel('Điện, chiếu sáng').check();
    await page.getByLabel('Kể ngắn gọn').fill('Đèn đường chớp liên tục, có video');
    await page.getByRole('group', { name: /điện giật/ }).getByLabel('Không').check();
    await page.getByRole('button', { name: 'Tiếp tục' }).click();
    await page.getByText('1 ảnh, 1 video').waitFor();
    await page.getByRole('button', { name: 'Gửi phản ánh' }).click();
    await page.getByRole('heading', { name: 'Xác nhận số điện thoại để gửi' }).waitFor();
    await app.signIn(page, '+84912345921');
    await page.getByText('Ảnh 2: đã gửi').waitFor();
    await page.getByText(/chờ Wi-Fi/).waitFor();
    await shot(page, 'video-waits-360', true);
    assert.deepEqual(await axe(page), []);
    const [{ id }] = (await officer.get('/v1/desk/inbox')).json.items;
    report = (await officer.get(`/v1/reports/${id}`)).json;
    assert.equal(report.photos.length, 1);
    assert.equal(report.awaited, 1);
    assert.deepEqual(complaints, []);
  });

  test('goes when it is asked for, and after a break goes on where it was', async () => {
    const { page, context } = phone;
    let patches = 0, bytes = 0;
    page.on('request', (request) => {
      if (request.method() !== 'PATCH') return;
      patches++;
      bytes += request.postDataBuffer()?.length ?? 0;
      if (patches === 40) void context.setOffline(true);
    });
    await page.getByRole('button', { name: 'Gửi video ngay bằng dữ liệu di động' }).click();
    await until('the break', () => patches >= 40);
    await page.waitForTimeout(500);
    await shot(page, 'video-broken-360', true);
    await context.setOffline(false);
    for (let left = 600; report.photos.length < 2; left--) {
      assert.ok(left > 0, `${patches} pieces were sent`);
      await page.waitForTimeout(500);
      report = (await officer.get(`/v1/reports/${report.id}`)).json;
    }
    const size = fs.statSync(LARGE).size;
    assert.ok(bytes < size + (2 << 20), `${bytes} bytes were sent of ${size}: it went on, it did not begin anew`);
    assert.equal(report.awaited ?? 0, 0);
    video = report.photos.find((one) => one.video).id;
    assert.equal((await checked(officer, video)).state, 'sound');
  });

  test('is played by who sent it', async () => {
    const { page, complaints } = phone;
    await page.goto(`${app.origin}/app/reports/${report.id}`);
    await page.getByRole('button', { name: /^Video/ }).first().click();
    await plays(page);
    await shot(page, 'video-own-360');
    assert.deepEqual(await axe(page), []);
    assert.deepEqual(complaints, []);
  });

  test('changed on the phone before it went, it is said not to come; the report goes without it', async () => {
    const { page } = phone;
    const other = path.join(folder, 'khác.mp4');
    fs.writeFileSync(other, makeVideo({ size: '64x48', seconds: 1, sound: false }));
    await page.goto(`${app.origin}/app/report`);
    await page.locator('input[data-gallery]').setInputFiles([other]);
    await page.getByRole('button', { name: 'Xoá video' }).waitFor();
    await page.getByRole('button', { name: 'Tiếp tục' }).click();
    await page.getByLabel('Xã, phường').selectOption('32025');
    await page.getByRole('button', { name: 'Tiếp tục' }).click();
    await page.getByLabel('Vệ sinh môi trường').check();
    await page.getByLabel('Kể ngắn gọn').fill('Rác đầy ngõ, có video');
    await page.getByRole('button', { name: 'Tiếp tục' }).click();
    fs.appendFileSync(other, 'khác');
    await page.getByRole('button', { name: 'Gửi phản ánh' }).click();
    await page.getByText('Video: không gửi được. Không đọc được tệp này nữa').waitFor();
    const [{ id }] = (await officer.get('/v1/desk/inbox?limit=1')).json.items;
    await until('nothing to be waited for', async () => ((await officer.get(`/v1/reports/${id}`)).json.awaited ?? 0) === 0);
  });

  test('once it is published, by anybody, on the page of the report', async () => {
    assert.equal((await step(officer, report.id, 'receive')).status, 200);
    const leader = await signInStaff(app.server, 'leader.demo');
    const published = await step(leader, report.id, 'publish', { photos: [video] });
    assert.equal(published.status, 200, published.text);
    const { page, complaints } = await app.phone({ size: DESKTOP });
    await until('the page', async () => (await page.goto(`${app.origin}/r/${report.number}`)).status() === 200);
    await page.getByRole('button', { name: /^Video/ }).first().click();
    const film = await plays(page);
    /* From another place in it: by range. */
    await film.evaluate((one) => void (one.currentTime = 1.5));
    await until('the other place', () => film.evaluate((one) => one.currentTime >= 1.5 && !one.seeking));
    await shot(page, 'video-public-1440');
    assert.deepEqual(await axe(page), []);
    assert.deepEqual(complaints, []);
  });

  test('is played without a script too', async () => {
    const { page } = await app.phone({ javaScriptEnabled: false });
    await page.goto(`${app.origin}/r/${report.number}`);
    const film = page.locator(`video[src="/v1/public/media/${video}/video"]`);
    assert.equal(await film.count(), 1);
    assert.match(await film.getAttribute('poster'), /large$/);
    await shot(page, 'video-unscripted-360', true);
  });
});

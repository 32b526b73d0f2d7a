/*
 * Where the network is weak: a report is written and sent without one, the browser is killed, the network comes
 * back, and it is filed once. And a photograph over 400 kbit/s that is cut in the middle goes on where it was.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { makeJpeg } from '../api/lib/make-jpeg.mjs';
import { signInStaff } from '../api/lib/people.mjs';
import { PHONE, axe, listen, shot, signIn, until, useApp } from './lib/app.mjs';

const app = await useApp();
const NUMBER = '+84912345911';

/* A browser whose profile outlives it. */
const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'tram-profile-'));
let context, page, complaints;
const opened = []; // of that profile; `context` may be another when a test fails

async function open() {
  context = await chromium.launchPersistentContext(profile, { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'], viewport: PHONE, locale: 'vi-VN' });
  opened.push(context);
  page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(Number(process.env.PATIENCE ?? 30_000));
  complaints = listen(page);
}

/* A browser writes its cookies to disk half a minute late: one that was killed may ask who is there. */
async function signInIfAsked(done) {
  const asks = page.getByLabel('Số điện thoại của bạn');
  await until('sending, or the question who is there', async () => (await done()) || (await asks.count()) > 0);
  if ((await asks.count()) > 0) await signIn(page, app.server, NUMBER);
}

/* As when the battery is taken out: every process of that profile, at once. */
async function kill() {
  const mine = fs.readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(profile);
    } catch {
      return false; // it has ended meanwhile
    }
  });
  assert.ok(mine.length > 0);
  for (const pid of mine) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch (error) {
      assert.equal(error.code, 'ESRCH');
    }
  }
  await Promise.race([context.close().catch(() => undefined), sleep(2000)]);
  fs.rmSync(path.join(profile, 'SingletonLock'), { force: true });
}

async function write(words, photo) {
  await page.goto(`${app.origin}/app/report`);
  await page.getByRole('heading', { name: 'Ảnh hiện trường' }).waitFor();
  if (photo) {
    await page.locator('input[data-gallery]').setInputFiles({ name: 'anh.jpg', mimeType: 'image/jpeg', buffer: photo });
    await page.getByAltText('Ảnh 1').waitFor();
  }
  await page.getByRole('button', { name: 'Tiếp tục' }).click();
  await page.getByLabel('Xã, phường').selectOption('32025');
  await page.getByRole('button', { name: 'Tiếp tục' }).click();
  await page.getByLabel('Điện, chiếu sáng').check();
  await page.getByRole('group', { name: /điện giật/ }).getByLabel('Không').check();
  await page.getByLabel('Kể ngắn gọn').fill(words);
  await page.getByRole('button', { name: 'Tiếp tục' }).click();
  await page.getByRole('heading', { name: 'Xem lại và gửi' }).waitFor();
}

const inbox = async () => (await (await signInStaff(app.server, 'officer.demo')).get('/v1/desk/inbox')).json.items;

before(open);
after(async () => {
  await Promise.race([Promise.allSettled(opened.map((one) => one.close())), sleep(5000)]);
  fs.rmSync(profile, { recursive: true, force: true });
});

describe('without a network', () => {
  test('the app opens, a report is written with a photograph and waits', async () => {
    await page.goto(app.origin);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.goto(`${app.origin}/app/mine`);
    await signIn(page, app.server, NUMBER);
    await page.getByText('Bạn chưa gửi phản ánh nào').waitFor();
    await until('a worker in charge', () => page.evaluate(() => navigator.serviceWorker.controller !== null));
    await context.setOffline(true);
    await page.goto(app.origin);
    await page.getByText('Không có mạng. Bạn vẫn viết phản ánh được').waitFor();
    await write('Mất điện từ sáng, cả xóm không có điện', makeJpeg({ width: 1600, height: 1200, grain: 8 }));
    await page.getByRole('button', { name: 'Gửi khi có mạng' }).click();
    await page.getByText('Đang chờ gửi').waitFor();
    await shot(page, 'report-waiting-360', true);
    assert.deepEqual(await axe(page), []);
    assert.deepEqual(complaints, []);
  });

  test('the browser is killed; opened again without a network, all of it is there', async () => {
    await kill();
    await open();
    await context.setOffline(true);
    await page.goto(`${app.origin}/app/mine`);
    await page.getByText('Mất điện từ sáng').waitFor();
    await page.getByText('Chờ gửi').waitFor();
    await shot(page, 'mine-waiting-360', true);
    assert.equal((await inbox()).length, 0);
  });

  test('the network is back: it is filed, once', async () => {
    await context.setOffline(false);
    await page.evaluate(() => dispatchEvent(new Event('online')));
    const isFiled = async () => (await inbox()).length > 0;
    await signInIfAsked(isFiled);
    await until('the report', isFiled);
    await page.getByText('Chờ gửi').waitFor({ state: 'detached' });
    await until('its photograph', async () => (await inbox())[0].photos?.length === 1);
    await page.getByText('ảnh đang gửi').waitFor({ state: 'detached' });
    await page.reload();
    await page.getByRole('heading', { name: 'Điện, chiếu sáng' }).waitFor();
    await sleep(1000);
    const filed = await inbox();
    assert.equal(filed.length, 1);
    assert.deepEqual(complaints, []);
  });

  test('killed in the very moment of sending, it is filed once all the same', async () => {
    await write('Dây điện đứt trước số nhà 12, nằm dưới đường');
    let cut;
    await page.route('**/v1/reports', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      await route.fetch(); // it arrived, and its answer did not
      cut?.();
      await route.abort('connectionreset').catch(() => undefined);
    });
    const arrived = new Promise((resolve) => (cut = resolve));
    await page.getByRole('button', { name: 'Gửi phản ánh' }).click();
    await Promise.race([arrived, sleep(60_000).then(() => assert.fail('it was never sent'))]);
    await kill();
    await open();
    await page.goto(`${app.origin}/app/mine`);
    await signInIfAsked(async () => (await page.getByRole('heading', { name: 'Điện, chiếu sáng' }).count()) === 2 && (await page.getByText('Chờ gửi').count()) === 0);
    await until('it to be sent', async () => (await page.getByText('Chờ gửi').count()) === 0 && (await page.getByRole('heading', { name: 'Điện, chiếu sáng' }).count()) === 2);
    assert.equal((await inbox()).length, 2);
  });
});

describe('400 kbit/s and 400 ms away', () => {
  const slow = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 };
  async function slowly(conditions = slow) {
    const devtools = await context.newCDPSession(page);
    await devtools.send('Network.enable');
    await devtools.send('Network.emulateNetworkConditions', conditions);
    return devtools;
  }
  const found = async (words) => (await inbox()).find((one) => one.text.startsWith(words));

  test('the report goes first, in a few kilobytes; its photograph is cut in the middle and goes on', async () => {
    const photo = makeJpeg({ width: 4400, height: 3300, quality: 80 });
    await write('Trụ điện nghiêng, sắp đổ vào nhà dân', photo);
    const devtools = await slowly();
    const offsets = [];
    const sent = [];
    page.on('request', (request) => {
      if (!request.url().includes('/v1/')) return;
      sent.push([request.method(), new URL(request.url()).pathname, request.postDataBuffer()?.length ?? 0]);
      if (request.method() === 'PATCH') offsets.push(Number(request.headers()['upload-offset']));
    });
    const before = (await inbox()).length;
    await page.getByRole('button', { name: 'Gửi phản ánh' }).click();
    await page.getByRole('heading', { name: 'Đã gửi' }).waitFor();
    await until('a chunk', () => offsets.length > 0);
    const filing = sent.findIndex(([method, where]) => method === 'POST' && where === '/v1/reports');
    assert.ok(filing >= 0 && sent[filing][2] < 4096, `${sent[filing]}`);
    assert.ok(!sent.slice(0, filing).some(([, where]) => where.startsWith('/v1/uploads')), 'no photograph goes before the report');
    const early = await found('Trụ điện');
    assert.deepEqual([early.awaited, (early.photos ?? []).length], [1, 0], 'the desk has it, and knows that a photograph follows');
    await devtools.send('Network.emulateNetworkConditions', { ...slow, offline: true });
    await page.getByText('Không có mạng', { exact: false }).first().waitFor();
    await shot(page, 'report-sending-360', true);
    assert.deepEqual(await axe(page), []);
    await devtools.send('Network.emulateNetworkConditions', slow); // the app notices by itself
    await until('the photograph', async () => !(await found('Trụ điện')).awaited);
    assert.equal((await inbox()).length, before + 1);
    const whole = await found('Trụ điện');
    const { width, height } = whole.photos[0];
    assert.ok(width * height <= 12_000_000 && width * height > 11_900_000 && Math.abs(width / height - 4 / 3) < 0.001, `${width} x ${height}`);
    assert.equal(whole.photos.length, 1);
    const repeated = offsets.filter((offset, i) => offsets.indexOf(offset) !== i);
    assert.ok(repeated.length <= 1, `only what was cut is sent again: ${offsets}`);
    await page.getByText('Ảnh 1: đã gửi').waitFor();
    assert.deepEqual(complaints, []);
  });

  test('the app is closed while a photograph is on its way: the browser goes on by itself', async () => {
    await write('Bóng đèn đầu hẻm 7 cháy đã một tuần', makeJpeg({ width: 3000, height: 2000, grain: 8 }));
    await slowly();
    let begun = false;
    page.on('request', (request) => (begun ||= request.method() === 'PATCH'));
    await page.getByRole('button', { name: 'Gửi phản ánh' }).click();
    await until('a chunk', () => begun);
    assert.equal((await found('Bóng đèn')).awaited, 1);
    const other = await context.newPage();
    await page.close(); // Background Sync was asked for before anything was sent
    await until('the photograph', async () => !(await found('Bóng đèn')).awaited);
    assert.equal((await found('Bóng đèn')).photos.length, 1);
    page = other;
    page.setDefaultTimeout(Number(process.env.PATIENCE ?? 30_000));
    complaints = listen(page);
    await page.goto(`${app.origin}/app/mine`);
    await page.getByRole('heading', { name: 'Điện, chiếu sáng' }).first().waitFor();
    assert.equal(await page.getByText('ảnh đang gửi').count(), 0);
    assert.equal((await inbox()).filter((one) => one.text.startsWith('Bóng đèn')).length, 1);
    assert.deepEqual(complaints, []);
  });
});

describe('nobody signed in', () => {
  test('what was left to be sent is not sent by a sign-in elsewhere: it is looked at, and sent with one touch', async () => {
    const first = { context, page };
    const phone = await app.phone();
    ({ context, page } = phone);
    const filed = async () => (await inbox()).filter((one) => one.text.startsWith('Cột điện trước chùa')).length;
    await write('Cột điện trước chùa bị nứt', undefined);
    await context.setOffline(true);
    await page.getByRole('button', { name: 'Gửi khi có mạng' }).click();
    await page.getByText('chưa xác nhận được số điện thoại').waitFor();
    await context.setOffline(false);
    await page.getByRole('heading', { name: 'Xác nhận số điện thoại để gửi' }).waitFor();
    await page.getByLabel('Số điện thoại của bạn').waitFor(); // the page notices the network by itself
    await page.goto(`${app.origin}/app/mine`);
    await signIn(page, app.server, '+84912345914');
    await page.getByText('Bạn chưa gửi phản ánh nào').waitFor();
    await shot(page, 'mine-unclaimed-360', true);
    assert.deepEqual(await axe(page), []);
    await page.goto(app.origin);
    await page.getByText('1 phản ánh chờ bạn xem lại và gửi.').getByRole('link').click();
    await page.getByRole('heading', { name: 'Gửi phản ánh này bây giờ?' }).waitFor();
    await shot(page, 'report-unclaimed-360', true);
    assert.deepEqual(await axe(page), []);
    assert.equal(await filed(), 0);
    await page.getByRole('button', { name: 'Gửi phản ánh' }).click();
    await page.getByRole('heading', { name: 'Đã gửi' }).waitFor();
    assert.equal(await filed(), 1);
    assert.deepEqual(phone.complaints, []);
    await context.close();
    ({ context, page } = first);
  });
});

describe('two people, one phone', () => {
  const filed = async (words) => (await inbox()).filter((one) => one.text.startsWith(words)).length;
  const kept = (page, name) =>
    page.evaluate(
      (name) =>
        new Promise((done, failed) => {
          const open = indexedDB.open('tram');
          open.onerror = () => failed(open.error);
          open.onsuccess = () => {
            const asked = open.result.transaction('kept').objectStore('kept').get(name);
            asked.onsuccess = () => done(asked.result);
          };
        }),
      name,
    );

  test('what one left to be sent is not sent in the name of the next who signs in', async () => {
    const first = { context, page };
    const phone = await app.phone();
    ({ context, page } = phone);
    /* The worker is left out of it: started anew, it may have a network before the emulation reaches it, and send. */
    await context.addInitScript(() => (SyncManager.prototype.register = () => Promise.reject(new Error('not here'))));
    await page.goto(`${app.origin}/app/mine`);
    await signIn(page, app.server, '+84912345912');
    await page.getByText('Bạn chưa gửi phản ánh nào').waitFor();
    await page.evaluate(() => navigator.serviceWorker.ready);
    await context.setOffline(true);
    await write('Trụ đèn số 7 rò điện', undefined);
    await page.getByRole('button', { name: 'Gửi khi có mạng' }).click();
    await page.getByText('Đang chờ gửi').waitFor();
    assert.ok(await kept(page, 'reports'));
    /* The session is over, which nobody hears of: the app is closed, and the worker finds out. */
    await page.goto('about:blank');
    await context.clearCookies();
    await context.setOffline(false);
    const other = await context.newPage();
    await other.goto(`${app.origin}/docs`);
    await other.evaluate(
      () =>
        new Promise((done, failed) => {
          const open = indexedDB.open('tram');
          open.onerror = () => failed(open.error);
          open.onsuccess = () => {
            const tx = open.result.transaction('kept', 'readwrite');
            tx.objectStore('kept').put(false, 'signedIn');
            tx.oncomplete = () => (open.result.close(), done());
          };
        }),
    );
    await other.goto(`${app.origin}/app/mine`);
    await other.getByLabel('Số điện thoại của bạn').waitFor();
    assert.equal(await kept(other, 'reports'), undefined, 'the lists of who was here are gone');
    await signIn(other, app.server, '+84912345913');
    await other.getByText('chờ gửi bằng tài khoản khác').waitFor();
    await other.getByText('Trụ đèn số 7 rò điện').waitFor();
    assert.equal(await filed('Trụ đèn số 7'), 0);
    assert.deepEqual(await axe(other), []);
    /* Whoever looks it through and sends it sends it as their own. */
    await other.goto(`${app.origin}${await other.getByRole('link', { name: 'Điện, chiếu sáng' }).getAttribute('href')}/send`);
    await other.getByRole('button', { name: 'Gửi phản ánh' }).click();
    await other.getByRole('heading', { name: 'Đã gửi' }).waitFor();
    assert.equal(await filed('Trụ đèn số 7'), 1);
    await context.close();
    ({ context, page } = first);
  });
});

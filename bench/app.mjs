/*
 * The citizens' app on a slow phone, over 400 kbit/s and 400 ms with a processor four times slower: bytes of the
 * first visit, and the time until it can be used; again when it was here before; and a report with a photograph of
 * 12 megapixels: until the photo is ready, until the agency has the report, until it has the photo. Over HTTP/2 and
 * TLS, as it comes to people; the emulation holds each request back for 400 ms, the handshake not.
 *
 *   TRAMD=build/release/tramd node bench/app.mjs       # wants ./dev web, and the packages of tests/web
 */
import path from 'node:path';
import { createRequire } from 'node:module';
import { makeJpeg } from '../tests/api/lib/make-jpeg.mjs';
import { signInCitizen } from '../tests/api/lib/people.mjs';
import { Server } from '../tests/api/lib/server.mjs';
import { ROOT } from '../tests/api/lib/places.mjs';

const { chromium } = createRequire(path.join(ROOT, 'tests/web/package.json'))('playwright-core');
const RUNS = 5;
const FILINGS = 3;
const SLOW = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 };
const CPU = 4;

const server = new Server({ env: { TRAM_HTTP_RATES: '100000', TRAM_HTTP_PAGES: path.join(ROOT, 'build/web/pages') } });
await server.start();
const { origin } = server;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--ignore-certificate-errors'] });

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

/* Until the button that begins a report does so. */
async function visit(page) {
  const began = performance.now();
  await page.goto(origin, { waitUntil: 'commit' });
  await page.getByRole('link', { name: 'Gửi phản ánh' }).waitFor();
  return performance.now() - began;
}

async function slowPhone(more = {}) {
  const context = await browser.newContext({ viewport: { width: 360, height: 640 }, locale: 'vi-VN', ...more });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  let bytes = 0;
  await devtools.send('Network.enable');
  devtools.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  await devtools.send('Network.emulateNetworkConditions', SLOW);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: CPU });
  return { context, page, bytes: () => bytes };
}

const first = [];
const later = [];
const sizes = [];
for (let i = 0; i < RUNS; i++) {
  const { context, page, bytes } = await slowPhone();
  first.push(await visit(page));
  sizes.push(bytes());
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => navigator.serviceWorker.ready);
  later.push(await visit(page));
  await context.close();
}
/* A page without its worker, so that the emulated network holds for all that it sends. */
const NUMBER = '+84912345981';
const FILE = { name: 'anh.jpg', mimeType: 'image/jpeg', buffer: makeJpeg({ width: 4032, height: 3024, orientation: 6, grain: 44 }) };
const PATIENCE_MS = 600_000;

async function fileOne() {
  const { context, page } = await slowPhone({ serviceWorkers: 'block' });
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(`${origin}/app/mine`);
  await page.getByLabel('Số điện thoại của bạn').fill(NUMBER);
  await page.getByRole('button', { name: 'Nhận mã' }).click();
  await page.getByLabel(/^Mã gồm 6 số/).fill(await server.smsCode(NUMBER));
  await page.getByText('Bạn chưa gửi phản ánh nào').or(page.locator('.report-row')).first().waitFor();
  await page.goto(`${origin}/app/report`);
  await page.getByRole('heading', { name: 'Ảnh hiện trường' }).waitFor();
  let began = performance.now();
  await page.locator('input[data-gallery]').setInputFiles(FILE);
  await page.getByAltText('Ảnh 1').waitFor();
  const ready = performance.now() - began;
  await page.getByRole('button', { name: 'Tiếp tục' }).click();
  await page.getByLabel('Xã, phường').selectOption('32025');
  await page.getByRole('button', { name: 'Tiếp tục' }).click();
  await page.getByLabel('Hạ tầng đô thị').check();
  await page.getByLabel('Kể ngắn gọn').fill('Ổ gà lớn giữa đường, xe máy phải lách sang làn ngược chiều');
  await page.getByRole('button', { name: 'Tiếp tục' }).click();
  began = performance.now();
  await page.getByRole('button', { name: 'Gửi phản ánh' }).click();
  await page.getByRole('heading', { name: 'Đã gửi' }).waitFor();
  const filed = performance.now() - began;
  await page.getByText('Ảnh 1: đã gửi', { exact: true }).waitFor();
  const whole = performance.now() - began;
  const size = await page.locator('progress').first().evaluate((bar) => bar.max);
  await context.close();
  return { ready, filed, whole, size };
}

const filings = [];
await signInCitizen(server, NUMBER, { name: 'Lê Thị An' });
for (let i = 0; i < FILINGS; i++) filings.push(await fileOne());
const of = (what) => median(filings.map((one) => one[what]));

console.log(`first visit: usable after ${(median(first) / 1000).toFixed(1)} s, ${(median(sizes) / 1024).toFixed(0)} KiB until then`);
console.log(`later: usable after ${(median(later) / 1000).toFixed(1)} s`);
console.log(`a report: photo of 12 megapixels (${(of('size') / 1e6).toFixed(1)} MB) ready after ${(of('ready') / 1000).toFixed(1)} s; filed ${(of('filed') / 1000).toFixed(1)} s after it was sent off, with its photo after ${(of('whole') / 1000).toFixed(0)} s`);
await browser.close();
await server.stop();

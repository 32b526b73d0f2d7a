/*
 * The citizens' app on a slow phone: bytes of the first visit, and the time until it can be used, over 400 kbit/s
 * and 400 ms with a processor four times slower; and again when it was here before.
 *
 *   TRAMD=build/release/tramd node bench/app.mjs       # wants ./dev web, and the packages of tests/web
 */
import path from 'node:path';
import { createRequire } from 'node:module';
import { Server } from '../tests/api/lib/server.mjs';
import { ROOT } from '../tests/api/lib/places.mjs';
import { freePort } from '../tests/web/lib/ports.mjs';

const { chromium } = createRequire(path.join(ROOT, 'tests/web/package.json'))('playwright-core');
const RUNS = 5;
const SLOW = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 };
const CPU = 4;

const port = await freePort();
const origin = `http://localhost:${port}`;
const server = new Server({ env: { TRAM_HTTP_DEMO_PORT: String(port), TRAM_HTTP_RATES: '100000', TRAM_HTTP_PAGES: path.join(ROOT, 'build/web/pages') } });
await server.start();
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

/* Until the button that begins a report does so. */
async function visit(page) {
  const began = performance.now();
  await page.goto(origin, { waitUntil: 'commit' });
  await page.getByRole('link', { name: 'Gửi phản ánh' }).waitFor();
  return performance.now() - began;
}

async function slowPhone() {
  const context = await browser.newContext({ viewport: { width: 360, height: 640 }, locale: 'vi-VN' });
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
console.log(`first visit: usable after ${(median(first) / 1000).toFixed(1)} s, ${(median(sizes) / 1024).toFixed(0)} KiB until then`);
console.log(`later: usable after ${(median(later) / 1000).toFixed(1)} s`);
await browser.close();
await server.stop();

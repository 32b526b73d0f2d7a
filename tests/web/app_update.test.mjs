/* A new version of the app while it is open: it is taken when one asks, and nothing that is being written is lost. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { ROOT } from '../api/lib/places.mjs';
import { until, useApp } from './lib/app.mjs';

const pages = fs.mkdtempSync(path.join(os.tmpdir(), 'tram-pages-'));
fs.cpSync(path.join(ROOT, 'build/web/pages'), pages, { recursive: true });
after(() => fs.rmSync(pages, { recursive: true, force: true }));

const app = await useApp({ env: { TRAM_HTTP_PAGES: pages } });

/* Another worker, as a new build has. */
function renew() {
  const worker = path.join(pages, 'sw.js');
  fs.writeFileSync(worker, fs.readFileSync(worker, 'utf8').replace(/tram-[0-9a-f]{12}/, 'tram-0123456789ab'));
  const list = path.join(pages, 'pages.json');
  const known = JSON.parse(fs.readFileSync(list, 'utf8'));
  const row = known.files.find((one) => one.path === 'sw.js');
  Object.assign(row, { smaller: false, digest: '0123456789abcdef0123456789abcdef' });
  fs.writeFileSync(list, JSON.stringify(known));
}

test('a new version is taken when one asks; a draft stands as it was, and another page goes on until one leaves it', async () => {
  const { page, context, complaints } = await app.phone();
  await page.goto(app.origin);
  await until('a worker in charge', () => page.evaluate(() => navigator.serviceWorker.controller !== null));
  const other = await context.newPage();
  await other.goto(`${app.origin}/app/services`);
  await other.getByRole('heading', { name: 'Thủ tục' }).waitFor();
  await other.evaluate(() => (window.asBefore = true));
  await page.goto(`${app.origin}/app/report`);
  await page.getByRole('heading', { name: 'Ảnh hiện trường' }).waitFor();
  await page.goto(`${page.url()}/what`);
  await page.getByLabel('Kể ngắn gọn').fill('Cống nghẹt trước chợ');
  await app.server.kill();
  renew();
  await app.server.start();
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
  await page.getByText('Có bản mới của ứng dụng.').waitFor();
  assert.equal(await page.getByLabel('Kể ngắn gọn').inputValue(), 'Cống nghẹt trước chợ');
  await page.evaluate(() => (window.asBefore = true));
  await page.getByRole('button', { name: 'Tải lại' }).click();
  await page.waitForFunction(() => window.asBefore === undefined);
  await page.getByLabel('Kể ngắn gọn').waitFor();
  assert.equal(await page.getByLabel('Kể ngắn gọn').inputValue(), 'Cống nghẹt trước chợ');
  assert.deepEqual(await page.evaluate(() => caches.keys()), ['tram-0123456789ab']);
  assert.equal(await other.evaluate(() => window.asBefore), true, 'nobody asked there');
  await other.getByRole('link', { name: 'Quanh tôi' }).click();
  await other.getByRole('heading', { name: 'Quanh tôi' }).waitFor();
  assert.equal(await other.evaluate(() => window.asBefore), undefined, 'the next page is of the new version');
  assert.deepEqual(complaints, []);
  await context.close();
});

/*
 * The citizens' app in Chromium against the real tramd, with the pages as they are shipped (build/web).
 *
 *   const app = await useApp();                       // a server and a browser for the file's tests
 *   const { page, complaints } = await app.phone();   // a fresh phone of 360 × 640
 *   await app.signIn(page, '+84912345678');           // in the form that the page shows
 *
 * What the console or the content policy complains of is in `complaints`; each test says that there is none.
 */
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { after } from 'node:test';
import { chromium } from 'playwright-core';
import { ROOT } from '../../api/lib/places.mjs';
import { useServer } from '../../api/lib/server.mjs';
import { freePort } from './ports.mjs';

const BROWSER = process.env.CHROMIUM ?? '/usr/bin/chromium';
const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
export const SHOTS = path.join(ROOT, 'out/web');
export const PHONE = { width: 360, height: 640 };
export const DESKTOP = { width: 1440, height: 900 };
const PATIENCE_MS = Number(process.env.PATIENCE ?? 30_000);

/* Complaints of a page, from its beginning on. A network that is away on purpose is no complaint. */
export function listen(page) {
  const complaints = [];
  const harmless = /status of 4\d\d|blocked by Playwright|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|ERR_FAILED|ERR_NETWORK/;
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && !harmless.test(message.text()) && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  return complaints;
}

export async function useApp({ env = {}, args = [] } = {}) {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const server = useServer({ env: { TRAM_HTTP_DEMO_PORT: String(port), TRAM_HTTP_RATES: '100000', TRAM_HTTP_PAGES: path.join(ROOT, 'build/web/pages'), ...env }, args });
  const browser = await chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox'] });
  after(() => browser.close());
  fs.mkdirSync(SHOTS, { recursive: true });

  async function phone({ size = PHONE, ...more } = {}) {
    const context = await browser.newContext({ viewport: size, locale: 'vi-VN', ...more });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    return { context, page, complaints: listen(page) };
  }
  return { origin, server, browser, phone, signIn: (page, number) => signIn(page, server, number) };
}

/* In whichever form stands on the page. */
export async function signIn(page, server, number) {
  await page.getByLabel('Số điện thoại của bạn').fill(number);
  await page.getByRole('button', { name: 'Nhận mã' }).click();
  const field = page.getByLabel(/^Mã gồm 6 số/);
  await field.waitFor();
  await field.fill(await server.smsCode(number));
  await field.waitFor({ state: 'detached' });
}

/* Serious findings of axe, in words; none is what one wants. */
export async function axe(page) {
  const devtools = await page.context().newCDPSession(page);
  if (!(await page.evaluate(() => Boolean(window.axe)))) await devtools.send('Runtime.evaluate', { expression: AXE });
  const { result } = await devtools.send('Runtime.evaluate', {
    expression: `axe.run(document, { resultTypes: ['violations'] }).then((r) => JSON.stringify(r.violations.filter((v) => ['serious', 'critical'].includes(v.impact)).map((v) => v.id + ': ' + v.nodes.slice(0, 3).map((n) => n.target.join(' ') + ' ' + (n.any[0]?.message ?? n.all[0]?.message ?? '')).join(' | '))))`,
    awaitPromise: true,
    returnByValue: true,
  });
  await devtools.detach();
  return JSON.parse(result.value);
}

/* On a picture of the whole page, what keeps to the screen's edge stands at the page's. */
const place = (isWhole) => {
  document.body.style.position = isWhole ? 'relative' : '';
  for (const one of document.querySelectorAll('.bar, .foot')) one.style.position = isWhole ? 'static' : '';
  for (const one of document.querySelectorAll('.places')) one.style.position = isWhole ? 'absolute' : '';
};

export async function shot(page, name, fullPage = false) {
  if (fullPage) await page.evaluate(place, true);
  await page.screenshot({ path: path.join(SHOTS, `${name}.png`), fullPage });
  if (fullPage) await page.evaluate(place, false);
}

/* No part of the page is wider than the screen. */
export const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/* What is wider than the screen, and of what keeps to its edge (no scrolling leads there), in words; none is what one wants. */
export const tooWide = (page) =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const inStrip = (one) => one.parentElement?.closest('.rail, .tabs') != null; // it scrolls by itself
    const isOut = (one) => one.getBoundingClientRect().right > clientWidth + 1 && !inStrip(one);
    const all = scrollWidth > clientWidth ? 'body *' : '.bar *, .places *, .foot *';
    const found = [...document.querySelectorAll(all)].filter(isOut).map((one) => `${one.tagName.toLowerCase()} ${one.textContent.slice(0, 30)}`);
    if (found.length === 0 && scrollWidth > clientWidth) return [`the page is ${scrollWidth - clientWidth} px wider than the screen, by words that stand out of their box`];
    return found.slice(-5);
  });

export async function until(what, find) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await find();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

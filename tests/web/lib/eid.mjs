/*
 * The app over TLS with an e-ID provider of made-up people, where somebody at the provider's page knows what to
 * press; and with a payment provider.
 */
import path from 'node:path';
import { chromium } from 'playwright-core';
import { ROOT } from '../../api/lib/places.mjs';
import { Bank } from '../../api/lib/payments.mjs';
import { Provider } from '../../api/lib/provider.mjs';
import { Server } from '../../api/lib/server.mjs';
import { PHONE, listen } from './app.mjs';
import { freePort } from './ports.mjs';

export const AN = { card_no: '096190000123', name: 'Lê Thị An', birthdate: '1990-05-17', assurance: 'two' };

export async function startWithEid() {
  const port = await freePort();
  const provider = await Provider.start({ redirects: [`https://localhost:${port}/app/eid`] });
  provider.people.set('an', AN);
  const bank = await Bank.start();
  const server = new Server({ env: { ...provider.config(), ...bank.config({ TRAM_PAY_RETURN_URL: `https://localhost:${port}/app/paid` }), TRAM_HTTP_RATES: '1000000', TRAM_HTTP_PAGES: path.join(ROOT, 'build/web/pages') } });
  server.port = port;
  await server.start();
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
  async function phone() {
    const context = await browser.newContext({ viewport: PHONE, locale: 'vi-VN', ignoreHTTPSErrors: true, serviceWorkers: 'block' });
    const page = await context.newPage();
    page.setDefaultTimeout(Number(process.env.PATIENCE ?? 30_000));
    await page.route(`${provider.issuer}/**`, async (route) => {
      const back = await provider.signIn(route.request().url(), 'an');
      const query = new URLSearchParams({ code: back.code, state: back.state, iss: back.iss });
      await route.fulfill({ status: 302, headers: { location: `${server.origin}/app/eid?${query}` } });
    });
    return { context, page, complaints: listen(page) };
  }
  const { context, page, complaints } = await phone();
  const stop = async () => {
    await browser.close();
    await server.stop();
    await bank.stop();
    await provider.stop();
  };
  return { provider, bank, server, browser, context, page, complaints, phone, stop };
}

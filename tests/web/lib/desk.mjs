/*
 * The desk in Chromium against the real tramd, with the pages as they are shipped (build/web).
 *
 *   const desk = await useDesk();                       // a server and a browser for the file's tests
 *   const { page, complaints } = await desk.tab('officer.demo', { width: 1440, height: 900 });
 *   await desk.shot(page, 'inbox-1440');                // out/web/desk/inbox-1440.png
 *   assert.deepEqual(await desk.faults(page), []);      // axe-core, serious and critical
 *   await desk.step(page, 'Từ chối');                   // the button of a step, also of one that is folded away
 */
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { once } from 'node:events';
import { after } from 'node:test';
import { advanceClock, totp } from '../../api/lib/people.mjs';
import { ROOT } from '../../api/lib/places.mjs';
import { Provider, eidClient } from '../../api/lib/provider.mjs';
import { useServer } from '../../api/lib/server.mjs';
import { useBrowser } from './browser.mjs';

const ACCOUNTS = JSON.parse(fs.readFileSync(path.join(ROOT, 'demo/staff.json'), 'utf8'));
const SHOTS = path.join(ROOT, 'out/web/desk');

export const account = (user) => ACCOUNTS.find((one) => one.user === user);

export async function freePort() {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

/* identity: with a provider of e-IDs, so that desk.verified() makes citizens who may file dossiers; args: of the browser. */
export async function useDesk({ env = {}, identity = false, args = [] } = {}) {
  const provider = identity ? await Provider.start({ redirects: ['https://app.tram.example/eid'] }) : undefined;
  if (provider) after(() => provider.stop());
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const server = useServer({ env: { TRAM_HTTP_DEMO_PORT: String(port), TRAM_HTTP_RATES: '100000', TRAM_HTTP_PAGES: path.join(ROOT, 'build/web/pages'), ...provider?.config(), ...env } });
  const browser = await useBrowser(origin, args);
  const used = new Set();
  fs.mkdirSync(SHOTS, { recursive: true });

  /* The next code of an account that was not used yet: a code is taken once. */
  async function freshCode(user) {
    for (;;) {
      const code = totp(account(user).totp, Date.now() + (server.aheadMs ?? 0));
      if (!used.has(`${user} ${code}`)) {
        used.add(`${user} ${code}`);
        return code;
      }
      await advanceClock(server, 30);
    }
  }

  async function signIn(page, user, at = '/desk') {
    await page.goto(origin + at);
    await page.locator('#user').fill(user);
    await page.locator('#password').fill(account(user).password);
    await page.locator('#code').fill(await freshCode(user));
    await page.locator('#password-form [type=submit]').click();
    await page.locator('#inside').waitFor();
  }

  /* A browser of its own, signed in if a user is named. */
  async function tab(user, { at, ...options } = {}) {
    const opened = await browser.tab(options);
    if (user) await signIn(opened.page, user, at);
    return opened;
  }

  /* An official without a browser; codes are shared with those who have one. */
  async function staff(user) {
    const client = server.client();
    const tokens = await client.post('/v1/auth/staff', { json: { user, password: account(user).password, code: await freshCode(user) } });
    client.token = tokens.json.access_token;
    return client;
  }

  async function verified(name, card) {
    provider.people.set(card, { card_no: card, name, birthdate: '1990-05-17', assurance: 'two' });
    return eidClient(server, provider, card);
  }

  async function step(page, name) {
    const buttons = page.locator('.act-buttons');
    const one = buttons.getByRole('button', { name: typeof name === 'string' ? new RegExp(`^${name}`) : name }).first();
    await buttons.waitFor();
    if ((await one.count()) === 0) await buttons.getByRole('button', { name: /^Việc khác/ }).click();
    await one.click();
  }

  const shot = (page, name) => page.screenshot({ path: path.join(SHOTS, `${name}.png`), fullPage: true });
  return { origin, server, browser, tab, signIn, staff, verified, freshCode, step, shot };
}

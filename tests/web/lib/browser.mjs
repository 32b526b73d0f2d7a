/*
 * Chromium of Debian with a page of the real tramd, over the cleartext port of a demonstration: localhost
 * is a secure context. Its authenticator is the DevTools' virtual one, so that no finger is needed.
 *
 *   const desk = await useDesk(server);         // closed after the file's tests
 *   const { page, keys } = await desk.tab();    // a browser of its own; keys: its authenticator
 */
import { after } from 'node:test';
import { chromium } from 'playwright-core';

const BROWSER = process.env.CHROMIUM ?? '/usr/bin/chromium';

export async function useBrowser(origin, args = []) {
  const browser = await chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox', ...args] });
  after(() => browser.close());
  return {
    /* Whatever the page complains of, or fetches from elsewhere, is kept in `complaints`. */
    async tab({ width = 1280, height = 900, locale = 'vi-VN', verified = true, colorScheme = 'light' } = {}) {
      const context = await browser.newContext({ viewport: { width, height }, locale, colorScheme });
      const page = await context.newPage();
      if (process.env.PATIENCE) page.setDefaultTimeout(Number(process.env.PATIENCE));
      const complaints = [];
      page.on('console', (message) => ['error', 'warning'].includes(message.type()) && !/status of 4\d\d/.test(message.text()) && complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('request', (request) => /^https?:/.test(request.url()) && !request.url().startsWith(origin) && complaints.push(`asks ${request.url()}`));
      const keys = await Keys.attach(await context.newCDPSession(page), verified);
      return { page, keys, complaints, context };
    },
  };
}

/* The virtual authenticator of a page. */
class Keys {
  static async attach(devtools, verified) {
    const keys = new Keys();
    keys.devtools = devtools;
    await devtools.send('WebAuthn.enable');
    const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: verified };
    keys.id = (await devtools.send('WebAuthn.addVirtualAuthenticator', { options })).authenticatorId;
    return keys;
  }

  async list() {
    return (await this.devtools.send('WebAuthn.getCredentials', { authenticatorId: this.id })).credentials;
  }

  verifies(isUserVerified) {
    return this.devtools.send('WebAuthn.setUserVerified', { authenticatorId: this.id, isUserVerified });
  }

  /* A copy of a key, as one who stole it would have. */
  add(credential) {
    return this.devtools.send('WebAuthn.addCredential', { authenticatorId: this.id, credential });
  }
}

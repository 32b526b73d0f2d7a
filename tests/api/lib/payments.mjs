/*
 * The payment provider of the demonstration (demo/provider.py), and a tramd that is configured for it.
 *
 *   const bank = await Bank.start();
 *   const server = new Server({ env: { ...bank.config() } });
 *   await bank.control('pay', { order: id, callbacks: 'twice' });
 *   await bank.notify(server, told, { secret, timestamp, path })   // a callback made here
 */
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import readline from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from './places.mjs';

export const SECRET = 'trinh-dien-khong-phai-bi-mat-0000000000';
export const CALLBACK = '/v1/payments/callback';

async function freePort() {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

export class Bank {
  static async start() {
    const bank = new Bank();
    bank.plain = await freePort(); // where tramd listens without TLS, for callbacks
    bank.child = spawn('python3', [path.join(ROOT, 'demo/provider.py'), '--port', '0', '--with-parent', String(process.pid)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of readline.createInterface({ input: bank.child.stdout })) {
      bank.url = /http:\S+/.exec(line)[0];
      break;
    }
    return bank;
  }

  async stop() {
    const gone = once(this.child, 'exit');
    this.child.kill();
    await gone;
  }

  config(more = {}) {
    return {
      TRAM_HTTP_DEMO_PORT: String(this.plain),
      TRAM_PAY_PROVIDER: 'signed',
      TRAM_PAY_URL: this.url,
      TRAM_PAY_PORTS: new URL(this.url).port,
      TRAM_PAY_HTTP: 'true',
      TRAM_PAY_NOTIFY_URL: `http://127.0.0.1:${this.plain}${CALLBACK}`,
      ...more,
    };
  }

  async control(what, json = {}) {
    const reply = await fetch(`${this.url}/control/${what}`, { method: 'POST', body: JSON.stringify(json) });
    if (reply.status !== 200) throw new Error(`${what}: ${reply.status} ${await reply.text()}`);
    return reply.json();
  }

  /* A callback as this test makes it; `sent` goes out instead of the body that was signed. */
  static headers(body, { secret = SECRET, merchant = 'tram', timestamp, at = CALLBACK, now = Date.now() } = {}) {
    const seconds = String(timestamp ?? Math.floor(now / 1000));
    const digest = crypto.createHash('sha256').update(body).digest('hex');
    const text = ['v1', merchant, seconds, 'POST', at, digest].map((line) => `${line}\n`).join('');
    const tag = crypto.createHmac('sha256', secret).update(text).digest('hex');
    return {
      'content-type': 'application/json',
      'pay-merchant': merchant,
      'pay-timestamp': seconds,
      'pay-signature': `v1=${tag}`,
    };
  }
}

/* Asks until what is read is as wanted; gives up after a minute and a half. */
export async function until(read, wanted, what) {
  for (const deadline = Date.now() + 90_000; ; await sleep(100)) {
    const value = await read();
    if (wanted(value)) return value;
    if (Date.now() > deadline) throw new Error(`waited for ${what}: ${JSON.stringify(value)}`);
  }
}

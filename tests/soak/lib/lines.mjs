/*
 * A few HTTP/2 connections that everybody shares, and what a patient app does on them: a request that
 * was not answered is sent again, the same with the same key, once the server is there again; 429 and
 * 503 wait for as long as they say.
 *
 *   const reply = await lines.ask('POST', '/v1/reports', { token, json, headers });
 *   reply.status, reply.headers, reply.body, reply.json; reply.sent: how often it was sent
 */
import { setTimeout as sleep } from 'node:timers/promises';

const TIRED = 600; // sendings without an answer, while the server is said to be there

export class Lines {
  #clients = [];
  #open; // resolves while the server is there
  #let;
  #up = false;
  unanswered = 0;
  refused = 0; // 429 and 503

  constructor(n) {
    this.n = n;
    this.#shut();
  }

  #shut() {
    this.#open = new Promise((resolve) => (this.#let = resolve));
    this.#up = false;
  }

  /* The server is about to be killed: nobody sends until it is back. */
  close() {
    this.#shut();
  }

  /* server: of tests/api/lib, ready. */
  open(server) {
    for (const client of this.#clients) client.close();
    this.#clients = Array.from({ length: this.n }, () => server.client());
    this.#up = true;
    this.#let();
  }

  end() {
    for (const client of this.#clients) client.close();
  }

  #at = 0;
  #next() {
    this.#at = (this.#at + 1) % this.#clients.length;
    return this.#clients[this.#at];
  }

  async ask(method, url, options = {}) {
    let tired = 0;
    for (let sent = 1; ; sent++) {
      await this.#open;
      const reply = await this.#try(method, url, options);
      if (reply && reply.status !== 429 && reply.status !== 503) return Object.assign(reply, { sent });
      if (reply) {
        this.refused++;
        await sleep(Math.min(1000 * Number(reply.headers['retry-after'] ?? 1), 5000));
        continue;
      }
      this.unanswered++;
      tired = this.#up ? tired + 1 : 0;
      if (tired > TIRED) throw new Error(`${method} ${url}: no answer, ${tired} times`);
      await sleep(20);
    }
  }

  /* The whole reply, or undefined. */
  async #try(method, url, options) {
    try {
      const reply = await this.#next().raw(method, url, options);
      const length = reply.headers['content-length'];
      const whole = method === 'HEAD' || length === undefined || Number(length) === reply.body.length;
      return whole ? reply : undefined;
    } catch {
      return undefined;
    }
  }
}

/* One of `statuses`, or the story of what came instead. */
export function expect(reply, statuses, what) {
  if (statuses.includes(reply.status)) return reply;
  throw new Error(`${what}: answered ${reply.status} at sending ${reply.sent}: ${reply.text.slice(0, 600)}`);
}

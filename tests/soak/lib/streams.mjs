/*
 * Streams of notices, each on a connection of its own as a phone has one. A stream that ends is opened
 * again with Last-Event-ID. What came is kept, to be held against the inbox.
 */
import http2 from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';

const AGAIN_MS = 500;

export class Streams {
  all = [];
  reopened = 0;
  events = 0;
  #ended = false;

  constructor(origin, ca) {
    Object.assign(this, { origin, ca });
  }

  get open() {
    return this.all.filter((one) => one.open).length;
  }

  /* n streams, shared out among the people. Resolves when all are open. */
  async start(people, n) {
    for (let i = 0; i < n; i++) this.all.push({ person: people[i % people.length], seen: new Set(), open: false });
    for (const one of this.all) this.#keep(one);
    while (this.open < n) await sleep(50);
  }

  async #keep(one) {
    for (let first = true; !this.#ended; first = false) {
      if (!first) {
        this.reopened++;
        await sleep(AGAIN_MS);
      }
      await this.#listen(one).catch(() => {});
      one.open = false;
    }
  }

  async #listen(one) {
    const session = http2.connect(this.origin, { ca: this.ca });
    one.session = session;
    session.on('error', () => {});
    const headers = { ':path': '/v1/events', accept: 'text/event-stream', authorization: `Bearer ${one.person.token}` };
    if (one.last) headers['last-event-id'] = one.last;
    const stream = session.request(headers);
    stream.on('response', (reply) => (one.open = reply[':status'] === 200));
    stream.setEncoding('utf8');
    let rest = '';
    try {
      for await (const part of stream) {
        const lines = (rest + part).split('\n');
        rest = lines.pop();
        for (const line of lines.filter((text) => text.startsWith('id: '))) this.#take(one, line.slice(4));
      }
    } finally {
      session.destroy();
    }
  }

  /* id: "<ms>-<uuid>" */
  #take(one, id) {
    one.last = id;
    one.seen.add(id.slice(id.indexOf('-') + 1));
    this.events++;
  }

  end() {
    this.#ended = true;
    for (const one of this.all) one.session?.destroy();
  }
}

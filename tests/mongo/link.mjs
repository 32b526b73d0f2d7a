/*
 * Between tramd and the server of its store, on a port that the kernel chooses: passes on, late, not
 * at all, or cuts. MONGODB_URL names the server when a link is made, and the link once it is open.
 */
import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { detour, serverOf } from './address.mjs';

export class Link {
  delayMs = 0; // of each packet, each way
  mute = false; // takes, and passes nothing on
  #closed = false;
  #pairs = new Set();
  #server = serverOf(process.env.MONGODB_URL);
  #proxy = net.createServer((client) => this.#take(client));

  async open() {
    this.#proxy.listen(0, '127.0.0.1');
    await once(this.#proxy, 'listening');
    process.env.MONGODB_URL = detour(process.env.MONGODB_URL, this.#proxy.address().port);
  }

  #take(client) {
    if (this.#closed) return client.destroy();
    const up = net.connect(this.#server.port, this.#server.host);
    const pair = [client, up];
    this.#pairs.add(pair);
    const end = () => {
      this.#pairs.delete(pair);
      for (const side of pair) side.destroy();
    };
    this.#pass(client, up, pair);
    this.#pass(up, client, pair);
    for (const side of pair) side.on('error', end).on('close', end);
  }

  #pass(from, to, pair) {
    from.on('data', async (bytes) => {
      if (!this.delayMs && !this.mute) return void to.write(bytes);
      from.pause();
      if (this.delayMs) await sleep(this.delayMs);
      while (this.mute && this.#pairs.has(pair)) await sleep(20);
      to.write(bytes);
      from.resume();
    });
  }

  /* Every connection ends now, and none is made until mend(). */
  cut() {
    this.#closed = true;
    for (const side of [...this.#pairs].flat()) side.destroy();
  }

  mend() {
    this.#closed = false;
    this.mute = false;
    this.delayMs = 0;
  }

  end() {
    this.cut();
    this.#proxy.close();
  }
}

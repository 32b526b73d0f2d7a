/* Beginning and ending: with clients in the way, again and again, and a certificate that changes. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { FLAG, RawH2, TYPE, closedOf, dialTcp, dialTls } from './lib/raw.mjs';
import { signInCitizen } from './lib/people.mjs';
import { DATA } from './lib/places.mjs';
import { Server } from './lib/server.mjs';

const POST = [[':method', 'POST'], [':path', '/v1/reports']];

/* A server for one test, however the test ends; stop() holds it to ending with 0. */
async function withServer(options, use) {
  const server = new Server(options);
  await server.start();
  try {
    await use(server);
  } finally {
    await server.stop();
  }
}

describe('SIGTERM', () => {
  test('does not wait for clients that are stuck, nor drop what is being answered', async () => {
    await withServer({ env: { TRAM_HTTP_DRAIN_MS: '2s' } }, async (server) => {
      const citizen = await signInCitizen(server, '+84912345901');
      const events = await RawH2.connect(server);
      events.headers(1, [[':path', '/v1/events'], ['authorization', `Bearer ${citizen.token}`]]);
      assert.equal(await events.status(1), 200);
      const body = await RawH2.connect(server); // a body that never ends
      body.headers(1, POST, { flags: FLAG.END_HEADERS });
      body.send(TYPE.DATA, 0, 1, Buffer.from('{'));
      const fields = await RawH2.connect(server); // and fields that never do
      fields.headers(1, [], { flags: FLAG.END_STREAM });
      const unread = await RawH2.connect(server); // a reply that nobody takes
      unread.headers(1, [[':path', '/openapi.json']]);
      assert.equal(await unread.status(1), 200);
      const idle = [await dialTcp(server), await dialTls(server), await dialTls(server, { ALPNProtocols: ['h2'] })];
      const busy = await RawH2.connect(server);
      const staff = { user: 'nobody.demo', password: 'x', code: '123456' }; // Argon2: it takes a while
      busy.headers(1, [[':method', 'POST'], [':path', '/v1/auth/staff'], ['content-type', 'application/json']], { flags: FLAG.END_HEADERS });
      busy.send(TYPE.DATA, FLAG.END_STREAM, 1, Buffer.from(JSON.stringify(staff)));
      busy.send(TYPE.PING, 0, 0, Buffer.alloc(8));
      await busy.frame((f) => f.type === TYPE.PING); // so the request is there
      process.kill(server.pid, 'SIGTERM');
      assert.equal(await busy.status(1), 401, 'what was asked before is answered');
      for (const raw of [events, body, fields, unread, busy]) assert.equal((await raw.closed).goaway, 0, 'told to go, not broken off');
      assert.ok(events.frames.some((f) => f.stream === 1 && f.flags & FLAG.END_STREAM), 'the stream of events was ended');
      await Promise.all(idle.map(closedOf));
    });
  });

  test('CONTINUATION while it ends does not keep it', async () => {
    await withServer({ env: { TRAM_HTTP_DRAIN_MS: '3s' } }, async (server) => {
      const citizen = await signInCitizen(server, '+84912345902');
      const raw = await RawH2.connect(server);
      raw.headers(1, POST, { flags: FLAG.END_HEADERS });
      raw.headers(3, [['authorization', `Bearer ${citizen.token}`]], { flags: FLAG.END_STREAM });
      process.kill(server.pid, 'SIGTERM');
      await raw.frame((f) => f.type === TYPE.GOAWAY);
      while (!raw.ended) {
        raw.send(TYPE.CONTINUATION, 0, 3, Buffer.from([0]));
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    });
  });

  test('with a drain of nothing it ends at once', async () => {
    await withServer({ env: { TRAM_HTTP_DRAIN_MS: '0s' } }, async (server) => {
      const raw = await RawH2.connect(server);
      raw.headers(1, POST, { flags: FLAG.END_HEADERS });
      process.kill(server.pid, 'SIGTERM');
      await raw.closed;
    });
  });

  test('twice is not worse than once', async () => {
    await withServer({}, async (server) => {
      await RawH2.connect(server);
      for (const signal of ['SIGTERM', 'SIGINT', 'SIGTERM']) process.kill(server.pid, signal);
    });
  });
});

test('thirty times on the same port, with somebody connected each time', async () => {
  const data = fs.mkdtempSync(path.join(DATA, 'tram-life-'));
  const server = new Server({ data });
  try {
    for (let i = 0; i < 30; i++) {
      await server.start();
      const raw = await RawH2.connect(server);
      raw.headers(1, [[':path', '/readyz']]);
      assert.equal(await raw.status(1), 200);
      await server.stop();
      await raw.closed;
    }
  } finally {
    fs.rmSync(data, { recursive: true, force: true });
  }
});

describe('SIGHUP', () => {
  const fingerprint = async (server) => {
    const socket = await dialTls(server, { ALPNProtocols: ['h2'] });
    const { fingerprint256 } = socket.getPeerCertificate();
    socket.destroy();
    return fingerprint256;
  };

  test('the certificate is read again, and nobody is dropped', async () => {
    await withServer({}, async (server) => {
      const folder = path.join(server.data, 'tls');
      const before = await fingerprint(server);
      const raw = await RawH2.connect(server);
      for (const name of ['dev-cert.pem', 'dev-key.pem']) fs.rmSync(path.join(folder, name));
      process.kill(server.pid, 'SIGHUP');
      await server.line((line) => line.includes('the certificate was read again'));
      let now = before;
      /* until a loop takes it over, the old one is shown, which the new file does not vouch for */
      while (now === before) now = await fingerprint(server).catch(() => before);
      raw.headers(1, [[':path', '/readyz']]);
      assert.equal(await raw.status(1), 200);

      /* one that does not fit its key is not taken */
      fs.copyFileSync(path.join(folder, 'dev-cert.pem'), path.join(folder, 'dev-key.pem'));
      process.kill(server.pid, 'SIGHUP');
      await server.line((line) => line.includes('the old one stays'));
      assert.equal(await fingerprint(server), now);
      raw.headers(3, [[':path', '/readyz']]);
      assert.equal(await raw.status(3), 200);
      raw.destroy();
    });
  });
});

/*
 * Who is too slow, holds too much or takes too many places is ended, and counted by its reason; who
 * only waits is not. Nothing here measures time: a test waits until the server has ended somebody.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FLAG, RawH2, TYPE, closedOf, dialTcp, dialTls, frame, keepAsking, metric } from './lib/raw.mjs';
import { signInCitizen } from './lib/people.mjs';
import { useServer } from './lib/server.mjs';

const quick = useServer({ env: { TRAM_HTTP_IDLE: '1s' } });
const small = useServer({ env: { TRAM_HTTP_BODIES: '8m' } });
const few = useServer({ env: { TRAM_HTTP_CONNECTIONS: '16' } });
const loops = useServer({ env: { TRAM_HTTP_LOOPS: '2', TRAM_HTTP_IDLE: '1s' } });

const shutdowns = (server, why) => metric(server, 'tram_http_shutdowns_total', why);
const POST = [[':method', 'POST'], [':path', '/v1/reports']];
const INITIAL_WINDOW = 4;

/* Something every 100 ms until the connection ends. */
async function trickle(raw, one) {
  while (!raw.ended) {
    raw.write(one());
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe('too slow', () => {
  test('nothing at all, before and after the handshake', async () => {
    await closedOf(await dialTcp(quick));
    await closedOf(await dialTls(quick, { ALPNProtocols: ['h2'] }));
    await closedOf(await dialTls(quick));
    await (await RawH2.connect(quick)).closed;
    assert.ok((await shutdowns(quick, 'idle')) + (await shutdowns(quick, 'slow')) >= 1);
  });

  test('half a handshake, byte by byte', async () => {
    const tcp = await dialTcp(quick);
    let ended = false;
    closedOf(tcp).then(() => (ended = true));
    const hello = Buffer.from([0x16, 3, 1, 1, 0, ...Array(300).fill(1)]);
    for (let i = 0; !ended; i++) {
      tcp.write(hello.subarray(i % hello.length, (i % hello.length) + 1));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });

  test('a body that trickles', async () => {
    const before = await shutdowns(quick, 'slow');
    const raw = await RawH2.connect(quick);
    raw.headers(1, POST, { flags: FLAG.END_HEADERS });
    await trickle(raw, () => frame(TYPE.DATA, 0, 1, Buffer.from('x')));
    assert.ok((await shutdowns(quick, 'slow')) > before);
  });

  test('a body that trickles beside requests that do not', async () => {
    const raw = await RawH2.connect(quick);
    raw.headers(1, POST, { flags: FLAG.END_HEADERS });
    let stream = 1;
    await trickle(raw, () => {
      raw.headers((stream += 2), []);
      return frame(TYPE.DATA, 0, 1, Buffer.from('x'));
    });
  });

  test('fields that trickle', async () => {
    const raw = await RawH2.connect(quick);
    raw.headers(1, [], { flags: FLAG.END_STREAM });
    await trickle(raw, () => frame(TYPE.CONTINUATION, 0, 1, Buffer.from([0])));
  });

  test('pings are no reason to stay', async () => {
    const raw = await RawH2.connect(quick);
    await trickle(raw, () => frame(TYPE.PING, 0, 0, Buffer.alloc(8)));
  });

  test('HTTP/1.1: fields and bodies that trickle', async () => {
    for (const begin of ['GET /healthz HTTP/1.1\r\nX: ', 'POST /v1/reports HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n']) {
      const tls = await dialTls(quick);
      let ended = false;
      closedOf(tls).then(() => (ended = true));
      tls.write(begin);
      while (!ended) {
        tls.write('x');
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  });

  test('a client that asks now and then stays', async () => {
    const raw = await RawH2.connect(quick);
    const idle = await RawH2.connect(quick); // ended: by then the other would have been
    let stream = -1;
    while (!idle.ended) {
      raw.headers((stream += 2), []);
      assert.equal(await raw.status(stream), 200);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    assert.ok(!raw.ended);
    raw.destroy();
  });
});

describe('replies that nobody reads', () => {
  test('held back by a window that does not open', async () => {
    const before = await shutdowns(quick, 'unread');
    const raw = await RawH2.connect(quick);
    raw.headers(1, [[':path', '/openapi.json']]);
    assert.equal(await raw.status(1), 200);
    await raw.closed;
    assert.ok(raw.data <= 65535);
    assert.ok((await shutdowns(quick, 'unread')) > before);
  });

  test('held back by a socket that is not read', async () => {
    const before = await shutdowns(quick, 'unread');
    const raw = await RawH2.connect(quick, { settings: [[INITIAL_WINDOW, 0x7fffffff]], pause: true });
    raw.send(TYPE.WINDOW_UPDATE, 0, 0, Buffer.from([0x7f, 0, 0, 0]));
    for (let i = 0; i < 90; i++) raw.headers(2 * i + 1, [[':path', '/openapi.json']]);
    while ((await shutdowns(quick, 'unread')) === before) await new Promise((resolve) => setTimeout(resolve, 100));
    raw.destroy();
  });

  test('a stream of events that is not read', async () => {
    const citizen = await signInCitizen(quick, '+84912345801');
    const before = await shutdowns(quick, 'unread');
    const raw = await RawH2.connect(quick, { settings: [[INITIAL_WINDOW, 0]] });
    raw.headers(1, [[':path', '/v1/events'], ['authorization', `Bearer ${citizen.token}`]]);
    assert.equal(await raw.status(1), 200);
    await raw.closed;
    assert.ok((await shutdowns(quick, 'unread')) > before);
  });

  test('a stream of events that is read stays, however quiet', async () => {
    const citizen = await signInCitizen(quick, '+84912345802');
    const raw = await RawH2.connect(quick);
    raw.headers(1, [[':path', '/v1/events'], ['authorization', `Bearer ${citizen.token}`]]);
    assert.equal(await raw.status(1), 200);
    for (let i = 0; i < 3; i++) await (await RawH2.connect(quick)).closed; // three others were idle
    assert.ok(!raw.ended);
    raw.destroy();
  });

  test('the same with two loops', async () => {
    const raws = await Promise.all(Array.from({ length: 6 }, () => RawH2.connect(loops)));
    for (const raw of raws) raw.headers(1, [[':path', '/openapi.json']]);
    await Promise.all(raws.map((raw) => raw.closed));
    assert.equal((await loops.client().get('/readyz')).status, 200);
  });
});

describe('too much', () => {
  test('unfinished bodies: the connection that holds the most goes', async () => {
    const stop = keepAsking(small.client());
    const modest = await RawH2.connect(small);
    modest.headers(1, POST, { flags: FLAG.END_HEADERS });
    modest.send(TYPE.DATA, 0, 1, Buffer.alloc(16384));
    const greedy = await RawH2.connect(small);
    for (let i = 0; i < 5; i++) greedy.headers(2 * i + 1, POST, { flags: FLAG.END_HEADERS });
    for (let n = 0; n < 200; n++)
      for (let i = 0; i < 5; i++) greedy.send(TYPE.DATA, 0, 2 * i + 1, Buffer.alloc(16384));
    await greedy.closed;
    assert.ok(!modest.ended);
    assert.equal(await shutdowns(small, 'memory'), 1);
    assert.ok((await stop()) > 0);
    modest.destroy();
  });

  test('bodies that come whole are no reason to go, however many', async () => {
    const client = small.client();
    for (let i = 0; i < 40; i++) {
      const reply = await client.raw('POST', '/v1/reports', { body: Buffer.alloc(1 << 20, 0x20), headers: { 'content-type': 'application/json' } });
      assert.equal(reply.status, 401);
    }
    assert.equal(await shutdowns(small, 'memory'), 1);
  });

  test('connections: who asked for nothing longest makes room', async () => {
    const used = few.client();
    assert.equal((await used.get('/healthz')).status, 200);
    const before = await shutdowns(few, 'room');
    const idle = [];
    for (let i = 0; i < 40; i++) {
      idle.push(await RawH2.connect(few));
      assert.equal((await used.get('/readyz')).status, 200);
    }
    await idle[0].closed;
    assert.ok((await shutdowns(few, 'room')) >= before + 20);
    assert.ok((await metric(few, 'tram_http_connections')) <= 20);
    assert.ok(!idle.at(-1).ended);
    for (const raw of idle) raw.destroy();
  });

  test('connections that all wait for something: the newcomer is turned away, and then let in', async () => {
    const citizen = await signInCitizen(few, '+84912345803');
    const streams = [];
    for (let i = 0; i < 14; i++) {
      const raw = await RawH2.connect(few);
      raw.headers(1, [[':path', '/v1/events'], ['authorization', `Bearer ${citizen.token}`]]);
      assert.equal(await raw.status(1), 200);
      streams.push(raw);
    }
    const more = [];
    for (let i = 0; i < 10; i++) more.push(await RawH2.connect(few).catch(() => undefined));
    for (const raw of streams) assert.ok(!raw.ended, 'who waits for events keeps the place');
    for (const raw of [...streams, ...more.filter(Boolean)]) raw.destroy();
    while ((await metric(few, 'tram_http_event_streams')) > 0) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal((await few.client().get('/readyz')).status, 200);
  });
});

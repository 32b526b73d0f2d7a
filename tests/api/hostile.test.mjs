/* Floods that HTTP/2 allows. The one who makes them may be cut off; everybody else is served. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FLAG, RawH2, TYPE, block, field, frame, keepAsking, lastIndexed, metric, residentMiB } from './lib/raw.mjs';
import { fresh, signInCitizen } from './lib/people.mjs';
import { useServer } from './lib/server.mjs';

/* What the sanitizer keeps of freed memory would hide what the program gives back. */
const server = useServer({ env: { ASAN_OPTIONS: 'detect_leaks=1:quarantine_size_mb=8' } });

/* n requests, each reset at once; many in one write. */
async function resetAgainAndAgain(n, path = '/readyz') {
  const raw = await RawH2.connect(server);
  for (let sent = 0; sent < n && !raw.ended; sent += 100) {
    const frames = [];
    for (let i = sent; i < sent + 100; i++) {
      const stream = 2 * i + 1;
      frames.push(frame(TYPE.HEADERS, FLAG.END_STREAM | FLAG.END_HEADERS, stream, block([[':path', path]])));
      frames.push(frame(TYPE.RST_STREAM, 0, stream, Buffer.from([0, 0, 0, 8])));
    }
    raw.write(...frames);
    await new Promise(setImmediate);
  }
  return raw;
}

describe('rapid reset (CVE-2023-44487)', () => {
  test('10,000 on one connection end it, and nobody else notices', async () => {
    const stop = keepAsking(server.client());
    const before = await metric(server, 'tram_http_shutdowns_total', 'resets');
    const raw = await resetAgainAndAgain(10_000);
    await raw.closed;
    assert.ok((await stop()) > 0);
    assert.equal(await metric(server, 'tram_http_shutdowns_total', 'resets'), before + 1);
  });

  test('10,000 on each of 20 connections leave no memory behind', async () => {
    await Promise.all(Array.from({ length: 20 }, () => resetAgainAndAgain(200))); // what warming up takes
    const before = residentMiB(server);
    const stop = keepAsking(server.client());
    const raws = await Promise.all(Array.from({ length: 20 }, () => resetAgainAndAgain(10_000)));
    await Promise.all(raws.map((raw) => raw.closed));
    assert.ok((await stop()) > 0);
    const after = residentMiB(server);
    assert.ok(after < before + 96, `${before} MiB before, ${after} MiB after`);
  });

  test('a client that gives up now and then is not punished', async () => {
    const raw = await RawH2.connect(server);
    for (let i = 0; i < 100; i++) {
      raw.headers(2 * i + 1, [[':path', '/readyz']]);
      raw.reset(2 * i + 1);
    }
    let status = 503; // while workers still hold what was given up
    for (let stream = 201; status === 503; stream += 2) {
      raw.headers(stream, [[':path', '/readyz']]);
      status = await raw.status(stream);
    }
    assert.equal(status, 200);
    raw.destroy();
  });

  test('resets that the server is made to send count as well (CVE-2025-8671)', async () => {
    const raw = await RawH2.connect(server);
    for (let i = 0; i < 1000 && !raw.ended; i++) {
      const stream = 2 * i + 1;
      raw.headers(stream, [[':path', '/readyz']]);
      raw.send(TYPE.WINDOW_UPDATE, 0, stream, Buffer.alloc(4)); // of nothing: a stream error
      if (i % 50 === 0) await new Promise(setImmediate);
    }
    await raw.closed;
    assert.equal((await server.client().get('/readyz')).status, 200);
  });

  test('requests aborted while a handler works', async () => {
    const wait = (i) => new Promise((resolve) => (i % 3 ? setImmediate(resolve) : setTimeout(resolve, i % 7)));
    const abort = async (round) => {
      const raw = await RawH2.connect(server);
      for (let i = 0; i < 50; i++) {
        raw.headers(2 * i + 1, [[':path', `/v1/public/reports?q=w${round}x${i}`]]);
        await wait(i);
        raw.reset(2 * i + 1);
      }
      raw.destroy();
    };
    for (let round = 0; round < 20; round += 4)
      await Promise.all([0, 1, 2, 3].map((more) => abort(round + more)));
    assert.equal((await server.client().get('/v1/public/reports')).status, 200);
  });
});

describe('header floods', () => {
  test('3,000 fields, 400 KB by the table: 431', async () => {
    const raw = await RawH2.connect(server);
    const value = 'x'.repeat(130);
    const fields = [block([[':path', '/healthz']]), field('x-y', value, { indexed: true }), ...Array(3000).fill(lastIndexed)];
    raw.send(TYPE.HEADERS, FLAG.END_STREAM | FLAG.END_HEADERS, 1, Buffer.concat(fields));
    assert.equal(await raw.status(1), 431);
    raw.headers(3, [[':path', '/healthz']]);
    assert.equal(await raw.status(3), 200, 'the connection lives');
    raw.destroy();
  });

  for (const [words, fields, status] of [
    ['64 fields are taken', Array.from({ length: 60 }, (_, i) => [`x-${i}`, 'v']), 200],
    ['65 are not', Array.from({ length: 65 }, (_, i) => [`x-${i}`, 'v']), 431],
    ['15 KiB are taken', [['x-long', 'v'.repeat(15 * 1024)]], 200],
    ['17 KiB are not', [['x-long', 'v'.repeat(17 * 1024)]], 431],
  ]) {
    test(words, async () => {
      const raw = await RawH2.connect(server);
      const bytes = block(fields);
      raw.send(TYPE.HEADERS, FLAG.END_STREAM, 1, bytes.subarray(0, 16000));
      raw.send(TYPE.CONTINUATION, FLAG.END_HEADERS, 1, bytes.subarray(16000));
      assert.equal(await raw.status(1), status);
      raw.destroy();
    });
  }

  test('a flood that is repeated ends the connection', async () => {
    const raw = await RawH2.connect(server);
    const fields = Buffer.concat([block([]), ...Array.from({ length: 70 }, (_, i) => field(`x-${i}`, 'v'))]);
    for (let stream = 1; !raw.ended; stream += 2) {
      raw.send(TYPE.HEADERS, FLAG.END_STREAM | FLAG.END_HEADERS, stream, fields);
      await raw.frame((f) => f.stream === stream);
    }
    assert.equal((await server.client().get('/healthz')).status, 200);
  });

  test('CONTINUATION without end, full or empty (CVE-2024-27316)', async () => {
    for (const payload of [field('x-more', 'v'.repeat(16000)), Buffer.alloc(0)]) {
      const stop = keepAsking(server.client());
      const raw = await RawH2.connect(server);
      raw.headers(1, [], { flags: FLAG.END_STREAM });
      await raw.flood(Buffer.concat(Array(payload.length ? 16 : 16384).fill(frame(TYPE.CONTINUATION, 0, 1, payload))));
      assert.ok((await stop()) > 0);
    }
  });
});

describe('frames of no request', () => {
  const floods = [
    ['PING', frame(TYPE.PING, 0, 0, Buffer.alloc(8))],
    ['SETTINGS', frame(TYPE.SETTINGS, 0, 0)],
    ['WINDOW_UPDATE', frame(TYPE.WINDOW_UPDATE, 0, 0, Buffer.from([0, 0, 0, 1]))],
    ['a type that nobody knows', frame(0x42, 0, 0)],
  ];
  for (const [words, one] of floods) {
    test(`${words}, without end: the connection is ended, others are served`, async () => {
      const stop = keepAsking(server.client());
      const raw = await RawH2.connect(server);
      await raw.flood(Buffer.concat(Array(16384).fill(one)));
      assert.ok((await stop()) > 0);
      assert.ok(!server.lines.some((line) => line.includes('skipping frame')), 'not a line for each of them');
    });
  }

  test('what breaks the protocol ends the connection with its name', async () => {
    const cases = [
      ['DATA on no stream', frame(TYPE.DATA, 0, 0), 1],
      ['HEADERS on an even stream', frame(TYPE.HEADERS, 5, 2, block([])), 1],
      ['PUSH_PROMISE', frame(TYPE.PUSH_PROMISE, 4, 1, Buffer.alloc(4)), 1],
      ['a frame of more than 16 KiB', frame(TYPE.PING, 0, 0, Buffer.alloc(16385)), 6],
      ['SETTINGS of 5 bytes', frame(TYPE.SETTINGS, 0, 0, Buffer.alloc(5)), 6],
      ['CONTINUATION out of place', frame(TYPE.CONTINUATION, 4, 1, Buffer.alloc(0)), 1],
      ['HPACK that is none', frame(TYPE.HEADERS, 5, 1, Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff])), 9],
    ];
    for (const [words, bytes, code] of cases) {
      const raw = await RawH2.connect(server);
      raw.write(bytes);
      assert.equal((await raw.closed).goaway, code, words);
    }
    assert.equal((await server.client().get('/healthz')).status, 200);
  });
});

describe('bodies', () => {
  test('too large for its route: 413 with the bound, and the connection lives', async () => {
    const citizen = await signInCitizen(server, '+84912345301');
    for (const size of [65 * 1024, 1 << 20, (1 << 20) + 1, 3 << 20]) {
      const reply = await citizen.post('/v1/reports', { body: Buffer.alloc(size, 0x20), headers: { ...fresh(), 'content-type': 'application/json' } });
      assert.equal(reply.status, 413, `${size} bytes`);
      assert.equal(reply.json.max_bytes, 65536);
    }
    assert.equal((await citizen.get('/v1/me')).status, 200);
  });

  test('more than the server holds: the stream is reset, and the connection lives', async () => {
    const raw = await RawH2.connect(server);
    raw.headers(1, [[':method', 'POST'], [':path', '/v1/reports']], { flags: FLAG.END_HEADERS });
    for (let i = 0; i < 300; i++) raw.send(TYPE.DATA, 0, 1, Buffer.alloc(16384));
    assert.equal(await raw.resetCode(1), 7);
    raw.headers(3, []);
    assert.equal(await raw.status(3), 200);
    raw.destroy();
  });

  test('where none is taken, one is refused', async () => {
    const reply = await server.client().raw('GET', '/v1/categories', { body: Buffer.from('x') });
    assert.equal(reply.status, 400);
  });
});

describe('paths', () => {
  test('control characters and malformed escapes are refused', async () => {
    for (const path of ['/healthz\u0000x', '/healthz\n', '/v1/public/reports/%', '/v1/public/reports/%ff', '/v1/public/reports?q=%zz', '/v1/public/reports?%']) {
      const raw = await RawH2.connect(server);
      raw.headers(1, [[':path', path]]);
      assert.equal(await raw.status(1), 400, JSON.stringify(path));
      raw.destroy();
    }
  });
});

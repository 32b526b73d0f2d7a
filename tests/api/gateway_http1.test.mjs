/* HTTP/1.1 beside HTTP/2: in order, kept apart from what follows, and what is not TLS at all. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { closedOf, dialTcp, dialTls, talk } from './lib/raw.mjs';
import { signInCitizen } from './lib/people.mjs';
import { useServer } from './lib/server.mjs';

const server = useServer();
const statuses = (text) => [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((m) => Number(m[1]));

describe('HTTP/1.1 over TLS', () => {
  test('without ALPN it is what is spoken', async () => {
    const text = await talk(await dialTls(server), 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    assert.deepEqual(statuses(text), [200]);
    assert.match(text, /\r\n\r\n\{"status":"ok"\}$/);
  });

  test('pipelined requests are answered in their order, also where one waits for a worker', async () => {
    const get = (path, more = '') => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`;
    const text = await talk(await dialTls(server), get('/readyz') + get('/healthz') + get('/nothing') + get('/v1/categories') + get('/healthz', 'Connection: close\r\n'));
    assert.deepEqual(statuses(text), [200, 200, 404, 200, 200]);
    assert.ok(text.indexOf('"ready"') < text.indexOf('"ok"'));
  });

  test('a reply without body says so in a way that keeps the next one apart', async () => {
    const citizen = await signInCitizen(server, '+84912345601');
    const head = `Host: localhost\r\nAuthorization: Bearer ${citizen.token}\r\n`;
    const text = await talk(
      await dialTls(server),
      `OPTIONS /v1/me HTTP/1.1\r\n${head}\r\nHEAD /v1/categories HTTP/1.1\r\n${head}\r\n` +
        `POST /v1/auth/sign-out HTTP/1.1\r\n${head}Content-Length: 0\r\n\r\nGET /healthz HTTP/1.1\r\n${head}Connection: close\r\n\r\n`,
    );
    assert.deepEqual(statuses(text), [204, 200, 204, 200]);
    for (const reply of text.split('HTTP/1.1 ').filter((one) => one.startsWith('204')))
      assert.doesNotMatch(reply, /content-length|transfer-encoding/i);
  });

  test('a chunked body is taken', async () => {
    const body = JSON.stringify({ phone: '+84912345602' });
    const text = await talk(
      await dialTls(server),
      'POST /v1/auth/otp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n' +
        `5\r\n${body.slice(0, 5)}\r\n${(body.length - 5).toString(16)};x=y\r\n${body.slice(5)}\r\n0\r\nTrailer: t\r\n\r\n`,
    );
    assert.deepEqual(statuses(text), [201]);
  });

  test('100-continue is said', async () => {
    const socket = await dialTls(server);
    const all = talk(socket, 'POST /v1/auth/otp HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n');
    await new Promise((resolve) => socket.once('data', resolve));
    socket.write('{}');
    assert.deepEqual(statuses(await all), [100, 422]);
  });
});

/* Each is followed by a request that must never be answered: it could be another person's body. */
const SMUGGLED = 'GET /healthz HTTP/1.1\r\nHost: smuggled\r\n\r\n';
const POST = 'POST /v1/auth/otp HTTP/1.1\r\n';
const shapes = [
  ['two lengths', `${POST}Host: h\r\nContent-Length: 0\r\nContent-Length: ${SMUGGLED.length}\r\n\r\n`],
  ['two lengths that agree', `${POST}Host: h\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n`],
  ['a list of lengths', `${POST}Host: h\r\nContent-Length: 0, 0\r\n\r\n`],
  ['length, then chunks', `${POST}Host: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['chunks, then length', `${POST}Host: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`],
  ['chunks twice', `${POST}Host: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['chunks and something', `${POST}Host: h\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`],
  ['chunks, misspelt', `${POST}Host: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
  ['in other letters', `${POST}Host: h\r\ncontent-LENGTH: 0\r\nCONTENT-length: 0\r\n\r\n`],
  ['lines ended by LF alone', `${POST}Host: h\nContent-Length: 0\nTransfer-Encoding: chunked\n\n0\r\n\r\n`],
  ['a length with a sign', `${POST}Host: h\r\nContent-Length: +0\r\n\r\n`],
  ['a length with a minus', `${POST}Host: h\r\nContent-Length: -1\r\n\r\n`],
  ['a length that overflows', `${POST}Host: h\r\nContent-Length: 18446744073709551616\r\n\r\n`],
  ['a blank before the colon', `${POST}Host: h\r\nContent-Length : 0\r\n\r\n`],
  ['a folded line', `${POST}Host: h\r\nX: a\r\n Content-Length: 0\r\n\r\n`],
  ['a folded first line', `${POST} Host: h\r\nContent-Length: 0\r\n\r\n`],
  ['an empty line before', `\r\n${POST}Host: h\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n`],
  ['two hosts', `${POST}Host: a\r\nHost: b\r\nContent-Length: 0\r\n\r\n`],
  ['no host', `${POST}Content-Length: 0\r\n\r\n`],
  ['chunks that are none', `${POST}Host: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n`],
  ['a chunk longer than it says', `${POST}Host: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n`],
];

describe('requests that two readers would divide differently (RFC 9112 §11.2)', () => {
  for (const [words, bytes] of shapes) {
    test(`${words}: 400, and the end`, async () => {
      const text = await talk(await dialTls(server), bytes + SMUGGLED);
      assert.deepEqual(statuses(text), [400]);
      assert.doesNotMatch(text, /"ok"/);
    });
  }

  test('HTTP/1.0 needs no host', async () => {
    assert.deepEqual(statuses(await talk(await dialTls(server), 'GET /healthz HTTP/1.0\r\n\r\n')), [200]);
  });

  test('a header without end is cut off', async () => {
    const socket = await dialTls(server);
    const all = talk(socket, `GET /healthz HTTP/1.1\r\nHost: h\r\nX: ${'x'.repeat(600_000)}`);
    assert.deepEqual(statuses(await all), [400]);
  });
});

describe('what is not TLS', () => {
  const garbage = [
    ['HTTP in the clear', 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['zeros', Buffer.alloc(1000)],
    ['a record that promises too much', Buffer.from([0x16, 3, 1, 0xff, 0xff, ...Array(100).fill(1)])],
    ['SSH', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['an alert', Buffer.from([0x15, 3, 1, 0, 2, 2, 0])],
  ];
  for (const [words, bytes] of garbage) {
    test(`${words}: the connection ends`, async () => {
      const text = await talk(await dialTcp(server), bytes);
      assert.deepEqual(statuses(text), []);
      assert.equal((await server.client().get('/healthz')).status, 200);
    });
  }

  test('a client that closes at once, in the middle, or right after the handshake', async () => {
    for (let i = 0; i < 30; i++) {
      const tcp = await dialTcp(server);
      if (i % 2) tcp.write(Buffer.from([0x16, 3, 1, 0, 200]));
      tcp.resetAndDestroy();
      const tls = await dialTls(server, { ALPNProtocols: i % 2 ? ['h2'] : undefined });
      tls.destroy();
      await closedOf(tls);
    }
    assert.equal((await server.client().get('/healthz')).status, 200);
  });
});

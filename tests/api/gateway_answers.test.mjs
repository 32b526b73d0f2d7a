/* What header fields of requests do to replies: addresses, rates, traces, origins, copies, pages. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fresh, signInCitizen, signInStaff } from './lib/people.mjs';
import { useServer } from './lib/server.mjs';

const server = useServer();
const bare = useServer();
const proxied = useServer({
  env: { TRAM_HTTP_TRUSTED_PROXIES: '127.0.0.0/8, ::1', TRAM_HTTP_CORS_ORIGIN: 'https://app.example' },
});
const forwarded = useServer({ env: { TRAM_HTTP_TRUSTED_PROXIES: '127.0.0.1', TRAM_HTTP_FORWARDED: 'forwarded' } });

/* "read";r=1199;t=1: the class and what is left of it */
const left = (reply) => {
  const [, policy, rest] = /^"([a-z-]+)";r=(\d+);t=\d+$/.exec(reply.headers.ratelimit);
  return { policy, rest: Number(rest) };
};
const policyOf = (reply) => reply.headers['ratelimit-policy'];
const page = '/problems/not-found'; /* of the class of reads, and never of a cache */

/* Whether a last request is counted with the 60 before it; all of them of the class that refills most slowly. */
async function sameVisitor(client, one, two) {
  const ask = (headers) => client.raw('POST', '/v1/auth/staff', { json: {}, headers });
  const replies = await Promise.all([...Array(60).fill(one), two].map(ask));
  return left(replies.at(-1)).rest < 100; // of 120
}
const x = (value) => ({ 'x-forwarded-for': value });

describe('whose request a proxy passes on', () => {
  test('a stranger may say what he likes', async () => {
    assert.ok(await sameVisitor(bare.client(), x('198.51.100.1'), x('198.51.100.2')));
    assert.ok(await sameVisitor(bare.client(), { forwarded: 'for=198.51.100.1' }, { forwarded: 'for=198.51.100.2' }));
  });

  test('a trusted proxy is believed', async () => {
    const client = proxied.client();
    assert.ok(await sameVisitor(client, x('198.51.100.11'), x('198.51.100.11')));
    assert.ok(!(await sameVisitor(client, x('198.51.100.12'), x('198.51.100.13'))));
  });

  test('from the right only: what a client wrote before it is not', async () => {
    const client = proxied.client();
    assert.ok(await sameVisitor(client, x('203.0.113.1, 198.51.100.14'), x('203.0.113.2, 198.51.100.14')));
    assert.ok(!(await sameVisitor(client, x('203.0.113.1, 198.51.100.15'), x('203.0.113.1, 198.51.100.16'))));
  });

  test('several lines are one list', async () => {
    const lines = (...values) => ({ 'x-forwarded-for': values });
    const client = proxied.client();
    assert.ok(await sameVisitor(client, lines('203.0.113.3', '198.51.100.17'), lines('203.0.113.4', '198.51.100.17')));
    assert.ok(!(await sameVisitor(client, lines('203.0.113.5', '198.51.100.18'), lines('203.0.113.5', '198.51.100.19'))));
  });

  test('the header that the proxy does not write comes from strangers', async () => {
    const client = proxied.client();
    const both = (stranger) => ({ ...x('198.51.100.20'), forwarded: `for=${stranger}` });
    assert.ok(await sameVisitor(client, both('203.0.113.6'), both('203.0.113.7')));
    const other = forwarded.client();
    assert.ok(await sameVisitor(other, x('203.0.113.8'), x('203.0.113.9')));
    assert.ok(!(await sameVisitor(other, { forwarded: 'for=198.51.100.1' }, { forwarded: 'for="[2001:db8::1]:47"' })));
  });

  test('IPv6 counts by its /64', async () => {
    const client = proxied.client();
    assert.ok(await sameVisitor(client, x('2001:db8:0:1::1'), x('2001:db8:0:1:ffff:ffff:ffff:ffff')));
    assert.ok(!(await sameVisitor(client, x('2001:db8:0:2::1'), x('2001:db8:0:3::1'))));
  });

  test('HSTS is said where TLS ends, here or at the proxy', async () => {
    assert.match((await server.client().get(page)).headers['strict-transport-security'], /max-age/);
    const plain = await proxied.client().get(page, { headers: { 'x-forwarded-proto': 'http' } });
    assert.equal(plain.headers['strict-transport-security'], undefined);
    const ignored = await server.client().get(page, { headers: { 'x-forwarded-proto': 'http' } });
    assert.match(ignored.headers['strict-transport-security'], /max-age/);
  });
});

describe('rates', () => {
  test('a person who asks too often waits; others behind the same address do not', async () => {
    const eager = await signInCitizen(server, '+84912345701');
    const other = await signInCitizen(server, '+84912345702');
    await eager.get('/v1/me'); // from now on the token is known, and the person counted
    let reply = await eager.get('/v1/me');
    assert.match(policyOf(reply), /^"read";q=120;w=12$/);
    assert.equal(left(reply).policy, 'read');
    for (let i = 0; i < 400 && reply.status !== 429; i++) reply = await eager.raw('GET', '/v1/me');
    assert.equal(reply.status, 429);
    assert.equal(reply.json.type, '/problems/too-many-requests');
    assert.ok(Number(reply.headers['retry-after']) >= 1);
    assert.equal(left(reply).rest, 0);
    assert.equal((await other.get('/v1/me')).status, 200);
    assert.equal((await server.client().get('/v1/categories')).status, 200);
    assert.equal((await eager.get('/healthz')).status, 200, 'health is not limited');
  });

  test('an address has more than a person', async () => {
    assert.match(policyOf(await server.client().get(page)), /^"read";q=1200;w=12$/);
  });
});

describe('traces (W3C Trace Context)', () => {
  const trace = '0af7651916cd43dd8448eb211c80319c';
  test('one that comes goes on', async () => {
    const reply = await server.client().get('/healthz', { headers: { traceparent: `00-${trace}-b7ad6b7169203331-01` } });
    assert.match(reply.headers.traceparent, new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
    const line = await server.line((one) => one.includes(trace));
    assert.equal(JSON.parse(line).route, '/healthz');
  });

  test('without one, or with a malformed one, a new one begins', async () => {
    const client = server.client();
    const seen = new Set();
    for (const traceparent of [undefined, 'x', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`]) {
      const reply = await client.get('/healthz', { headers: traceparent ? { traceparent } : {} });
      const [, id] = /^00-([0-9a-f]{32})-[0-9a-f]{16}-01$/.exec(reply.headers.traceparent);
      seen.add(id);
    }
    assert.equal(seen.size, 3);
    assert.ok(!seen.has(trace));
  });
});

describe('methods', () => {
  test('HEAD is GET without the body, its length and tags included', async () => {
    for (const path of ['/v1/categories', '/openapi.json', '/v1/public/reports', page]) {
      const client = server.client();
      const get = await client.get(path);
      const head = await client.head(path);
      assert.equal(head.status, get.status);
      for (const name of ['content-type', 'content-length', 'etag', 'vary', 'cache-control'])
        assert.equal(head.headers[name], get.headers[name], `${name} of ${path}`);
      assert.equal(head.body.length, 0);
    }
  });

  test('OPTIONS names what there is', async () => {
    const reply = await server.client().request('OPTIONS', '/v1/reports');
    assert.equal(reply.status, 204);
    assert.deepEqual(reply.headers.allow.split(', ').sort(), ['GET', 'HEAD', 'OPTIONS', 'POST']);
    assert.equal(reply.headers['content-length'], undefined);
    assert.equal((await server.client().request('OPTIONS', '/v1/nothing')).status, 404);
  });

  test('strange ones are not allowed, and break nothing', async () => {
    for (const method of ['TRACE', 'PROPFIND', 'get', 'X'.repeat(100)]) {
      const reply = await server.client().raw(method, '/v1/categories');
      assert.equal(reply.status, 405, method);
      assert.ok(reply.headers.allow);
    }
  });

  test('a method is overridden only where its route says so', async () => {
    const citizen = await signInCitizen(server, '+84912345703');
    const headers = { ...fresh(), 'x-http-method-override': 'PATCH' };
    assert.equal((await citizen.raw('POST', '/v1/me', { json: { name: 'X' }, headers })).status, 405);
  });
});

describe('pages of other origins (CORS)', () => {
  const origin = { origin: 'https://app.example' };
  test('are not let in unless configured', async () => {
    const reply = await server.client().get('/v1/categories', { headers: origin });
    assert.equal(reply.headers['access-control-allow-origin'], undefined);
  });

  test('are let in when configured, and told what they may ask', async () => {
    const client = proxied.client();
    const reply = await client.get('/v1/categories', { headers: origin });
    assert.equal(reply.headers['access-control-allow-origin'], 'https://app.example');
    assert.match(reply.headers['access-control-expose-headers'], /etag/);
    const before = await client.request('OPTIONS', '/v1/reports', { headers: { ...origin, 'access-control-request-method': 'POST' } });
    assert.equal(before.status, 204);
    assert.match(before.headers['access-control-allow-methods'], /POST/);
    assert.match(before.headers['access-control-allow-headers'], /idempotency-key/);
    assert.equal((await client.get('/v1/categories')).headers['access-control-allow-origin'], undefined);
  });
});

describe('copies that the client has', () => {
  const gzip = { 'accept-encoding': 'gzip' };
  for (const path of ['/openapi.json', '/v1/public/reports']) {
    test(`${path} is not sent again`, async () => {
      const client = server.client();
      const { etag } = (await client.get(path)).headers;
      assert.ok(etag);
      for (const known of [etag, `"x", ${etag}`, `W/${etag}`.replace('W/W/', 'W/'), '*']) {
        const reply = await client.get(path, { headers: { 'if-none-match': known } });
        assert.equal(reply.status, 304, known);
        assert.equal(reply.body.length, 0);
        assert.equal(reply.headers.etag, etag);
        assert.equal(reply.headers['content-length'], undefined);
      }
      assert.equal((await client.get(path, { headers: { 'if-none-match': '"other"' } })).status, 200);
    });
  }

  test('compressed or not, it is the same, and caches are told that it differs', async () => {
    const { gunzipSync } = await import('node:zlib');
    const client = server.client();
    const plain = await client.get('/openapi.json');
    const small = await client.raw('GET', '/openapi.json', { headers: gzip });
    assert.equal(plain.headers['content-encoding'], undefined);
    assert.equal(small.headers['content-encoding'], 'gzip');
    assert.ok(small.body.length < plain.body.length / 2);
    assert.deepEqual(gunzipSync(small.body), plain.body);
    for (const reply of [plain, small]) assert.match(reply.headers.vary, /accept-encoding/);
    const none = await client.raw('GET', '/openapi.json', { headers: { 'accept-encoding': 'gzip;q=0, br' } });
    assert.equal(none.headers['content-encoding'], undefined);
  });

  test('a shared reply has both forms, and a tag that says which', async () => {
    const { gunzipSync } = await import('node:zlib');
    const citizen = await signInCitizen(server, '+84912345704');
    const staff = await signInStaff(server, 'officer.demo');
    assert.equal((await staff.get('/v1/me')).status, 200);
    assert.equal((await citizen.get('/v1/me')).status, 200);
    const client = server.client();
    const plain = await client.get('/v1/public/reports?limit=50');
    assert.match(plain.headers.etag, /^"[0-9a-f]{32}"$/);
    const reply = await client.raw('GET', '/v1/public/reports?limit=50', { headers: gzip });
    if (reply.headers['content-encoding'] === 'gzip') {
      assert.equal(reply.headers.etag, `W/${plain.headers.etag}`);
      assert.deepEqual(gunzipSync(reply.body), plain.body);
    } else {
      assert.ok(plain.body.length < 1024);
    }
    const again = await client.get('/v1/public/reports?limit=50', { headers: { ...gzip, 'if-none-match': `W/${plain.headers.etag}` } });
    assert.equal(again.status, 304);
  });

  test('whoever asks for a shared reply gets the same, whatever token he shows', async () => {
    const citizen = await signInCitizen(server, '+84912345705');
    for (const token of [null, citizen.token, 'no.token.at.all']) {
      const reply = await server.client().get('/v1/public/reports?limit=7', { token });
      assert.equal(reply.status, 200);
      assert.doesNotMatch(reply.headers['cache-control'], /private/);
    }
    assert.equal((await server.client().get('/healthz', { token: 'nonsense' })).status, 200);
    assert.equal((await server.client().get('/v1/me', { token: 'nonsense' })).status, 401);
    assert.equal((await citizen.get('/v1/me')).headers['cache-control'], 'private, no-store');
  });
});

describe('pages of a list', () => {
  test('Link leads from one to the next, and keeps the filter', async () => {
    const citizen = await signInCitizen(server, '+84912345706');
    const good = { category: 'dien_chieu_sang', text: 'Đèn đường không sáng', commune: '32025', answers: { danger: false }, consent: true };
    for (let i = 0; i < 5; i++) assert.equal((await citizen.post('/v1/reports', { json: good, headers: fresh() })).status, 201);
    const seen = [];
    for (let url = '/v1/reports?limit=2'; url; ) {
      const reply = await citizen.get(url);
      assert.equal(reply.status, 200);
      seen.push(...reply.json.items.map((one) => one.id));
      const link = reply.headers.link && /^<([^>]+)>; rel="next"$/.exec(reply.headers.link);
      url = link?.[1];
      if (url) assert.match(url, /^\/v1\/reports\?limit=2&cursor=[^&]+$/);
    }
    assert.equal(seen.length, 5);
    assert.equal(new Set(seen).size, 5);
  });
});

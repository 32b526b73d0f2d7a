/* What the gateway answers before there is any resource: health, its own description, its refusals. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { mediaTypeOf } from './lib/contract.mjs';
import { useServer } from './lib/server.mjs';

const server = useServer();

describe('health', () => {
  test('the program is alive and ready', async () => {
    const anybody = server.client();
    assert.equal((await anybody.get('/healthz')).status, 200);
    assert.equal((await anybody.get('/readyz')).status, 200);
  });

  test('HEAD answers as GET does, without the body', async () => {
    const reply = await server.client().head('/healthz');
    assert.equal(reply.status, 200);
    assert.equal(reply.body.length, 0);
  });

  test('the operator reaches the same routes by the admin socket', async () => {
    assert.equal((await server.operator().get('/healthz')).status, 200);
  });
});

describe('the description', () => {
  test('is OpenAPI 3.1, and each operation has a name of its own, words and replies', async () => {
    const { json } = await server.client().get('/openapi.json');
    assert.match(json.openapi, /^3\.1\./);
    const names = new Set();
    for (const [path, item] of Object.entries(json.paths)) {
      for (const [method, operation] of Object.entries(item)) {
        if (method === 'parameters') continue;
        const where = `${method} ${path}`;
        assert.ok(operation.operationId, `${where} has no operationId`);
        assert.ok(!names.has(operation.operationId), `${operation.operationId} is there twice`);
        assert.ok(operation.summary?.length > 0, `${where} has no summary`);
        assert.ok(Object.keys(operation.responses).some((s) => /^[23]/.test(s)), `${where} never succeeds`);
        names.add(operation.operationId);
      }
    }
    assert.ok(names.size > 0);
  });

  test('every parameter of a path is declared', async () => {
    const { json } = await server.client().get('/openapi.json');
    for (const [path, item] of Object.entries(json.paths)) {
      for (const [method, operation] of Object.entries(item)) {
        if (method === 'parameters') continue;
        const declared = [...(item.parameters ?? []), ...(operation.parameters ?? [])]
          .filter((p) => p.in === 'path')
          .map((p) => p.name);
        const used = [...path.matchAll(/\{([^}]+)\}/g)].map((m) => m[1]);
        assert.deepEqual(declared.sort(), used.sort(), `${method} ${path}`);
      }
    }
  });

  test('is shown to people as a page', async () => {
    const reply = await server.client().get('/docs');
    assert.equal(reply.status, 200);
    assert.equal(mediaTypeOf(reply), 'text/html');
    assert.match(reply.text, /reportFile|\/healthz|openapi\.json/);
  });
});

describe('refusals', () => {
  test('an address that is not there is a problem whose type explains itself', async () => {
    const anybody = server.client();
    const reply = await anybody.get('/v1/there-is-nothing-of-this-name');
    assert.equal(reply.status, 404);
    assert.equal(reply.json.type, '/problems/not-found');
    const explained = await anybody.get(reply.json.type, { headers: { 'accept-language': 'en' } });
    assert.equal(explained.status, 200);
    assert.match(explained.text, /There is no such thing/);
  });

  test('a problem that is not there is not explained', async () => {
    assert.equal((await server.client().get('/problems/no-such-problem')).status, 404);
  });

  test('a method that is not supported is told which are', async () => {
    const reply = await server.client().delete('/healthz');
    assert.equal(reply.status, 405);
    assert.equal(reply.json.type, '/problems/method-not-allowed');
    assert.match(reply.headers.allow, /\bGET\b/);
    assert.doesNotMatch(reply.headers.allow, /\bDELETE\b/);
  });
});

describe('language', () => {
  const VIETNAMESE = 'Không tìm thấy';
  const ENGLISH = 'There is no such thing';
  const wishes = [
    [undefined, VIETNAMESE],
    ['vi', VIETNAMESE],
    ['en', ENGLISH],
    ['en-GB, en;q=0.8', ENGLISH],
    ['vi;q=0.3, en;q=0.9', ENGLISH],
    ['en;q=0.3, vi;q=0.9', VIETNAMESE],
    ['fr', VIETNAMESE],
    ['en;q=0', VIETNAMESE],
    ['; ;q=,,', VIETNAMESE],
  ];
  for (const [wish, title] of wishes) {
    test(`Accept-Language ${wish ?? 'absent'} is answered with "${title}"`, async () => {
      const headers = wish === undefined ? {} : { 'accept-language': wish };
      const reply = await server.client().get('/v1/nothing', { headers });
      assert.equal(reply.json.title, title);
    });
  }
});

test('numbers for whoever watches, in the text format of Prometheus', async () => {
  await server.client().get('/healthz');
  const reply = await server.client().get('/metrics');
  assert.equal(reply.status, 200);
  assert.match(reply.text, /^# TYPE tram_http_requests_total counter$/m);
  assert.match(reply.text, /^tram_http_requests_total\{class="2xx"\} [1-9]\d*$/m);
  assert.match(reply.text, /^tram_http_request_seconds_bucket\{le="\+Inf"\} [1-9]\d*$/m);
});

test('the page for people has its style', async () => {
  const page = await server.client().get('/docs');
  assert.match(page.text, /href="\/docs\.css"/);
  const style = await server.client().get('/docs.css');
  assert.equal(style.status, 200);
});

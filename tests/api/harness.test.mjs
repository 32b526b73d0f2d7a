/* The harness itself: a reply that breaks the contract in one way is refused for that reason. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BrokenPromise, Contract } from './lib/contract.mjs';
import { makeJpeg, readExif, readJpeg } from './lib/make-jpeg.mjs';

const contract = new Contract({
  openapi: '3.1.0',
  info: { title: 'things', version: '1' },
  paths: {
    '/things/{id}': {
      get: {
        operationId: 'thingRead',
        responses: {
          200: {
            headers: { ETag: { required: true } },
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
          },
          404: { $ref: '#/components/responses/Problem' },
        },
      },
      delete: { operationId: 'thingRemove', responses: { 204: { description: 'gone' } } },
    },
    '/things/nearest': { get: { operationId: 'thingNearest', responses: { '2XX': { description: 'fine' } } } },
  },
  components: {
    responses: {
      Problem: { content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
    },
    schemas: {
      Thing: {
        type: 'object',
        required: ['id', 'at'],
        properties: { id: { type: 'integer' }, at: { type: 'string', format: 'date-time' } },
        unevaluatedProperties: false,
      },
      Problem: {
        type: 'object',
        required: ['type', 'title', 'status'],
        properties: { type: { type: 'string' }, title: { type: 'string' }, status: { type: 'integer' } },
      },
    },
  },
});

function reply(status, type, value, headers = {}) {
  const body = Buffer.from(value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value));
  return { status, headers: { ...(type && { 'content-type': type }), ...headers }, body };
}
const JSON_UTF8 = 'application/json; charset=utf-8';
const PROBLEM = 'application/problem+json';
const thing = { id: 1, at: '2026-11-24T13:55:30.123Z' };
const etag = { etag: '"1"' };
const missing = { type: '/problems/not-found', title: 'Không tìm thấy', status: 404 };

describe('a reply that keeps the contract', () => {
  const kept = [
    ['GET', '/things/1?fields=all', reply(200, JSON_UTF8, thing, etag), 'thingRead'],
    ['HEAD', '/things/1', reply(200, JSON_UTF8, undefined, etag), 'thingRead'],
    ['GET', '/things/1', reply(404, PROBLEM, missing), 'thingRead'],
    ['GET', '/things/nearest', reply(204), 'thingNearest'],
    ['DELETE', '/things/1', reply(204), 'thingRemove'],
    ['GET', '/nothing', reply(404, PROBLEM, missing), undefined],
    ['POST', '/things/1', reply(405, PROBLEM, { ...missing, status: 405 }, { allow: 'GET' }), undefined],
  ];
  for (const [method, url, answer, operation] of kept) {
    test(`${method} ${url} ${answer.status}`, () => {
      assert.equal(contract.check(method, url, answer).operation, operation);
    });
  }
});

describe('a reply that breaks it', () => {
  const broken = [
    ['an undeclared status', 'GET', '/things/1', reply(500, PROBLEM, missing), /does not declare/],
    ['another content type', 'GET', '/things/1', reply(200, 'text/html', 'hello', etag), /as "text\/html"/],
    ['no JSON', 'GET', '/things/1', reply(200, JSON_UTF8, '{', etag), /no JSON/],
    ['a member of the wrong type', 'GET', '/things/1', reply(200, JSON_UTF8, { ...thing, id: 'x' }, etag), /\/id/],
    ['an undeclared member', 'GET', '/things/1', reply(200, JSON_UTF8, { ...thing, x: 1 }, etag), /unevaluated/],
    ['a format not kept', 'GET', '/things/1', reply(200, JSON_UTF8, { ...thing, at: 'now' }, etag), /date-time/],
    ['a missing header', 'GET', '/things/1', reply(200, JSON_UTF8, thing), /ETag/],
    ['a body where none is declared', 'DELETE', '/things/1', reply(204, JSON_UTF8, thing), /with a body/],
    ['a problem of another status', 'GET', '/things/1', reply(404, PROBLEM, { ...missing, status: 403 }), /says 403/],
    ['a problem of a strange type', 'GET', '/things/1', reply(404, PROBLEM, { ...missing, type: 'x' }), /type x/],
    ['success out of nowhere', 'GET', '/nothing', reply(200, JSON_UTF8, thing), /no such operation/],
    ['a refusal that is no problem', 'GET', '/nothing', reply(404, 'text/plain', 'no'), /not as a problem/],
    ['405 without Allow', 'POST', '/things/1', reply(405, PROBLEM, { ...missing, status: 405 }), /Allow/],
  ];
  for (const [words, method, url, answer, reason] of broken) {
    test(words, () => {
      assert.throws(
        () => contract.check(method, url, answer),
        (error) => error instanceof BrokenPromise && reason.test(error.message),
      );
    });
  }
});

test('a made picture has the pixels and the Exif that were asked for', () => {
  const bytes = makeJpeg({ orientation: 6, lat: 10.7769, lon: 106.7009, takenAt: '2026:11:24 20:55:30' });
  const exif = readExif(bytes);
  assert.equal(exif.orientation, 6);
  assert.equal(exif.takenAt, '2026:11:24 20:55:30');
  assert.ok(Math.abs(exif.lat - 10.7769) < 1e-4 && Math.abs(exif.lon - 106.7009) < 1e-4);
  const picture = readJpeg(bytes);
  assert.deepEqual([picture.width, picture.height], [64, 48]);
  const [redOfLeft] = picture.pixel(5, 5);
  const [redOfRight] = picture.pixel(60, 40);
  assert.ok(redOfLeft > 150 && redOfRight < 100);
});

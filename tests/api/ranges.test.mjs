/* Parts of files, and conditions on them, as RFC 9110 §13 and §14 have it. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { makeJpeg } from './lib/make-jpeg.mjs';
import { sendPhoto, signInCitizen } from './lib/people.mjs';
import { useServer } from './lib/server.mjs';

describe('files', () => {
  const server = useServer();
  let client, url, bytes, etag;
  before(async () => {
    const citizen = await signInCitizen(server, '+84912381001');
    const id = await sendPhoto(citizen, makeJpeg({ width: 300, height: 200, grain: 30 }));
    url = (await citizen.get(`/v1/media/${id}`)).json.large;
    client = server.client();
    const whole = await client.get(url);
    bytes = whole.body;
    etag = whole.headers.etag;
    assert.equal(whole.headers['accept-ranges'], 'bytes');
  });

  describe('a range', () => {
    const cases = (n) => [
      ['bytes=0-9', 0, 10], ['bytes=0-', 0, n], ['bytes=-5', n - 5, n], [`bytes=-${n}9`, 0, n], [`bytes=${n - 1}-`, n - 1, n],
      ['bytes=0-99999999', 0, n], ['BYTES=0-3', 0, 4], ['bytes= 7-8', 7, 9],
    ];
    test('that lies in the file is answered with that part', async () => {
      for (const [range, from, to] of cases(bytes.length)) {
        const part = await client.get(url, { headers: { range } });
        assert.equal(part.status, 206, range);
        assert.equal(part.headers['content-range'], `bytes ${from}-${to - 1}/${bytes.length}`, range);
        assert.equal(part.headers.etag, etag);
        assert.ok(part.body.equals(bytes.subarray(from, to)), range);
      }
    });

    test('outside is told, with how long the file is', async () => {
      for (const range of [`bytes=${bytes.length}-`, 'bytes=-0', 'bytes=99999999999999999999-']) {
        const none = await client.get(url, { headers: { range } });
        assert.equal(none.status, 416, range);
        assert.equal(none.headers['content-range'], `bytes */${bytes.length}`);
      }
    });

    test('that is none, of another unit, or several at once: the whole file', async () => {
      for (const range of ['bytes=5-2', 'bytes=0-1,3-4', 'items=0-3', 'bytes 0-3', 'bytes=a-b', 'bytes=', 'bytes=--5', 'bytes=0 -9', 'bytes=0x1-2']) {
        const whole = await client.get(url, { headers: { range } });
        assert.equal(whole.status, 200, range);
        assert.ok(whole.body.equals(bytes), range);
        assert.equal(whole.headers['content-range'], undefined);
      }
    });

    test('means nothing to HEAD', async () => {
      const head = await client.head(url, { headers: { range: 'bytes=0-3' } });
      assert.equal(head.status, 200);
      assert.equal(head.headers['content-length'], String(bytes.length));
      assert.equal(head.body.length, 0);
    });
  });

  describe('a condition', () => {
    const status = async (headers) => (await client.get(url, { headers })).status;

    test('If-None-Match: 304 for the one that is there, weakly compared, before any range', async () => {
      for (const value of [etag, `W/${etag}`, `"x", ${etag}`, '*']) assert.equal(await status({ 'if-none-match': value }), 304, value);
      assert.equal(await status({ 'if-none-match': etag, range: 'bytes=0-3' }), 304);
      assert.equal(await status({ 'if-none-match': '"x"', range: 'bytes=0-3' }), 206);
      const not = await client.get(url, { headers: { 'if-none-match': etag } });
      assert.equal(not.headers.etag, etag);
      assert.equal(not.headers['cache-control'], 'private, max-age=900, immutable');
      assert.equal(not.body.length, 0);
    });

    test('If-Match: 412 for another, strongly compared, before all else', async () => {
      for (const value of [etag, '*', `"x", ${etag}`]) assert.equal(await status({ 'if-match': value }), 200, value);
      for (const value of ['"x"', `W/${etag}`]) assert.equal(await status({ 'if-match': value }), 412, value);
      assert.equal(await status({ 'if-match': '"x"', 'if-none-match': etag, range: 'bytes=0-3' }), 412);
    });

    test('If-Range: the part of the one that is there, else the whole', async () => {
      const range = 'bytes=0-3';
      assert.equal(await status({ 'if-range': etag, range }), 206);
      for (const value of ['"x"', `W/${etag}`, 'Wed, 21 Oct 2026 07:28:00 GMT']) assert.equal(await status({ 'if-range': value, range }), 200, value);
      assert.equal(await status({ 'if-range': '"x"', range: `bytes=${bytes.length}-` }), 200);
    });
  });
});

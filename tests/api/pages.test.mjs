/* Pages, as they are served from a folder; what the real ones do in a browser is tests/web. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { describe, test } from 'node:test';
import { fileReport, sendPhoto, signInCitizen, signInStaff, step } from './lib/people.mjs';
import { makeJpeg } from './lib/make-jpeg.mjs';
import { SCRIPT, pagesFolder } from './lib/pages.mjs';
import { Server, useServer } from './lib/server.mjs';

const PATHS = ['/', '/app', '/app/around?view=list&q=den', '/app/mine', '/app/mine/one', '/app/mine/one/part', '/desk', '/desk/inbox', '/desk/reports/one'];

const server = useServer({ env: { TRAM_HTTP_PAGES: pagesFolder(), TRAM_HTTP_TILES: 'https://tiles.example/{z}/{x}/{y}.png' } });

describe('pages', () => {
  test('every address of the app and of the desk is its page, with a policy that lets nothing else in', async () => {
    const anybody = server.client();
    for (const at of PATHS) {
      const reply = await anybody.get(at);
      assert.equal(reply.status, 200, at);
      assert.equal(reply.text, '<!doctype html><head><meta name="tiles" content="https://tiles.example/{z}/{x}/{y}.png"></head><body></body>');
      const policy = reply.headers['content-security-policy'];
      assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self';/);
      assert.ok(policy.includes("img-src 'self' data: blob: https://tiles.example;"));
      assert.ok(policy.includes("require-trusted-types-for 'script'"));
      assert.ok(!/unsafe|\*/.test(policy));
      assert.equal(reply.headers['x-content-type-options'], 'nosniff');
      assert.equal(reply.headers['cache-control'], 'no-cache');
      assert.equal((await anybody.get(at, { headers: { 'if-none-match': reply.headers.etag } })).status, 304, at);
    }
  });

  test('an asset comes in the smallest form that is taken, and is kept for ever', async () => {
    const anybody = server.client();
    const forms = [
      ['br, gzip', 'br', zlib.brotliDecompressSync],
      ['gzip', 'gzip', zlib.gunzipSync],
      ['br;q=0, gzip;q=0.5', 'gzip', zlib.gunzipSync],
      ['identity', undefined, (bytes) => bytes],
    ];
    const tags = new Set();
    for (const [accept, coding, open] of forms) {
      const reply = await anybody.raw('GET', '/assets/one-1234.js', { headers: { 'accept-encoding': accept } });
      assert.equal(reply.status, 200);
      assert.equal(reply.headers['content-encoding'], coding, accept);
      assert.equal(open(reply.body).toString(), SCRIPT);
      assert.equal(reply.headers['cache-control'], 'public, max-age=31536000, immutable');
      assert.match(reply.headers.vary, /accept-encoding/);
      assert.equal(reply.headers['x-content-type-options'], 'nosniff');
      assert.equal(reply.headers['content-security-policy'], "default-src 'none'; frame-ancestors 'none'", 'no page’s');
      tags.add(reply.headers.etag);
    }
    assert.equal(tags.size, 3, 'each form has a tag of its own');
    assert.equal((await anybody.get('/assets/one-1234.js')).text, SCRIPT);
    const worker = (await anybody.get('/sw.js')).headers;
    assert.equal(worker['cache-control'], 'no-cache');
    assert.match(worker['content-security-policy'], /connect-src 'self'/, 'a worker is held to its own');
    assert.equal((await anybody.get('/app.webmanifest')).status, 200);
  });

  test('who opens an address in a browser is told on a page what is wrong; what a program asks for stays as it is', async () => {
    const anybody = server.client();
    const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
    for (const [at, status] of [
      ['/nowhere', 404],
      ['/r/PA-000000-0000', 404],
      ['/app/a/b/c/d', 404],
      ['/v1/auth/eid/callback?error=access_denied&state=none', 422],
      ['/v1/me', 401],
      ['/v1/uploads', 405],
    ]) {
      const page = await anybody.raw('GET', at, { headers: { accept } }); // the interface tells what programs get
      assert.equal(page.headers['content-type'], 'text/html; charset=utf-8', at);
      assert.equal(page.headers['content-security-policy'], "default-src 'none'; style-src 'self'; frame-ancestors 'none'");
      assert.match(page.text, /<html lang="vi">.*<h1>.+<\/h1>.*<a href="\/">Về trang đầu<\/a>/s);
      const told = await anybody.get(at);
      assert.equal(told.headers['content-type'], 'application/problem+json', at);
      assert.deepEqual([page.status, told.status], [told.json.status, told.json.status]);
      assert.ok(page.text.includes(told.json.title), at);
      assert.equal(typeof status, 'number');
    }
    const english = await anybody.raw('GET', '/desk/a/b/c', { headers: { accept, 'accept-language': 'en' } });
    assert.match(english.text, /<html lang="en">.*<a href="\/desk">To the first page<\/a>/s);
  });

  test('nothing else is served', async () => {
    const anybody = server.client();
    for (const file of ['secret', 'none.js', '..%2fsecret', '..%2fpages.json', 'one-1234.js.br', 'one-1234.js%00', 'ONE-1234.JS', '%2e%2e'])
      assert.notEqual((await anybody.raw('GET', `/assets/${file}`)).status, 200, file);
    assert.equal((await anybody.raw('GET', '/pages.json')).status, 404);
  });
});

describe('a published report', () => {
  const hostile = 'Đèn hỏng "><script>alert(1)</script><img src=x onerror=alert(2)> & <!--head-->';

  test('is a page that is read without scripts and shares well; what a stranger wrote is text', async () => {
    const citizen = await signInCitizen(server, '+84912345811');
    const photo = await sendPhoto(citizen, await makeJpeg());
    const report = await fileReport(citizen, { text: hostile, photos: [photo] });
    const anybody = server.client();
    assert.equal((await anybody.get(`/r/${report.number}`)).status, 404, 'before it is published');
    const officer = await signInStaff(server, 'officer.demo');
    assert.equal((await step(officer, report.id, 'receive')).status, 200);
    assert.equal((await step(officer, report.id, 'publish', { photos: [photo] })).status, 200);
    let reply;
    do reply = await anybody.get(`/r/${report.number}`);
    while (reply.status === 404);
    assert.equal(reply.status, 200);
    assert.ok(!/<script|<img src=x|"><img/.test(reply.text.replaceAll('&lt;', '')), reply.text);
    assert.match(reply.text, /Đèn hỏng &quot;&gt;&lt;script&gt;alert\(1\)&lt;\/script&gt;/);
    assert.match(reply.text, /<meta property="og:title" content="Điện, chiếu sáng · Phường Tân Thành">/);
    assert.match(reply.text, new RegExp(`<meta property="og:image" content="https://localhost:${server.port}/v1/public/media/${photo}/large">`));
    assert.match(reply.text, new RegExp(`<meta property="og:url" content="https://localhost:${server.port}/r/${report.number}">`));
    assert.match(reply.text, /<img src="\/v1\/public\/media\//);
    assert.equal((await anybody.get('/r/PA-2026-999999')).status, 404);
  });
});

describe('a folder that is not sound', () => {
  const refused = async (folder, words) => {
    const one = new Server({ env: { TRAM_HTTP_PAGES: folder } });
    await assert.rejects(one.start(), words);
    await one.stop();
  };
  test('of another version is refused at the start', () => refused(pagesFolder({}, '0.0.1'), /another version/));
  test('as is one whose list names what is outside', async () => {
    const folder = pagesFolder();
    const list = JSON.parse(fs.readFileSync(path.join(folder, 'pages.json'), 'utf8'));
    for (const bad of ['../outside', 'missing.js']) {
      fs.writeFileSync(path.join(folder, 'pages.json'), JSON.stringify({ ...list, files: [{ ...list.files[0], path: bad }] }));
      await refused(folder, /not sound|cannot be read/);
    }
  });
});

describe('without pages', () => {
  const bare = useServer();
  test('there is the interface, and no page', async () => {
    assert.equal((await bare.client().get('/')).status, 404);
    assert.equal((await bare.client().get('/healthz')).status, 200);
  });
});

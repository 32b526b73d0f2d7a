/* The desk's files, as they are served; what they do in a browser is tests/web. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { ROOT } from './lib/places.mjs';
import { useServer } from './lib/server.mjs';

const server = useServer();
const FOLDER = path.join(ROOT, 'web/desk');

describe('the desk', () => {
  test('its files come as they are, with a policy that lets nothing else in', async () => {
    const anybody = server.client();
    for (const file of fs.readdirSync(FOLDER)) {
      const reply = await anybody.get(file === 'index.html' ? '/desk' : `/desk/${file}`);
      assert.equal(reply.status, 200, file);
      assert.deepEqual(reply.body, fs.readFileSync(path.join(FOLDER, file)), file);
      assert.match(reply.headers['content-security-policy'], /^default-src 'none'; script-src 'self';/);
      assert.equal(reply.headers['x-content-type-options'], 'nosniff');
      assert.equal(reply.headers['cache-control'], 'no-cache');
      const again = await anybody.get(file === 'index.html' ? '/desk' : `/desk/${file}`, { headers: { 'if-none-match': reply.headers.etag } });
      assert.equal(again.status, 304, file);
    }
  });

  test('every script that a script asks for is there', () => {
    for (const file of fs.readdirSync(FOLDER).filter((name) => name.endsWith('.mjs'))) {
      const text = fs.readFileSync(path.join(FOLDER, file), 'utf8');
      for (const [, name] of text.matchAll(/from '\.\/([^']+)'/g)) assert.ok(fs.existsSync(path.join(FOLDER, name)), `${file}: ${name}`);
    }
  });

  test('nothing else is', async () => {
    const anybody = server.client();
    for (const file of ['index.html', 'none.mjs', '.mjs', '..%2fdesk%2fdesk.mjs', 'desk.mjs%00', 'DESK.MJS', '%2e%2e'])
      assert.notEqual((await anybody.raw('GET', `/desk/${file}`)).status, 200, file);
  });
});

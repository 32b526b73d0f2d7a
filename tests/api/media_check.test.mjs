/* tramctl media check: what is missing, damaged and nobody's is found, while tramd runs and while none does. */
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { makeJpeg } from './lib/make-jpeg.mjs';
import { makePdf } from './lib/make-pdf.mjs';
import { fileReport, sendPhoto, signInCitizen } from './lib/people.mjs';
import { ON_SERVER } from './lib/places.mjs';
import { useServer } from './lib/server.mjs';
import { tramctl } from './lib/tramctl.mjs';

const server = useServer();
const blobs = () => fs.readdirSync(path.join(server.data, 'blobs'), { recursive: true }).filter((name) => /^..\/[0-9a-f-]{36}$/.test(name)).map((name) => path.join(server.data, 'blobs', name));
const idOf = (file) => path.basename(file);

async function check(...options) {
  const { code, out, err } = await tramctl(server.data, '--json', 'media', 'check', ...options);
  assert.ok(out, err);
  return { code, ...JSON.parse(out) };
}

test('what is whole is found whole, originals opened and all; what is still arriving is no fault', async () => {
  const citizen = await signInCitizen(server, '+84912380001');
  for (let i = 0; i < 3; i++) await fileReport(citizen, { photos: [await sendPhoto(citizen, makeJpeg({ width: 400 + i, height: 300 }))] });
  await sendPhoto(citizen, makePdf({ pages: 2 }));
  await citizen.post('/v1/uploads', { headers: { 'tus-resumable': '1.0.0', 'upload-length': '1000' } });
  const seen = await check('--open');
  assert.equal(seen.code, 0);
  assert.deepEqual([seen.missing, seen.damaged, seen.unopened], [0, 0, 0]);
  assert.equal(seen.opened, 4);
  assert.ok(seen.blobs >= 13 && seen.bytes > 1000 && seen.documents >= 5, JSON.stringify(seen));
  const words = await tramctl(server.data, 'media', 'check');
  assert.equal(words.code, 0, words.err);
  assert.match(words.out, /Hỏng/);
  assert.equal((await tramctl(server.data, 'media', 'check', '--offline', '--open')).code, 2);
});

/* On a server: tests/mongo/media_check.test.mjs. */
if (!ON_SERVER) test('what is not is told by what it is, and by the document that names it; here too where no tramd runs', async () => {
  const citizen = await signInCitizen(server, '+84912380002');
  const made = [];
  for (let i = 0; i < 4; i++) {
    const before = new Set(blobs());
    const upload = await sendPhoto(citizen, makeJpeg({ width: 1600, height: 1200, grain: 30 }));
    const [small, large, original] = blobs().filter((file) => !before.has(file)).sort((a, b) => fs.statSync(a).size - fs.statSync(b).size);
    made.push({ upload, small, large, original });
  }
  const [gone, turned, short, swapped] = made;
  fs.rmSync(gone.small);
  const bytes = fs.readFileSync(turned.large);
  bytes[bytes.length >> 1] ^= 4;
  fs.writeFileSync(turned.large, bytes);
  fs.truncateSync(short.original, fs.statSync(short.original).size - 100);
  /* As whoever changes a file and its hash beside it would: only its key tells. */
  const changed = fs.readFileSync(swapped.original);
  changed[changed.length - 1] ^= 1;
  fs.writeFileSync(swapped.original, changed);
  fs.writeFileSync(`${swapped.original}.sha256`, crypto.createHash('sha256').update(changed).digest('hex'));
  const nobody = crypto.randomUUID();
  fs.writeFileSync(path.join(server.data, 'blobs', nobody.slice(0, 2), nobody), 'left by a crash');

  const expected = [
    ['damaged', idOf(short.original), 'original', short.upload],
    ['damaged', idOf(turned.large), 'large', turned.upload],
    ['missing', idOf(gone.small), 'small', gone.upload],
    ['orphaned', nobody, undefined, undefined],
  ];
  const told = (seen) => seen.found.map((f) => [f.flaw, f.blob, f.field, f.document]);
  const sorted = (rows) => rows.map((row) => row.join(' ')).sort();
  const running = await check();
  assert.equal(running.code, 1);
  assert.deepEqual(sorted(told(running)), sorted(expected));
  assert.deepEqual([running.missing, running.damaged, running.orphaned], [1, 2, 1]);

  const opened = await check('--open');
  const unopened = opened.found.filter((f) => f.flaw === 'unopened').map((f) => f.document).sort();
  assert.deepEqual(unopened, [short.upload, swapped.upload].sort());

  const busy = await tramctl(server.data, 'media', 'check', '--offline');
  assert.notEqual(busy.code, 0);
  assert.match(busy.err, /in use/);
  await server.kill();
  const offline = await check('--offline');
  assert.equal(offline.code, 1);
  assert.deepEqual(sorted(told(offline)), sorted(expected));
});

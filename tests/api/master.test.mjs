/* The master key: sealed by a file, a credential or a command; a wrong one refused in words; moved. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { signInCitizen } from './lib/people.mjs';
import { ON_SERVER, PROGRAM } from './lib/places.mjs';
import { Server } from './lib/server.mjs';
import { tramctl, tramctlJson } from './lib/tramctl.mjs';

let folder, data, server;
const place = (name) => path.join(folder, name);
const keyFiles = () => fs.readdirSync(path.join(data, 'keyring')).map((name) => fs.readFileSync(path.join(data, 'keyring', name), 'utf8'));

function write(name, text, mode = 0o600) {
  fs.writeFileSync(place(name), text, { mode });
  fs.chmodSync(place(name), mode);
  return place(name);
}

before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tram-master-'));
  data = path.join(folder, path.basename(folder)); // its database is named so, on a server
  fs.mkdirSync(data, { mode: 0o700 });
});
after(() => fs.rmSync(folder, { recursive: true, force: true }));

const phone = (i) => `+849123492${String(i).padStart(2, '0')}`;
const withSource = (source, env = {}) => new Server({ data, env: { TRAM_KEYS_SOURCE: source, ...env } });
async function refused(source, words, env) {
  await assert.rejects(withSource(source, env).start(), words, source);
}

describe('the master key', () => {
  let master, citizen, id;

  test('is made by tramctl, once and again another', async () => {
    const one = await tramctl(data, 'keys', 'new');
    const two = await tramctl(data, 'keys', 'new');
    assert.match(one.out, /^[0-9a-f]{64}\n$/);
    assert.notEqual(one.out, two.out);
    master = write('master.key', one.out);
    write('other.key', two.out);
  });

  test('from a file: a first start seals every file of the keyring', async () => {
    server = withSource(`file:${master}`);
    await server.start();
    citizen = await signInCitizen(server, '+84912349101', { name: 'Lê Thị Khoá' });
    id = (await citizen.get('/v1/me')).json.id;
    await server.stop();
    const files = keyFiles();
    assert.equal(files.length, 2);
    for (const text of files) {
      assert.match(text, /^sealed [0-9a-f]{16} [0-9a-f]+$/m);
      assert.doesNotMatch(text, /^secret/m);
    }
  });

  test('a wrong, missing, malformed or open one is refused in words at start', async () => {
    await refused(`file:${place('other.key')}`, /not the one that sealed keyring/);
    await refused('', /sealed by a master key/);
    await refused(`file:${place('nowhere')}`, /not there or may not be read/);
    await refused(`file:${folder}`, /not a regular file/);
    await refused(`file:${write('open.key', fs.readFileSync(master), 0o640)}`, /only its owner/);
    await refused(`file:${write('short.key', 'abc\n')}`, /64 hex digits/);
    await refused(`file:${write('upper.key', `${'A'.repeat(64)}\n`)}`, /64 hex digits/);
    await refused('vault:somewhere', /none of file/);
    await refused('credential:tram-master', /no credentials here|no credential of that name/, { CREDENTIALS_DIRECTORY: folder });
    await refused('credential:../master.key', /not a name/, { CREDENTIALS_DIRECTORY: folder });
  });

  test('from a credential of systemd', async () => {
    const credentials = place('credentials');
    fs.mkdirSync(credentials);
    fs.writeFileSync(path.join(credentials, 'tram-master'), fs.readFileSync(master), { mode: 0o440 });
    server = withSource('credential:tram-master', { CREDENTIALS_DIRECTORY: credentials });
    await server.start();
    const again = await signInCitizen(server, '+84912349101');
    assert.equal((await again.get('/v1/me')).json.id, id);
    await server.stop();
  });

  test('from a command, without a shell, in bounded time and size', async () => {
    const text = fs.readFileSync(master, 'utf8').trim();
    server = withSource(`command:/bin/echo ${text}`);
    await server.start();
    await server.stop();
    await refused(`command:/bin/echo ${text}; /bin/true`, /64 hex digits/);
    await refused('command:echo x', /whole path/);
    await refused('command:/nowhere/at/all', /cannot be run|failed/);
    await refused('command:/bin/false', /failed/);
    await refused('command:/bin/sleep 600', /did not end/, { TRAM_KEYS_TIMEOUT: '300ms' });
    await refused('command:/usr/bin/yes', /failed/);
    const script = write('slow.sh', '#!/bin/sh\n/bin/sleep 600 &\necho $! > "$0.pid"\nwait\n', 0o700);
    await refused(`command:${script}`, /did not end/, { TRAM_KEYS_TIMEOUT: '1s' });
    const started = Number(fs.readFileSync(`${script}.pid`, 'utf8'));
    const state = fs.existsSync(`/proc/${started}/stat`) ? fs.readFileSync(`/proc/${started}/stat`, 'utf8').split(' ')[2] : 'gone';
    assert.ok(['gone', 'Z', 'X'].includes(state), `what it started lives on: ${state}`);
  });

  test('is exchanged for another, and the old one opens nothing more', async () => {
    const wrong = await tramctl(data, 'keys', 'seal', '--from', `file:${place('other.key')}`, '--to', 'none');
    assert.equal(wrong.code, 1);
    assert.match(wrong.err, /another master key/);
    const sealed = await tramctlJson(data, 'keys', 'seal', '--from', `file:${master}`, '--to', `file:${place('other.key')}`);
    for (const text of keyFiles()) assert.match(text, new RegExp(`^sealed ${sealed.master} `, 'm'));
    await refused(`file:${master}`, /not the one that sealed/);
    const repeated = await tramctl(data, 'keys', 'seal', '--from', `file:${master}`, '--to', `file:${place('other.key')}`);
    assert.equal(repeated.code, 0, 'as after a crash');
    server = withSource(`file:${place('other.key')}`);
    await server.start();
    assert.equal((await (await signInCitizen(server, '+84912349101')).get('/v1/me')).json.name, 'Lê Thị Khoá');

    await tramctlJson(data, 'keys', 'seal', '--from', `file:${place('other.key')}`, '--to', 'none');
    const late = await tramctl(data, 'keys', 'rotate');
    assert.equal(late.code, 1, 'tramd has the old one still');
    assert.equal((await server.client().get('/v1/categories')).status, 200);
    await server.stop();
    await refused(`file:${place('other.key')}`, /not sealed by one yet/);
  });

  test('neither it nor a secret of the ring is in the log, the store or a backup', async () => {
    const text = fs.readFileSync(master, 'utf8').trim();
    const lines = server.lines.join('\n');
    assert.ok(!lines.includes(text));
    for (const file of fs.readdirSync(data, { recursive: true })) {
      const whole = path.join(data, file);
      if (!fs.statSync(whole).isFile()) continue;
      const bytes = fs.readFileSync(whole);
      assert.ok(!bytes.includes(text) && !bytes.includes(Buffer.from(text, 'hex')), file);
    }
  });
});

test('another keyring than the store\'s is refused, not found out later', async () => {
  const away = place('keyring.away');
  fs.renameSync(path.join(data, 'keyring'), away);
  await refused('', /not the one by which this store was sealed/);
  fs.rmSync(path.join(data, 'keyring'), { recursive: true });
  fs.renameSync(away, path.join(data, 'keyring'));
  server = withSource('');
  await server.start();
  await server.stop();
});

describe('person keys are wrapped anew', () => {
  const PEOPLE = 30;

  test('while serving, each once, and whoever is new meanwhile too', async () => {
    server = new Server({ data, env: { TRAM_HTTP_RATES: '10000' } });
    await server.start();
    for (let i = 0; i < PEOPLE; i++) await signInCitizen(server, phone(i), { name: `Người thứ ${i}` });
    const idle = await tramctlJson(data, 'keys', 'rewrap');
    assert.equal(idle.result.rewrapped, 0);
    assert.ok(idle.result.looked >= PEOPLE);

    await tramctl(data, 'keys', 'rotate');
    const waits = await tramctlJson(data, 'keys', 'rewrap');
    assert.equal(waits.result.rewrapped, 0, 'the new key is not in use yet');
    assert.equal(waits.result.key, idle.result.key);
    assert.match(waits.result.next, /^[0-9a-f]{8}$/);

    const [fresh] = (await tramctlJson(data, 'keys', 'rotate', '--now')).filter((key) => key.active);
    const arriving = (async () => {
      for (let i = PEOPLE; i < PEOPLE + 10; i++) await signInCitizen(server, phone(i));
    })();
    const moved = await tramctlJson(data, 'keys', 'rewrap');
    await arriving;
    assert.equal(moved.result.key, fresh.id);
    assert.ok(moved.result.rewrapped >= PEOPLE, JSON.stringify(moved.result));
    assert.equal(moved.result.unsound, 0);
    assert.equal((await tramctlJson(data, 'keys', 'rewrap')).result.rewrapped, 0);
    for (let i = 0; i < PEOPLE; i += 7)
      assert.equal((await (await signInCitizen(server, phone(i))).get('/v1/me')).json.name, `Người thứ ${i}`);
    await server.stop();
  });
});

/* What lies in a data folder; a server has tools of its own. */
function backupOfFolder() {
  test('a backup of a sealed keyring is restored, and opens under its master key alone', async () => {
    const backup = place('backup');
    const restored = place('restored');
    await tramctlJson(data, 'keys', 'seal', '--from', 'none', '--to', `file:${place('master.key')}`);
    server = withSource(`file:${place('master.key')}`);
    await server.start();
    const made = await tramctl(data, 'backup', backup);
    await server.stop();
    assert.equal(made.code, 0, made.err);
    const done = await tramctl(restored, 'restore', backup);
    assert.equal(done.code, 0, done.err);
    data = restored;
    await refused('', /sealed by a master key/);
    server = withSource(`file:${place('master.key')}`);
    await server.start();
    assert.equal((await (await signInCitizen(server, phone(1))).get('/v1/me')).json.name, 'Người thứ 1');
    await server.stop();
  });
}
if (!ON_SERVER) describe('a sealed keyring in a backup', backupOfFolder);

test('tramctl keys seal says what it misses', async () => {
  const without = await tramctl(data, 'keys', 'seal', '--to', 'none');
  assert.equal(without.code, 2);
  assert.match(without.err, /--from is missing/);
  const nowhere = await new Promise((resolve) => {
    execFile(path.join(path.dirname(PROGRAM), 'tramctl'), ['--data', place(crypto.randomUUID()), 'keys', 'seal', '--from', 'none', '--to', 'none'], (error, out, err) => resolve({ code: error?.code, err }));
  });
  assert.equal(nowhere.code, 1);
});

/* tramctl as an operator types it, against the running program and, for restore and seed, without it. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { makeJpeg } from './lib/make-jpeg.mjs';
import { fileReport, sendPhoto, signInCitizen, signInStaff, totp } from './lib/people.mjs';
import { ON_SERVER } from './lib/places.mjs';
import { Server, useServer } from './lib/server.mjs';
import { tramctl, tramctlJson, withJsonFile } from './lib/tramctl.mjs';

const server = useServer();
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'tram-ctl-'));
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

const ok = async (...args) => {
  const done = await tramctl(server.data, ...args);
  assert.equal(done.code, 0, `${args.join(' ')}: ${done.err || done.out}`);
  return done.out;
};

describe('every command', () => {
  test('explains itself, and says what it does not know', async () => {
    const { out } = await tramctl(server.data, '--help');
    const commands = [...out.matchAll(/^ {2}([a-z][a-z-]*(?: [a-z][a-z-]*)?)\b.* {2,}\S/gm)].map((match) => match[1]);
    assert.ok(commands.length >= 25, commands.join(', '));
    for (const command of commands) {
      const help = await tramctl(server.data, ...command.split(' '), '--help');
      assert.equal(help.code, 0, `${command}: ${help.err}`);
      assert.match(help.out, new RegExp(`usage: tramctl .*${command.split(' ')[0]}`));
    }
    assert.notEqual((await tramctl(server.data, 'agencies', 'destroy')).code, 0);
    assert.match((await tramctl(scratch, 'status')).err, /no tramd|not running|admin\.sock/);
  });

  test('status, agencies, categories, routes, keys: as words and as JSON', async () => {
    assert.match(await ok('status'), /\d/);
    assert.ok((await tramctlJson(server.data, 'agencies', 'list')).length >= 64);
    assert.ok((await tramctlJson(server.data, 'categories', 'list')).length >= 10);
    assert.ok((await tramctlJson(server.data, 'routes', 'list')).length >= 10);
    const before = await tramctlJson(server.data, 'keys', 'list');
    await ok('keys', 'rotate');
    assert.equal((await tramctlJson(server.data, 'keys', 'list')).length, before.length + 1);
    const citizen = await signInCitizen(server, '+84912340001');
    assert.equal((await citizen.get('/v1/me')).status, 200, 'tokens of the new key are taken');
  });

  test('an account is made, signs in with what was printed once, and is closed', async () => {
    const made = await tramctlJson(server.data, 'staff', 'add', '--user', 'ngoc.anh', '--name', 'Ngọc Ánh', '--role', 'officer',
      '--title', 'Chuyên viên', '--agency', 'H12.32025', '--generate');
    const client = server.client();
    const signIn = () =>
      client.post('/v1/auth/staff', { json: { user: 'ngoc.anh', password: made.password, code: totp(made.totp_secret ?? made.totp) } });
    assert.equal((await signIn()).status, 200);
    await ok('staff', 'disable', 'ngoc.anh');
    assert.equal((await signIn()).status, 401);
    assert.ok((await tramctlJson(server.data, 'staff', 'list')).some((one) => one.user === 'ngoc.anh'));
  });

  test('a file that is not there is named, and why it cannot be read', async () => {
    const missing = path.join(scratch, 'none.json');
    for (const command of ['procedures', 'agencies', 'calendar', 'areas']) {
      const { code, err } = await tramctl(server.data, command, 'import', missing);
      assert.notEqual(code, 0);
      assert.match(err, /none\.json: No such file or directory/, command);
    }
    assert.match((await tramctl(server.data, 'agencies', 'import', scratch)).err, /Is a directory/);
  });

  test('a bad file is refused as a whole, each row by its place', async () => {
    const rows = [
      { code: 'H12.99', name: 'Sở Thử', kind: 'department' },
      { code: 'sai mã', name: '', kind: 'department' },
    ];
    await withJsonFile(rows, async (file) => {
      const done = await tramctl(server.data, 'agencies', 'import', file);
      assert.notEqual(done.code, 0);
      assert.match(done.err + done.out, /\/1\/code/);
    });
    assert.ok(!(await tramctlJson(server.data, 'agencies', 'list')).some((one) => one.code === 'H12.99'));
  });

  test('borders are loaded, and then a point finds its commune by border', async () => {
    const square = (west, south, east, north) => ({
      type: 'Polygon',
      coordinates: [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    });
    const { items } = (await server.client().get('/v1/communes')).json;
    const here = items.find((one) => one.code === '32025');
    const features = items.map((one) => {
      const d = 0.002;
      const { lat, lon } = one.point ?? one.centre ?? one;
      return { type: 'Feature', properties: { code: one.code }, geometry: square(lon - d, lat - d, lon + d, lat + d) };
    });
    assert.deepEqual((await server.client().get('/v1/communes/outlines')).json.features, [], 'none yet');
    await withJsonFile({ type: 'FeatureCollection', features }, (file) => ok('areas', 'import', file));
    const outlines = (await server.client().get('/v1/communes/outlines')).json.features;
    assert.deepEqual(outlines.map((one) => one.properties.code).sort(), items.map((one) => one.code).sort());
    const drawn = outlines.find((one) => one.properties.code === '32025').geometry.coordinates[0][0];
    assert.equal(drawn.length, 5);
    for (const [lon, lat] of drawn) assert.ok(Math.abs(Math.abs(lon - here.lon) - 0.002) < 0.0002 && Math.abs(Math.abs(lat - here.lat) - 0.002) < 0.0002, `${lon}, ${lat}`);
    const { lat, lon } = here.point ?? here.centre ?? here;
    const found = await server.client().get(`/v1/places?lat=${lat}&lon=${lon}`);
    assert.equal(found.status, 200, found.text);
    assert.match(found.text, /polygon/);
    assert.match(found.text, /32025/);
  });
});

/* What lies in the data folder alone; a server has tools of its own. */
function backupsOfFolders() {
  test('what was filed before a backup is there after it was restored elsewhere, photos included', async () => {
    const citizen = await signInCitizen(server, '+84912340002', { name: 'Người Lưu' });
    const photo = await sendPhoto(citizen, makeJpeg({ width: 800, height: 600 }));
    const report = await fileReport(citizen, { photos: [photo] });
    const copy = path.join(scratch, 'copy');
    await ok('backup', copy);
    const restored = path.join(scratch, 'restored');
    const done = await tramctl(restored, 'restore', copy);
    assert.equal(done.code, 0, done.err);
    assert.notEqual((await tramctl(server.data, 'restore', copy)).code, 0, 'not over what is served');

    const other = new Server({ data: restored });
    await other.start();
    try {
      const again = await signInCitizen(other, '+84912340002');
      const found = await again.get(`/v1/reports/${report.id}`);
      assert.equal(found.json.number, report.number);
      assert.equal((await again.get('/v1/me')).json.name, 'Người Lưu');
      const media = await again.get(`/v1/media/${photo}`);
      assert.equal((await again.get(media.json.large, { token: null })).status, 200);
    } finally {
      await other.stop();
    }
  });

  test('a backup with a byte turned is refused', async () => {
    const copy = path.join(scratch, 'broken');
    await ok('backup', copy);
    const files = fs.readdirSync(copy, { recursive: true }).map((one) => path.join(copy, one)).filter((one) => fs.statSync(one).isFile());
    const largest = files.sort((a, b) => fs.statSync(b).size - fs.statSync(a).size)[0];
    const bytes = fs.readFileSync(largest);
    bytes[bytes.length >> 1] ^= 1;
    fs.writeFileSync(largest, bytes);
    const done = await tramctl(path.join(scratch, 'nowhere'), 'restore', copy);
    assert.notEqual(done.code, 0);
  });
}

function backupsAreRefused() {
  test('the tools of the server are left to it', async () => {
    const backup = await tramctl(server.data, 'backup', path.join(scratch, 'copy'));
    assert.notEqual(backup.code, 0);
    assert.match(backup.err, /MongoDB/);
    const restore = await tramctl(path.join(scratch, 'restored'), 'restore', path.join(scratch, 'copy'));
    assert.notEqual(restore.code, 0);
    assert.match(restore.err, /a server has tools of its own/);
  });
}

describe('backup and restore', () => {
  (ON_SERVER ? backupsAreRefused : backupsOfFolders)();

  test('a second tramd on the same folder is refused in words', async () => {
    const second = new Server({ data: server.data });
    await assert.rejects(second.start(), /another tramd or tramctl has this folder/);
  });
});

describe('seed and rebuild', () => {
  test('made-up reports are served, and what is shown and counted follows from them', async () => {
    const data = path.join(scratch, 'seeded');
    const seeded = new Server({ data });
    await seeded.start(); // brings the catalogue of the demonstration
    assert.notEqual((await tramctl(data, 'seed', '--reports', '10')).code, 0, 'not while it is served');
    await seeded.stop();
    const done = await tramctl(data, 'seed', '--reports', '300', '--citizens', '50', '--days', '20');
    assert.equal(done.code, 0, done.err);
    assert.match(done.err + done.out, /300/, 'it shows how far it is');
    const again = await tramctl(data, 'seed', '--if-empty', '--reports', '300');
    assert.deepEqual([again.code, again.out], [0, 'there is a province already: nothing is made up\n']);
    await seeded.start();
    try {
      const list = await seeded.client().get('/v1/public/reports?limit=100');
      assert.ok(list.json.items.length > 20, `${list.json.items.length} published`);
      const inspector = await signInStaff(seeded, 'inspector.demo');
      const figures = await inspector.get('/v1/desk/figures?by=agency');
      assert.ok(figures.json.items.reduce((sum, row) => sum + row.count, 0) >= 300, figures.text.slice(0, 300));
      const rebuilt = await tramctl(data, 'rebuild');
      assert.equal(rebuilt.code, 0, rebuilt.err);
    } finally {
      await seeded.stop();
    }
  });
});

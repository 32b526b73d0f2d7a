/* A province moves to a server and into a new folder: killed on the way, nothing lost, seen if changed. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { makeJpeg } from '../api/lib/make-jpeg.mjs';
import { fileReport, sendPhoto, signInCitizen, signInStaff, step } from '../api/lib/people.mjs';
import { DATA, PROGRAM, ROOT, storeArgs } from '../api/lib/places.mjs';
import { Server } from '../api/lib/server.mjs';
import { detour, serverOf } from './address.mjs';

const TRAMCTL = path.join(path.dirname(PROGRAM), 'tramctl');
const TUS = { 'tus-resumable': '1.0.0' };
const TEXT = 'Cây phượng già nghiêng ra đường, sắp đổ';

/* Stands before the server, and ends the program behind the connection that takes too much. */
class Toll {
  async open(url) {
    const { host, port } = serverOf(url);
    this.taken = 0;
    this.most = Infinity;
    this.server = net.createServer((near) => {
      const far = net.connect(port, host);
      const ends = [near, far];
      ends.forEach((from, i) => {
        from.on('data', (bytes) => {
          this.taken += bytes.length;
          if (this.taken > this.most) this.end();
          else ends[1 - i].write(bytes);
        });
        from.on('error', () => {});
        from.on('close', () => ends[1 - i].destroy());
      });
    });
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return detour(url, this.server.address().port);
  }

  /* The program is killed once so many bytes went by; nothing of what comes after arrives. */
  watch(child, most) {
    this.taken = 0;
    this.most = most;
    this.end = () => child.kill('SIGKILL');
  }

  close() {
    this.server.close();
  }
}

function start(args) {
  const child = spawn(TRAMCTL, args);
  const result = { out: '', err: '' };
  child.stdout.on('data', (text) => (result.out += text));
  child.stderr.on('data', (text) => (result.err += text));
  const ended = once(child, 'close').then(([code, signal]) => ({ ...result, code, signal }));
  return { child, ended };
}

const run = (...args) => start(args).ended;

/* Does it at a tramd, which ends whatever comes of it. */
async function at(options, fn) {
  const server = new Server(options);
  await server.start();
  try {
    await fn(server);
  } catch (error) {
    await server.kill();
    throw error;
  }
  await server.stop();
}

describe('a province', () => {
  const folders = ['from', 'back'].map((name) => fs.mkdtempSync(path.join(DATA, `tram-${name}-`)));
  const [from, back] = folders;
  const database = `${path.basename(from)}-copy`;
  const direct = storeArgs(database)[1];
  const toll = new Toll();
  const photo = makeJpeg({ width: 1400, height: 1000, grain: 60 });
  const half = makeJpeg({ width: 800, height: 600, grain: 30 });
  const known = {}; // what the citizen saw at first
  let through; // the same store, past the toll
  let url; // a file that names it

  before(async () => {
    through = await toll.open(direct);
    url = path.join(from, 'url');
    fs.writeFileSync(url, `${through}\n`);
  });
  after(() => {
    toll.close();
    for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
  });

  /* Runs it again and again, each time a little further, until it comes to its end. */
  async function copyUnderKills(args, killed) {
    for (let most = 150_000, kills = 0; ; most = Math.ceil(most * 1.6)) {
      const { child, ended } = start(['--data', from, '--json', 'copy', ...args]);
      toll.watch(child, most);
      const { code, signal, out, err } = await ended;
      toll.most = Infinity;
      if (signal === 'SIGKILL') {
        await killed(++kills);
        continue;
      }
      assert.equal(code, 0, err);
      assert.ok(kills >= 3, `was killed ${kills} times`);
      return JSON.parse(out);
    }
  }

  async function see(server) {
    const citizen = server.client({ token: known.token });
    const reports = (await citizen.get('/v1/reports')).json.items;
    const media = await citizen.get(`/v1/media/${known.photo}`);
    assert.equal(media.status, 200, media.text);
    const large = await citizen.get(media.json.large, { token: null });
    assert.equal(large.status, 200);
    const picture = crypto.createHash('sha256').update(large.body).digest('hex');
    return { reports, me: (await citizen.get('/v1/me')).json, picture };
  }

  test('lives in a folder', async () => {
    const made = await run('--data', from, 'seed', '--demo', path.join(ROOT, 'demo'), '--reports', '300', '--citizens', '40');
    assert.equal(made.code, 0, made.err);
    await at({ data: from, database: null }, live);
  });

  async function live(server) {
    const citizen = await signInCitizen(server, '+84912360001', { name: 'Lê Thị Hoa' });
    known.token = citizen.token;
    known.photo = await sendPhoto(citizen, photo);
    const report = await fileReport(citizen, { text: TEXT, photos: [known.photo] });
    const officer = await signInStaff(server, 'officer.demo');
    assert.equal((await step(officer, report.id, 'receive')).status, 200);
    const begun = await citizen.post('/v1/uploads', { headers: { ...TUS, 'upload-length': String(half.length) } });
    known.upload = begun.headers.location;
    const headers = { ...TUS, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' };
    assert.equal((await citizen.patch(known.upload, { body: half.subarray(0, 20_000), headers })).status, 204);
    known.seen = await see(server);
    const { code, err } = await run('copy', '--from', `sqlite:${from}`, '--to', direct);
    assert.equal(code, 1);
    assert.match(err, /in use: stop tramd first/);
  }

  test('moves to a server, killed again and again; until it is whole no tramd serves it', async () => {
    const answer = await copyUnderKills(['--from', `sqlite:${from}`, '--to', url], async (kills) => {
      if (kills !== 3) return;
      await assert.rejects(new Server({ data: from, database }).start(), /copy into this store is not finished/);
      const { code, err } = await run('--data', from, 'copy', '--from', direct, '--to', `sqlite:${back}/no`);
      assert.equal(code, 1);
      assert.match(err, /is itself a copy that is not finished/);
    });
    assert.equal(answer.same, true);
    assert.ok(answer.blobs >= 4, 'a photo, its two pictures, half an upload');
    assert.match(answer.keyring, new RegExp(`${from}/keyring`));
    const again = await run('copy', '--from', `sqlite:${from}`, '--to', url);
    assert.equal(again.code, 0, again.err);
    assert.match(again.out, /đã chép xong từ trước/);
  });

  test('is served there: sessions, photos, half an upload, numbers go on', () => at({ data: from, database }, goOn));

  async function goOn(server) {
    assert.deepEqual(await see(server), known.seen);
    const citizen = await signInCitizen(server, '+84912360001');
    const at = await citizen.head(known.upload, { headers: TUS });
    assert.equal(at.headers['upload-offset'], '20000');
    const headers = { ...TUS, 'upload-offset': '20000', 'content-type': 'application/offset+octet-stream' };
    assert.equal((await citizen.patch(known.upload, { body: half.subarray(20_000), headers })).status, 204);
    const report = await fileReport(citizen, { photos: [known.upload.split('/').pop()] });
    assert.ok(!known.seen.reports.some((one) => one.number === report.number));
    known.seen = await see(server);
    const served = await run('--data', from, 'copy', '--from', direct, '--to', `sqlite:${back}/served`);
    assert.equal(served.code, 1);
    assert.match(served.err, /a tramd serves/);
  }

  const target = path.join(back, 'tram');

  test('moves back into a new folder, killed again and again', async () => {
    await copyUnderKills(['--from', through, '--to', `sqlite:${target}`], async (kills) => {
      if (kills === 3) await assert.rejects(new Server({ data: target, database: null }).start(), /not finished/);
    });
    for (const name of fs.readdirSync(path.join(from, 'keyring')))
      assert.deepEqual(fs.readFileSync(path.join(target, 'keyring', name)), fs.readFileSync(path.join(from, 'keyring', name)));
  });

  test('is compared: one byte that differs is found', async () => {
    const verify = () => run('--json', 'copy', '--from', direct, '--to', `sqlite:${target}`, '--verify');
    const same = await verify();
    assert.equal(same.code, 0, same.err);
    /* The longest: a tramd that was stopped early may have left one that is still empty. */
    const folder = path.join(target, 'blobs');
    const blobs = fs.readdirSync(folder, { recursive: true }).filter((name) => /^..\/[0-9a-f-]{36}$/.test(name));
    const sizes = blobs.map((name) => fs.statSync(path.join(folder, name)).size);
    const longest = path.join(folder, blobs[sizes.indexOf(Math.max(...sizes))]);
    /* Wherever the text stands: pages that were left still hold what once stood in them. A page may
     * end in the middle of it, so both halves are looked for. */
    const half = TEXT.length >> 1;
    const everywhere = (bytes) => {
      const found = [];
      for (const part of [TEXT.slice(0, half), TEXT.slice(half)])
        for (let i = bytes.indexOf(part); i >= 0; i = bytes.indexOf(part, i + 1)) found.push(i);
      return found;
    };
    const places = [
      [longest, () => [100], /blobs differ or are missing; the first is/],
      [path.join(target, 'tram.db'), everywhere, /report: \d+ documents, \d+ in the copy; the first that differs/],
    ];
    for (const [file, find, words] of places) {
      const bytes = fs.readFileSync(file);
      const flipped = Buffer.from(bytes);
      const at = find(bytes);
      assert.ok(at.length > 0 && Math.max(...at) < bytes.length, file);
      for (const i of at) flipped[i] ^= 1;
      fs.writeFileSync(file, flipped);
      const { code, err, out } = await verify();
      assert.equal(code, 1, err);
      assert.match(err, words);
      assert.equal(JSON.parse(out).same, false);
      fs.writeFileSync(file, bytes);
    }
    assert.equal((await verify()).code, 0);
  });

  test('is served from the new folder', () =>
    at({ data: target, database: null }, async (server) => {
      assert.deepEqual(await see(server), known.seen);
      await fileReport(await signInCitizen(server, '+84912360001'));
    }));
});

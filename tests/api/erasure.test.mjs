/* Being erased: what is said before, what goes, what the law keeps, and that a restore brings nobody back. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeJpeg } from './lib/make-jpeg.mjs';
import { makeVideo } from './lib/make-video.mjs';
import { advanceClock, fileReport, sendPhoto, signInCitizen, signInStaff, step } from './lib/people.mjs';
import { DATA, ON_SERVER } from './lib/places.mjs';
import { Server } from './lib/server.mjs';
import { tramctl, tramctlJson } from './lib/tramctl.mjs';
import { takeVideo } from './lib/videos.mjs';

const PATIENCE_MS = 150_000; // nothing is measured by it
const RATES = { TRAM_HTTP_RATES: '100000' };

async function until(what, fn) {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(250)) if (await fn()) return;
  throw new Error(`waited in vain until ${what}`);
}

async function askErasure(citizen) {
  const { shown } = (await citizen.get('/v1/me/erasure')).json;
  return citizen.post('/v1/me/erasure', { json: { shown } });
}

/* The sweep looks every half minute; then a sign-in that was good for months goes on no more. */
const untilErased = (citizen) =>
  until('somebody is erased', async () => {
    const { status, json } = await citizen.post('/v1/auth/refresh', { token: null, json: { refresh_token: citizen.refresh } });
    if (status === 200) [citizen.token, citizen.refresh] = [json.access_token, json.refresh_token];
    return status === 401;
  });

async function answerAndClose(server, id) {
  const officer = await signInStaff(server, 'officer.demo');
  await step(officer, id, 'receive');
  const proof = await sendPhoto(officer, makeJpeg({ width: 64, height: 48 }));
  const answered = await step(officer, id, 'answer', { note: 'Đã sửa xong.', photos: [proof] });
  assert.equal(answered.status, 200, answered.text);
}

/* Every byte below a folder, as a thief of the disk would read it. */
function foundIn(folder, words) {
  const found = [];
  for (const entry of fs.readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    const bytes = fs.readFileSync(file);
    for (const word of words) if (bytes.includes(Buffer.from(word))) found.push(`${word} in ${file}`);
  }
  return found;
}

describe('being erased', () => {
  const server = new Server({ env: RATES });
  before(() => server.start());
  after(() => server.stop());

  test('is shown before, wants a fresh sign-in, and names what was shown', async () => {
    const citizen = await signInCitizen(server, '+84912400001');
    const report = await fileReport(citizen);
    const before_ = (await citizen.get('/v1/me/erasure')).json;
    assert.equal(before_.state, 'none');
    assert.equal(before_.wait_days, 7);
    assert.deepEqual(before_.blocked.map((b) => [b.what, b.count]), [['open_reports', 1]]);
    assert.ok(before_.erased.some((e) => e.what === 'person'));
    assert.ok(before_.kept.every((k) => k.law && k.until && k.words));
    assert.equal((await citizen.post('/v1/me/erasure', { json: { shown: '0'.repeat(64) } })).status, 412);
    const blocked = await askErasure(citizen);
    assert.equal(blocked.status, 409);
    assert.equal(blocked.json.type, '/problems/erasure-blocked');
    await step(citizen, report.id, 'withdraw');
    assert.equal((await citizen.post('/v1/me/erasure', { json: { shown: before_.shown } })).status, 412);
    const asked = await askErasure(citizen);
    assert.equal(asked.status, 202);
    assert.equal(asked.json.state, 'waiting');
    const again = await askErasure(citizen);
    assert.equal(again.json.due, asked.json.due);
    const notices = (await citizen.get('/v1/notices')).json.items;
    assert.equal(notices.filter((n) => n.what === 'erasure_asked').length, 1);
    assert.equal((await citizen.delete('/v1/me/erasure')).status, 204);
    assert.equal((await citizen.delete('/v1/me/erasure')).status, 404);
    assert.equal((await citizen.get('/v1/me/erasure')).json.state, 'none');
  });

  test('an old sign-in erases nobody; a new one takes the request back', async () => {
    const phone = '+84912400002';
    const citizen = await signInCitizen(server, phone);
    const second = await signInCitizen(server, phone);
    assert.equal((await askErasure(citizen)).status, 202);
    assert.equal((await second.delete('/v1/me/erasure')).status, 204);
    await advanceClock(server, 840);
    const stale = await askErasure(citizen);
    assert.equal(stale.status, 403);
    assert.equal(stale.json.type, '/problems/fresh-sign-in-needed');
  });

  test('ends every session, and the number is somebody new', async () => {
    const phone = '+84912400003';
    const citizen = await signInCitizen(server, phone, { name: 'Bùi Thị Biến' });
    const second = await signInCitizen(server, phone);
    const photo = await sendPhoto(citizen, makeJpeg({ width: 320, height: 240 }));
    const closed = await fileReport(citizen, { photos: [photo], address: '12 Lý Bôn' });
    await step(citizen, closed.id, 'withdraw');
    const { id } = (await citizen.get('/v1/me')).json;
    const copy = (await citizen.post('/v1/me/exports')).json;
    assert.equal((await askErasure(citizen)).status, 202);
    await advanceClock(server, 7 * 86400 + 60);
    await untilErased(citizen);
    assert.equal((await second.get('/v1/me')).status, 401);

    const inspector = await signInStaff(server, 'inspector.demo');
    const look = async () => (await inspector.get(`/v1/reports/${closed.id}`)).json;
    await until('the report is emptied', async () => (await look()).text === undefined);
    const left = await look();
    assert.deepEqual([left.text, left.address, left.answers, left.point, left.photos], [undefined, undefined, undefined, undefined, undefined]);
    assert.deepEqual(left.history.map((h) => h.verb), ['file', 'withdraw']);
    assert.equal((await inspector.get(`/v1/media/${photo}`)).status, 404);

    const anew = await signInCitizen(server, phone);
    const me = (await anew.get('/v1/me')).json;
    assert.notEqual(me.id, id);
    assert.equal(me.name, undefined);
    assert.deepEqual((await anew.get('/v1/reports')).json.items, []);
    assert.deepEqual((await anew.get('/v1/notices')).json.items, []);
    assert.deepEqual((await anew.get('/v1/me/consents')).json.items, []);
    assert.equal((await anew.get(`/v1/me/exports/${copy.id}`)).status, 404);
    assert.equal((await anew.get('/v1/me/erasure')).json.state, 'none');
  });

  test('waits for a report that was filed meanwhile, and says so once', async () => {
    const phone = '+84912400004';
    const citizen = await signInCitizen(server, phone);
    assert.equal((await askErasure(citizen)).status, 202);
    const report = await fileReport(citizen);
    await advanceClock(server, 7 * 86400 + 60);
    const later = await signInCitizen(server, phone);
    await until('it is said', async () => (await later.get('/v1/notices')).json.items.some((n) => n.what === 'erasure_held'));
    assert.equal((await later.get('/v1/me/erasure')).json.state, 'waiting');
    await step(later, report.id, 'withdraw');
    await advanceClock(server, 86400 + 60);
    await untilErased(later);
  });

  test('takes every file of a video along; of one that is public the original', { skip: ON_SERVER && 'blobs are no files there' }, async () => {
    const blobs = () => fs.readdirSync(path.join(server.data, 'blobs'), { recursive: true }).filter((name) => /^..\/[0-9a-f-]{36}$/.test(name));
    const citizen = await signInCitizen(server, '+84912400007');
    const others = blobs();
    const own = async () => blobs().filter((name) => !others.includes(name));
    const gone = await takeVideo(citizen, makeVideo());
    const goneBlobs = await own();
    assert.equal(goneBlobs.length, 4, 'original, film, picture and small picture');
    const shown = await takeVideo(citizen, makeVideo());
    const withdrawn = await fileReport(citizen, { photos: [gone.id] });
    await step(citizen, withdrawn.id, 'withdraw');
    const report = await fileReport(citizen, { photos: [shown.id] });
    await answerAndClose(server, report.id);
    const officer = await signInStaff(server, 'officer.demo');
    assert.equal((await step(officer, report.id, 'publish', { photos: [shown.id] })).status, 200);
    const film = () => server.client().get(`/v1/public/media/${shown.id}/video`);
    await until('it is public', async () => (await film()).status === 200);
    const served = (await film()).body;
    const shownBlobs = (await own()).filter((name) => !goneBlobs.includes(name));
    assert.equal((await askErasure(citizen)).status, 202);
    await advanceClock(server, 7 * 86400 + 60);
    await untilErased(citizen);
    const left = async (names) => (await own()).filter((name) => names.includes(name)).length;
    await until('the withdrawn one is gone', async () => (await left(goneBlobs)) === 0);
    await until('the original is gone', async () => (await left(shownBlobs)) < shownBlobs.length);
    assert.ok((await film()).body.equals(served));
    const inspector = await signInStaff(server, 'inspector.demo');
    assert.equal((await inspector.get(`/v1/media/${gone.id}`)).status, 404);
    assert.equal((await inspector.get(`/v1/media/${shown.id}`)).json.original, undefined);
  });

  test('what is public stays, without who sent it', async () => {
    const phone = '+84912400006';
    const citizen = await signInCitizen(server, phone, { name: 'Lâm Văn Công' });
    const photo = await sendPhoto(citizen, makeJpeg({ width: 320, height: 240 }));
    const report = await fileReport(citizen, { photos: [photo], text: 'Hố ga mất nắp trước chợ', point: { lat: 9.17691, lon: 105.15012 } });
    const officer = await signInStaff(server, 'officer.demo');
    await answerAndClose(server, report.id);
    const cover = (who, boxes, covered) => who.request('PUT', `/v1/reports/${report.id}/photos/${photo}/boxes`, { json: { boxes }, headers: { 'if-match': `"${covered}"` } });
    assert.equal((await cover(officer, [{ x: 0, y: 0, width: 5000, height: 5000 }], 0)).status, 200);
    const published = await step(officer, report.id, 'publish', { photos: [photo] });
    assert.equal(published.status, 200, published.text);
    const anybody = server.client();
    const seen = async () => (await anybody.get(`/v1/public/reports/${report.number}`)).json;
    await until('it is public', async () => (await anybody.get(`/v1/public/reports/${report.number}`)).status === 200);
    const before_ = await seen();
    const picture = (await anybody.get(`/v1/public/media/${photo}/large`)).body;
    const asked = await askErasure(citizen);
    assert.equal(asked.status, 202, asked.text);
    assert.ok(asked.json.kept.some((k) => k.what === 'published_reports'));
    await advanceClock(server, 7 * 86400 + 60);
    await untilErased(citizen);
    const after_ = await seen();
    assert.deepEqual([after_.text, after_.point, after_.photos], [before_.text, before_.point, before_.photos]);
    assert.ok((await anybody.get(`/v1/public/media/${photo}/large`)).body.equals(picture), 'what was covered stays covered');
    const inspector = await signInStaff(server, 'inspector.demo');
    const left = async () => (await inspector.get(`/v1/reports/${report.id}`)).json;
    await until('the pin is gone', async () => (await left()).point.lat === before_.point.lat);
    assert.deepEqual((await left()).point, before_.point);
    const again = await signInStaff(server, 'officer.demo');
    assert.equal((await again.post(`/v1/reports/${report.id}/reporter`, { json: { note: 'Gọi hỏi thêm' } })).status, 403);
    assert.equal((await again.post(`/v1/reports/${report.id}/photos/${photo}/original`, { json: { note: 'Cần xem lại' } })).status, 410);
    assert.equal((await cover(again, [], 1)).status, 410, 'it cannot be uncovered');
    assert.equal((await step(again, report.id, 'unpublish')).status, 200);
    assert.equal((await inspector.get(`/v1/reports/${report.id}`)).json.text, undefined);
  });
});

describe('a restore', { skip: ON_SERVER && 'a server has tools of its own' }, () => {
  test('of a backup from before brings nobody back, nor their words', async (t) => {
    const folder = fs.mkdtempSync(path.join(DATA, 'tram-erasure-'));
    const server = new Server({ env: RATES, data: path.join(folder, 'data') });
    t.after(async () => {
      await server.stop();
      fs.rmSync(folder, { recursive: true, force: true });
    });
    const backup = path.join(folder, 'backup');
    const words = ['CHIMCANARYVIET', 'DIACHICANARY', 'TRALOICANARY'];
    const phone = '+84912400009';
    await server.start();
    const citizen = await signInCitizen(server, phone, { name: 'Tên Canary' });
    const report = await fileReport(citizen, { text: `Cây đổ ${words[0]} chắn đường`, address: words[1] });
    const officer = await signInStaff(server, 'officer.demo');
    await step(officer, report.id, 'receive');
    await step(officer, report.id, 'ask', { note: 'Ở số nhà nào?' });
    await step(citizen, report.id, 'supply', { note: `Số 5, ${words[2]}` });
    await step(citizen, report.id, 'withdraw');
    await tramctlJson(server.data, 'backup', backup);
    assert.ok(foundIn(path.join(backup, 'store'), words).length >= 3);
    for (const part of ['store', 'persons', 'keyring', 'tombstones']) assert.ok(fs.existsSync(path.join(backup, part)), part);
    const { id } = (await citizen.get('/v1/me')).json;
    assert.equal((await askErasure(citizen)).status, 202);
    await advanceClock(server, 7 * 86400 + 60);
    await untilErased(citizen);
    await server.stop();
    assert.deepEqual(foundIn(server.data, words), []);

    /* The data folder is lost but for its tombstones; an old backup takes its place. */
    const old = `${server.data}.old`;
    fs.renameSync(server.data, old);
    fs.mkdirSync(server.data, { mode: 0o700 });
    const restored = await tramctl(server.data, 'restore', backup, '--tombstones', path.join(old, 'tombstones'));
    assert.equal(restored.code, 0, restored.err);
    assert.ok(foundIn(server.data, words).length >= 3);
    await server.start();
    const anew = await signInCitizen(server, phone);
    assert.notEqual((await anew.get('/v1/me')).json.id, id);
    assert.deepEqual((await anew.get('/v1/reports')).json.items, []);
    await server.stop();
    assert.deepEqual(foundIn(server.data, words), []);

    /* The same where the folder of tombstones was left in its place. */
    for (const name of fs.readdirSync(server.data)) if (name !== 'tombstones') fs.rmSync(path.join(server.data, name), { recursive: true });
    const again = await tramctl(server.data, 'restore', backup);
    assert.equal(again.code, 0, again.err);
    assert.ok(!fs.existsSync(path.join(server.data, 'tombstones.restored')));
    await server.start();
    await server.stop();
    assert.deepEqual(foundIn(server.data, words), []);
  });

  test('a power cut in the midst of erasing leaves nobody half erased', async (t) => {
    const server = new Server({ env: RATES });
    t.after(() => server.stop());
    await server.start();
    const citizen = await signInCitizen(server, '+84912400010', { name: 'Người Mất Điện' });
    for (let i = 0; i < 120; i++) {
      const { id } = await fileReport(citizen, { text: `Phản ánh MATDIEN số ${i}` });
      await step(citizen, id, 'withdraw');
    }
    assert.equal((await askErasure(citizen)).status, 202);
    await advanceClock(server, 7 * 86400 + 60);
    await untilErased(citizen); // sessions go first: most is still there
    await server.kill();
    await server.start();
    server.kept = true;
    await server.stop();
    assert.deepEqual(foundIn(server.data, ['MATDIEN']), []);
    server.kept = false;
    await server.start();
  });
});

/* A copy of everything kept about me: what is in it, whose it is, and that it is made in the end. */
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeJpeg } from './lib/make-jpeg.mjs';
import { advanceClock, fileReport, sendPhoto, signInCitizen, signInStaff, step } from './lib/people.mjs';
import { Provider, eidClient } from './lib/provider.mjs';
import { Server } from './lib/server.mjs';
import { unzip } from './lib/unzip.mjs';

const PATIENCE_MS = 1_000_000; // nothing is measured by it
const sha256 = (bytes) => crypto.createHash('sha256').update(bytes).digest('hex');

async function untilReady(citizen, id) {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(200)) {
    const { json: job, text } = await citizen.get(`/v1/me/exports/${id}`);
    if (job.state === 'ready') return job;
    assert.ok(['queued', 'running'].includes(job.state), text);
  }
  throw new Error('the copy was never ready');
}

async function fetchCopy(server, job) {
  const file = await server.client().get(job.url);
  assert.equal(file.status, 200);
  assert.equal(file.headers['content-type'], 'application/zip');
  assert.equal(file.body.length, job.size);
  return unzip(file.body);
}

const json = (files, name) => JSON.parse(files.get(name).toString('utf8'));

describe('a copy', () => {
  let server, provider;
  before(async () => {
    provider = await Provider.start({ redirects: ['https://app.tram.example/eid'] });
    server = new Server({ env: provider.config() });
    await server.start();
  });
  after(async () => {
    await server.stop();
    await provider.stop();
  });

  test('holds every kind of thing, and its manifest says the sum of each file', async () => {
    const citizen = await signInCitizen(server, '+84912390001', { name: 'Nguyễn Văn Sao' });
    const photo = makeJpeg({ width: 320, height: 240, lat: 9.17, lon: 105.15, takenAt: '2026:03:02 08:00:00' });
    const upload = await sendPhoto(citizen, photo);
    const report = await fileReport(citizen, { photos: [upload], text: 'Cây đổ chắn ngang đường' });
    const officer = await signInStaff(server, 'officer.demo');
    await step(officer, report.id, 'receive');
    await officer.post(`/v1/reports/${report.id}/reporter`, { json: { note: 'Gọi để hỏi đường' } });
    const events = citizen.events('/v1/events');
    const told = (async () => {
      for await (const event of events) {
        const notice = JSON.parse(event.data || '{}');
        if (notice.what === 'export_ready') return notice;
      }
    })();
    const asked = await citizen.post('/v1/me/exports');
    assert.equal(asked.status, 202);
    const job = await untilReady(citizen, asked.json.id);
    assert.match((await told).text_vi, /sẵn sàng/);
    assert.equal(job.done, job.total);
    const files = await fetchCopy(server, job);

    const manifest = json(files, 'manifest.json');
    assert.deepEqual(manifest.files.map((f) => f.name).sort(), [...files.keys()].filter((n) => n !== 'manifest.json').sort());
    for (const f of manifest.files) assert.deepEqual([f.bytes, f.sha256], [files.get(f.name).length, sha256(files.get(f.name))]);
    assert.deepEqual(manifest.unreadable, []);
    const readme = files.get('README.txt').toString('utf8');
    assert.match(readme, /DỮ LIỆU CỦA BẠN[^]*YOUR DATA/);
    const folders = new Set([...files.keys()].filter((n) => n.includes('/')).map((n) => n.split('/')[0]));
    assert.deepEqual([...folders].sort(), ['consents', 'exports', 'looks', 'notices', 'person', 'reports', 'sessions', 'uploads']);
    for (const folder of folders) assert.match(readme, new RegExp(`\\b${folder} `));

    const me = json(files, 'person/person.json');
    assert.deepEqual([me.name, me.phone, me.logins.length], ['Nguyễn Văn Sao', '+84912390001', 1]);
    const kept = json(files, `reports/${report.number}.json`);
    assert.equal(kept.text, 'Cây đổ chắn ngang đường');
    assert.deepEqual(kept.history.map((s) => s.verb), ['file', 'receive', 'reveal']);
    assert.deepEqual(files.get(`uploads/${upload}.jpg`), photo);
    const [sent] = json(files, 'uploads/uploads-0001.json');
    assert.deepEqual([sent.attached, sent.camera_place.lat.toFixed(2)], [report.id, '9.17']);
    assert.match(json(files, 'consents/consents-0001.json')[0].text, /Tôi đồng ý/);
    assert.equal(json(files, 'looks/looks-0001.json')[0].number, report.number);
    assert.ok(json(files, 'notices/notices-0001.json').some((n) => n.what === 'receive'));
    assert.equal(json(files, 'sessions/sessions-0001.json')[0].device, 'Test phone');
    assert.equal(json(files, 'exports/exports-0001.json')[0].id, job.id);
  });

  test('is its owner\'s alone, by an address that expires, also in parts', async () => {
    const citizen = await signInCitizen(server, '+84912390002');
    const other = await signInCitizen(server, '+84912390003');
    const { id } = (await citizen.post('/v1/me/exports')).json;
    const job = await untilReady(citizen, id);
    assert.equal((await other.get(`/v1/me/exports/${id}`)).status, 404);
    assert.equal((await other.delete(`/v1/me/exports/${id}`)).status, 404);
    assert.deepEqual((await other.get('/v1/me/exports')).json.items, []);

    const anybody = server.client();
    const whole = (await anybody.get(job.url)).body;
    const part = await anybody.get(job.url, { headers: { range: 'bytes=100-299' } });
    assert.equal(part.status, 206);
    assert.deepEqual(part.body, whole.subarray(100, 300));
    assert.equal((await anybody.raw('GET', job.url, { headers: { range: `bytes=${job.size}-` } })).status, 416);
    const wrong = job.url.replace(/sig=./, (s) => (s === 'sig=A' ? 'sig=B' : 'sig=A'));
    assert.equal((await anybody.get(wrong)).status, 403);
    assert.equal((await anybody.get(job.url.replace(/until=\d/, 'until=9'))).status, 403);
    assert.equal((await anybody.get(`/v1/exports/${crypto.randomUUID()}/export${job.url.slice(job.url.indexOf('?'))}`)).status, 404);
    assert.equal((await anybody.get(`/v1/exports/${id}/export`)).status, 403);

    assert.equal((await citizen.delete(`/v1/me/exports/${id}`)).status, 204);
    assert.equal((await anybody.get(job.url)).status, 410);
    assert.equal((await citizen.get(`/v1/me/exports/${id}`)).json.state, 'removed');
  });

  test('is one at a time, and three a day', async () => {
    const citizen = await signInCitizen(server, '+84912390004');
    const ids = new Set();
    for (let i = 0; i < 3; i++) {
      const all = await Promise.all([1, 2, 3, 4].map(() => citizen.post('/v1/me/exports')));
      for (const one of all) if (one.status === 202) ids.add(one.json.id);
      for (const id of ids) await untilReady(citizen, id);
      if (ids.size === 3) break;
    }
    while (ids.size < 3) {
      const { json: job } = await citizen.post('/v1/me/exports');
      ids.add(job.id);
      await untilReady(citizen, job.id);
    }
    const enough = await citizen.post('/v1/me/exports');
    assert.equal(enough.status, 429);
    assert.ok(Number(enough.headers['retry-after']) <= 86400);
    assert.equal((await citizen.get('/v1/me/exports')).json.items.length, 3);
  });

  test('tells the number of an e-ID only to who signed in by it', async () => {
    provider.people.set('mai', { card_no: '096085712345', name: 'Võ Thị Mai', birthdate: '1985-01-02', assurance: 'two' });
    const phone = await signInCitizen(server, '+84912390005');
    const eid = await eidClient(server, provider, 'mai', { client: phone });
    const open = await untilReady(eid, (await eid.post('/v1/me/exports')).json.id);
    const person = json(await fetchCopy(server, open), 'person/person.json');
    assert.deepEqual([person.card, person.birth], ['096085712345', '1985-01-02']);
  });

  test('is gone after its days', async () => {
    const citizen = await signInCitizen(server, '+84912390006');
    const job = await untilReady(citizen, (await citizen.post('/v1/me/exports')).json.id);
    await advanceClock(server, 7 * 86400 + 60);
    const again = await signInCitizen(server, '+84912390006');
    const left = (await again.get('/v1/me/exports')).json.items;
    const anybody = server.client();
    const late = left.length > 0 ? await anybody.get(left[0].url) : await anybody.get(job.url);
    assert.ok([403, 404, 410].includes(late.status)); // the sweep may have come first
  });
});

describe('a copy that is interrupted', () => {
  test('is made after a power cut, and after a stop', async (t) => {
    const server = new Server({ env: { TRAM_HTTP_RATES: '100000' } });
    await server.start();
    t.after(() => {
      server.kept = false;
      return server.stop();
    });
    const citizen = await signInCitizen(server, '+84912390010');
    const photo = makeJpeg({ width: 1600, height: 1200, quality: 95, grain: 60 });
    const photos = [];
    for (let i = 0; i < 8; i++) photos.push(await sendPhoto(citizen, photo));
    await fileReport(citizen, { photos });
    const { token } = citizen;
    const { id } = (await citizen.post('/v1/me/exports')).json;
    await server.kill();
    await server.start();
    const back = server.client({ token });
    const job = await untilReady(back, id);
    const files = await fetchCopy(server, job);
    for (const one of photos) assert.equal(sha256(files.get(`uploads/${one}.jpg`)), sha256(photo));

    const second = (await back.post('/v1/me/exports')).json.id;
    server.kept = true;
    await server.stop();
    await server.start();
    const later = await untilReady(server.client({ token }), second);
    assert.ok((await fetchCopy(server, later)).has('manifest.json'));
  });
});

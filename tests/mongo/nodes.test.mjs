/* Two tramd on one store: what is done at one is seen at the other, once, and one may die. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeJpeg } from '../api/lib/make-jpeg.mjs';
import { fileReport, sendPhoto, signInCitizen, signInStaff, step } from '../api/lib/people.mjs';
import { Server } from '../api/lib/server.mjs';

const PATIENCE_MS = 60_000; // nothing is measured by it

/* Asks again until `good` says yes. */
async function until(ask, good) {
  for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(50)) {
    const answer = await ask();
    if (good(answer)) return answer;
    assert.ok(Date.now() < deadline, `never so: ${answer.text}`);
  }
}

/* The next notice of a stream about a report. */
async function noticeOf(events, number) {
  for await (const event of events) {
    if (JSON.stringify(event.data).includes(number)) return event;
  }
  assert.fail('the stream ended');
}

describe('two nodes', () => {
  const first = new Server();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tram-node-'));
  let second;

  before(async () => {
    await first.start();
    fs.cpSync(path.join(first.data, 'keyring'), path.join(folder, 'keyring'), { recursive: true });
    second = new Server({ data: folder, database: first.data });
    await second.start();
  });
  after(async () => {
    await second.stop();
    await first.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  /* Somebody signed in at one node, as the same somebody at the other. */
  const at = (server, client) => server.client({ token: client.token });

  test('a token, a photo and a report of one are the other’s too', async () => {
    const here = await signInCitizen(first, '+84912350001', { name: 'Người Hai Nơi' });
    const there = at(second, here);
    assert.equal((await there.get('/v1/me')).json.name, 'Người Hai Nơi');
    const photo = await sendPhoto(here, makeJpeg({ width: 640, height: 480 }));
    const report = await fileReport(there, { photos: [photo] });
    assert.equal((await here.get(`/v1/reports/${report.id}`)).json.number, report.number);
    const media = await there.get(`/v1/media/${photo}`);
    assert.equal((await there.get(media.json.large, { token: null })).status, 200);
  });

  test('numbers are given once', async () => {
    const here = await signInCitizen(first, '+84912350002');
    const there = at(second, here);
    const reports = await Promise.all(Array.from({ length: 16 }, (_, i) => fileReport(i % 2 ? here : there)));
    assert.equal(new Set(reports.map((report) => report.number)).size, reports.length);
  });

  test('a notice comes once, to streams at either', async () => {
    const here = await signInCitizen(first, '+84912350003');
    const there = at(second, here);
    const streams = [here, there].map((client) => client.events('/v1/events'));
    const report = await fileReport(here);
    const officer = await signInStaff(second, 'officer.demo');
    const told = streams.map((stream) => noticeOf(stream, report.number));
    assert.equal((await step(officer, report.id, 'receive')).status, 200);
    const [a, b] = await Promise.all(told);
    assert.equal(a.id, b.id);
    const notices = await until(
      () => there.get('/v1/notices'),
      (reply) => reply.json.items.filter((one) => one.number === report.number).length >= 1,
    );
    const ids = notices.json.items.map((one) => one.id);
    assert.equal(new Set(ids).size, ids.length);
  });

  test('when one dies, the other goes on', async () => {
    const there = at(second, await signInCitizen(first, '+84912350004')); // the code goes by who sends
    const report = await fileReport(there);
    await first.kill();
    const officer = await signInStaff(second, 'officer.demo');
    assert.equal((await step(officer, report.id, 'receive')).status, 200);
    await until(
      () => there.get('/v1/notices'),
      (reply) => reply.json.items.some((one) => one.number === report.number),
    );
    await first.start();
    assert.equal((await at(first, there).get(`/v1/reports/${report.id}`)).json.number, report.number);
  });
});

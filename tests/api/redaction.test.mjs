/*
 * What must not be seen of a report's photos: covered by who handles it, in every rendition and at once; kept from
 * the public for good where the reporter says so; where and when it was taken, for the agency that has it alone.
 */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeJpeg, readJpeg } from './lib/make-jpeg.mjs';
import { fileReport, fresh, sendPhoto, signInCitizen, signInStaff, step } from './lib/people.mjs';
import { useServer } from './lib/server.mjs';

const server = useServer({ env: { TRAM_HTTP_RATES: '100000' } });

const COVER = [0x5b, 0x64, 0x70];
const TOP_LEFT = { x: 0, y: 0, width: 5000, height: 5000 }; // the red quarter of makeJpeg's picture
const ALL = { x: 0, y: 0, width: 10000, height: 10000 };
const PIN = { lat: 9.1769, lon: 105.1524 };

const list = (who, report) => who.get(`/v1/reports/${report.id}/photos`);
const cover = (who, report, photo, boxes, covered) =>
  who.request('PUT', `/v1/reports/${report.id}/photos/${photo}/boxes`, { json: { boxes }, headers: covered === undefined ? {} : { 'if-match': `"${covered}"` } });
const original = (who, report, photo, note = 'Cần đọc biển số để xác minh') => who.post(`/v1/reports/${report.id}/photos/${photo}/original`, { json: { note } });
const near = (a, b) => a.every((value, i) => Math.abs(value - b[i]) < 14);
const isCovered = (bytes, x, y) => {
  const picture = readJpeg(bytes);
  return near(picture.pixel(Math.floor(x * picture.width), Math.floor(y * picture.height)), COVER);
};
const pub = (photo, name = 'large', headers = {}) => server.client().get(`/v1/public/media/${photo}/${name}`, { headers });

async function isPublic(number) {
  for (let i = 0; ; i++) {
    const shown = await server.client().get(`/v1/public/reports/${number}`);
    if (shown.status === 200) return shown.json;
    assert.ok(i < 600, 'it appears');
    await sleep(50);
  }
}

describe('covering a photo', () => {
  let citizen, officer, leader, health, dispatcher, report, photo, sent;

  before(async () => {
    citizen = await signInCitizen(server, '+84912380001');
    officer = await signInStaff(server, 'officer.demo');
    leader = await signInStaff(server, 'leader.demo');
    health = await signInStaff(server, 'health.demo');
    dispatcher = await signInStaff(server, 'dispatcher.demo');
    sent = makeJpeg({ width: 800, height: 600, grain: 30 });
    photo = await sendPhoto(citizen, sent);
    report = await fileReport(citizen, { photos: [photo], point: PIN });
    assert.equal((await step(officer, report.id, 'receive')).status, 200);
  });

  test('it is shown to who handles it, and to nobody else', async () => {
    const { json } = await list(officer, report);
    assert.equal(json.items.length, 1);
    const [one] = json.items;
    assert.deepEqual([one.id, one.covered, one.boxes, one.original, one.agency_only], [photo, 0, [], true, false]);
    assert.deepEqual([one.width, one.height], [800, 600]);
    assert.equal((await list(leader, report)).status, 200);
    assert.equal((await list(dispatcher, report)).json.items[0].original, false, 'publishes, but does not handle it');
    assert.equal((await list(health, report)).status, 404);
    assert.equal((await list(citizen, report)).status, 403);
    for (const call of [cover(health, report, photo, [ALL], 0), original(health, report, photo)]) assert.equal((await call).status, 404);
    for (const call of [cover(citizen, report, photo, [ALL], 0), original(citizen, report, photo), original(dispatcher, report, photo)])
      assert.equal((await call).status, 403);
  });

  test('what is no box, no photo, or not what was seen is refused, with its place', async () => {
    const pointers = async (boxes) => {
      const reply = await cover(officer, report, photo, boxes, 0);
      assert.equal(reply.status, 422, reply.text);
      return reply.json.errors.map((one) => one.pointer);
    };
    assert.deepEqual(await pointers([{ ...ALL, x: 1 }]), ['/boxes/0/width']);
    assert.deepEqual(await pointers([TOP_LEFT, { x: 9000, y: 9000, width: 1001, height: 1001 }]), ['/boxes/1/width', '/boxes/1/height']);
    assert.deepEqual(await pointers([{ ...TOP_LEFT, width: 0 }]), ['/boxes/0/width']);
    assert.deepEqual(await pointers([{ ...TOP_LEFT, x: -1 }]), ['/boxes/0/x']);
    assert.deepEqual(await pointers([{ ...TOP_LEFT, y: 0.5 }]), ['/boxes/0/y']);
    assert.deepEqual(await pointers(Array.from({ length: 51 }, () => TOP_LEFT)), ['/boxes']);
    const loose = await sendPhoto(citizen, makeJpeg());
    assert.equal((await cover(officer, report, loose, [ALL], 0)).status, 404, 'of no report');
    const other = await fileReport(citizen, { photos: [loose] });
    assert.equal((await cover(officer, report, loose, [ALL], 0)).status, 404, 'of another report');
    assert.equal((await cover(officer, other, 'nonsense', [ALL], 0)).status, 404);
    assert.equal((await cover(officer, report, photo, [ALL])).status, 428, 'If-Match is wanted');
    assert.equal((await cover(officer, report, photo, [ALL], 7)).status, 412);
    assert.deepEqual((await list(officer, report)).json.items[0].boxes, [], 'nothing was done');
  });

  test('published first and covered later: no address shows what is covered from then on', async () => {
    const published = await step(officer, report.id, 'publish', { photos: [photo] });
    assert.equal(published.status, 200, published.text);
    await isPublic(report.number);
    const open = await pub(photo);
    assert.equal(open.status, 200);
    assert.ok(!isCovered(open.body, 0.25, 0.25));
    assert.equal(open.headers['cache-control'], 'public, no-cache', 'a cache asks each time');
    assert.equal((await pub(photo, 'large', { 'if-none-match': open.headers.etag })).status, 304);
    const { large: oldAddress, small: oldSmall } = (await citizen.get(`/v1/media/${photo}`)).json;
    assert.equal((await server.client().get(oldAddress)).status, 200);

    const saved = await cover(officer, report, photo, [TOP_LEFT], 0);
    assert.equal(saved.status, 200, saved.text);
    assert.deepEqual([saved.json.covered, saved.json.boxes, saved.headers.etag], [1, [TOP_LEFT], '"1"']);
    for (const name of ['large', 'small']) {
      const now = await pub(photo, name);
      assert.ok(isCovered(now.body, 0.25, 0.25) && isCovered(now.body, 0.02, 0.02), `public ${name}`);
      assert.ok(!isCovered(now.body, 0.75, 0.75), 'the rest is as it was');
    }
    const asked = await pub(photo, 'large', { 'if-none-match': open.headers.etag });
    assert.equal(asked.status, 200, 'what a cache kept is not confirmed');
    assert.ok(isCovered(asked.body, 0.25, 0.25));
    const part = await pub(photo, 'large', { range: 'bytes=0-99', 'if-range': open.headers.etag });
    assert.equal(part.status, 200, 'nor joined with what is new');
    for (const address of [oldAddress, oldSmall]) assert.equal((await server.client().get(address)).status, 403, 'signed before');
    for (const who of [citizen, officer, leader, dispatcher]) {
      const { large, covered } = (await who.get(`/v1/media/${photo}`)).json;
      assert.equal(covered, true);
      assert.notEqual(large, oldAddress);
      assert.ok(isCovered((await who.get(large)).body, 0.25, 0.25));
    }
  });

  test('its sender still has it as they sent it', async () => {
    const { original: mine } = (await citizen.get(`/v1/media/${photo}`)).json;
    assert.equal(mine, `/v1/uploads/${photo}`);
    assert.ok((await citizen.get(mine)).body.equals(sent));
    assert.equal((await officer.get(`/v1/media/${photo}`)).json.original, undefined);
    assert.equal((await officer.get(mine)).status, 404);
    assert.equal((await citizen.get(`/v1/media/${photo}/original`)).status, 404);
  });

  test('a stale save is refused, a repeated one answered, of two at once one wins', async () => {
    assert.equal((await cover(leader, report, photo, [ALL], 0)).status, 412, 'another covered it meanwhile');
    const again = await cover(officer, report, photo, [TOP_LEFT], 0);
    assert.deepEqual([again.status, again.json.covered], [200, 1], 'its answer was lost');
    const both = await Promise.all([cover(officer, report, photo, [TOP_LEFT, { ...TOP_LEFT, y: 5000, width: 100 }], 1), cover(leader, report, photo, [ALL], 1)]);
    assert.deepEqual(both.map((one) => one.status).sort(), [200, 412]);
    const [one] = (await list(officer, report)).json.items;
    assert.equal(one.covered, 2);
    assert.deepEqual(one.boxes, both.find((reply) => reply.status === 200).json.boxes);
    assert.equal((await cover(officer, report, photo, [TOP_LEFT], 2)).status, 200);
  });

  test('history says who covered what', async () => {
    const steps = (await leader.get(`/v1/reports/${report.id}`)).json.history.filter((one) => one.verb === 'cover');
    assert.ok(steps.length >= 3);
    const me = (await officer.get('/v1/me')).json;
    assert.equal(steps[0].by, me.id);
    assert.deepEqual(steps[0].media, [{ id: photo }]);
    assert.equal((await list(officer, report)).json.items[0].covered_by, me.id);
  });

  test('the original is for the agency that has it, with a reason; each look is recorded and told', async () => {
    assert.equal((await original(officer, report, photo, ' ')).status, 422);
    assert.equal((await original(officer, report, photo, 'x')).status, 422);
    const before = (await citizen.get('/v1/me/looks')).json.items.length;
    assert.equal(before, 1, 'what was bared once');
    const seen = await original(officer, report, photo);
    assert.equal(seen.status, 200, seen.text);
    assert.equal(seen.headers['content-type'], 'image/jpeg');
    assert.equal(seen.headers['cache-control'], 'private, no-store');
    assert.ok(seen.body.equals(sent));
    const [look] = (await citizen.get('/v1/me/looks')).json.items;
    assert.deepEqual([look.what, look.number, look.reason], [['original'], report.number, 'Cần đọc biển số để xác minh']);
    const noticed = (await citizen.get(`/v1/reports/${report.id}`)).json.history.find((one) => one.verb === 'original');
    assert.equal(noticed.note, 'Cần đọc biển số để xác minh');
    for (let i = 0; ; i++) {
      const { items } = (await citizen.get('/v1/notices')).json;
      if (items.some((one) => one.what === 'original' && one.number === report.number)) break;
      assert.ok(i < 600, 'a notice comes');
      await sleep(50);
    }
    const steps = (await officer.get(`/v1/reports/${report.id}`)).json.steps;
    assert.equal(steps.find((one) => one.verb === 'original').at, `/v1/reports/${report.id}/photos/{photo}/original`);
    assert.equal((await step(officer, report.id, 'original', { note: 'Không qua cửa này' })).status, 404);
    assert.equal((await step(officer, report.id, 'cover')).status, 404);
  });

  test('all of it covered, two pictures are the same: nothing of either is left', async () => {
    const twins = [];
    for (const grain of [0, 90]) {
      const one = await sendPhoto(citizen, makeJpeg({ width: 400, height: 300, grain }));
      const its = await fileReport(citizen, { photos: [one] });
      assert.equal((await cover(officer, its, one, [ALL], 0)).status, 200);
      twins.push((await citizen.get((await citizen.get(`/v1/media/${one}`)).json.large)).body);
    }
    assert.ok(twins[0].equals(twins[1]));
  });

  test('who publishes, and does not have the report, covers more and bares nothing', async () => {
    const one = await sendPhoto(citizen, makeJpeg({ width: 400, height: 300 }));
    const its = await fileReport(citizen, { photos: [one] });
    assert.equal((await cover(officer, its, one, [TOP_LEFT], 0)).status, 200);
    const looks = async () => (await citizen.get('/v1/me/looks')).json.items.filter((look) => look.number === its.number);
    const { x, y, width, height } = TOP_LEFT;
    for (const boxes of [[], [{ ...TOP_LEFT, width: width - 1 }], [{ ...TOP_LEFT, height: height - 1 }, { ...TOP_LEFT, width: width - 1 }]]) {
      const refused = await cover(dispatcher, its, one, boxes, 1);
      assert.equal(refused.status, 403, JSON.stringify(boxes));
      assert.match(refused.json.detail, /bỏ che/);
    }
    const left = width >> 1, halves = [{ x, y, width: left, height }, { x: x + left, y, width: width - left, height }];
    assert.equal((await cover(dispatcher, its, one, [...halves, { x: 9000, y: 9000, width: 500, height: 500 }], 1)).status, 200, 'all of it is still covered');
    assert.deepEqual(await looks(), []);
    assert.equal((await cover(officer, its, one, [TOP_LEFT], 2)).status, 200);
    assert.deepEqual((await looks()).map((look) => look.what), [['original']], 'what was bared was seen');
  });

  test('another agency gets it with its boxes and its original; who had it before, no more', async () => {
    const one = await sendPhoto(citizen, makeJpeg({ width: 200, height: 150 }));
    const its = await fileReport(citizen, { photos: [one] });
    assert.equal((await cover(officer, its, one, [TOP_LEFT], 0)).status, 200);
    assert.equal((await step(officer, its.id, 'transfer', { reason: 'other_field', agency: 'H12.03' })).status, 200);
    const [shown] = (await list(health, its)).json.items;
    assert.deepEqual([shown.boxes, shown.original], [[TOP_LEFT], true]);
    assert.equal((await original(health, its, one)).status, 200);
    assert.equal((await original(officer, its, one)).status, 404);
    assert.equal((await cover(officer, its, one, [], 1)).status, 404);
    assert.equal((await list(leader, its)).status, 403, 'their leader sees the report, and decides nothing');
    assert.equal((await original(leader, its, one)).status, 403);
  });

  test('uncovered again, it is as at first', async () => {
    const { covered } = (await list(officer, report)).json.items[0];
    assert.equal((await cover(officer, report, photo, [], covered)).status, 200);
    assert.ok(!isCovered((await pub(photo)).body, 0.25, 0.25));
    assert.equal((await citizen.get(`/v1/media/${photo}`)).json.covered, undefined);
  });
});

describe('a photo for the agency only', () => {
  test('is marked when it is sent, and is never public', async () => {
    const citizen = await signInCitizen(server, '+84912380002');
    const officer = await signInStaff(server, 'officer.demo');
    const [kept, open] = [await sendPhoto(citizen, makeJpeg()), await sendPhoto(citizen, makeJpeg({ width: 80 }))];
    const wrong = await citizen.post('/v1/reports', {
      json: { category: 'dien_chieu_sang', text: 'Đèn đường không sáng', commune: '32025', answers: { danger: false }, consent: false, photos: [open], agency_only: [kept] },
      headers: fresh(),
    });
    assert.deepEqual([wrong.status, wrong.json.errors[0].pointer], [422, '/agency_only/0']);
    const report = await fileReport(citizen, { photos: [kept, open], agency_only: [kept] }); // nothing was bound to what was refused
    assert.deepEqual(report.photos.map((one) => one.agency_only), [true, false]);
    await step(officer, report.id, 'receive');
    const refused = await step(officer, report.id, 'publish', { photos: [open, kept] });
    assert.deepEqual([refused.status, refused.json.errors[0].pointer], [422, '/photos/1']);
    assert.match(refused.json.errors[0].detail ?? refused.text, /không công khai được/);
    assert.equal((await step(officer, report.id, 'publish', { photos: [open] })).status, 200);
    const shown = await isPublic(report.number);
    assert.deepEqual(shown.photos.map((one) => one.id), [open]);
    assert.ok(!JSON.stringify(shown).includes('agency_only'));
    assert.equal((await pub(kept)).status, 404);
    assert.equal((await pub(open)).status, 200);
    assert.equal((await officer.get(`/v1/media/${kept}`)).status, 200, 'the agency sees it');

    await step(officer, report.id, 'ask', { note: 'Cột số mấy?' });
    const more = await sendPhoto(citizen, makeJpeg({ width: 90 }));
    const supplied = await step(citizen, report.id, 'supply', { note: 'Cột số 12', photos: [more], agency_only: [more] });
    assert.equal(supplied.json.photos.at(-1).agency_only, true, supplied.text);
    const mine = await sendPhoto(officer, makeJpeg({ width: 70 }));
    const own = await step(officer, report.id, 'answer', { note: 'Đã thay bóng', photos: [mine], agency_only: [mine] });
    assert.deepEqual([own.status, own.json.errors[0].pointer], [422, '/agency_only/0'], 'an office keeps nothing of its own back so');
  });
});

describe('where and when a photo was taken', () => {
  test('is told to the agency that has the report, as a distance and a time before it', async () => {
    const citizen = await signInCitizen(server, '+84912380003');
    const officer = await signInStaff(server, 'officer.demo');
    const dispatcher = await signInStaff(server, 'dispatcher.demo');
    const vn = new Date(Date.now() - 12.5 * 60_000 + 7 * 3600_000).toISOString();
    const takenAt = `${vn.slice(0, 10).replaceAll('-', ':')} ${vn.slice(11, 19)}`;
    const there = await sendPhoto(citizen, makeJpeg({ lat: PIN.lat + 0.00036, lon: PIN.lon, takenAt }));
    const silent = await sendPhoto(citizen, makeJpeg({ width: 80 }));
    const report = await fileReport(citizen, { photos: [there, silent], point: PIN });
    const [one, two] = (await list(officer, report)).json.items;
    assert.equal(one.taken.distance_m, 40);
    assert.ok(one.taken.minutes_before >= 12 && one.taken.minutes_before < 60, `${one.taken.minutes_before}`);
    assert.deepEqual(two.taken, { place: false, time: false });
    for (const other of (await list(dispatcher, report)).json.items) assert.equal(other.taken, undefined);
    for (const who of [citizen, officer, dispatcher]) {
      const text = JSON.stringify([(await who.get(`/v1/reports/${report.id}`)).json, (await who.get(`/v1/media/${there}`)).json]);
      assert.ok(!/distance_m|minutes_before|taken/.test(text));
    }
    const proof = await sendPhoto(officer, makeJpeg({ ...PIN, takenAt, width: 96 }));
    await step(officer, report.id, 'receive');
    await step(officer, report.id, 'answer', { note: 'Đã thay bóng', photos: [proof] });
    const after = (await list(officer, report)).json.items;
    assert.equal(after.length, 3);
    assert.equal(after[2].taken, undefined, "of an official's own nothing is asked");
  });
});

describe('perhaps the same', () => {
  test('a report near in place and time with a photo that looks alike is hinted at, to its agency', async () => {
    const [one, two] = [await signInCitizen(server, '+84912380004'), await signInCitizen(server, '+84912380005')];
    const officer = await signInStaff(server, 'officer.demo');
    const PLACE = { lat: 9.19, lon: 105.16 };
    const file = async (who, more, picture = {}) => fileReport(who, { photos: [await sendPhoto(who, makeJpeg({ width: 320, height: 240, grain: 120, ...picture }))], ...more });
    const first = await file(one, { point: PLACE });
    const second = await file(two, { point: { ...PLACE, lat: PLACE.lat + 0.002 } });
    const far = await file(two, { point: { ...PLACE, lat: PLACE.lat - 0.006 } });
    const other = await file(two, { point: PLACE }, { orientation: 3 });
    const elsewhere = await fileReport(two, { photos: [], point: PLACE });
    const alike = async (who, report) => (await who.get(`/v1/reports/${report.id}/alike`)).json.items;
    const [hint, ...rest] = await alike(officer, second);
    assert.deepEqual([hint.id, hint.number, hint.distance_m, rest], [first.id, first.number, 220, []]);
    assert.deepEqual((await alike(officer, first)).map((like) => like.id), [second.id]);
    assert.deepEqual(await alike(officer, far), []);
    assert.deepEqual(await alike(officer, other), [], 'another picture');
    assert.deepEqual(await alike(officer, elsewhere), []);
    assert.equal((await (await signInStaff(server, 'health.demo')).get(`/v1/reports/${first.id}/alike`)).status, 404);
    assert.equal((await one.get(`/v1/reports/${first.id}/alike`)).status, 403);
  });
});

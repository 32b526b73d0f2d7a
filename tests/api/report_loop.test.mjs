/* The first whole path: a field report goes from a phone to an agency and back. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeJpeg, readExif, readJpeg } from './lib/make-jpeg.mjs';
import { fileReport, fresh, sendPhoto, signInCitizen, signInStaff, step } from './lib/people.mjs';
import { useServer } from './lib/server.mjs';

const server = useServer();

/* Asks again until `good` says yes; notices and projections come a moment later. */
async function until(ask, good) {
  for (let i = 0; i < 100; i++) {
    const reply = await ask();
    if (good(reply)) return reply;
    await sleep(50);
  }
  assert.fail('it did not come');
}

describe('a report from phone to agency and back', () => {
  test('a photo is turned upright, stripped, and filed with a report once', async () => {
    const citizen = await signInCitizen(server, '+84912345001', { name: 'Nguyễn Thị Hoa' });
    const photo = makeJpeg({ width: 1600, height: 1200, orientation: 6, lat: 9.1769, lon: 105.15 });
    const id = await sendPhoto(citizen, photo, 64 * 1024);

    const body = {
      category: 'dien_chieu_sang',
      text: 'Đèn đường trước trạm y tế không sáng ba đêm nay',
      point: { lat: 9.1769, lon: 105.15 },
      commune: '32025',
      photos: [id],
      answers: { danger: false },
      consent: true,
    };
    const headers = fresh();
    const filed = await citizen.post('/v1/reports', { json: body, headers });
    assert.equal(filed.status, 201, filed.text);
    assert.match(filed.json.number, /^PA-\d{6}-\d{4,}$/);
    assert.equal(filed.json.commune, '32025');
    assert.ok(filed.json.agency);
    assert.ok(Date.parse(filed.json.due_at) > Date.now());

    const again = await citizen.post('/v1/reports', { json: body, headers });
    assert.equal(again.status, 201);
    assert.equal(again.json.id, filed.json.id);
    assert.equal(again.json.number, filed.json.number);
    const other = await citizen.post('/v1/reports', { json: { ...body, text: 'Một chuyện khác' }, headers });
    assert.equal(other.status, 422);
    assert.match(other.json.type, /idempotency-key-reused/);

    const media = await citizen.get(`/v1/media/${id}`);
    assert.equal(media.json.width, 1200);
    assert.equal(media.json.height, 1600);
    const large = await citizen.get(media.json.large, { token: null });
    assert.equal(large.status, 200);
    const picture = readJpeg(large.body);
    assert.equal(picture.height, 1280);
    assert.deepEqual(readExif(large.body).lat, undefined);
    const part = await citizen.get(media.json.small, { headers: { range: 'bytes=0-99' } });
    assert.equal(part.status, 206);
    assert.equal(part.body.length, 100);
    assert.equal((await citizen.get(media.json.large.replace(/sig=.{4}/, 'sig=AAAA'))).status, 403);
  });

  test('the officer receives, asks, answers with a photo; the citizen sees every step', async () => {
    const citizen = await signInCitizen(server, '+84912345002', { name: 'Trần Văn Bình' });
    const officer = await signInStaff(server, 'officer.demo');
    const report = await fileReport(citizen);
    assert.equal(report.state, 'dispatched');
    assert.equal(report.agency, 'H12.32025');

    const events = [];
    const stream = (async () => {
      for await (const event of citizen.events('/v1/events')) {
        events.push(JSON.parse(event.data));
        if (events.some((one) => one.what === 'answer')) break;
      }
    })();

    const inbox = await officer.get('/v1/desk/inbox');
    assert.ok(inbox.json.items.some((one) => one.id === report.id));

    const early = await step(officer, report.id, 'answer', { note: 'Đã xong' });
    assert.equal(early.status, 409);
    assert.ok(early.json.allowed.includes('receive'));

    assert.equal((await step(officer, report.id, 'receive')).json.state, 'received');
    const asked = await step(officer, report.id, 'ask', { note: 'Cột đèn số mấy?' });
    assert.equal(asked.json.state, 'waiting');
    const supplied = await step(citizen, report.id, 'supply', { note: 'Cột số 12' });
    assert.equal(supplied.json.state, 'received');
    assert.equal(supplied.json.questions[0].answer, 'Cột số 12');

    const proof = await sendPhoto(officer, makeJpeg({ width: 320, height: 240 }));
    const answered = await step(officer, report.id, 'answer', { note: 'Đã thay bóng đèn', photos: [proof] });
    assert.equal(answered.status, 200, answered.text);
    if (answered.json.state === 'approval') {
      const leader = await signInStaff(server, 'leader.demo');
      assert.equal((await step(leader, report.id, 'approve')).json.state, 'answered');
    }

    const rated = await step(citizen, report.id, 'rate', { rating: 5, note: 'Cảm ơn' });
    assert.equal(rated.json.rating, 5);
    await stream;
    const told = events.filter((one) => one.number === report.number).map((one) => one.what);
    for (const what of ['receive', 'ask', 'answer']) assert.ok(told.includes(what), `${what} in ${told}`);

    const notices = await until(
      () => citizen.get('/v1/notices'),
      (reply) => reply.json.items.some((one) => one.what === 'answer'),
    );
    const notice = notices.json.items[0];
    assert.equal((await citizen.post(`/v1/notices/${notice.id}/read`)).status, 204);

    const reopened = await step(citizen, report.id, 'reopen', { note: 'Đèn lại tắt' });
    assert.equal(reopened.json.state, 'dispatched');
    assert.equal(reopened.json.reopened, 1);
  });

  test('what is not theirs is transferred with a reason; the third time it goes to the dispatcher', async () => {
    const citizen = await signInCitizen(server, '+84912345003');
    const officer = await signInStaff(server, 'officer.demo');
    const dispatcher = await signInStaff(server, 'dispatcher.demo');
    const report = await fileReport(citizen, { text: 'Cống nghẹt trước chợ' });
    const bare = await step(officer, report.id, 'transfer', { agency: 'H12.03' });
    assert.equal(bare.status, 422);
    assert.equal(bare.json.errors[0].pointer, '/reason');
    const health = await signInStaff(server, 'health.demo');
    const away = await step(officer, report.id, 'transfer', { reason: 'other_field', agency: 'H12.03' });
    assert.equal(away.json.state, 'dispatched', away.text);
    assert.equal((await officer.get(`/v1/reports/${report.id}`)).status, 404, 'not theirs any more');
    const back = await step(health, report.id, 'transfer', { reason: 'other_area', agency: 'H12.32025' });
    assert.equal(back.json.agency, 'H12.32025', back.text);
    const third = await step(officer, report.id, 'transfer', { reason: 'other_field', agency: 'H12.03' });
    assert.equal(third.json.state, 'new', third.text);
    assert.equal(third.json.agency, 'CMU.IOC');
    const found = await dispatcher.get(`/v1/reports/${report.id}`);
    assert.equal(found.status, 200);
    assert.equal((await dispatcher.get(`/v1/desk/numbers/${report.number}`)).json.id, report.id);
  });

  test('what was sent to the wrong place is taken back; nothing is sent to the portal itself', async () => {
    const citizen = await signInCitizen(server, '+84912345011');
    const officer = await signInStaff(server, 'officer.demo');
    const dispatcher = await signInStaff(server, 'dispatcher.demo');
    const report = await fileReport(citizen, { text: 'Cống nghẹt sau trường học' });
    const toPortal = await step(officer, report.id, 'transfer', { reason: 'other_field', agency: 'CMU.IOC' });
    assert.match(toPortal.json.errors[0].detail, /cơ quan khác/);
    assert.equal(toPortal.json.errors[0].pointer, '/agency');
    assert.equal((await step(officer, report.id, 'transfer', { reason: 'other_field', agency: 'H12.10' })).status, 200);
    assert.equal((await step(dispatcher, report.id, 'recall')).json.errors[0].pointer, '/note');
    const back = await step(dispatcher, report.id, 'recall', { note: 'Đơn vị này chưa có tài khoản' });
    assert.equal(back.json.state, 'new', back.text);
    const kept = await step(dispatcher, report.id, 'dispatch', { agency: 'CMU.IOC' });
    assert.equal(kept.json.errors[0].pointer, '/agency');
    assert.equal((await step(dispatcher, report.id, 'dispatch', { agency: 'H12.32025' })).json.state, 'dispatched');
  });

  test('where nobody leads, the portal approves; until then nothing is said', async () => {
    const citizen = await signInCitizen(server, '+84912345012');
    const officer = await signInStaff(server, 'health.demo');
    const dispatcher = await signInStaff(server, 'dispatcher.demo');
    const report = await fileReport(citizen, { category: 'y_te_suc_khoe', text: 'Trạm y tế hết thuốc hạ sốt', answers: undefined });
    assert.equal(report.agency, 'H12.03');
    assert.equal((await step(officer, report.id, 'receive')).status, 200);
    const proof = await sendPhoto(officer, makeJpeg({ width: 64, height: 48 }));
    const answered = await step(officer, report.id, 'answer', { note: 'Đã cấp thêm thuốc', photos: [proof] });
    assert.equal(answered.json.state, 'approval', answered.text);
    assert.equal(answered.json.proposed_answer, 'Đã cấp thêm thuốc');
    const before = await citizen.get(`/v1/reports/${report.id}`);
    for (const inside of [proof, 'Đã cấp thêm thuốc', '"outcome"']) assert.ok(!before.text.includes(inside), inside);
    assert.equal((await citizen.get(`/v1/media/${proof}`)).status, 404);
    assert.equal((await dispatcher.get(`/v1/media/${proof}`)).status, 200);

    const seen = await dispatcher.get(`/v1/reports/${report.id}`);
    assert.ok(seen.json.steps.some((one) => one.verb === 'approve'));
    const approved = await step(dispatcher, report.id, 'approve');
    assert.equal(approved.json.state, 'answered', approved.text);
    const after = (await citizen.get(`/v1/reports/${report.id}`)).json;
    assert.equal(after.answer, 'Đã cấp thêm thuốc');
    assert.equal(after.outcome, 'resolved');
    assert.equal(after.photos[0].id, proof);
    assert.equal((await citizen.get(`/v1/media/${proof}`)).status, 200);

    const led = await fileReport(citizen, { text: 'Đèn hỏng trước nhà văn hóa' });
    assert.equal((await step(dispatcher, led.id, 'approve')).status, 409);
  });

  test('a duplicate points to an earlier report that is none itself', async () => {
    const citizen = await signInCitizen(server, '+84912345013');
    const officer = await signInStaff(server, 'officer.demo');
    const first = await fileReport(citizen, { text: 'Đèn hỏng ở ngã ba' });
    const second = await fileReport(citizen, { text: 'Đèn hỏng ở ngã ba đó' });
    const third = await fileReport(citizen, { text: 'Vẫn là đèn ở ngã ba' });
    const refused = async (report, other) => {
      const reply = await step(officer, report.id, 'duplicate', { other });
      assert.equal(reply.status, 422, reply.text);
      assert.equal(reply.json.errors[0].pointer, '/other');
    };
    await refused(first, first.id);
    await refused(first, second.id);
    await refused(first, '00000000-0000-4000-8000-000000000000');
    const closed = await step(officer, second.id, 'duplicate', { other: first.id });
    assert.equal(closed.json.outcome, 'duplicate', closed.text);
    assert.equal(closed.json.duplicate_of, first.id);
    await refused(third, second.id);
    assert.equal((await step(officer, third.id, 'duplicate', { other: first.id })).status, 200);
  });

  test('published, anybody sees it: rounded, without the reporter, by words without accents', async () => {
    const citizen = await signInCitizen(server, '+84912345004', { name: 'Lê Thị Kín' });
    const officer = await signInStaff(server, 'officer.demo');
    const anybody = server.client();
    const shown = await sendPhoto(citizen, makeJpeg({ width: 400, height: 300 }));
    const report = await fileReport(citizen, {
      text: 'Nước ngập đường Hoà Bình sau mưa lớn',
      point: { lat: 9.17694321, lon: 105.15012345 },
      photos: [shown],
    });
    assert.equal((await step(officer, report.id, 'receive')).status, 200);
    assert.equal((await anybody.get(`/v1/public/reports/${report.number}`)).status, 404);
    assert.equal((await step(officer, report.id, 'publish', { photos: [shown] })).status, 200);
    const page = await until(
      () => anybody.get('/v1/public/reports?q=ngap%20duong%20hoa%20bin'),
      (reply) => reply.json.items.length > 0,
    );
    const item = page.json.items[0];
    assert.equal(item.number, report.number);
    assert.deepEqual(item.point, { lat: 9.177, lon: 105.15 });
    assert.ok(!JSON.stringify(page.json).includes('Kín'));
    assert.equal((await anybody.get(`/v1/public/reports/${report.number}`)).status, 200);
    const map = await anybody.get('/v1/public/reports.geojson?box=105.1,9.1,105.2,9.2');
    assert.equal(map.json.features[0].geometry.type, 'Point');
    assert.equal((await anybody.get('/v1/public/reports.geojson?box=104,8,104.1,8.1')).json.features.length, 0);
    assert.equal((await anybody.get(`/v1/public/media/${shown}/small`)).status, 200);

    assert.equal((await step(officer, report.id, 'unpublish')).status, 200);
    await until(() => anybody.get(`/v1/public/reports/${report.number}`), (reply) => reply.status === 404);
    assert.equal((await anybody.get(`/v1/public/media/${shown}/small`)).status, 404);
  });

  test('name and phone are shown to the handling officer only with consent, and the citizen is told', async () => {
    const open = await signInCitizen(server, '+84912345005', { name: 'Phạm Văn Ngỏ' });
    const officer = await signInStaff(server, 'officer.demo');
    const willing = await fileReport(open);
    const unwilling = await fileReport(open, { consent: false });
    const refused = await officer.post(`/v1/reports/${unwilling.id}/reporter`, { json: { note: 'Cần gọi để hẹn' } });
    assert.equal(refused.status, 403);
    const seen = await officer.post(`/v1/reports/${willing.id}/reporter`, { json: { note: 'Cần gọi để hẹn' } });
    assert.equal(seen.json.phone, '+84912345005');
    assert.equal(seen.json.name, 'Phạm Văn Ngỏ');
    const history = (await open.get(`/v1/reports/${willing.id}`)).json.history;
    const listed = (await officer.get(`/v1/reports/${willing.id}`)).json.steps.find((one) => one.verb === 'reveal');
    assert.equal(listed.at, `/v1/reports/${willing.id}/reporter`);
    const wrongDoor = await step(officer, willing.id, 'reveal', { note: 'x' });
    assert.equal(wrongDoor.status, 404);
    assert.match(wrongDoor.json.detail, /\/reporter$/);
    assert.equal((await open.get(`/v1/reports/${willing.id}`)).json.history.length, history.length, 'nothing was written');
    assert.ok(history.some((one) => one.verb === 'reveal' && one.note === 'Cần gọi để hẹn'));
  });

  test('officials see what was assigned, what is late soon, and the figures', async () => {
    const citizen = await signInCitizen(server, '+84912345006');
    const report = await fileReport(citizen);
    const leader = await signInStaff(server, 'leader.demo');
    const inspector = await signInStaff(server, 'inspector.demo');
    const colleagues = (await leader.get('/v1/desk/colleagues')).json.items;
    const officer = colleagues.find((one) => one.role === 'officer');
    const assigned = await step(leader, report.id, 'assign', { officer: officer.id });
    assert.equal(assigned.json.officer, officer.id);
    const theirs = await leader.get(`/v1/desk/officers/${officer.id}/reports`);
    assert.ok(theirs.json.items.some((one) => one.id === report.id));
    const soon = await inspector.get('/v1/desk/late?soon_minutes=2880');
    assert.ok(soon.json.items.length > 0);
    const late = await inspector.get('/v1/desk/late');
    assert.ok(late.json.items.every((one) => one.late));
    assert.ok((await inspector.get('/v1/desk/reports?limit=3')).json.items.length > 0);
    const askFigures = (query) => inspector.get(`/v1/desk/figures?${query}`);
    for (const [query, pointers] of [['from=2026-11-01&to=2026-02-30', ['/to']], ['from=x&to=2026-11-02', ['/from']], ['from=x&to=y', ['/from', '/to']]])
      assert.deepEqual((await askFigures(query)).json.errors.map((one) => one.pointer), pointers, query);
    const figures = await until(
      () => inspector.get('/v1/desk/figures?by=category'),
      (reply) => reply.json.items.length > 0,
    );
    assert.ok(figures.json.items[0].count > 0);
    const seen = await inspector.get(`/v1/reports/${report.id}`);
    assert.equal(seen.status, 200);
    assert.equal((await step(inspector, report.id, 'answer', { note: 'x' })).status, 403);
  });

  test('another citizen, another agency, nobody: none of them may', async () => {
    const mine = await signInCitizen(server, '+84912345007');
    const other = await signInCitizen(server, '+84912345008');
    const health = await signInStaff(server, 'health.demo');
    const report = await fileReport(mine);
    for (const stranger of [other, health]) {
      assert.equal((await stranger.get(`/v1/reports/${report.id}`)).status, 404);
      assert.equal((await step(stranger, report.id, 'withdraw')).status, 404);
    }
    assert.equal((await server.client().get(`/v1/reports/${report.id}`)).status, 401);
    assert.ok((await mine.get('/v1/reports')).json.items.some((one) => one.id === report.id));
    assert.ok(!(await other.get('/v1/reports')).json.items.some((one) => one.id === report.id));
  });
});

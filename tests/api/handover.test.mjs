/* An absent officer's queue goes to another in one act; and who stands for a leader. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { makeJpeg } from './lib/make-jpeg.mjs';
import { advanceClock, fileReport, fresh, sendPhoto, signInCitizen, signInStaff, step } from './lib/people.mjs';
import { useServer } from './lib/server.mjs';
import { makeStaff, newStaff } from './lib/staff.mjs';

const server = useServer({ env: { TRAM_HTTP_RATES: '1000000' } });
const unit = () => signInStaff(server, 'unit.demo');
const boss = () => signInStaff(server, 'leader.demo');
let reporter;

/* Reports that an officer has, in the states that are asked for. */
async function give(officer, states) {
  const leader = await boss();
  const all = [];
  for (const state of states) {
    reporter ??= await signInCitizen(server, '+84912370601');
    const { id } = await fileReport(reporter);
    assert.equal((await step(leader, id, 'assign', { officer: officer.me })).status, 200);
    if (state === 'waiting') assert.equal((await step(officer, id, 'ask', { note: 'Ở đoạn nào?' })).status, 200);
    if (state === 'answered') assert.equal((await step(leader, id, 'answer', { note: 'Đã thay bóng đèn', photos: [await sendPhoto(leader, makeJpeg())] })).status, 200);
    all.push(id);
  }
  return all;
}

async function begin(who, json, headers = fresh()) {
  return who.post('/v1/desk/handovers', { json: { reason: 'Nghỉ phép năm', ...json }, headers });
}

async function finished(who, reply) {
  let { json } = reply;
  while (json.state === 'running') json = (await who.get(`/v1/desk/handovers/${json.id}`)).json;
  return json;
}

const noticesOf = async (who, what) => (await who.get('/v1/notices?limit=200')).json.items.filter((one) => one.what === what);
const officerOf = async (id) => (await (await boss()).get(`/v1/reports/${id}`)).json;

describe('handing a queue over', () => {
  test('every open case goes, by a step of its own; who receives is told once', async () => {
    const admin = await unit();
    const leader = await boss();
    const a = await newStaff(server, admin);
    const b = await newStaff(server, admin);
    const ids = await give(a, ['open', 'open', 'open', 'waiting', 'answered']);
    const queue = await leader.get(`/v1/desk/officers/${a.me}/queue`);
    assert.equal(queue.json.total, 5);
    assert.equal(queue.json.items.find((one) => one.state === 'in_progress').count, 3);
    const key = fresh();
    const reply = await begin(leader, { from: a.me, to: b.me }, key);
    assert.equal(reply.status, 201);
    const done = await finished(leader, reply);
    assert.deepEqual([done.state, done.total, done.moved, done.left], ['done', 5, 5, 0]);
    for (const [i, id] of ids.entries()) {
      const report = await officerOf(id);
      assert.equal(report.officer, b.me);
      assert.equal(report.state, ['in_progress', 'in_progress', 'in_progress', 'waiting', 'answered'][i]);
      const last = report.history.at(-1);
      assert.deepEqual([last.verb, last.party, last.officer, last.note], ['assign', 'leader', b.me, 'Nghỉ phép năm']);
    }
    const told = await noticesOf(b, 'handover');
    assert.equal(told.length, 1);
    assert.match(told[0].text_vi, /^5 vụ việc/);
    assert.equal((await noticesOf(b, 'assign')).length, 0);
    const again = await begin(leader, { from: a.me, to: b.me }, key);
    assert.equal(again.json.id, done.id);
    assert.equal(again.json.moved, 5);
    assert.equal((await leader.get(`/v1/desk/officers/${a.me}/queue`)).json.total, 0);
    assert.ok((await admin.get('/v1/staff-acts')).json.items.some((act) => act.verb === 'handover' && act.to_user === a.user));
  });

  test('back to the unit, where nobody has them', async () => {
    const admin = await unit();
    const a = await newStaff(server, admin);
    const ids = await give(a, ['open', 'waiting', 'answered']);
    const done = await finished(admin, await begin(admin, { from: a.me }));
    assert.deepEqual([done.state, done.moved, done.left], ['done', 3, 0]);
    for (const [i, id] of ids.entries()) {
      const report = await officerOf(id);
      assert.equal(report.officer, undefined);
      assert.equal(report.state, ['received', 'waiting', 'answered'][i]);
      assert.equal(report.history.at(-1).party, 'admin');
    }
    const officer = await signInStaff(server, 'officer.demo');
    assert.equal((await noticesOf(officer, 'handover')).length, 1);
    assert.equal((await step(officer, ids[0], 'answer', { note: 'Đã thay bóng đèn', photos: [await sendPhoto(officer, makeJpeg())] })).status, 200);
  });

  test('only leaders and administrators of the agency, and only to who can work there', async () => {
    const admin = await unit();
    const leader = await boss();
    const a = await newStaff(server, admin);
    const gone = await newStaff(server, admin);
    await admin.post(`/v1/staff/${gone.me}/end`, { json: { reason: 'Nghỉ việc' } });
    const health = (await (await signInStaff(server, 'health.demo')).get('/v1/me')).json.id;
    for (const [json, pointer] of [
      [{ from: a.me, to: gone.me }, '/to'],
      [{ from: a.me, to: health }, '/to'],
      [{ from: a.me, to: a.me }, '/to'],
      [{ from: a.me, to: (await admin.get('/v1/me')).json.id }, '/to'],
      [{ from: health, to: a.me }, '/from'],
    ]) {
      const reply = await begin(leader, json);
      assert.equal(reply.status, 422, JSON.stringify(json));
      assert.equal(reply.json.errors[0].pointer, pointer);
    }
    assert.equal((await begin(a, { from: a.me })).status, 403);
    const portal = await signInStaff(server, 'admin.demo');
    assert.equal((await begin(portal, { from: a.me })).status, 422, 'not of that agency');
    assert.equal((await portal.get(`/v1/desk/officers/${a.me}/queue`)).status, 404);
    const mine = (await begin(leader, { from: a.me })).json;
    const other = await newStaff(server, portal, { agency: 'H12.03', role: 'admin' });
    assert.equal((await other.get(`/v1/desk/handovers/${mine.id}`)).status, 404);
    assert.equal((await leader.get(`/v1/desk/handovers/${mine.id}`)).json.id, mine.id);
    assert.equal((await other.get('/v1/desk/handovers')).json.items.length, 0);
    assert.ok((await leader.get('/v1/desk/handovers')).json.items.some((one) => one.id === mine.id));
  });

  test('two at once, while cases change under them, take each case once', async () => {
    const admin = await unit();
    const leader = await boss();
    const [a, b, c] = [await newStaff(server, admin), await newStaff(server, admin), await newStaff(server, admin)];
    const ids = await give(a, Array(12).fill('open'));
    const [toB, toC] = await Promise.all([
      begin(leader, { from: a.me, to: b.me }),
      begin(leader, { from: a.me, to: c.me }),
      ...ids.slice(0, 4).map((id) => step(a, id, 'transfer', { reason: 'other_area', agency: 'H12.03' })),
      ...ids.slice(4, 6).map((id) => step(a, id, 'ask', { note: 'Ở đâu?' })),
    ]);
    const first = await finished(leader, toB);
    const second = await finished(leader, toC);
    let moved = 0;
    for (const id of ids) {
      const history = (await (await signInStaff(server, 'inspector.demo')).get(`/v1/reports/${id}`)).json.history;
      const steps = history.filter((one) => one.verb === 'assign' && one.note === 'Nghỉ phép năm');
      assert.ok(steps.length <= 1, 'moved twice');
      moved += steps.length;
    }
    assert.equal(first.moved + second.moved, moved);
    assert.equal((await leader.get(`/v1/desk/officers/${a.me}/queue`)).json.total, 0);
  });

  test('an account with open cases ends only when it is said what becomes of them', async () => {
    const admin = await unit();
    const a = await newStaff(server, admin);
    const b = await newStaff(server, admin);
    const [id] = await give(a, ['open']);
    const refused = await admin.post(`/v1/staff/${a.me}/end`, { json: { reason: 'Nghỉ hưu' } });
    assert.equal(refused.status, 409);
    assert.equal(refused.json.open_cases, 1);
    assert.equal((await a.get('/v1/me')).status, 200, 'it has not ended');
    const health = (await (await signInStaff(server, 'health.demo')).get('/v1/me')).json.id;
    assert.equal((await admin.post(`/v1/staff/${a.me}/end`, { json: { reason: 'Nghỉ hưu', cases: { to: health } } })).status, 422);
    const ended = await admin.post(`/v1/staff/${a.me}/end`, { json: { reason: 'Nghỉ hưu', cases: { to: b.me } } });
    assert.equal(ended.status, 200);
    assert.equal((await officerOf(id)).officer, b.me);
    assert.equal((await admin.post(`/v1/staff/${a.me}/end`, { json: { reason: 'Nghỉ hưu', cases: { to: b.me } } })).status, 200);
    assert.equal((await noticesOf(b, 'handover')).length, 1);
  });

  test('what a restart interrupts goes on', async () => {
    const admin = await unit();
    const a = await newStaff(server, admin);
    const b = await newStaff(server, admin);
    await give(a, Array(8).fill('open'));
    const key = fresh();
    const begun = begin(admin, { from: a.me, to: b.me }, key).catch(() => {});
    await server.kill();
    await begun;
    await server.start();
    const back = server.client({ token: admin.token });
    const reply = await begin(back, { from: a.me, to: b.me }, key);
    assert.equal(reply.status, 201);
    const done = await finished(back, reply);
    assert.equal(done.state, 'done');
    assert.equal((await back.get(`/v1/desk/officers/${b.me}/queue`)).json.total, 8);
    assert.equal((await noticesOf(server.client({ token: b.token }), 'handover')).length, 1);
  });
});

describe('deputies', () => {
  const day = 24 * 3600 * 1000;
  const now = () => Date.now() + (server.aheadMs ?? 0);
  const inDays = (n) => new Date(now() + n * day).toISOString();
  const name = async (who, json) => who.post('/v1/desk/deputies', { json, headers: fresh() });

  test('an officer has the party of the leader for a while, and history says for whom', async () => {
    const leader = await signInStaff(server, 'leader.demo');
    const officer = await signInStaff(server, 'officer.demo');
    const me = (await officer.get('/v1/me')).json.id;
    const chief = (await leader.get('/v1/me')).json.id;
    const { id } = await fileReport(await signInCitizen(server, '+84912370602'));
    assert.equal((await step(officer, id, 'extend', { note: 'Chờ vật tư', minutes: 60 })).status, 403);
    const lists = async () => [(await officer.get(`/v1/desk/officers/${me}/reports`)).status, (await officer.get(`/v1/desk/officers/${me}/queue`)).status];
    assert.deepEqual(await lists(), [403, 403]);
    const named = await name(leader, { deputy: me, until: inDays(2) });
    assert.equal(named.status, 201);
    assert.equal((await officer.get('/v1/me')).json.deputy_for, chief);
    assert.equal((await leader.get('/v1/me')).json.deputy_for, undefined);
    assert.ok((await noticesOf(officer, 'deputy')).length > 0);
    assert.equal((await step(officer, id, 'extend', { note: 'Chờ vật tư', minutes: 60 })).status, 200);
    const last = (await officer.get(`/v1/reports/${id}`)).json.history.at(-1);
    assert.deepEqual([last.party, last.deputy_for, last.by], ['deputy', chief, me]);
    assert.deepEqual(await lists(), [200, 200], "a leader's lists, too");
    const abroad = (await (await signInStaff(server, 'health.demo')).get('/v1/me')).json.id;
    assert.equal((await officer.get(`/v1/desk/officers/${abroad}/reports`)).status, 404, 'of this agency');
    assert.equal((await name(officer, { deputy: me, until: inDays(1) })).status, 403, 'no deputy of a deputy');
    assert.equal((await officer.delete(`/v1/desk/deputies/${named.json.id}`)).status, 403);
    assert.ok((await officer.get('/v1/desk/deputies')).json.items.some((one) => one.id === named.json.id));
    const ended = await leader.delete(`/v1/desk/deputies/${named.json.id}`);
    assert.equal(ended.status, 200);
    assert.equal((await leader.delete(`/v1/desk/deputies/${named.json.id}`)).status, 200, 'asked again');
    assert.equal((await officer.get('/v1/me')).json.deputy_for, undefined);
    assert.equal((await step(officer, id, 'extend', { note: 'Nữa', minutes: 60 })).status, 403);
    assert.deepEqual(await lists(), [403, 403]);
  });

  test('it begins and ends by itself', async () => {
    const leader = await signInStaff(server, 'leader.demo');
    const officer = await signInStaff(server, 'officer.demo');
    const me = (await officer.get('/v1/me')).json.id;
    const { id } = await fileReport(await signInCitizen(server, '+84912370603'));
    const extend = (who) => step(who, id, 'extend', { note: 'Chờ vật tư', minutes: 60 });
    assert.equal((await name(leader, { deputy: me, from: inDays(1), until: inDays(2) })).status, 201);
    assert.equal((await extend(officer)).status, 403, 'not yet');
    await advanceClock(server, 26 * 3600);
    const later = await signInStaff(server, 'officer.demo');
    assert.equal((await extend(later)).status, 200);
    await advanceClock(server, 24 * 3600);
    assert.equal((await extend(await signInStaff(server, 'officer.demo'))).status, 403, 'over');
  });

  test('periods and persons that are not right are refused', async () => {
    const leader = await signInStaff(server, 'leader.demo');
    const admin = await signInStaff(server, 'unit.demo');
    const officer = await makeStaff(admin);
    const chief = (await leader.get('/v1/me')).json.id;
    const health = (await (await signInStaff(server, 'health.demo')).get('/v1/me')).json.id;
    for (const [json, pointer] of [
      [{ deputy: officer.id, until: inDays(-1) }, '/until'],
      [{ deputy: officer.id, from: inDays(3), until: inDays(2) }, '/until'],
      [{ deputy: officer.id, until: inDays(93) }, '/until'],
      [{ deputy: officer.id, from: inDays(400), until: inDays(401) }, '/until'],
      [{ deputy: chief, until: inDays(1) }, '/deputy'],
      [{ deputy: health, until: inDays(1) }, '/deputy'],
    ]) {
      const reply = await name(leader, json);
      assert.equal(reply.status, 422, JSON.stringify(json));
      assert.equal(reply.json.errors[0].pointer, pointer);
    }
    assert.equal((await name(admin, { deputy: officer.id, until: inDays(1) })).status, 403);
  });

  test('who no longer leads has no deputy', async () => {
    const admin = await signInStaff(server, 'unit.demo');
    const chief = await newStaff(server, admin, { role: 'leader' });
    const officer = await newStaff(server, admin);
    const { id } = await fileReport(await signInCitizen(server, '+84912370604'));
    const extend = () => step(officer, id, 'extend', { note: 'Chờ vật tư', minutes: 60 });
    assert.equal((await name(chief, { deputy: officer.me, until: inDays(5) })).status, 201);
    assert.equal((await extend()).status, 200);
    assert.equal((await admin.post(`/v1/staff/${chief.me}/end`, { json: { reason: 'Chuyển công tác' } })).status, 200);
    assert.equal((await extend()).status, 403);
  });
});

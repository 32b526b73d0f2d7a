/* Emergencies climb the duty roster until somebody acknowledges. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { advanceClock, fileReport, fresh, signInCitizen, signInStaff } from './lib/people.mjs';
import { useServer } from './lib/server.mjs';
import { newStaff, nowOf } from './lib/staff.mjs';

const server = useServer({ env: { TRAM_HTTP_RATES: '1000000' } });
const unit = () => signInStaff(server, 'unit.demo');
const boss = () => signInStaff(server, 'leader.demo');
const SMS = /^KHAN CAP|^KHẨN CẤP/;
const RING_S = 600;

let phones = 0;
const newPhone = () => `+8491238${String(1000 + (phones += 1))}`;
let reporters = 0;
let reporter;

async function onDuty(more = {}) {
  const phone = newPhone();
  const staff = await newStaff(server, await unit(), { phone, deliver: 'show', ...more });
  return Object.assign(staff, { phone });
}

const shift = (people, more = {}) => ({ start: '00:00', end: '00:00', people: people.map((one) => ({ id: one.me })), ...more });
const putRoster = async (shifts, headers = {}) => (await boss()).put('/v1/desk/roster', { json: { shifts }, headers });

async function fileEmergency() {
  reporter = `+8491237${String(7000 + (reporters += 1))}`;
  return fileReport(await signInCitizen(server, reporter), { emergency: true });
}

const rung = (staff) => server.sms.filter((m) => m.to === staff.phone && SMS.test(m.text)).length;
const alarmOf = async (id) => (await (await boss()).get('/v1/desk/emergencies?limit=200')).json.items.find((one) => one.about === id);

async function until(what, check) {
  for (let i = 0; i < 600; i++) {
    const found = await check();
    if (found) return found;
    await sleep(100);
  }
  throw new Error(`waited for ${what}`);
}
const whenRung = (id, n) => until(`rung ${n}`, async () => ((await alarmOf(id))?.rung ?? 0) >= n);
const history = async (id) => (await (await boss()).get(`/v1/reports/${id}`)).json.history;
const acknowledge = (who, id) => who.post(`/v1/desk/emergencies/${id}/acknowledge`);

describe('a duty roster', () => {
  test('is kept by leaders and administrators, of their own people, with a revision', async () => {
    const admin = await unit();
    const a = await onDuty();
    assert.equal((await (await boss()).get('/v1/desk/roster')).json.shifts.length, 3, 'of the demonstration');
    const made = await putRoster([shift([a], { name: 'Trực đêm', days: '12345', start: '17:00', end: '07:00' })]);
    assert.equal(made.status, 200);
    assert.equal(made.json.shifts[0].people[0].id, a.me);
    const health = (await (await signInStaff(server, 'health.demo')).get('/v1/me')).json.id;
    const foreign = await putRoster([shift([a]), shift([{ me: health }])]);
    assert.equal(foreign.status, 422);
    assert.equal(foreign.json.errors[0].pointer, '/shifts/1/people/0/id');
    assert.equal((await putRoster([shift([a], { first: '2026-12-02', last: '2026-12-01' })])).status, 422);
    assert.equal((await putRoster([shift([a], { start: '25:00' })])).status, 422);
    assert.equal((await putRoster([shift([a], { days: '18' })])).status, 422);
    assert.equal((await putRoster([shift([a])], { 'if-match': '"7"' })).status, 412);
    const again = await admin.put('/v1/desk/roster', { json: { shifts: [] }, headers: { 'if-match': made.headers.etag } });
    assert.equal(again.status, 200);
    assert.equal((await a.put('/v1/desk/roster', { json: { shifts: [] } })).status, 403);
    assert.equal((await (await signInStaff(server, 'health.demo')).get('/v1/desk/roster')).status, 404, 'of another agency');
    assert.ok((await admin.get('/v1/staff-acts')).json.items.some((act) => act.verb === 'roster'));
  });
});

describe('an emergency', () => {
  /* First: what the clock was advanced by does not outlive the program. */
  test('filed while the program dies is rung once it is back, and once', async () => {
    const [first, second] = [await onDuty(), await onDuty()];
    await putRoster([shift([first, second])]);
    const { id } = await fileEmergency();
    await server.kill();
    await server.start();
    await whenRung(id, 1);
    await server.nextSms(first.phone);
    await sleep(2500);
    assert.deepEqual([rung(first), rung(second)], [1, 0]);
    assert.equal((await history(id)).filter((one) => one.verb === 'ring').length, 1);
    assert.equal((await acknowledge(server.client({ token: first.token }), id)).status, 200);
  });

  test('rings the first at once, the next after ten minutes, leaders, the portal; each once', async () => {
    const [first, second] = [await onDuty(), await onDuty()];
    const chief = await onDuty({ role: 'leader' });
    await putRoster([shift([first, second])]);
    const { id, number } = await fileEmergency();
    await whenRung(id, 1);
    assert.match(await server.nextSms(first.phone), SMS);
    assert.deepEqual([rung(first), rung(second), rung(chief)], [1, 0, 0]);
    const told = (await first.get('/v1/notices')).json.items.find((one) => one.what === 'emergency');
    assert.deepEqual([told.subject, told.about, told.number], ['report', id, number]);
    await advanceClock(server, RING_S - 300); // time goes on by itself too, the slower the machine the more
    await sleep(2500);
    assert.equal(rung(second), 0, 'not yet');
    await advanceClock(server, 305);
    await whenRung(id, 2);
    await server.nextSms(second.phone);
    await advanceClock(server, RING_S + 1);
    await whenRung(id, 3);
    await server.nextSms(chief.phone);
    await advanceClock(server, RING_S + 1);
    await whenRung(id, 4);
    assert.deepEqual([rung(first), rung(second), rung(chief)], [1, 1, 1]);
    const steps = (await history(id)).filter((one) => one.verb === 'ring');
    assert.equal(steps.length, 4);
    assert.ok(steps.every((one) => one.inner && one.party === 'system' && /^Đã gọi: /.test(one.note)));
    assert.ok(!(await (await signInCitizen(server, reporter)).get(`/v1/reports/${id}`)).json.history.some((one) => /Đã gọi/.test(one.note ?? '')), 'for offices alone');
    const dispatcher = await signInStaff(server, 'dispatcher.demo');
    assert.ok((await dispatcher.get('/v1/notices')).json.items.some((one) => one.what === 'emergency' && one.about === id));
    assert.equal((await acknowledge(dispatcher, id)).status, 200);
  });

  test('stops for who is on the roster or over it, and for nobody else', async () => {
    const [first, second] = [await onDuty(), await onDuty()];
    const stranger = await onDuty();
    await putRoster([shift([first, second])]);
    const { id } = await fileEmergency();
    await whenRung(id, 1);
    assert.equal((await acknowledge(stranger, id)).status, 403);
    assert.equal((await acknowledge(await signInStaff(server, 'health.demo'), id)).status, 404);
    const heard = await acknowledge(first, id);
    assert.equal(heard.status, 200);
    assert.deepEqual([heard.json.state, heard.json.by], ['acknowledged', first.me]);
    assert.equal((await acknowledge(first, id)).status, 200, 'asked again');
    assert.equal((await acknowledge(second, id)).json.by, first.me, 'who was first stays');
    const step = (await history(id)).filter((one) => one.verb === 'acknowledge');
    assert.equal(step.length, 1);
    assert.deepEqual([step[0].by, step[0].party], [first.me, 'officer']);
    await advanceClock(server, RING_S + 5);
    await sleep(2500);
    assert.equal(rung(second), 0);
  });

  test('with nobody on shift goes to the leaders at once', async () => {
    const asleep = await onDuty();
    const chief = await onDuty({ role: 'leader' });
    const local = new Date(nowOf(server) + 7 * 3600 * 1000);
    const day = ((local.getUTCDay() + 6) % 7) + 1;
    const other = String(((day + 2) % 7) + 1);
    await putRoster([shift([asleep], { days: other })]);
    const { id } = await fileEmergency();
    await whenRung(id, 1);
    await server.nextSms(chief.phone);
    assert.equal(rung(asleep), 0);
    assert.equal((await acknowledge(chief, id)).status, 200);
  });

  test('is over once somebody receives it', async () => {
    const [first, second] = [await onDuty(), await onDuty()];
    await putRoster([shift([first, second])]);
    const { id } = await fileEmergency();
    await whenRung(id, 1);
    assert.equal((await first.post(`/v1/reports/${id}/steps/receive`, { json: {}, headers: fresh() })).status, 200);
    assert.equal((await alarmOf(id)).state, 'over', 'at once, not when the next would be rung');
    assert.equal((await acknowledge(second, id)).json.state, 'over', 'there is nothing left to hear');
    await advanceClock(server, RING_S + 1);
    await sleep(2500);
    assert.equal(rung(second), 0);
  });
});

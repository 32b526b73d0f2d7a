/* Deadlines, on the clock of the demonstration: warned before, told after, listed by how much. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { makeJpeg } from './lib/make-jpeg.mjs';
import { advanceClock, fileReport, sendPhoto, signInCitizen, signInStaff, step } from './lib/people.mjs';
import { useServer } from './lib/server.mjs';

const server = useServer();
const HOUR = 3600;

async function until(ask, wanted) {
  for (let i = 0; ; i++) {
    const reply = await ask();
    if (wanted(reply)) return reply;
    if (i === 600) throw new Error(`never came: ${reply.text}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

const told = (client, report, what) =>
  until(
    () => client.get('/v1/notices'),
    (reply) => reply.json.items.some((one) => one.number === report.number && one.what === what),
  );

describe('deadlines', () => {
  test('what nobody answers is warned of, then late; leader and officer are told, the official sees it', async () => {
    const citizen = await signInCitizen(server, '+84912347001');
    const report = await fileReport(citizen);
    const budget = (Date.parse(report.due_at) - Date.parse(report.filed_at)) / 1000;
    assert.ok([4 * HOUR, 24 * HOUR].includes(budget), `${budget} s`);
    const inspector = async () => signInStaff(server, 'inspector.demo');
    const listed = async (query = '') => (await (await inspector()).get(`/v1/desk/late${query}`)).json.items;
    const isOurs = (one) => one.number === report.number;
    assert.ok(!(await listed()).some(isOurs));

    await advanceClock(server, Math.round(budget * 0.95));
    await told(await signInStaff(server, 'officer.demo'), report, 'warning');
    await told(await signInStaff(server, 'leader.demo'), report, 'warning');
    assert.ok(!(await listed()).some(isOurs));
    assert.ok((await listed('?soon_minutes=240')).some(isOurs));

    await advanceClock(server, Math.round(budget * 0.1));
    await told(await signInStaff(server, 'officer.demo'), report, 'late');
    await told(await signInStaff(server, 'leader.demo'), report, 'late');
    const late = (await listed()).find(isOurs);
    assert.ok(late.late);
    assert.equal(late.agency, 'H12.32025');
    assert.ok(late.late_by_ms > 0 && late.late_by_ms < budget * 1000, JSON.stringify(late));
    const figures = (await (await inspector()).get('/v1/desk/figures?by=agency')).json.items;
    assert.ok(figures.length > 0);
  });

  test('a question stops the clock of the agency, and the answer starts it again', async () => {
    const citizen = await signInCitizen(server, '+84912347002');
    const officer = await signInStaff(server, 'officer.demo');
    const report = await fileReport(citizen);
    await step(officer, report.id, 'receive');
    const before = (await citizen.get(`/v1/reports/${report.id}`)).json.due_at;
    await step(officer, report.id, 'ask', { note: 'Nhà số mấy?' });
    await advanceClock(server, 600);
    const supplied = await step(citizen, report.id, 'supply', { note: 'Nhà số 5' });
    assert.equal(supplied.status, 200, supplied.text);
    const moved = (Date.parse(supplied.json.due_at) - Date.parse(before)) / 1000;
    assert.ok(moved >= 600 && moved < 660, `${moved} s`);
  });

  test('an inbox begins with emergencies, then comes what is due first, and last what waits for the citizen', async () => {
    const citizen = await signInCitizen(server, '+84912347004');
    const officer = await signInStaff(server, 'officer.demo');
    const file = async (more) => (await fileReport(citizen, more)).id;
    const [answered, asked, first, second, urgent, urgentAsked] = [await file(), await file(), await file(), await file(), await file({ emergency: true }), await file({ emergency: true })];
    const proof = await sendPhoto(officer, makeJpeg({ width: 320, height: 240 }));
    for (const id of [answered, asked, urgentAsked]) await step(officer, id, 'receive');
    assert.equal((await step(officer, answered, 'answer', { note: 'Đã thay bóng', photos: [proof] })).json.state, 'answered');
    for (const id of [asked, urgentAsked]) assert.equal((await step(officer, id, 'ask', { note: 'Nhà số mấy?' })).json.state, 'waiting');
    const wanted = [urgent, first, second, asked, urgentAsked, answered];

    const listed = async (path) => {
      const ids = [];
      for (let cursor = ''; cursor !== undefined; ) {
        const page = (await officer.get(`${path}limit=1${cursor && `&cursor=${cursor}`}`)).json;
        ids.push(...page.items.map((one) => one.id));
        cursor = page.next;
      }
      return ids.filter((id) => wanted.includes(id));
    };
    assert.deepEqual(await listed('/v1/desk/inbox?'), wanted);
    assert.deepEqual(await listed('/v1/desk/inbox?mine=true&'), [asked, urgentAsked, answered], 'who receives has it');
  });

  test('an answer that nobody disputes is closed by itself, and then not reopened', async () => {
    const citizen = await signInCitizen(server, '+84912347003');
    const officer = await signInStaff(server, 'officer.demo');
    const report = await fileReport(citizen);
    await step(officer, report.id, 'receive');
    const proof = await sendPhoto(officer, makeJpeg({ width: 320, height: 240 }));
    const answered = await step(officer, report.id, 'answer', { note: 'Đã thay bóng', photos: [proof] });
    assert.equal(answered.json.state, 'answered', answered.text);
    await advanceClock(server, 31 * 24 * HOUR);
    const again = await signInCitizen(server, '+84912347003');
    await until(
      () => again.get(`/v1/reports/${report.id}`),
      (reply) => reply.json.state === 'closed',
    );
    const late = await step(again, report.id, 'reopen', { note: 'Vẫn còn' });
    assert.equal(late.status, 409, late.text);
    assert.ok(!late.json.allowed.includes('reopen'));
  });
});

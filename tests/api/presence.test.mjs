/* Who has a case open just now: told by each desk, seen by the others, fading by itself. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { file } from './lib/dossiers.mjs';
import { advanceClock, fileReport, signInCitizen, signInStaff, step } from './lib/people.mjs';
import { Provider, eidClient } from './lib/provider.mjs';
import { useServer } from './lib/server.mjs';

const provider = await Provider.start({ redirects: ['https://app.tram.example/eid'] });
after(() => provider.stop());
const server = useServer({ env: { ...provider.config(), TRAM_HTTP_RATES: '1000000' } });
const FADED_S = 46;

const here = (staff, report, json = {}) => staff.request('PUT', `/v1/reports/${report.id}/presence`, { json });
const others = async (staff, report, json) => {
  const reply = await here(staff, report, json);
  assert.equal(reply.status, 200, reply.text);
  return reply.json.items;
};
const gone = (staff, report) => staff.request('DELETE', `/v1/desk/presence/${report.id}`);

describe('presence', () => {
  let citizen, report;
  const officer = () => signInStaff(server, 'officer.demo');
  const leader = () => signInStaff(server, 'leader.demo');

  before(async () => {
    citizen = await signInCitizen(server, '+84912345678');
    report = await fileReport(citizen);
  });

  test('two at the same report see each other by name, and whether the other writes', async () => {
    assert.deepEqual(await others(await officer(), report), []);
    const [seen, ...more] = await others(await leader(), report, { writing: true });
    assert.equal(seen.name, 'Trần Quốc Huy');
    assert.equal(seen.role, 'officer');
    assert.equal(seen.writing, false);
    assert.ok(seen.since && seen.seen_at);
    assert.deepEqual(more, []);
    const back = await others(await officer(), report);
    assert.equal(back.length, 1);
    assert.equal(back[0].name, 'Nguyễn Văn Thành');
    assert.equal(back[0].writing, true);
  });

  test('who leaves is gone at once; leaving twice, or where one never was, is no fault', async () => {
    assert.equal((await gone(await leader(), report)).status, 204);
    assert.equal((await gone(await leader(), report)).status, 204);
    assert.deepEqual(await others(await officer(), report), []);
    const health = await signInStaff(server, 'health.demo');
    assert.equal((await gone(health, report)).status, 204);
    assert.equal((await health.request('DELETE', '/v1/desk/presence/nothing')).status, 404);
  });

  test('who gives no sign fades; since when they were there is kept as long as they are', async () => {
    await others(await leader(), report);
    const [first] = await others(await officer(), report);
    await advanceClock(server, 30);
    await others(await leader(), report);
    const [still] = await others(await officer(), report);
    assert.equal(still.since, first.since);
    assert.ok(still.seen_at > first.seen_at);
    await advanceClock(server, FADED_S);
    assert.deepEqual(await others(await officer(), report), []);
  });

  test('an official has a few cases open, and each is told of those at it alone', async () => {
    const cases = [report];
    for (let i = 0; i < 5; i++) cases.push(await fileReport(citizen, { text: `Đèn hỏng số ${i}` }));
    for (const one of cases) await others(await officer(), one);
    const seen = [];
    for (const one of cases) seen.push((await others(await leader(), one)).length);
    assert.deepEqual(seen, [0, 0, 1, 1, 1, 1], 'the four that were opened last');
  });

  test('another agency is named by its title, and only who may see the report is answered', async () => {
    const dispatcher = await signInStaff(server, 'dispatcher.demo');
    const health = await signInStaff(server, 'health.demo');
    await others(dispatcher, report);
    const seen = (await others(await officer(), report)).find((one) => one.role === 'dispatcher');
    assert.equal(seen.name, undefined);
    assert.equal(seen.title, 'Điều phối viên');
    assert.equal(seen.agency, 'CMU.IOC');
    assert.equal((await here(health, report)).status, 404);
    assert.equal((await here(await signInStaff(server, 'inspector.demo'), report)).status, 403);
    assert.equal((await here(citizen, report)).status, 403);
    assert.ok(!(await others(await officer(), report)).some((one) => one.agency === 'H12.03'), 'who was refused left no trace');
  });

  test('a sign says nothing else', async () => {
    for (const json of [{ writing: 'yes' }, { name: 'Somebody else' }, []]) assert.equal((await here(await officer(), report, json)).status, 422);
  });

  test('two at once, many times over: nobody is lost and nothing fails', async () => {
    const people = [await officer(), await leader()];
    const replies = await Promise.all(Array.from({ length: 40 }, (_, i) => here(people[i % 2], report, { writing: i % 4 < 2 })));
    assert.deepEqual([...new Set(replies.map((one) => one.status))], [200]);
    assert.ok((await others(people[0], report)).some((one) => one.role === 'leader'));
    assert.ok((await others(people[1], report)).some((one) => one.role === 'officer'));
  });

  test('the same at a dossier; and what one of them did is not written over by the other', async () => {
    provider.people.set('an', { card_no: '096190000123', name: 'Lê Thị An', birthdate: '1990-05-17', assurance: 'two' });
    const dossier = await file(await eidClient(server, provider, 'an'));
    const at = (staff) => staff.request('PUT', `/v1/dossiers/${dossier.id}/presence`, { json: {} });
    assert.equal((await at(await officer())).status, 200);
    assert.equal((await at(await leader())).json.items[0].name, 'Trần Quốc Huy');
    assert.equal((await at(await signInStaff(server, 'health.demo'))).status, 404);

    const seen = { 'if-match': `"${(await (await leader()).get(`/v1/reports/${report.id}`)).json.revision}"` };
    assert.equal((await step(await officer(), report.id, 'receive', {}, seen)).status, 200);
    assert.equal((await step(await leader(), report.id, 'transfer', { reason: 'other_area' }, seen)).status, 412);
  });
});

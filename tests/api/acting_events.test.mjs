/*
 * The stream of notices for whom one acts: what the authority reaches is heard, nothing else, and it
 * ends when one may act no more.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMUNE, acting, fileFor, join, organisation, problem, server, somebody, until } from './lib/organisations.mjs';
import { advanceClock, fileReport, fresh, signInStaff, step } from './lib/people.mjs';

const FIRST = '1-00000000-0000-4000-8000-000000000000'; // all that was ever told is missed

/* A stream that is being read: {heard, ended}. */
function listen(client, id, headers = { 'last-event-id': FIRST }) {
  const ear = { heard: [], ended: false };
  (async () => {
    for await (const event of client.events('/v1/events', { headers: { 'acting-for': id, ...headers } }))
      ear.heard.push({ ...JSON.parse(event.data), event: event.id });
    ear.ended = true;
  })().catch((error) => (ear.error = error));
  return ear;
}
const hears = (ear, what, about) => until(() => ear.heard.find((one) => one.what === what && (!about || one.about === about)), Boolean);
const ends = (ear) => until(() => ear.ended, Boolean);

async function receive(report) {
  const received = await step(await signInStaff(server, 'officer.demo'), report, 'receive');
  assert.equal(received.status, 200, received.text);
}

async function proxy(subject, agent, more) {
  const given = await subject.post('/v1/me/mandates', { json: { kind: 'proxy', agent: { card: agent.card }, ...more }, headers: fresh() });
  assert.equal(given.status, 201, given.text);
  assert.equal((await agent.post(`/v1/me/mandates/${given.json.id}/steps/accept`, { json: {} })).status, 200);
  return given.json.id;
}

test('a member hears what the organisation is told, as it comes and after a break, until taken out', async () => {
  const [lan, minh, stranger] = [await somebody(), await somebody(), await somebody()];
  const org = await organisation(lan);
  await join(lan, org.id, minh, 'reads');
  const ear = listen(minh, org.id);
  const first = (await fileFor(lan, org.id)).json;
  await receive(first.id);
  const notice = await hears(ear, 'receive', first.id);

  const second = (await fileFor(lan, org.id)).json;
  await receive(second.id);
  await hears(ear, 'receive', second.id);
  const again = listen(minh, org.id, { 'last-event-id': notice.event });
  await hears(again, 'receive', second.id);
  problem(await stranger.get('/v1/events', acting(org.id)), 403, 'not-acting', 'unknown');

  const { members } = (await lan.get(`/v1/organisations/${org.id}`)).json;
  const him = members.find((one) => one.person === minh.person);
  assert.equal((await lan.delete(`/v1/organisations/${org.id}/members/${him.id}`)).status, 204);
  await ends(ear);
  await ends(again);
  problem(await minh.get('/v1/events', acting(org.id)), 403, 'not-acting', 'unknown');
});

test('a proxy hears what the authority reaches, and of their own nothing', async () => {
  const [subject, agent] = [await somebody(), await somebody()];
  const id = await proxy(subject, agent, { scope: ['reports'] });
  const ear = listen(agent, subject.person);
  const theirs = await fileReport(subject);
  const own = await fileReport(agent);
  await receive(own.id);
  await receive(theirs.id);
  await hears(ear, 'receive', theirs.id);
  const told = (await subject.get('/v1/notices')).json.items; // that there is an authority, too
  assert.ok(told.some((one) => one.subject !== 'report'), 'there is more that the subject was told');
  assert.deepEqual(ear.heard.filter((one) => one.subject !== 'report' || one.about === own.id), []);
  const late = listen(agent, subject.person);
  await hears(late, 'receive', theirs.id);
  assert.deepEqual(late.heard.filter((one) => one.subject !== 'report'), []);

  assert.equal((await subject.post(`/v1/me/mandates/${id}/steps/end`, { json: {} })).status, 200);
  await ends(ear);
  await ends(late);
  problem(await agent.get('/v1/events', acting(subject.person)), 403, 'not-acting', 'ended');
});

test('nothing is heard of what comes after its last day', async () => {
  const [subject, agent] = [await somebody(), await somebody()];
  const until_ = new Date(Date.now() + (server.aheadMs ?? 0) + 5 * 24 * 3600 * 1000 + 7 * 3600 * 1000).toISOString().slice(0, 10);
  await proxy(subject, agent, { scope: ['reports'], until: until_ });
  const ear = listen(agent, subject.person);
  const report = await fileReport(subject, { commune: COMMUNE });
  await receive(report.id);
  await hears(ear, 'receive', report.id);
  await advanceClock(server, 10 * 24 * 3600);
  const heard = ear.heard.length;
  const officer = await signInStaff(server, 'officer.demo');
  const done = await step(officer, report.id, 'ask', { note: 'Cột đèn số mấy?' });
  assert.equal(done.status, 200, done.text);
  await ends(ear);
  assert.equal(ear.heard.length, heard);
});

/* Who does not speak for themselves, and whom nobody speaks for any more. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { COMMUNE, fileFor, somebody, server } from './lib/organisations.mjs';
import { advanceClock, fresh, signInStaff, step } from './lib/people.mjs';

const DAY = 24 * 3600;
const PATIENCE_MS = 150_000; // the sweep looks every half minute; nothing is measured by it

const child = (more) => ({ kind: 'parent', scope: ['reports'], commune: COMMUNE, dependant: { name: 'Trần Gia Bảo', birth: '2018-05-17', ...more } });
const verify = async (id) => (await signInStaff(server, 'officer.demo')).post(`/v1/desk/mandates/${id}/steps/verify`, { json: { note: 'Giấy khai sinh bản chính' } });

async function until(ask, wanted) {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(250)) if (wanted(await ask())) return;
  throw new Error('it never came');
}

test('whose agent is gone is given another by a desk that saw the papers', async () => {
  const [mother, aunt, stranger] = [await somebody('Lê Thị Ba'), await somebody('Lê Thị Tư'), await somebody('Lê Thị Năm')];
  const made = (await mother.post('/v1/me/mandates', { json: child({}), headers: fresh() })).json;
  const officer = await signInStaff(server, 'officer.demo');
  const hand = (json, client = officer) => client.post(`/v1/desk/mandates/${made.id}/successor`, { json: { kind: 'guardian', note: 'Quyết định cử người giám hộ số 12', ...json } });
  assert.equal((await hand({ card: aunt.card })).status, 409, 'nobody has seen the papers yet');
  assert.equal((await verify(made.id)).status, 200);
  assert.equal((await hand({ card: aunt.card })).status, 409, 'her mother acts for her');
  const report = (await fileFor(mother, made.subject)).json;
  assert.equal((await officer.post(`/v1/desk/mandates/${made.id}/steps/end`, { json: { note: 'Người mẹ bị hạn chế quyền' } })).status, 200);
  assert.notEqual((await fileFor(mother, made.subject)).status, 201);
  assert.deepEqual((await hand({ card: '123456789012' })).json.errors.map((one) => one.pointer), ['/card']);
  assert.deepEqual((await hand({ card: aunt.card, until: '2020-01-01' })).json.errors.map((one) => one.pointer), ['/until']);
  const elsewhere = await signInStaff(server, 'health.demo');
  assert.equal((await hand({ card: aunt.card }, elsewhere)).status, 404);
  const [given, again] = await Promise.all([hand({ card: aunt.card }), hand({ card: aunt.card })]);
  assert.equal(given.status, 201, given.text);
  assert.equal(again.json.id, given.json.id, 'once');
  assert.equal(given.json.state, 'active');
  const seen = (await aunt.get(`/v1/me/mandates/${given.json.id}`)).json;
  assert.equal(seen.subject, made.subject);
  assert.deepEqual(seen.history.map((one) => [one.verb, one.party]), [['hand_on', 'office']]);
  assert.equal((await fileFor(aunt, made.subject)).status, 201);
  const mine = await aunt.get(`/v1/reports/${report.id}`, { headers: { 'acting-for': made.subject } });
  assert.equal(mine.status, 200, 'what was theirs before is found');
  assert.notEqual((await fileFor(stranger, made.subject)).status, 201);
  const told = (await aunt.get('/v1/notices')).json.items.filter((one) => one.what === 'mandate_hand_on');
  assert.equal(told.length, 1);
  assert.match(told[0].text_vi, /Quyết định cử người giám hộ/);
  assert.equal((await aunt.post(`/v1/me/mandates/${given.json.id}/steps/end`, { json: {} })).status, 200);
  assert.equal((await hand({ card: aunt.card })).status, 409, 'she gave it up');
});

test('whose only agent is erased is erased too; not who is found by a card, nor what is open', async () => {
  const mother = await somebody('Lê Thị Xa');
  const recorded = async (dependant, ended) => {
    const { id, subject } = (await mother.post('/v1/me/mandates', { json: child(dependant), headers: fresh() })).json;
    assert.equal((await verify(id)).status, 200);
    const report = (await fileFor(mother, subject)).json.id;
    if (ended) assert.equal((await mother.post(`/v1/reports/${report}/steps/withdraw`, { json: {}, headers: { ...fresh(), 'acting-for': subject } })).status, 200);
    return report;
  };
  const [alone, open, known] = [await recorded({}, true), await recorded({}, false), await recorded({ card: '096318000123' }, true)];
  let inspector;
  const textOf = async (report) => {
    let reply = await inspector?.get(`/v1/reports/${report}`);
    if (reply?.status !== 200) {
      inspector = await signInStaff(server, 'inspector.demo'); // the clock has left the token behind
      reply = await inspector.get(`/v1/reports/${report}`);
    }
    assert.equal(reply.status, 200, reply.text);
    return reply.json.text;
  };
  const { erased } = (await mother.get('/v1/me/erasure')).json;
  assert.match(erased.find((one) => one.what === 'mandates').words, /do bạn khai/);
  await until(async () => { // what is noted behind the filings changes what is shown
    const { shown } = (await mother.get('/v1/me/erasure')).json;
    return mother.post('/v1/me/erasure', { json: { shown } });
  }, (reply) => reply.status === 202);
  await advanceClock(server, 7 * DAY + 60);
  await until(() => mother.post('/v1/auth/refresh', { json: { refresh_token: mother.refresh }, token: null }), (reply) => {
    if (reply.status === 200) mother.refresh = reply.json.refresh_token;
    return reply.status === 401;
  });
  assert.ok(await textOf(alone), 'it waits, as any erasure');
  await advanceClock(server, 7 * DAY + 60);
  await until(() => textOf(alone), (text) => text === undefined);
  assert.ok(await textOf(known));
  assert.ok(await textOf(open));
  const officer = await signInStaff(server, 'officer.demo');
  assert.equal((await step(officer, open, 'reject', { reason: 'not_in_scope', note: 'Không thuộc thẩm quyền' })).status, 200);
  await advanceClock(server, 2 * DAY);
  await until(() => textOf(open), (text) => text === undefined);
  assert.ok(await textOf(known));
});

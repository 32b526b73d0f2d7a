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

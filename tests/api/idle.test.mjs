/* Shared computers: what an official leaves idle is locked, and nothing stays behind. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Authenticator } from './lib/authenticator.mjs';
import { advanceClock, signInCitizen, signInStaff } from './lib/people.mjs';
import { useServer } from './lib/server.mjs';
import { newStaff } from './lib/staff.mjs';

const server = useServer({ env: { TRAM_HTTP_RATES: '1000000', TRAM_AUTH_ACCESS: '1h' } });
const MINUTE = 60;

test('left idle it is locked, the password unlocks it, and after the shift it takes a whole sign-in', async () => {
  const officer = await newStaff(server, await signInStaff(server, 'unit.demo'));
  const other = await newStaff(server, await signInStaff(server, 'unit.demo'));
  const refresh = (token) => officer.post('/v1/auth/refresh', { json: { refresh_token: token }, token: null });
  const unlock = (token, password) => officer.post('/v1/auth/unlock', { json: { refresh_token: token, password }, token: null });
  await advanceClock(server, 10 * MINUTE);
  assert.equal((await officer.get('/v1/me')).status, 200, 'used in time');
  await advanceClock(server, 10 * MINUTE);
  assert.equal((await officer.get('/v1/me')).status, 200, 'use counts');
  await advanceClock(server, 17 * MINUTE);
  const locked = await officer.get('/v1/me');
  assert.equal(locked.status, 401);
  assert.match(locked.json.type, /session-locked/);
  assert.match((await refresh(officer.refresh)).json.type, /session-locked/);
  assert.equal((await unlock(officer.refresh, 'không phải câu này')).status, 401);
  assert.equal((await unlock(officer.refresh, other.password)).status, 401);
  assert.equal((await unlock('x', officer.password)).status, 401);
  const open = await unlock(officer.refresh, officer.password);
  assert.equal(open.status, 200);
  assert.equal((await officer.get('/v1/me', { token: open.json.access_token })).json.id, officer.me);
  await advanceClock(server, 10 * 3600);
  const late = await unlock(open.json.refresh_token, officer.password);
  assert.equal(late.status, 401);
  assert.match(late.json.type, /token-invalid/);
});

test('a passkey of theirs unlocks it too, counts as just shown, and only while the shift lasts', async () => {
  const admin = await signInStaff(server, 'unit.demo');
  const [officer, other, keyless] = [await newStaff(server, admin), await newStaff(server, admin), await newStaff(server, admin)];
  const post = (url, json) => officer.post(url, { json, token: null });
  const ask = (token) => post('/v1/auth/unlock/options', { refresh_token: token });
  const unlock = (token, asked, key) => post('/v1/auth/unlock', { refresh_token: token, ticket: asked.ticket, credential: key.get(asked.public_key) });
  const keyOf = async (who) => {
    const key = new Authenticator({ origin: server.origin });
    const asked = (await who.post('/v1/me/passkeys/options')).json;
    assert.equal((await who.post('/v1/me/passkeys', { json: { ticket: asked.ticket, credential: key.create(asked.public_key) } })).status, 201);
    return key;
  };
  const [mine, theirs] = [await keyOf(officer), await keyOf(other)];
  const confirming = (await officer.post('/v1/auth/confirm/options')).json;
  await advanceClock(server, 17 * MINUTE);
  assert.match((await officer.get('/v1/me')).json.type, /session-locked/);
  assert.equal((await officer.post('/v1/auth/confirm/options')).status, 401, 'no way around the lock');

  assert.equal((await ask('x')).status, 401);
  assert.equal((await ask(keyless.refresh)).status, 404, 'has none');
  const citizen = await signInCitizen(server, '+84912371177');
  assert.equal((await ask(citizen.refresh)).status, 401, "a citizen's is not locked");

  const asked = async () => (await ask(officer.refresh)).json;
  const first = await asked();
  assert.equal(first.public_key.allowCredentials.length, 1, 'its own key alone is asked for');
  const refused = async (reply) => assert.match((await reply).json.type, /passkey-refused/);
  await refused(unlock(officer.refresh, first, theirs));
  await refused(unlock(officer.refresh, first, mine)); // the ticket is used up
  await refused(unlock(other.refresh, await asked(), mine)); // of another session
  await refused(unlock(other.refresh, await asked(), theirs));
  await refused(unlock(officer.refresh, confirming, mine)); // for another purpose
  assert.equal((await post('/v1/auth/unlock', { refresh_token: officer.refresh })).status, 422, 'by something');
  const both = await asked();
  const open = await unlock(officer.refresh, both, mine);
  assert.equal(open.status, 200, open.text);
  const inside = { token: open.json.access_token };
  assert.equal((await officer.get('/v1/me', inside)).json.id, officer.me);
  assert.equal((await officer.post('/v1/me/passkeys/options', inside)).status, 200, 'fresh');
  await refused(unlock(open.json.refresh_token, both, mine));

  await advanceClock(server, 10 * 3600);
  const late = await ask(open.json.refresh_token);
  assert.equal(late.status, 401);
  assert.match(late.json.type, /token-invalid/);
});

test('wrong passwords at the lock pause the account', async () => {
  const officer = await newStaff(server, await signInStaff(server, 'unit.demo'));
  const statuses = [];
  for (let i = 0; i < 11; i++)
    statuses.push((await officer.post('/v1/auth/unlock', { json: { refresh_token: officer.refresh, password: 'sai' }, token: null })).status);
  assert.deepEqual(statuses.slice(0, 10), Array(10).fill(401));
  assert.equal(statuses[10], 429);
});

test('signing out leaves nothing behind', async () => {
  const officer = await newStaff(server, await signInStaff(server, 'unit.demo'));
  const out = await officer.post('/v1/auth/sign-out');
  assert.equal(out.status, 204);
  assert.match(out.headers['clear-site-data'], /"storage"/);
  assert.equal(out.headers['cache-control'], 'no-store');
  assert.equal((await officer.post('/v1/auth/unlock', { json: { refresh_token: officer.refresh, password: officer.password }, token: null })).status, 401);
});

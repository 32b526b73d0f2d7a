/* Shared computers: what an official leaves idle is locked, and nothing stays behind. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advanceClock, signInStaff } from './lib/people.mjs';
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

/* Access tokens as another service of the province checks them: by the published keys alone. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { advanceClock, signInCitizen, signInStaff } from './lib/people.mjs';
import { useServer } from './lib/server.mjs';
import { tramctl, tramctlJson } from './lib/tramctl.mjs';

const server = useServer();
const HOUR_S = 3600;

const keySet = async () => (await server.client().get('/.well-known/jwks.json')).json;
const kidOf = (token) => JSON.parse(Buffer.from(token.split('.')[0], 'base64url')).kid;

/* As a stranger would, from the documents, at the server's time. */
async function check(token) {
  const about = (await server.client().get('/.well-known/oauth-authorization-server')).json;
  return jwtVerify(token, createLocalJWKSet(await keySet()), {
    issuer: about.issuer,
    audience: 'tram-api',
    typ: 'at+jwt',
    algorithms: ['ES256'],
    requiredClaims: ['sub', 'client_id', 'jti', 'iat', 'exp'],
    currentDate: new Date(Date.now() + (server.aheadMs ?? 0)),
    clockTolerance: 5,
  });
}

describe('others verify our tokens', () => {
  test('a citizen\'s and an official\'s, by the published documents (RFC 9068, RFC 8414)', async () => {
    const citizen = await signInCitizen(server, '+84912346101');
    const { payload, protectedHeader } = await check(citizen.token);
    assert.deepEqual(Object.keys(protectedHeader).sort(), ['alg', 'kid', 'typ']);
    assert.equal(payload.client_id, 'tram-citizen');
    assert.equal(payload.sid, citizen.session);
    assert.equal(payload.level, 0);
    assert.equal(payload.exp - payload.iat, 900);
    const staff = (await check((await signInStaff(server, 'officer.demo')).token)).payload;
    assert.equal(staff.client_id, 'tram-staff');
    assert.equal(staff.role, 'officer');
    assert.ok(staff.agency);
  });

  test('the documents are public, kept for a short while, and have nothing private', async () => {
    const anybody = server.client();
    const keys = await anybody.get('/.well-known/jwks.json');
    assert.match(keys.headers['content-type'], /^application\/jwk-set\+json/);
    assert.match(keys.headers['cache-control'], /^public, max-age=300$/);
    for (const key of keys.json.keys) assert.deepEqual(Object.keys(key).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    const about = await anybody.get('/.well-known/oauth-authorization-server');
    assert.match(about.headers['cache-control'], /^public/);
    assert.equal(about.json.issuer, 'https://localhost:8443');
    assert.equal(about.json.jwks_uri, 'https://localhost:8443/.well-known/jwks.json');
    assert.deepEqual(about.json.response_types_supported, []);
  });
});

describe('a key is rotated', () => {
  test('published before it signs, kept until its last token expired, and nobody is signed out', async () => {
    let citizen = await signInCitizen(server, '+84912346102');
    const refresh = async () => {
      const next = await citizen.post('/v1/auth/refresh', { json: { refresh_token: citizen.refresh }, token: null });
      assert.equal(next.status, 200);
      citizen.token = next.json.access_token;
      citizen.refresh = next.json.refresh_token;
    };
    const old = kidOf(citizen.token);
    const listed = await tramctlJson(server.data, 'keys', 'rotate');
    const fresh = listed.find((key) => key.id !== old);
    assert.equal(fresh.active, false);
    assert.equal(Date.parse(fresh.active_at) - Date.parse(fresh.created_at), HOUR_S * 1000);
    assert.deepEqual((await keySet()).keys.map((key) => key.kid), [fresh.id, old]);
    await refresh();
    assert.equal(kidOf(citizen.token), old, 'the new one waits');

    await advanceClock(server, HOUR_S - 300);
    await refresh();
    assert.equal(kidOf(citizen.token), old);
    const lastOfOld = citizen.token;
    await advanceClock(server, 301);
    await check(lastOfOld);
    assert.equal((await server.client({ token: lastOfOld }).get('/v1/me')).status, 200);
    await refresh();
    assert.equal(kidOf(citizen.token), fresh.id);
    await check(citizen.token);
    assert.equal((await citizen.get('/v1/me')).status, 200);

    await advanceClock(server, 23 * HOUR_S);
    assert.equal((await keySet()).keys.length, 2);
    await advanceClock(server, HOUR_S + 60);
    assert.deepEqual((await keySet()).keys.map((key) => key.kid), [fresh.id]);
    assert.equal((await server.client({ token: lastOfOld }).get('/v1/me')).status, 401);
    await refresh();
    assert.equal((await citizen.get('/v1/me')).status, 200);
  });

  test('at once, where that is wanted', async () => {
    const listed = await tramctlJson(server.data, 'keys', 'rotate', '--now');
    assert.equal(listed[0].active, true);
    const citizen = await signInCitizen(server, '+84912346103');
    assert.equal(kidOf(citizen.token), listed[0].id);
    await check(citizen.token);
    const { out } = await tramctl(server.data, 'keys', 'list');
    assert.match(out, new RegExp(listed[0].id));
  });
});

test('keys that leaked are distrusted: what they signed passes no more, and people sign in again', async () => {
  const phone = '+84912346104';
  const before = await signInCitizen(server, phone, { name: 'Phạm Thị Rò' });
  await check(before.token);
  await tramctlJson(server.data, 'keys', 'rotate', '--distrust');
  assert.equal((await keySet()).keys.length, 1);
  await assert.rejects(check(before.token), /no applicable key|JWKSNoMatchingKey/);
  const refreshed = await server.client().post('/v1/auth/refresh', { json: { refresh_token: before.refresh } });
  assert.equal(refreshed.status, 401);
  await advanceClock(server, 61); // what was verified before is known for a minute
  assert.equal((await before.get('/v1/me')).status, 401);
  const after = await signInCitizen(server, phone);
  assert.equal((await after.get('/v1/me')).json.name, 'Phạm Thị Rò', 'what was sealed is opened');
  await check(after.token);
  assert.equal((await tramctlJson(server.data, 'keys', 'rewrap')).result.unsound, 0);
});

test('an issuer that nobody could ask is refused at start', async () => {
  const { Server } = await import('./lib/server.mjs');
  for (const issuer of ['http://tinh.example', 'tinh.example', 'https://tinh.example/', 'https://Tinh.example?x']) {
    const other = new Server({ env: { TRAM_AUTH_ISSUER: issuer } });
    await assert.rejects(other.start(), /auth\.issuer/, issuer);
  }
});

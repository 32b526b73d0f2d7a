/* Tokens of a browser: the refresh token is a cookie that no script reads and no other site can use. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { totp } from './lib/people.mjs';
import { ROOT } from './lib/places.mjs';
import { useServer } from './lib/server.mjs';
import fs from 'node:fs';
import path from 'node:path';

const server = useServer({ env: { TRAM_HTTP_RATES: '10000' } });
const APP = { 'tram-session': 'app' };
const officer = JSON.parse(fs.readFileSync(path.join(ROOT, 'demo/staff.json'), 'utf8')).find((one) => one.user === 'officer.demo');

const cookieOf = (reply) => {
  const [whole] = [reply.headers['set-cookie']].flat();
  assert.ok(whole, 'no cookie');
  return { whole, pair: whole.split(';')[0] };
};

async function signIn(phone, headers = APP) {
  const browser = server.client();
  const asked = await browser.post('/v1/auth/otp', { json: { phone }, headers });
  return browser.post(`/v1/auth/otp/${asked.json.challenge}/check`, { json: { code: await server.smsCode(phone) }, headers });
}

const refresh = (cookie, headers = APP, json = {}) => server.client().post('/v1/auth/refresh', { json, headers: { ...headers, ...(cookie && { cookie }) } });

describe('a browser signs in', () => {
  test('its refresh token is in a cookie of the strictest kind, and nowhere else', async () => {
    const reply = await signIn('+84912345801');
    assert.equal(reply.status, 200);
    assert.equal(reply.json.refresh_token, undefined);
    const { whole, pair } = cookieOf(reply);
    assert.match(whole, /^__Secure-tram-app=[^;]+; Path=\/v1\/auth; Max-Age=\d+; HttpOnly; SameSite=Strict; Secure$/);
    assert.ok(!reply.text.includes(pair.split('=')[1]));
    const next = await refresh(pair);
    assert.equal(next.status, 200);
    assert.ok(next.json.access_token && !next.json.refresh_token);
    assert.notEqual(cookieOf(next).pair, pair);
    const again = await refresh(pair); // its reply was lost on the way
    assert.equal(again.status, 200);
    assert.equal(cookieOf(again).pair, cookieOf(next).pair);
  });

  test('without the header the cookie is not looked at, and one cookie is not the other', async () => {
    const { pair } = cookieOf(await signIn('+84912345802'));
    assert.equal((await refresh(pair, {})).status, 401);
    assert.equal((await refresh(pair, { 'tram-session': 'desk' })).status, 401);
    assert.equal((await refresh(undefined)).status, 401);
    assert.equal((await refresh(`other=1; ${pair.replace('app=', 'app=x')}`)).status, 401);
    assert.equal((await server.client().raw('POST', '/v1/auth/refresh', { json: {}, headers: { cookie: pair, 'tram-session': 'other' } })).status, 422);
    assert.equal((await server.client().get('/v1/me', { headers: { cookie: pair, ...APP } })).status, 401, 'a cookie opens nothing else');
    assert.equal((await refresh(`other=1; ${pair}`)).status, 200);
  });

  test('no other origin is let send the header', async () => {
    const asked = await server.client().request('OPTIONS', '/v1/auth/refresh', { headers: { origin: 'https://evil.example', 'access-control-request-headers': 'tram-session' } });
    assert.ok(!/tram-session/i.test(asked.headers['access-control-allow-headers']));
  });

  test('signing out takes the cookie away, and what the app keeps on the phone stays', async () => {
    const reply = await signIn('+84912345803');
    const citizen = server.client({ token: reply.json.access_token });
    const out = await citizen.post('/v1/auth/sign-out', { headers: APP });
    assert.equal(out.status, 204);
    assert.match(cookieOf(out).whole, /^__Secure-tram-app=; .*Max-Age=0/);
    assert.equal(out.headers['clear-site-data'], undefined);
    assert.equal((await refresh(cookieOf(reply).pair)).status, 401);
  });

  test('at the desk, where others sit down next, everything goes', async () => {
    const desk = { 'tram-session': 'desk' };
    const anybody = server.client();
    const reply = await anybody.post('/v1/auth/staff', { json: { user: officer.user, password: officer.password, code: totp(officer.totp) }, headers: desk });
    assert.equal(reply.status, 200);
    assert.match(cookieOf(reply).whole, /^__Secure-tram-desk=[^;]+; Path=\/v1\/auth; HttpOnly; SameSite=Strict; Secure$/, 'it ends with the browser');
    const out = await server.client({ token: reply.json.access_token }).post('/v1/auth/sign-out', { headers: desk });
    assert.match(out.headers['clear-site-data'], /"cookies", "storage"/);
  });
});

test('an app without a browser gets its token in the reply, and no cookie', async () => {
  const reply = await signIn('+84912345804', {});
  assert.ok(reply.json.refresh_token);
  assert.equal(reply.headers['set-cookie'], undefined);
  assert.equal((await refresh(undefined, {}, { refresh_token: reply.json.refresh_token })).status, 200);
});

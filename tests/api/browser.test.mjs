/* What a browser, its history, another site or a thief could make of tokens and sign-ins (RFC 9700 §4). */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { signInCitizen, signInStaff } from './lib/people.mjs';
import { useServer } from './lib/server.mjs';
import { tramctl } from './lib/tramctl.mjs';

const server = useServer({ env: { TRAM_HTTP_RATES: '10000' } });

/* Some of every kind: public, private, refused, a page, a redirect that is refused. */
const ADDRESSES = ['/v1/categories', '/v1/me', '/docs', '/openapi.json', '/nowhere', '/v1/auth/eid/callback?code=x&state=y', '/problems/not-found', '/.well-known/jwks.json'];

describe('what every answer says to a browser', () => {
  test('no page of another site may frame it (clickjacking)', async () => {
    const citizen = await signInCitizen(server, '+84912348101');
    for (const address of ADDRESSES) {
      const { headers } = await citizen.get(address);
      assert.match(headers['content-security-policy'], /frame-ancestors 'none'/, address);
    }
  });

  test('its address goes nowhere (Referer), its kind is not guessed', async () => {
    const citizen = await signInCitizen(server, '+84912348102');
    for (const address of ADDRESSES) {
      const { headers } = await citizen.get(address);
      assert.equal(headers['referrer-policy'], 'no-referrer', address);
      assert.equal(headers['x-content-type-options'], 'nosniff', address);
    }
  });

  test('tokens and what is private are kept by no cache', async () => {
    const citizen = await signInCitizen(server, '+84912348103');
    const refreshed = await citizen.post('/v1/auth/refresh', { json: { refresh_token: citizen.refresh }, token: null });
    assert.equal(refreshed.headers['cache-control'], 'no-store');
    const asked = await server.client().post('/v1/auth/otp', { json: { phone: '+84912348104' } });
    assert.equal(asked.headers['cache-control'], 'no-store');
    assert.match((await citizen.get('/v1/me')).headers['cache-control'], /no-store/);
  });
});

describe('tokens in the wrong place', () => {
  test('in the address they are no credential, and are in no log', async () => {
    const citizen = await signInCitizen(server, '+84912348105');
    const anybody = server.client();
    for (const address of [`/v1/me?access_token=${citizen.token}`, `/v1/me?token=${citizen.token}`, `/v1/reports?access_token=${citizen.token}`]) {
      const reply = await anybody.get(address);
      assert.ok([400, 401, 422].includes(reply.status), `${reply.status} ${address.slice(0, 30)}`);
    }
    const log = server.lines.join('\n');
    assert.ok(!log.includes(citizen.token) && !log.includes(citizen.token.split('.')[2]));
    assert.ok(!log.includes(citizen.refresh));
  });

  test('in a body or under another scheme they are no credential', async () => {
    const citizen = await signInCitizen(server, '+84912348106');
    const anybody = server.client();
    const inBody = await anybody.patch('/v1/me', { json: { access_token: citizen.token, name: 'Kẻ Khác' } });
    assert.equal(inBody.status, 401);
    for (const authorization of [`Basic ${Buffer.from(`x:${citizen.token}`).toString('base64')}`, `DPoP ${citizen.token}`, `Bearer,${citizen.token}`, citizen.token])
      assert.equal((await anybody.get('/v1/me', { headers: { authorization } })).status, 401, authorization.slice(0, 12));
  });

  test('they lie nowhere on the disk', async () => {
    const citizen = await signInCitizen(server, '+84912348107');
    const secrets = [citizen.token.split('.')[2], citizen.refresh, citizen.refresh.slice(-40)];
    for (const file of fs.readdirSync(server.data, { recursive: true })) {
      const whole = path.join(server.data, file);
      if (!fs.statSync(whole).isFile()) continue;
      const bytes = fs.readFileSync(whole);
      for (const secret of secrets) assert.ok(!bytes.includes(secret), file);
    }
  });
});

describe('requests that another site sends (CSRF)', () => {
  test('nothing is said or known by a cookie', async () => {
    const citizen = await signInCitizen(server, '+84912348108');
    for (const address of ADDRESSES) assert.equal((await citizen.get(address)).headers['set-cookie'], undefined, address);
    for (const cookie of [`access_token=${citizen.token}`, `session=${citizen.session}`, `refresh_token=${citizen.refresh}`])
      assert.equal((await server.client().get('/v1/me', { headers: { cookie } })).status, 401);
  });

  test('a form of another site reaches no endpoint that gives tokens', async () => {
    const citizen = await signInCitizen(server, '+84912348109');
    const body = JSON.stringify({ refresh_token: citizen.refresh });
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])
      for (const address of ['/v1/auth/refresh', '/v1/auth/otp', '/v1/auth/staff', '/v1/auth/eid'])
        assert.equal((await server.client().post(address, { body, headers: { 'content-type': type, origin: 'https://evil.example' } })).status, 415, `${type} ${address}`);
  });

  test('its scripts may not read what is answered', async () => {
    const citizen = await signInCitizen(server, '+84912348110');
    const headers = { origin: 'https://evil.example' };
    for (const address of ['/v1/me', '/.well-known/jwks.json']) {
      const reply = await citizen.get(address, { headers });
      assert.equal(reply.headers['access-control-allow-origin'], undefined);
      assert.equal(reply.headers['access-control-allow-credentials'], undefined);
    }
  });
});

describe('a refresh token that was stolen', () => {
  const refresh = (refresh_token) => server.client().post('/v1/auth/refresh', { json: { refresh_token } });

  test('used from two places, it ends the session of both', async () => {
    const victim = await signInCitizen(server, '+84912348111');
    const stolen = victim.refresh;
    const thief = await refresh(stolen);
    assert.equal(thief.status, 200);
    const further = await refresh(thief.json.refresh_token);
    assert.equal(further.status, 200, 'the thief goes on');
    assert.equal((await refresh(stolen)).status, 401, 'the victim comes with what they have');
    for (const token of [further.json.refresh_token, thief.json.refresh_token]) assert.equal((await refresh(token)).status, 401);
    for (const token of [victim.token, thief.json.access_token, further.json.access_token])
      assert.equal((await server.client({ token }).get('/v1/me')).status, 401);
  });

  test('used twenty times at once, it makes one next one', async () => {
    const victim = await signInCitizen(server, '+84912348112');
    const replies = await Promise.all(Array.from({ length: 20 }, () => refresh(victim.refresh)));
    const made = new Set(replies.filter((reply) => reply.status === 200).map((reply) => reply.json.refresh_token));
    assert.equal(made.size, 1);
    assert.equal((await refresh([...made][0])).status, 200);
  });

  test('another\'s or a changed one is refused, and ends nothing', async () => {
    const one = await signInCitizen(server, '+84912348113');
    const bytes = Buffer.from(one.refresh, 'base64url');
    for (let i = 0; i < bytes.length; i += 5) {
      const turned = Buffer.from(bytes);
      turned[i] ^= 1;
      assert.equal((await refresh(turned.toString('base64url'))).status, 401, String(i));
    }
    assert.equal((await refresh(one.refresh)).status, 200);
  });

  test('a closed account refreshes nothing', async () => {
    const staff = await signInStaff(server, 'health.demo');
    assert.equal((await staff.get('/v1/me')).status, 200);
    assert.equal((await tramctl(server.data, 'staff', 'disable', 'health.demo')).code, 0);
    assert.equal((await staff.get('/v1/me')).status, 401);
    assert.equal((await refresh(staff.refresh)).status, 401);
  });
});

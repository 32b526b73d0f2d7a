/* Signing in and out: codes, tokens, devices; and tokens that somebody made up. */
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { describe, test } from 'node:test';
import { signInCitizen, signInStaff } from './lib/people.mjs';
import { useServer } from './lib/server.mjs';

const server = useServer();

const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('identity', () => {
  test('a code works once, and wrong codes run out', async () => {
    const anybody = server.client();
    const asked = await anybody.post('/v1/auth/otp', { json: { phone: '0912 345 101' } });
    assert.equal(asked.status, 201);
    const code = await server.smsCode('+84912345101');
    const url = `/v1/auth/otp/${asked.json.challenge}/check`;
    const wrong = code === '000000' ? '111111' : '000000';
    assert.equal((await anybody.post(url, { json: { code: wrong } })).status, 401);
    assert.equal((await anybody.post(url, { json: { code } })).status, 200);
    assert.equal((await anybody.post(url, { json: { code } })).status, 401);

    const second = await anybody.post('/v1/auth/otp', { json: { phone: '0912345101' } });
    const right = await server.smsCode('+84912345101');
    for (let i = 0; i < 5; i++)
      await anybody.post(`/v1/auth/otp/${second.json.challenge}/check`, { json: { code: right === '000000' ? '111111' : '000000' } });
    assert.equal((await anybody.post(`/v1/auth/otp/${second.json.challenge}/check`, { json: { code: right } })).status, 401);
  });

  test('one number gets only so many codes an hour', async () => {
    const anybody = server.client();
    const statuses = [];
    for (let i = 0; i < 6; i++)
      statuses.push((await anybody.post('/v1/auth/otp', { json: { phone: '+84912345102' } })).status);
    assert.deepEqual(statuses, [201, 201, 201, 201, 201, 429]);
    assert.equal((await anybody.post('/v1/auth/otp', { json: { phone: '12' } })).status, 422);
    assert.equal((await anybody.post('/v1/auth/otp', { json: { phone: '0212345678' } })).status, 422);
  });

  test('refresh tokens rotate; a lost reply may be repeated; an old one ends the session', async () => {
    const citizen = await signInCitizen(server, '+84912345103');
    const first = citizen.refresh;
    const refresh = (token) => citizen.post('/v1/auth/refresh', { json: { refresh_token: token }, token: null });
    const second = await refresh(first);
    assert.equal(second.status, 200);
    const repeated = await refresh(first);
    assert.equal(repeated.status, 200);
    assert.equal(repeated.json.refresh_token, second.json.refresh_token);
    const third = await refresh(second.json.refresh_token);
    assert.equal(third.status, 200);
    assert.equal((await refresh(first)).status, 401, 'two generations old');
    assert.equal((await refresh(third.json.refresh_token)).status, 401, 'the family has ended');
    assert.equal((await citizen.get('/v1/me')).status, 401);
  });

  test('devices are listed and signed out', async () => {
    const phone = '+84912345104';
    const here = await signInCitizen(server, phone, { name: 'Đỗ Thị Máy' });
    const there = await signInCitizen(server, phone);
    const list = (await here.get('/v1/me/sessions')).json.items;
    assert.equal(list.length, 2);
    const other = list.find((one) => !one.this);
    assert.equal((await here.delete(`/v1/me/sessions/${other.id}`)).status, 204);
    assert.equal((await there.get('/v1/me')).status, 401);
    assert.equal((await here.get('/v1/me')).json.name, 'Đỗ Thị Máy');
    assert.equal((await here.post('/v1/auth/sign-out')).status, 204);
    assert.equal((await here.get('/v1/me')).status, 401);
  });

  test('staff need password and code, and get one answer for everything wrong', async () => {
    const inspector = await signInStaff(server, 'inspector.demo');
    assert.equal((await inspector.get('/v1/me')).json.role, 'inspector');
    const anybody = server.client();
    for (const json of [
      { user: 'nobody.demo', password: 'x', code: '123456' },
      { user: 'officer.demo', password: 'wrong', code: '123456' },
      { user: 'officer.demo', password: 'tram-demo-officer' },
    ]) {
      const reply = await anybody.post('/v1/auth/staff', { json });
      assert.equal(reply.status, 401);
      assert.match(reply.json.type, /code-wrong/);
    }
  });

  test('tokens that were made up are refused', async () => {
    const citizen = await signInCitizen(server, '+84912345105');
    const [head, body, signature] = citizen.token.split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url'));
    const kid = JSON.parse(Buffer.from(head, 'base64url')).kid;
    const signed = (h, b, key) => {
      const text = `${encoded(h)}.${encoded(b)}`;
      return `${text}.${crypto.createHmac('sha256', key).update(text).digest('base64url')}`;
    };
    const jwk = (await server.client().get('/.well-known/jwks.json')).json.keys.find((key) => key.kid === kid);
    const pem = crypto.createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
    const made = [
      `${encoded({ alg: 'none', typ: 'at+jwt', kid })}.${body}.`,
      signed({ alg: 'HS256', typ: 'at+jwt', kid }, claims, pem),
      signed({ alg: 'HS256', typ: 'at+jwt', kid: '00000000' }, claims, 'x'),
      `${head}.${encoded({ ...claims, sub: crypto.randomUUID() })}.${signature}`,
      `${head}.${encoded({ ...claims, aud: 'another' })}.${signature}`,
      `${encoded({ alg: 'ES256', typ: 'JWT', kid })}.${body}.${signature}`,
      `${citizen.token}x`,
      'x',
    ];
    for (const token of made) assert.equal((await server.client({ token }).get('/v1/me')).status, 401, token);
    assert.equal((await citizen.get('/v1/me')).status, 200);
  });
});

/* Accounts that a test makes itself, opened as their owners would. */
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { fresh, totp } from './people.mjs';

export const nowOf = (server) => Date.now() + (server.aheadMs ?? 0);

let made = 0;
export const newUser = (name = 'nv') => `${name}.${process.pid}.${(made += 1)}.${crypto.randomInt(1e6)}`;

/* An account made by an administrator: {id, user, code}. */
export async function makeStaff(admin, { user = newUser(), role = 'officer', ...more } = {}) {
  const reply = await admin.post('/v1/staff', {
    json: { user, name: 'Phan Văn Thử', title: 'Chuyên viên', role, ...more },
    headers: fresh(),
  });
  assert.equal(reply.status, 201, reply.text);
  return { id: reply.json.account.id, user, code: reply.json.code, account: reply.json.account };
}

/* Opens it with its code; a signed-in client that knows its password, secret and recovery codes. */
export async function activate(server, { user, code }, password = `câu riêng của ${user}`) {
  const client = server.client();
  const look = await client.post('/v1/auth/staff/activation', { json: { user, code } });
  assert.equal(look.status, 200, look.text);
  const secret = look.json.totp_secret;
  const reply = await client.post('/v1/auth/staff/activate', {
    json: { user, code, password, totp: totp(secret, nowOf(server)) },
  });
  assert.equal(reply.status, 200, reply.text);
  Object.assign(client, {
    token: reply.json.access_token,
    refresh: reply.json.refresh_token,
    recovery: reply.json.recovery_codes,
    user,
    password,
    secret,
    me: (await client.get('/v1/me', { token: reply.json.access_token })).json.id,
  });
  return client;
}

/* Both at once. */
export async function newStaff(server, admin, more) {
  return activate(server, await makeStaff(admin, more));
}

export function signIn(server, { user, password }, code) {
  return server.client().post('/v1/auth/staff', { json: { user, password, code } });
}

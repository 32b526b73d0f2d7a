/* Passkeys of officials: made, used, listed, removed; and everything that somebody could send instead. */
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { Authenticator, cbor } from './lib/authenticator.mjs';
import { advanceClock, signInCitizen, signInStaff, totp } from './lib/people.mjs';
import { ROOT } from './lib/places.mjs';
import { Server, useServer } from './lib/server.mjs';
import { activate, newStaff } from './lib/staff.mjs';
import { tramctl, tramctlJson } from './lib/tramctl.mjs';

const server = useServer({ env: { TRAM_HTTP_RATES: '100000', TRAM_AUTH_ACCESS: '1h' } });
const REFUSED = '/problems/passkey-refused';
const ACCOUNTS = JSON.parse(fs.readFileSync(path.join(ROOT, 'demo/staff.json'), 'utf8'));

const device = (more) => new Authenticator({ origin: server.origin, ...more });

async function options(client, url, expected = 200) {
  const reply = await client.post(url);
  assert.equal(reply.status, expected, reply.text);
  return reply.json;
}

/* Registers a key of the signed-in official; the reply. */
async function register(staff, key, { how, name } = {}) {
  const asked = await options(staff, '/v1/me/passkeys/options');
  return staff.post('/v1/me/passkeys', { json: { ticket: asked.ticket, credential: key.create(asked.public_key, how), name } });
}

/* Signs in as nobody in particular; the reply. */
async function signIn(key, { how, asked, edit } = {}) {
  const anybody = server.client();
  asked ??= await options(anybody, '/v1/auth/passkey/options');
  const credential = key.get(asked.public_key, how);
  edit?.(credential);
  return anybody.post('/v1/auth/passkey', { json: { ticket: asked.ticket, credential, device: 'Test browser' } });
}

const isRefused = (reply) => {
  assert.equal(reply.status, 401, reply.text);
  assert.equal(reply.json.type, REFUSED);
};

describe('passkeys', () => {
  let officer, key, kept;

  test('one is made, signs in without a user name, and is listed', async () => {
    officer = await signInStaff(server, 'officer.demo');
    assert.deepEqual((await officer.get('/v1/me/passkeys')).json.items, []);
    key = device();
    const asked = await options(officer, '/v1/me/passkeys/options');
    const { rp, user, authenticatorSelection, attestation, pubKeyCredParams, challenge } = asked.public_key;
    assert.deepEqual([rp.id, attestation, authenticatorSelection.userVerification, authenticatorSelection.residentKey], ['localhost', 'none', 'required', 'required']);
    assert.deepEqual(pubKeyCredParams.map((one) => one.alg), [-7, -8, -257]);
    assert.equal(Buffer.from(challenge, 'base64url').length, 32);
    assert.equal(user.name, 'officer.demo');
    assert.ok(!Buffer.from(user.id, 'base64url').toString('hex').includes((await officer.get('/v1/me')).json.id.replaceAll('-', '')));
    const made = await officer.post('/v1/me/passkeys', { json: { ticket: asked.ticket, credential: key.create(asked.public_key), name: ' Điện thoại ' } });
    assert.equal(made.status, 201, made.text);
    kept = made.json;
    assert.equal(kept.name, 'Điện thoại');
    assert.deepEqual(kept.transports, ['hybrid', 'internal']);
    const reply = await signIn(key);
    assert.equal(reply.status, 200, reply.text);
    const inside = server.client({ token: reply.json.access_token });
    assert.equal((await inside.get('/v1/me')).json.role, 'officer');
    const [listed] = (await inside.get('/v1/me/passkeys')).json.items;
    assert.ok(listed.used_at);
    assert.ok(!JSON.stringify(listed).match(/staff|sign_count|aaguid/));
    const notices = (await officer.get('/v1/notices')).json.items;
    assert.ok(notices.some((one) => /Điện thoại/.test(one.text_vi)), 'told of it');
  });

  test('all three algorithms, and both attestations', async () => {
    for (const [algorithm, fmt] of [['EdDSA', 'none'], ['RS256', 'none'], ['ES256', 'packed'], ['RS256', 'packed']]) {
      const other = device({ algorithm });
      const made = await register(officer, other, { how: { fmt } });
      assert.equal(made.status, 201, `${algorithm} ${fmt}: ${made.text}`);
      assert.equal((await signIn(other)).status, 200, algorithm);
      assert.equal((await officer.delete(`/v1/me/passkeys/${made.json.id}`)).status, 204);
      isRefused(await signIn(other));
    }
  });

  test('an authenticator that counts nothing is taken; one whose count goes back is not, and its owner is told', async () => {
    const silent = device({ count: 0 });
    const made = await register(officer, silent);
    for (let i = 0; i < 3; i++) assert.equal((await signIn(silent, { how: { count: 0 } })).status, 200);
    await officer.delete(`/v1/me/passkeys/${made.json.id}`);

    assert.equal((await signIn(key, { how: { count: 100 } })).status, 200);
    isRefused(await signIn(key, { how: { count: 99 } }));
    isRefused(await signIn(key, { how: { count: 100 } }));
    isRefused(await signIn(key, { how: { count: 0 } }));
    assert.ok((await officer.get('/v1/me/passkeys')).json.items[0].suspect_at);
    await server.line((line) => /signature count went back/.test(line));
    assert.ok((await officer.get('/v1/notices')).json.items.some((one) => /sao chép/.test(one.text_vi)));
    assert.equal((await signIn(key, { how: { count: 101 } })).status, 200);
    key.count = 101;
  });

  test('signing in: whatever is not exactly right is refused alike', async () => {
    const port = server.port;
    const wrong = {
      'http': { origin: `http://localhost:${port}` },
      'another port': { origin: `https://localhost:${port + 1}` },
      'no port': { origin: 'https://localhost' },
      'a subdomain': { origin: `https://x.localhost:${port}` },
      'a path behind it': { origin: `https://localhost:${port}/` },
      'a name that ends alike': { origin: `https://evillocalhost:${port}` },
      'another relying party': { rpId: 'tram.example' },
      'no presence': { up: false },
      'no verification': { uv: false },
      'made for registering': { type: 'webauthn.create' },
      'another challenge': { challenge: crypto.randomBytes(32).toString('base64url') },
      'an empty challenge': { challenge: '' },
      'in a frame': { client: { crossOrigin: true } },
      'in a frame of': { client: { topOrigin: 'https://evil.example' } },
      'backed up without being able': { bs: true },
      'another backup eligibility': { be: true },
      'a signature of nothing': { signature: Buffer.alloc(70) },
      'a long signature': { signature: crypto.randomBytes(1000) },
      'short data': { authData: Buffer.alloc(36) },
      'long data': { authData: Buffer.alloc(8000) },
      'a credential in it': { at: true, extensions: Buffer.alloc(60) },
      'bytes behind it': { extensions: Buffer.from([0]) },
      'extensions that are none': { ed: true },
      'extensions that are no map': { ed: true, extensions: cbor('x') },
      'nobody': { user: null },
      'somebody else': { user: crypto.randomBytes(16).toString('base64url') },
      'an unknown key': { id: crypto.randomBytes(32) },
    };
    for (const [what, how] of Object.entries(wrong)) {
      const reply = await signIn(key, { how });
      assert.equal(reply.status, 401, `${what}: ${reply.text}`);
      assert.equal(reply.json.type, REFUSED, what);
      assert.ok(!/(origin|challenge|signature)/.test(reply.text), `${what}: nothing is told of why`);
    }
    for (const edit of [
      (c) => (c.response.clientDataJSON = Buffer.from('{"type":').toString('base64url')),
      (c) => (c.response.clientDataJSON = Buffer.from('[]').toString('base64url')),
      (c) => (c.response.clientDataJSON = `${c.response.clientDataJSON}=`),
      (c) => (c.response.authenticatorData = '!!'),
      (c) => (c.id = 'a'),
    ])
      isRefused(await signIn(key, { edit }));
    assert.equal((await signIn(key, { how: { ed: true, extensions: cbor(new Map([['credProps', 1]])) } })).status, 200, 'extensions are passed over');
    assert.equal((await signIn(key)).status, 200, 'nothing of it has spoiled the key');
  });

  test('a challenge is used once, by who asked, and for five minutes', async () => {
    const anybody = server.client();
    const asked = await options(anybody, '/v1/auth/passkey/options');
    const credential = key.get(asked.public_key);
    const send = (ticket = asked.ticket) => anybody.post('/v1/auth/passkey', { json: { ticket, credential } });
    const other = await options(anybody, '/v1/auth/passkey/options');
    isRefused(await send(other.ticket)); // the answer to another's challenge
    isRefused(await send(asked.ticket.slice(0, 22) + other.ticket.slice(22))); // the flow, without its secret
    assert.equal((await send()).status, 200, 'neither has used it up');
    isRefused(await send());

    const many = await options(anybody, '/v1/auth/passkey/options');
    const one = key.get(many.public_key);
    const replies = await Promise.all(Array.from({ length: 8 }, () => server.client().post('/v1/auth/passkey', { json: { ticket: many.ticket, credential: one } })));
    assert.equal(replies.filter((reply) => reply.status === 200).length, 1);

    const inSession = await options(officer, '/v1/auth/confirm/options');
    isRefused(await anybody.post('/v1/auth/passkey', { json: { ticket: inSession.ticket, credential: key.get(inSession.public_key) } }));
    const toRegister = await options(officer, '/v1/me/passkeys/options');
    isRefused(await signIn(key, { asked: { ticket: toRegister.ticket, public_key: { challenge: toRegister.public_key.challenge } } }));
  });

  test('registering: whatever is not exactly right is refused', async () => {
    const p384 = crypto.generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' });
    const nested = Buffer.concat([Buffer.alloc(5000, 0x81), Buffer.from([0])]);
    const object = (auth) => Buffer.concat([Buffer.from([0xa3]), cbor('fmt'), cbor('none'), cbor('attStmt'), Buffer.from([0xa0]), cbor('authData'), auth]);
    const wrong = {
      'another origin': { origin: 'https://evil.example' },
      'another relying party': { rpId: 'evil.example' },
      'no verification': { uv: false },
      'no presence': { up: false },
      'made for signing in': { type: 'webauthn.get' },
      'a curve that is not taken': { cose: cbor(new Map([[1, 2], [3, -35], [-1, 2], [-2, Buffer.from(p384.x, 'base64url')], [-3, Buffer.from(p384.y, 'base64url')]])) },
      'an algorithm that is not taken': { cose: cbor(new Map([[1, 2], [3, -37], [-1, 1], [-2, Buffer.alloc(32, 1)], [-3, Buffer.alloc(32, 2)]])) },
      'a point that is on no curve': { cose: cbor(new Map([[1, 2], [3, -7], [-1, 1], [-2, Buffer.alloc(32, 1)], [-3, Buffer.alloc(32, 2)]])) },
      'no key': { cose: Buffer.alloc(0) },
      'a key cut short': { cose: cbor(new Map([[1, 2], [3, -7]])) },
      'bytes behind the key': { extensions: Buffer.from([0]) },
      'a statement beside none': { statement: new Map([['alg', -7]]) },
      'an unknown attestation': { fmt: 'android-safetynet' },
      'a packed one that does not hold': { fmt: 'packed', statement: new Map([['alg', -7], ['sig', Buffer.alloc(70, 1)]]) },
      'a packed one without signature': { fmt: 'packed', statement: new Map([['alg', -7]]) },
      'no credential in it': { at: false },
      'empty': { attestation: Buffer.from([0xa0]) },
      'no map': { attestation: cbor([1, 2, 3]) },
      'cut short': { attestation: object(Buffer.from([0x58, 0xff, 1, 2])) },
      'said to be huge': { attestation: object(Buffer.from([0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])) },
      'a huge array': { attestation: Buffer.concat([Buffer.from([0x9b, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0xff]), Buffer.alloc(100)]) },
      'a huge map': { attestation: Buffer.concat([Buffer.from([0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), Buffer.alloc(100)]) },
      'nested deeply': { attestation: nested },
      'of lengths that are not told': { attestation: Buffer.from([0xbf, 0x61, 0x61, 0x01, 0xff]) },
      'a nested key': { cose: nested },
      'large': { attestation: Buffer.alloc(16000, 0x60) },
    };
    for (const [what, how] of Object.entries(wrong)) {
      const reply = await register(officer, device(), { how });
      assert.equal(reply.status, 401, `${what}: ${reply.text}`);
      assert.equal(reply.json.type, REFUSED, what);
    }
    const tooLong = await register(officer, device(), { how: { attestation: Buffer.alloc(17000) } });
    assert.equal(tooLong.status, 422);
    assert.equal((await officer.get('/v1/me/passkeys')).json.items.length, 1);
  });

  test("a key is one official's: not made twice, not another's, and their session alone finishes", async () => {
    isRefused(await register(officer, key));
    const leader = await signInStaff(server, 'leader.demo');
    const stolen = await options(leader, '/v1/me/passkeys/options');
    isRefused(await leader.post('/v1/me/passkeys', { json: { ticket: stolen.ticket, credential: key.create(stolen.public_key) } }));
    key.user = (await options(officer, '/v1/me/passkeys/options')).public_key.user.id;

    const asked = await options(officer, '/v1/me/passkeys/options');
    isRefused(await leader.post('/v1/me/passkeys', { json: { ticket: asked.ticket, credential: device().create(asked.public_key) } }));

    const theirs = device();
    const made = await register(leader, theirs);
    assert.equal(made.status, 201);
    /* The leader's key, in the officer's name and session. */
    const confirm = await options(officer, '/v1/auth/confirm/options');
    assert.deepEqual(confirm.public_key.allowCredentials.map((one) => one.id), [key.id.toString('base64url')]);
    isRefused(await officer.post('/v1/auth/confirm', { json: { ticket: confirm.ticket, credential: theirs.get(confirm.public_key, { user: null }) } }));
    isRefused(await signIn(theirs, { how: { user: key.user } }));
    isRefused(await signIn(theirs, { how: { id: key.id, user: key.user } }));
    for (const method of ['patch', 'delete'])
      assert.equal((await officer[method](`/v1/me/passkeys/${made.json.id}`, method === 'patch' ? { json: { name: 'Của tôi' } } : {})).status, 404);
    assert.equal((await leader.get('/v1/me/passkeys')).json.items.length, 1);
  });

  test('ten at most, also at once', async () => {
    const dispatcher = await signInStaff(server, 'dispatcher.demo');
    const asked = await Promise.all(Array.from({ length: 14 }, () => options(dispatcher, '/v1/me/passkeys/options')));
    const replies = await Promise.all(asked.map(({ ticket, public_key }) => dispatcher.post('/v1/me/passkeys', { json: { ticket, credential: device().create(public_key) } })));
    const made = replies.filter((reply) => reply.status === 201).length;
    assert.ok(made <= 10);
    for (const reply of replies.filter((one) => one.status !== 201)) assert.match(reply.json.type, /passkeys-full/);
    let count = made;
    for (; count < 10; count++) assert.equal((await register(dispatcher, device())).status, 201);
    assert.equal((await dispatcher.get('/v1/me/passkeys')).json.items.length, 10);
    assert.match((await dispatcher.post('/v1/me/passkeys/options')).json.type, /passkeys-full/);
  });

  test('named anew and removed by its owner', async () => {
    const renamed = await officer.patch(`/v1/me/passkeys/${kept.id}`, { json: { name: 'Máy ở quầy' } });
    assert.equal(renamed.json.name, 'Máy ở quầy');
    assert.equal((await officer.patch(`/v1/me/passkeys/${kept.id}`, { json: { name: '  ' } })).status, 422);
    const spare = device();
    const made = await register(officer, spare);
    assert.match(made.json.name, /^Khoá ngày \d\d\/\d\d\/\d{4}$/);
    assert.equal((await officer.delete(`/v1/me/passkeys/${made.json.id}`)).status, 204);
    assert.equal((await officer.delete(`/v1/me/passkeys/${made.json.id}`)).status, 404);
    isRefused(await signIn(spare));
  });

  test('citizens have none', async () => {
    const citizen = await signInCitizen(server, '+84912380001');
    assert.equal((await citizen.get('/v1/me/passkeys')).status, 403);
    assert.equal((await citizen.post('/v1/me/passkeys/options')).status, 403);
    assert.equal((await citizen.post('/v1/auth/confirm', { json: { password: 'x' } })).status, 403);
  });

  test('after ten minutes who it is must be shown anew, by key or by code', async () => {
    const late = device();
    const before = await options(officer, '/v1/me/passkeys/options');
    const asked = await options(server.client(), '/v1/auth/passkey/options');
    await advanceClock(server, 11 * 60);
    isRefused(await signIn(key, { asked })); // five minutes are over
    const stale = await officer.post('/v1/me/passkeys/options');
    assert.equal(stale.status, 403);
    assert.equal(stale.json.type, '/problems/fresh-sign-in-needed');
    assert.equal(stale.json.confirm, '/v1/auth/confirm');
    assert.equal((await officer.post('/v1/me/passkeys', { json: { ticket: before.ticket, credential: late.create(before.public_key) } })).status, 403);
    assert.equal((await officer.delete(`/v1/me/passkeys/${kept.id}`)).status, 403);

    const confirm = await options(officer, '/v1/auth/confirm/options');
    const confirmed = await officer.post('/v1/auth/confirm', { json: { ticket: confirm.ticket, credential: key.get(confirm.public_key, { user: null }) } });
    assert.equal(confirmed.status, 200, confirmed.text);
    assert.ok(Date.parse(confirmed.json.fresh_until) > Date.now());
    assert.equal((await register(officer, late)).status, 201);

    await advanceClock(server, 11 * 60);
    const { password, totp: secret } = ACCOUNTS.find((one) => one.user === 'officer.demo');
    const code = totp(secret, Date.now() + server.aheadMs);
    assert.equal((await officer.post('/v1/auth/confirm', { json: { password } })).status, 401);
    assert.equal((await officer.post('/v1/auth/confirm', { json: {} })).status, 422);
    assert.equal((await officer.post('/v1/auth/confirm', { json: { password, code } })).status, 200);
    assert.equal((await officer.post('/v1/me/passkeys/options')).status, 200);
    assert.equal((await officer.post('/v1/auth/confirm', { json: { password, code } })).status, 401, 'a code is used once');
    const admin = await signInStaff(server, 'admin.demo');
    assert.equal((await admin.post('/v1/auth/confirm/options')).status, 404, 'who has no key is asked for none');
  });

  test('a closed account is not opened by its key', async () => {
    assert.equal((await signIn(key)).status, 200);
    await tramctl(server.data, 'staff', 'disable', 'officer.demo');
    isRefused(await signIn(key));
    await tramctl(server.data, 'staff', 'enable', 'officer.demo');
    assert.equal((await signIn(key)).status, 200);
  });
});

describe('an account that is opened anew', () => {
  test('takes no key of who had it before: neither while it waits, nor when it is open', async () => {
    const admin = await signInStaff(server, 'unit.demo');
    const leader = await signInStaff(server, 'leader.demo');
    const officer = await newStaff(server, admin);
    const old = device();
    assert.equal((await register(officer, old)).status, 201);
    assert.equal((await signIn(old)).status, 200);
    const asked = await admin.post(`/v1/staff/${officer.me}/reset`, { json: { what: 'totp', reason: 'Mất điện thoại' } });
    assert.equal(asked.status, 201, asked.text);
    assert.equal((await signIn(old)).status, 200, 'nothing changed yet');
    const confirmed = await leader.post(`/v1/staff/${officer.me}/reset/confirm`, { json: { reset: asked.json.reset.id } });
    assert.equal(confirmed.status, 200, confirmed.text);
    isRefused(await signIn(old));
    const again = await activate(server, { user: officer.user, code: confirmed.json.code }, officer.password);
    isRefused(await signIn(old));
    assert.deepEqual((await again.get('/v1/me/passkeys')).json.items, []);
    assert.equal((await register(again, old)).status, 201, 'its owner may register it anew');
    assert.equal((await signIn(old)).status, 200);
  });

  test('nor when the operator sets a password', async () => {
    const made = await tramctlJson(server.data, 'staff', 'add', '--user', 'khoa.cu', '--name', 'Khoá Cũ', '--role', 'officer', '--title', 'Chuyên viên', '--agency', 'H12.32025', '--generate');
    const client = server.client();
    const tokens = await client.post('/v1/auth/staff', { json: { user: 'khoa.cu', password: made.password, code: totp(made.totp_secret, Date.now() + (server.aheadMs ?? 0)) } });
    client.token = tokens.json.access_token;
    const old = device();
    assert.equal((await register(client, old)).status, 201);
    assert.equal((await signIn(old)).status, 200);
    assert.equal((await tramctl(server.data, 'staff', 'passwd', 'khoa.cu', '--generate')).code, 0);
    isRefused(await signIn(old));
  });
});

describe('configured', () => {
  test('a domain and its origins, or none at all', async () => {
    for (const origins of ['https://evil.example', 'https://tram.example.evil', 'https://eviltram.example', 'https://tram.example/desk', 'ftp://tram.example', 'https://a@tram.example']) {
      const wrong = new Server({ env: { TRAM_PASSKEY_RP_ID: 'tram.example', TRAM_PASSKEY_ORIGINS: origins } });
      await assert.rejects(wrong.start(), /passkey\.origins/, origins);
    }
    const good = new Server({ env: { TRAM_PASSKEY_RP_ID: 'tram.example', TRAM_PASSKEY_ORIGINS: 'https://desk.tram.example, https://tram.example:8443' } });
    await good.start();
    assert.deepEqual((await good.client().get('/v1/auth/passkey')).json, { on: true, rp_id: 'tram.example' });
    assert.equal((await good.client().post('/v1/auth/passkey/options')).json.public_key.rpId, 'tram.example');
    await good.stop();
  });
});

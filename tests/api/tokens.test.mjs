/*
 * Attacks on our own access tokens (RFC 8725, RFC 9068 §4). Each made-up token is signed by the
 * server's own pair unless it says otherwise, so that what its name says is the only thing wrong with it.
 */
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import zlib from 'node:zlib';
import { forgeOf } from './lib/forge.mjs';
import { advanceClock, signInCitizen, signInStaff } from './lib/people.mjs';
import { Server } from './lib/server.mjs';

const server = new Server({ env: { TRAM_HTTP_RATES: '10000' } });
const b64 = (value) => Buffer.from(typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value)).toString('base64url');
const now = () => Math.floor((Date.now() + (server.aheadMs ?? 0)) / 1000);

let citizen, other, staff, forge, stranger;

before(async () => {
  await server.start();
  citizen = await signInCitizen(server, '+84912347101');
  other = await signInCitizen(server, '+84912347102');
  staff = await signInStaff(server, 'officer.demo');
  forge = await forgeOf(server);
  stranger = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
});
after(() => server.stop());

const me = (token) => server.client({ token }).get('/v1/me');

/* Twice: what is refused must not come to be known as good. */
async function refused(token, words) {
  for (let i = 0; i < 2; i++) {
    const reply = await me(token);
    assert.equal(reply.status, 401, `${words}: ${token}`);
    assert.match(reply.headers['www-authenticate'] ?? '', /Bearer/);
  }
}

const hmac = (header, claims, key, hash = 'sha256') => {
  const text = `${b64(header)}.${b64(claims)}`;
  return `${text}.${crypto.createHmac(hash, key).update(text).digest('base64url')}`;
};
const bySomebody = (header, claims, key = stranger.privateKey) => {
  const text = `${b64(header)}.${b64(claims)}`;
  return `${text}.${crypto.sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
};
const publicKey = () => crypto.createPublicKey({ key: forge.published, format: 'jwk' });
const strangerJwk = () => stranger.publicKey.export({ format: 'jwk' });

const forgeries = {
  'signed by nobody': (h, c) => `${b64({ ...h, alg: 'none' })}.${b64(c)}.`,
  'signed by nobody, the signature kept': (h, c) => `${b64({ ...h, alg: 'none' })}.${b64(c)}.${citizen.token.split('.')[2]}`,
  'none in other letters': (h, c) => `${b64({ ...h, alg: 'nOnE' })}.${b64(c)}.`,
  'HS256 keyed with the published key as PEM': (h, c) => hmac({ ...h, alg: 'HS256' }, c, publicKey().export({ type: 'spki', format: 'pem' })),
  'HS256 keyed with the published key as DER': (h, c) => hmac({ ...h, alg: 'HS256' }, c, publicKey().export({ type: 'spki', format: 'der' })),
  'HS256 keyed with the published key as JWK': (h, c) => hmac({ ...h, alg: 'HS256' }, c, JSON.stringify(forge.published)),
  'HS256 keyed with the point': (h, c) => hmac({ ...h, alg: 'HS256' }, c, Buffer.concat([Buffer.from(forge.published.x, 'base64url'), Buffer.from(forge.published.y, 'base64url')])),
  'HS256 keyed with nothing': (h, c) => hmac({ ...h, alg: 'HS256' }, c, ''),
  'HS512, and the header left as it was': (h, c) => hmac(h, c, publicKey().export({ type: 'spki', format: 'pem' }), 'sha512'),
  'another algorithm named': (h, c) => forge.sign({ ...h, alg: 'ES384' }, c),
  'the algorithm in lower case': (h, c) => forge.sign({ ...h, alg: 'es256' }, c),
  'no algorithm': ({ alg, ...h }, c) => forge.sign(h, c),
  'a signature of zeros (CVE-2022-21449)': (h, c) => `${b64(h)}.${b64(c)}.${b64(Buffer.alloc(64))}`,
  'a signature as ASN.1': (h, c) => {
    const text = `${b64(h)}.${b64(c)}`;
    return `${text}.${crypto.sign('sha256', Buffer.from(text), stranger.privateKey).toString('base64url')}`;
  },
  'signed by a stranger under the known kid': (h, c) => bySomebody(h, c),
  'signed by a stranger under an unknown kid': (h, c) => bySomebody({ ...h, kid: '00000000' }, c),
  'an unknown kid': (h, c) => forge.sign({ ...h, kid: '00000000' }, c),
  'no kid': ({ kid, ...h }, c) => forge.sign(h, c),
  'a kid that is a path': (h, c) => forge.sign({ ...h, kid: `../keyring/${h.kid}` }, c),
  'a kid that is a file of zeros': (h, c) => hmac({ ...h, alg: 'HS256', kid: '/dev/null' }, c, ''),
  'a kid that is a query': (h, c) => forge.sign({ ...h, kid: `${h.kid}' OR '1'='1` }, c),
  'a kid that is an operator': (h, c) => forge.sign({ ...h, kid: { $ne: '' } }, c),
  'a kid in upper case': (h, c) => forge.sign({ ...h, kid: `${h.kid.slice(0, 7)}A` }, c),
  'the kid of lookup.key': (h, c) => forge.sign({ ...h, kid: 'lookup' }, c),
  'a stranger that brings its own key (jwk)': (h, c) => bySomebody({ ...h, jwk: strangerJwk() }, c),
  'a stranger that says where its keys are (jku)': (h, c) => bySomebody({ ...h, jku: 'http://127.0.0.1:1/jwks.json' }, c),
  'a stranger that brings a certificate (x5c)': (h, c) => bySomebody({ ...h, x5c: ['MIIB'] }, c),
  'a stranger that says where its certificate is (x5u)': (h, c) => bySomebody({ ...h, x5u: 'http://127.0.0.1:1/x5u' }, c),
  'our key, and a jku beside it': (h, c) => forge.sign({ ...h, jku: 'http://127.0.0.1:1/jwks.json' }, c),
  'a header that demands more (crit)': (h, c) => forge.sign({ ...h, crit: ['exp'] }, c),
  'a payload that is not encoded (b64)': (h, c) => forge.sign({ ...h, b64: false, crit: ['b64'] }, c),
  'compressed (zip)': (h, c) => forge.sign({ ...h, zip: 'DEF' }, zlib.deflateRawSync(JSON.stringify(c))),
  'a bomb (zip)': (h) => forge.sign({ ...h, zip: 'DEF' }, zlib.deflateRawSync(Buffer.alloc(1 << 20)).subarray(0, 1000)),
  'typ of an ID token': (h, c) => forge.sign({ ...h, typ: 'JWT' }, c),
  'no typ': ({ typ, ...h }, c) => forge.sign(h, c),
  'typ of another kind': (h, c) => forge.sign({ ...h, typ: 'rt+jwt' }, c),
  'typ with its prefix': (h, c) => forge.sign({ ...h, typ: 'application/at+jwt' }, c),
  'a header member twice': (h, c) => forge.sign(JSON.stringify(h).replace('{', '{"alg":"none",'), c),
  'another issuer': (h, c) => forge.sign(h, { ...c, iss: 'https://evil.example' }),
  'an issuer that begins alike': (h, c) => forge.sign(h, { ...c, iss: `${c.iss}.evil.example` }),
  'no issuer': (h, { iss, ...c }) => forge.sign(h, c),
  'another audience': (h, c) => forge.sign(h, { ...c, aud: 'another' }),
  'a further audience': (h, c) => forge.sign(h, { ...c, aud: [c.aud, 'another'] }),
  'no audience': (h, { aud, ...c }) => forge.sign(h, c),
  'expired': (h, c) => forge.sign(h, { ...c, iat: now() - 1000, nbf: now() - 1000, exp: now() - 31 }),
  'not good yet': (h, c) => forge.sign(h, { ...c, nbf: now() + 100 }),
  'made tomorrow': (h, c) => forge.sign(h, { ...c, iat: now() + 100, nbf: now() + 100, exp: now() + 900 }),
  'good for ever': (h, c) => forge.sign(h, { ...c, exp: 253402300799 }),
  'without an end': (h, { exp, ...c }) => forge.sign(h, c),
  'times that are text': (h, c) => forge.sign(h, { ...c, exp: String(c.exp) }),
  'times that are fractions': (h, c) => forge.sign(h, JSON.stringify(c).replace(/("exp":\d+)/, '$1.5')),
  'times beyond 64 bits': (h, c) => forge.sign(h, JSON.stringify(c).replace(/"exp":\d+/, '"exp":99999999999999999999')),
  'a claim twice': (h, c) => forge.sign(h, JSON.stringify(c).replace('{', '{"level":2,')),
  'a claim twice, once escaped': (h, c) => forge.sign(h, JSON.stringify(c).replace('{', '{"\\u006cevel":2,')),
  'a claim too many': (h, c) => forge.sign(h, { ...c, admin: true }),
  'a level that is text': (h, c) => forge.sign(h, { ...c, level: '2' }),
  'a level that is true': (h, c) => forge.sign(h, { ...c, level: true }),
  'a level beyond 32 bits': (h, c) => forge.sign(h, { ...c, level: 4294967298 }),
  'a role that is a list': (h, c) => forge.sign(h, { ...c, role: ['admin'] }),
  'a role with a NUL behind it': (h, c) => forge.sign(h, { ...c, role: 'officer\0' }),
  'a kind in Cyrillic letters': (h, c) => forge.sign(h, { ...c, kind: 'сitizen' }),
  'a kind in full-width letters': (h, c) => forge.sign(h, { ...c, kind: 'ｃitizen' }),
  'an agency that is not ASCII': (h, c) => forge.sign(h, { ...c, agency: 'Ｈ12' }),
  'a payload that is not UTF-8': (h, c) => forge.sign(h, Buffer.from(JSON.stringify({ ...c, agency: '\xff' }), 'latin1')),
  'a payload in UTF-16': (h, c) => forge.sign(h, Buffer.from(JSON.stringify(c), 'utf16le')),
  'a byte order mark': (h, c) => forge.sign(h, `\ufeff${JSON.stringify(c)}`),
  'a subject that is no id': (h, c) => forge.sign(h, { ...c, sub: 'admin' }),
  'another\'s subject': (h, c) => forge.sign(h, { ...c, sub: forge.parts(other.token).claims.sub }),
  'another\'s session': (h, c) => forge.sign(h, { ...c, sid: other.session }),
  'a session that never was': (h, c) => forge.sign(h, { ...c, sid: crypto.randomUUID() }),
  'an official\'s client for a citizen': (h, c) => forge.sign(h, { ...c, client_id: 'tram-staff' }),
  'no client': (h, { client_id, ...c }) => forge.sign(h, c),
  'a token in a token': (h) => forge.sign({ ...h, cty: 'JWT' }, citizen.token),
  'a token as its payload': (h) => forge.sign(h, citizen.token),
  'a list of claims': (h, c) => forge.sign(h, [c]),
  'claims 10,000 deep': (h) => forge.sign(h, `${'['.repeat(700)}${']'.repeat(700)}`),
  'encrypted (five parts)': () => `${b64({ alg: 'dir', enc: 'A256GCM', kid: forge.kid })}..${b64('nonce')}.${b64('text')}.${b64('tag')}`,
  'four parts': () => `${citizen.token}.x`,
  'two parts': () => citizen.token.split('.').slice(0, 2).join('.'),
  'padded': () => `${citizen.token}=`,
  'the alphabet of plain base64': (h, c) => forge.sign(h, c).replace(/\.[^.]*$/, (s) => `${s.slice(0, -1)}+`),
  'huge': (h, c) => forge.sign(h, { ...c, agency: 'x'.repeat(3000) }),
};

describe('made-up access tokens', () => {
  for (const [words, make] of Object.entries(forgeries))
    test(words, async () => {
      const { header, claims } = forge.parts(citizen.token);
      await refused(make(header, claims), words);
    });

  test('one that is only signed again is taken: it is the changes that are refused', async () => {
    for (const token of [citizen.token, staff.token]) {
      const again = forge.change(token, { claims: { jti: crypto.randomUUID() } });
      assert.notEqual(again, token);
      assert.equal((await me(again)).status, 200);
    }
    assert.equal((await me(forge.change(citizen.token, { claims: { iat: now() + 20, nbf: now() + 20 } }))).status, 200);
  });

  test('every bit of a good one counts', async () => {
    const token = citizen.token;
    for (let i = 0; i < token.length; i += 7) {
      const turned = token[i] === 'A' ? 'B' : 'A';
      assert.equal((await me(token.slice(0, i) + turned + token.slice(i + 1))).status, 401, String(i));
    }
  });
});

describe('tokens of one kind are no other', () => {
  test('a refresh token opens nothing, an access token refreshes nothing', async () => {
    await refused(citizen.refresh, 'a refresh token');
    for (const refresh_token of [citizen.token, forge.sign({ alg: 'ES256', typ: 'at+jwt', kid: forge.kid }, {}), 'x'.repeat(76)]) {
      const reply = await server.client().post('/v1/auth/refresh', { json: { refresh_token } });
      assert.ok([401, 422].includes(reply.status), reply.text);
    }
  });

  test('one of another party of the same issuer is refused', async () => {
    await refused(forge.change(citizen.token, { claims: { aud: 'https://other.tinh.example' } }), 'for another service');
  });

  test('a citizen\'s that says it is an official\'s opens no desk', async () => {
    const made = forge.change(citizen.token, { claims: { role: 'officer', agency: 'H12.32025' } });
    assert.equal((await server.client({ token: made }).get('/v1/desk/inbox')).status, 403);
  });
});

describe('a token outlives nothing', () => {
  test('signed out, it is refused at once, though it was known', async () => {
    const leaving = await signInCitizen(server, '+84912347103');
    assert.equal((await leaving.get('/v1/me')).status, 200);
    assert.equal((await leaving.post('/v1/auth/sign-out')).status, 204);
    await refused(leaving.token, 'signed out');
  });

  test('expired, it is refused, though it was known', async () => {
    const staying = await signInCitizen(server, '+84912347104');
    assert.equal((await staying.get('/v1/me')).status, 200);
    await advanceClock(server, 960);
    await refused(staying.token, 'expired');
    const next = await staying.post('/v1/auth/refresh', { json: { refresh_token: staying.refresh }, token: null });
    assert.equal(next.status, 200);
  });
});

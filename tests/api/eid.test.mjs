/*
 * Signing in by e-ID, against a real provider: what works, and everything that must not. The second
 * server speaks ES256, proves itself with a key, asks the UserInfo endpoint and has a callback.
 */
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { signInCitizen } from './lib/people.mjs';
import { Provider, eidClient, eidSignIn } from './lib/provider.mjs';
import { Server } from './lib/server.mjs';

const LINK = 'https://app.tram.example/eid';
const CALLBACK = 'https://tram.example/v1/auth/eid/callback';
const AN = { card_no: '096190123456', name: 'Lê Thị An', birthdate: '1990-05-17', assurance: 'two' };

let provider, server;

before(async () => {
  provider = await Provider.start({ redirects: [LINK] });
  provider.people.set('an', AN);
  server = new Server({ env: provider.config() });
  await server.start();
});
after(async () => {
  await server.stop();
  await provider.stop();
});

const begin = (client, json = {}) => client.post('/v1/auth/eid', { json });

/* A flow up to where the app has what the browser brought back. */
async function flowOf(client, login = 'an') {
  const begun = (await begin(client)).json;
  const { code, state, iss } = await provider.signIn(begun.authorization_url, login);
  return { url: `/v1/auth/eid/${begun.flow}/finish`, json: { secret: begun.secret, code, state, iss } };
}

function refused(reply, status = 401, slug = 'eid-refused') {
  assert.equal(reply.status, status, reply.text);
  assert.equal(reply.json.type, `/problems/${slug}`);
}

describe('signing in', () => {
  test('a person is known by their card, and is the same one the next time', async () => {
    const first = await eidClient(server, provider, 'an');
    const me = (await first.get('/v1/me')).json;
    assert.equal(me.level, 2);
    assert.equal(me.name, AN.name);
    assert.equal(me.phone, undefined);
    const said = await first.get('/v1/me/identity');
    assert.equal(said.json.card, AN.card_no);
    assert.equal(said.json.birth, AN.birthdate);
    assert.equal(said.headers['cache-control'], 'no-store');
    const second = await eidClient(server, provider, 'an');
    assert.equal((await second.get('/v1/me')).json.id, me.id);
    const told = (await second.get('/v1/notices')).json.items.filter((one) => one.what === 'eid_sign_in');
    assert.equal(told.length, 2);
    assert.equal((await second.get('/v1/me/sessions')).json.items.length, 2);
  });

  test('the address opened has all that is needed and nothing that is secret', async () => {
    const begun = await begin(server.client());
    assert.equal(begun.headers['cache-control'], 'no-store');
    const asked = new URL(begun.json.authorization_url).searchParams;
    assert.equal(asked.get('response_type'), 'code');
    assert.equal(asked.get('redirect_uri'), LINK);
    assert.equal(asked.get('code_challenge_method'), 'S256');
    for (const name of ['state', 'nonce', 'code_challenge']) assert.ok(asked.get(name).length >= 43, name);
    assert.ok(!begun.json.authorization_url.includes(begun.json.secret));
    const other = new URL((await begin(server.client())).json.authorization_url).searchParams;
    for (const name of ['state', 'nonce', 'code_challenge']) assert.notEqual(asked.get(name), other.get(name));
  });

  test('only links that are configured are forwarded to', async () => {
    for (const redirect of ['https://evil.example/eid', `${LINK}/`, `${LINK}?x`, 'http://app.tram.example/eid'])
      refused(await begin(server.client(), { redirect }), 422, 'invalid');
  });

  test('level is what the provider says it is', async () => {
    for (const [assurance, level] of [['one', 1], ['two', 2], ['something', 1], [undefined, 1]]) {
      provider.people.set('levels', { ...AN, card_no: '001090000001', assurance });
      const client = await eidClient(server, provider, 'levels');
      const claims = JSON.parse(Buffer.from(client.token.split('.')[1], 'base64url'));
      assert.equal(claims.level, level, String(assurance));
    }
  });

  test('who has no sound card number is nobody', async () => {
    const wrong = {
      'no card': undefined, 'nine digits': '123456789', letters: '09619012345x', 'no such province': '003190123456',
      'another year than the birth': '096191123456', 'not yet born': '096399123456',
    };
    for (const [words, card_no] of Object.entries(wrong)) {
      provider.people.set('nobody', { ...AN, card_no });
      const reply = await eidSignIn(server.client(), provider, 'nobody');
      assert.equal(reply.status, 401, words);
      assert.match(reply.json.type, /eid-refused/);
    }
    provider.people.set('abroad', { ...AN, card_no: '301190123456' });
    assert.equal((await eidSignIn(server.client(), provider, 'abroad')).status, 200);
  });
});

describe('a flow is of one device, one sign-in', () => {
  test('it is finished once', async () => {
    const client = server.client();
    const { url, json } = await flowOf(client);
    assert.equal((await client.post(url, { json })).status, 200);
    refused(await client.post(url, { json }));
  });

  test('twice at once serves one', async () => {
    const client = server.client();
    const { url, json } = await flowOf(client);
    const replies = await Promise.all([1, 2, 3, 4].map(() => client.post(url, { json })));
    assert.deepEqual(replies.map((reply) => reply.status).sort(), [200, 401, 401, 401]);
  });

  test('another secret, state, code or issuer is refused, and does not use it up', async () => {
    const client = server.client();
    const mine = await flowOf(client);
    const other = await flowOf(client);
    refused(await client.post(mine.url, { json: { ...mine.json, secret: other.json.secret } }));
    refused(await client.post(mine.url, { json: { ...mine.json, secret: crypto.randomBytes(32).toString('base64url') } }));
    refused(await client.post(mine.url, { json: { ...mine.json, state: other.json.state } }));
    refused(await client.post(mine.url, { json: { ...mine.json, iss: 'https://another.example' } }));
    const { iss, ...silent } = mine.json;
    assert.ok(iss);
    refused(await client.post(mine.url, { json: silent }));
    refused(await client.post(`/v1/auth/eid/${crypto.randomUUID()}/finish`, { json: mine.json }));
    assert.equal((await client.post(mine.url, { json: mine.json })).status, 200);
  });

  test('a code of another flow is of no use: PKCE', async () => {
    const client = server.client();
    const mine = await flowOf(client);
    const theirs = await flowOf(client);
    refused(await client.post(mine.url, { json: { ...mine.json, code: theirs.json.code } }));
    refused(await client.post(mine.url, { json: mine.json }), 401);
  });

  test('who began it signed in must finish it as themselves', async () => {
    const citizen = await signInCitizen(server, '+84912340001');
    const begun = (await begin(citizen)).json;
    const { code, state, iss } = await provider.signIn(begun.authorization_url, 'an');
    const json = { secret: begun.secret, code, state, iss };
    const url = `/v1/auth/eid/${begun.flow}/finish`;
    refused(await server.client().post(url, { json }));
    const stranger = await signInCitizen(server, '+84912340002');
    refused(await stranger.post(url, { json }));
  });
});

describe('tokens that were tampered with', () => {
  const now = () => Math.floor(Date.now() / 1000);
  const forgeries = {
    'signed by nobody': (header, claims, t) => t.unsigned({ ...header, alg: 'none' }, claims),
    'signed by nobody, kid kept, signature kept': (header, claims, t) => `${t.unsigned({ ...header, alg: 'none' }, claims)}${provider.made.split('.')[2]}`,
    'HS256 keyed with the public key': (header, claims, t) => t.hmac({ ...header, alg: 'HS256' }, claims, t.publicPem),
    'HS256 keyed with the client secret': (header, claims, t) => t.hmac({ ...header, alg: 'HS256' }, claims, 'a secret'),
    'another algorithm named': (header, claims, t) => t.sign({ ...header, alg: 'RS512' }, claims),
    'signed by a stranger under the known kid': (header, claims, t) => t.sign(header, claims, t.stranger.key),
    'signed by a stranger under an unknown kid': (header, claims, t) => t.sign({ ...header, kid: t.stranger.kid }, claims, t.stranger.key),
    'a stranger that brings its own key': (header, claims, t) => t.sign({ ...header, jwk: t.stranger.public, jku: 'https://evil.example' }, claims, t.stranger.key),
    'a header that demands more': (header, claims, t) => t.sign({ ...header, crit: ['b64'], b64: false }, claims),
    'another typ': (header, claims, t) => t.sign({ ...header, typ: 'at+jwt' }, claims),
    'another issuer': (header, claims, t) => t.sign(header, { ...claims, iss: 'https://another.example' }),
    'another audience': (header, claims, t) => t.sign(header, { ...claims, aud: 'another' }),
    'a further audience': (header, claims, t) => t.sign(header, { ...claims, aud: ['tram', 'another'], azp: 'tram' }),
    'no audience': (header, { aud, ...claims }, t) => t.sign(header, claims),
    'made for another party': (header, claims, t) => t.sign(header, { ...claims, azp: 'another' }),
    'another nonce': (header, claims, t) => t.sign(header, { ...claims, nonce: 'another' }),
    'no nonce': (header, { nonce, ...claims }, t) => t.sign(header, claims),
    'no subject': (header, { sub, ...claims }, t) => t.sign(header, claims),
    expired: (header, claims, t) => t.sign(header, { ...claims, iat: now() - 200, exp: now() - 31 }),
    'without an end': (header, { exp, ...claims }, t) => t.sign(header, claims),
    'made tomorrow': (header, claims, t) => t.sign(header, { ...claims, iat: now() + 100 }),
    'made an hour ago': (header, claims, t) => t.sign(header, { ...claims, iat: now() - 3600 }),
    'not good yet': (header, claims, t) => t.sign(header, { ...claims, nbf: now() + 100 }),
    'times that are text': (header, claims, t) => t.sign(header, { ...claims, exp: String(claims.exp) }),
    'another access token': (header, claims, t) => t.sign(header, { ...claims, at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }),
    'a claim twice': (header, claims, t) => {
      const text = `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${Buffer.from(JSON.stringify(claims).replace('{', '{"nonce":"x",')).toString('base64url')}`;
      return `${text}.${crypto.sign('sha256', Buffer.from(text), provider.signing.key).toString('base64url')}`;
    },
    'a claim changed': (header, claims, t) => {
      const [head, , signature] = provider.made.split('.');
      return `${head}.${Buffer.from(JSON.stringify({ ...claims, card_no: '001090000009' })).toString('base64url')}.${signature}`;
    },
    'more than sixteen kilobytes': (header, claims, t) => t.sign(header, { ...claims, x: 'x'.repeat(20000) }),
    'no token at all': () => undefined,
    'four parts': () => `${provider.made}.x`,
    'a signature spelled otherwise': () => `${provider.made}=`,
  };

  for (const [words, forge] of Object.entries(forgeries)) {
    test(words, async () => {
      provider.forge = (token, tools) => forge(...tools.read(token), tools);
      try {
        refused(await eidSignIn(server.client(), provider, 'an'));
      } finally {
        provider.forge = undefined;
      }
    });
  }

  test('one that is only signed again is taken: it is the changes that are refused', async () => {
    const passed = [
      (header, claims, t) => t.sign(header, claims),
      (header, claims, t) => t.sign(header, { ...claims, aud: ['tram'], azp: 'tram' }),
      (header, claims, t) => t.sign(header, { ...claims, iat: now() + 20, nbf: now() + 20 }),
      (header, claims, t) => t.sign(header, { ...claims, exp: now() - 10, iat: now() - 100 }),
      ({ kid, ...header }, claims, t) => t.sign(header, claims),
    ];
    for (const forge of passed) {
      provider.forge = (token, tools) => forge(...tools.read(token), tools);
      const reply = await eidSignIn(server.client(), provider, 'an');
      provider.forge = undefined;
      assert.equal(reply.status, 200, `${forge}: ${reply.text}`);
    }
  });
});

describe('keys', () => {
  test('they rotate while it runs: the new one is fetched, the old one forgotten', async () => {
    const old = provider.signing;
    provider.rotate();
    const before = provider.counts['/jwks'];
    assert.equal((await eidSignIn(server.client(), provider, 'an')).status, 200);
    assert.equal(provider.counts['/jwks'], before + 1);
    assert.equal((await eidSignIn(server.client(), provider, 'an')).status, 200);
    assert.equal(provider.counts['/jwks'], before + 1, 'kept');
    provider.forge = (token, tools) => {
      const [header, claims] = tools.read(token);
      return tools.sign({ ...header, kid: old.kid }, claims, old.key);
    };
    const reply = await eidSignIn(server.client(), provider, 'an');
    provider.forge = undefined;
    refused(reply);
  });
});

describe('a provider in trouble', () => {
  const away = (reply) => {
    refused(reply, 503, 'eid-unavailable');
    assert.match(reply.headers['retry-after'], /^[0-9]+$/);
  };

  test('slow or gone at the code: 503, and the flow is over', async () => {
    for (const hold of ['slow', 'gone']) {
      const client = server.client();
      const { url, json } = await flowOf(client);
      provider.hold = hold;
      const reply = await client.post(url, { json });
      provider.hold = undefined;
      away(reply);
      refused(await client.post(url, { json }));
    }
    assert.equal((await eidSignIn(server.client(), provider, 'an')).status, 200);
  });

  test('gone before the code left: 503, and the same finish works once it is back', async () => {
    const client = server.client();
    const { url, json } = await flowOf(client);
    const port = Number(new URL(provider.issuer).port);
    provider.server.closeAllConnections();
    await new Promise((done) => provider.server.close(done));
    away(await client.post(url, { json }));
    await new Promise((done) => provider.server.listen(port, '127.0.0.1', done));
    assert.equal((await client.post(url, { json })).status, 200);
  });

  test('others are served while some wait for it', async () => {
    const client = server.client();
    const flows = [];
    for (let i = 0; i < 6; i++) flows.push(await flowOf(client));
    provider.hold = 'slow';
    const waiting = flows.map(({ url, json }) => client.post(url, { json }));
    assert.equal((await server.client().get('/v1/categories')).status, 200);
    for (const reply of await Promise.all(waiting)) away(reply);
    provider.hold = undefined;
  });
});

describe('ES256, a private key, the UserInfo endpoint, and a callback of our own', () => {
  let other, second;

  before(async () => {
    other = await Provider.start({ redirects: [CALLBACK], algorithm: 'ES256', auth: 'private_key_jwt', claimsIn: 'userinfo' });
    other.people.set('an', AN);
    second = new Server({
      env: other.config({ TRAM_EID_CALLBACK: CALLBACK, TRAM_EID_REDIRECTS: `${LINK},https://app.tram.example/other`, TRAM_EID_KEYS_PAUSE: '10m' }),
    });
    await second.start();
  });
  after(async () => {
    await second.stop();
    await other.stop();
  });

  async function upToCallback(client) {
    const begun = (await client.post('/v1/auth/eid', { json: { redirect: LINK } })).json;
    const back = await other.signIn(begun.authorization_url, 'an');
    const callback = (more = {}) => client.get(`/v1/auth/eid/callback?${new URLSearchParams({ ...back, ...more })}`);
    return { begun, back, callback };
  }

  test('the callback forwards to the link that the flow was begun with, and to nothing else', async () => {
    const client = second.client();
    refused(await client.post('/v1/auth/eid', { json: {} }), 422, 'invalid');
    const { begun, back, callback } = await upToCallback(client);
    refused(await callback({ iss: 'https://another.example' }));
    refused(await callback({ state: crypto.randomBytes(48).toString('base64url') }));
    refused(await client.get('/v1/auth/eid/callback?code=x'));
    const forwarded = await callback({ session_state: 'passed over' });
    assert.equal(forwarded.status, 303);
    assert.equal(forwarded.headers['referrer-policy'], 'no-referrer');
    assert.equal(forwarded.headers['cache-control'], 'no-store');
    const where = new URL(forwarded.headers.location);
    assert.equal(where.origin + where.pathname, LINK);
    assert.deepEqual(Object.fromEntries(where.searchParams), back);
    const finish = await client.post(`/v1/auth/eid/${begun.flow}/finish`, { json: { secret: begun.secret, ...back } });
    assert.equal(finish.status, 200, finish.text);
    refused(await callback(), 401);
    client.token = finish.json.access_token;
    assert.equal((await client.get('/v1/me/identity')).json.card, AN.card_no);
    assert.ok(other.counts['/me'] > 0, 'UserInfo was asked');
  });

  test('what the browser is told instead of a code is passed on', async () => {
    const client = second.client();
    const begun = (await client.post('/v1/auth/eid', { json: { redirect: LINK } })).json;
    const state = new URL(begun.authorization_url).searchParams.get('state');
    const query = new URLSearchParams({ error: 'access_denied', state, iss: other.issuer });
    const forwarded = await client.get(`/v1/auth/eid/callback?${query}`);
    assert.equal(new URL(forwarded.headers.location).searchParams.get('error'), 'access_denied');
  });

  test('unknown kids do not make it ask for keys again and again', async () => {
    const client = second.client();
    other.forge = (token, tools) => {
      const [header, claims] = tools.read(token);
      return tools.sign({ ...header, kid: tools.stranger.kid }, claims, { key: tools.stranger.key, dsaEncoding: 'ieee-p1363' });
    };
    const before = other.counts['/jwks'];
    for (let i = 0; i < 3; i++) {
      const { begun, back } = await upToCallback(client);
      const reply = await client.post(`/v1/auth/eid/${begun.flow}/finish`, { json: { secret: begun.secret, ...back } });
      refused(reply, 503, 'eid-unavailable');
    }
    other.forge = undefined;
    assert.equal(other.counts['/jwks'], before);
  });
});

test('codes, states, secrets and claims are in no log', () => {
  const log = server.lines.filter((line) => !line.startsWith('{"sms"')).join('\n');
  for (const words of [AN.card_no, AN.name, provider.made, 'code=', 'state='])
    assert.ok(!log.includes(words), words);
});

test('without a provider the routes say so', async () => {
  const plain = new Server();
  await plain.start();
  try {
    const client = plain.client();
    refused(await begin(client), 503, 'eid-unavailable');
    refused(await client.get('/v1/auth/eid/callback?code=x&state=y'));
  } finally {
    await plain.stop();
  }
});

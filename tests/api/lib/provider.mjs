/*
 * A real OpenID Connect provider (npm oidc-provider) on the loopback, and a browser to sign in with.
 *
 *   const provider = await Provider.start({ redirects: ['https://app.example/eid'] });
 *   provider.config()                           // what tramd is to be told (TRAM_EID_*)
 *   provider.people.set('an', { card_no: '096190123456', name: 'Lê Thị An', birthdate: '1990-05-17' });
 *   const back = await provider.signIn(url, 'an');     // {code, state, iss}: where the browser ends
 *   provider.rotate();                          // other keys from now on
 *   provider.forge = (token, tools) => text;    // instead of the ID token that it made
 *   provider.hold = 'slow' | 'gone' | undefined // of the token endpoint
 */
import crypto from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { Provider as Oidc } from 'oidc-provider';

const CLIENT = 'tram';
const SECRET = 'a secret: of+the/client & 100%';
const CLAIMS = ['card_no', 'name', 'birthdate', 'phone_number', 'assurance'];

const b64 = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

export class Provider {
  people = new Map(); // login -> claims
  counts = {}; // path -> how often it was asked

  static async start(options) {
    const provider = new Provider();
    await provider.#start(options);
    return provider;
  }

  async #start({ redirects, algorithm = 'RS256', auth = 'client_secret_basic', claimsIn = 'id_token', port = 0, secret: shared = SECRET }) {
    this.algorithm = algorithm;
    this.auth = auth;
    this.redirects = redirects;
    this.claimsIn = claimsIn;
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tram-eid-'));
    this.clientKey = this.#newKey('client');
    this.stranger = this.#newKey('stranger'); // takes long: not while somebody waits
    this.shared = shared;
    this.secretFile = path.join(this.folder, 'secret');
    const secret = auth === 'private_key_jwt' ? this.clientKey.pem : `${shared}\n`;
    fs.writeFileSync(this.secretFile, secret, { mode: 0o600 });
    this.server = http.createServer((request, response) => this.#serve(request, response));
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    this.issuer = `http://127.0.0.1:${this.server.address().port}`;
    this.rotate();
  }

  async stop() {
    this.server.closeAllConnections();
    this.server.close();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  config(more = {}) {
    return {
      TRAM_EID_ISSUER: this.issuer,
      TRAM_EID_HTTP: 'true',
      TRAM_EID_PORTS: new URL(this.issuer).port,
      TRAM_EID_CLIENT_ID: CLIENT,
      TRAM_EID_CLIENT_AUTH: this.auth,
      TRAM_EID_CLIENT_SECRET_FILE: this.secretFile,
      TRAM_EID_CLIENT_KID: this.auth === 'private_key_jwt' ? this.clientKey.kid : '',
      TRAM_EID_ALGORITHM: this.algorithm,
      TRAM_EID_SCOPE: 'openid eid',
      TRAM_EID_REDIRECTS: this.redirects.join(','),
      TRAM_EID_TIMEOUT: '5s',
      TRAM_EID_KEYS_PAUSE: '0ms',
      TRAM_EID_USERINFO: String(this.claimsIn === 'userinfo'),
      TRAM_EID_CLAIM_CARD: 'card_no',
      TRAM_EID_CLAIM_PHONE: 'phone_number',
      TRAM_EID_CLAIM_LEVEL: 'assurance',
      TRAM_EID_LEVEL_ONE: 'one',
      TRAM_EID_LEVEL_TWO: 'two',
      ...more,
    };
  }

  #newKey(use) {
    const ec = this.algorithm === 'ES256';
    const pair = ec ? crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
    const kid = `${use}-${crypto.randomUUID()}`;
    return {
      kid,
      key: pair.privateKey,
      pem: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }),
      publicPem: pair.publicKey.export({ type: 'spki', format: 'pem' }),
      private: { ...pair.privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: this.algorithm },
      public: { ...pair.publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: this.algorithm },
    };
  }

  /* Signs with another key from now on, and publishes that alone. */
  rotate() {
    this.signing = this.#newKey('sign');
    const asymmetric = this.auth === 'private_key_jwt';
    this.oidc = new Oidc(this.issuer, {
      clients: [{
        client_id: CLIENT,
        redirect_uris: this.redirects,
        token_endpoint_auth_method: this.auth,
        id_token_signed_response_alg: this.algorithm,
        ...(asymmetric
          ? { jwks: { keys: [this.clientKey.public] }, token_endpoint_auth_signing_alg: this.algorithm }
          : { client_secret: this.shared }),
      }],
      jwks: { keys: [this.signing.private] },
      cookies: { keys: ['of the browser'] },
      scopes: ['openid', 'eid'],
      claims: { openid: ['sub'], eid: CLAIMS },
      conformIdTokenClaims: this.claimsIn === 'userinfo',
      pkce: { required: () => true },
      findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...this.people.get(sub) }) }),
      ttl: { AccessToken: 60, AuthorizationCode: 60, IdToken: 300, Interaction: 300, Session: 300, Grant: 300 },
    });
    this.oidc.use(async (context, next) => {
      await next();
      if (context.path === '/token' && context.body?.id_token) {
        this.made = context.body.id_token;
        if (this.forge) context.body = { ...context.body, id_token: this.forge(this.made, this.tools()) };
      }
    });
  }

  /* What somebody who forges tokens has at hand. */
  tools() {
    const signing = this.signing;
    const options = this.algorithm === 'ES256' ? { key: signing.key, dsaEncoding: 'ieee-p1363' } : signing.key;
    return {
      read: (token) => token.split('.').slice(0, 2).map((part) => JSON.parse(Buffer.from(part, 'base64url'))),
      sign: (header, claims, key = options) => {
        const text = `${b64(header)}.${b64(claims)}`;
        return `${text}.${crypto.sign('sha256', Buffer.from(text), key).toString('base64url')}`;
      },
      hmac: (header, claims, key) => {
        const text = `${b64(header)}.${b64(claims)}`;
        return `${text}.${crypto.createHmac('sha256', key).update(text).digest('base64url')}`;
      },
      unsigned: (header, claims) => `${b64(header)}.${b64(claims)}.`,
      publicPem: signing.publicPem,
      stranger: this.stranger,
    };
  }

  #serve(request, response) {
    const where = request.url.split('?')[0];
    this.counts[where] = (this.counts[where] ?? 0) + 1;
    if (where === '/token' && this.hold === 'gone') return request.socket.destroy();
    if (where === '/token' && this.hold === 'slow') return undefined; // never answers
    if (where === '/jwks' && this.keysHold === 'gone') return request.socket.destroy();
    return this.oidc.callback()(request, response);
  }

  /* The browser: opens the address, signs in, agrees, and says where it was sent at last. */
  async signIn(url, login) {
    const jar = new Map();
    let next = url;
    for (let step = 0; step < 20; step++) {
      if (!next.startsWith(this.issuer)) return Object.fromEntries(new URL(next).searchParams);
      let reply = await this.#visit(next, jar);
      if (reply.status === 200) {
        const prompt = /name="prompt" value="(\w+)"/.exec(await reply.text())?.[1];
        const form = prompt === 'login' ? { prompt, login, password: 'x' } : { prompt };
        reply = await this.#visit(reply.url, jar, form);
      }
      if (reply.status < 300 || reply.status > 399)
        throw new Error(`the provider answered ${reply.status}: ${(await reply.text()).slice(0, 800)}`);
      next = new URL(reply.headers.get('location'), next).href;
    }
    throw new Error('the browser goes round in circles');
  }

  async #visit(url, jar, form) {
    const reply = await fetch(url, {
      redirect: 'manual',
      method: form ? 'POST' : 'GET',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form && { body: new URLSearchParams(form) }),
    });
    for (const cookie of reply.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
      if (value) jar.set(name, value);
      else jar.delete(name);
    }
    return reply;
  }
}

/* From begin to tokens, as an app does it. more: what the finish says otherwise. */
export async function eidSignIn(client, provider, login, { more = {}, deviceId } = {}) {
  const begun = await client.post('/v1/auth/eid', { json: { redirect: provider.redirects[0], ...(deviceId && { device_id: deviceId }) } });
  if (begun.status !== 201) return begun;
  const back = await provider.signIn(begun.json.authorization_url, login);
  const { code, state, iss } = back;
  return client.post(`/v1/auth/eid/${begun.json.flow}/finish`, {
    json: { secret: begun.json.secret, code, state, iss, ...more },
  });
}

/* The client, signed in by e-ID. */
export async function eidClient(server, provider, login, options = {}) {
  const client = options.client ?? server.client();
  const tokens = await eidSignIn(client, provider, login, options);
  if (tokens.status !== 200) throw new Error(`no tokens: ${tokens.status} ${tokens.text}`);
  client.token = tokens.json.access_token;
  client.refresh = tokens.json.refresh_token;
  client.session = tokens.json.session;
  return client;
}

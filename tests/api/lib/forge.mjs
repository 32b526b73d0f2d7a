/*
 * The signing pair of a server under test, derived from its keyring as base/crypto does: so that what
 * a test changes in a token is the only thing that is wrong with it.
 *
 *   const forge = await forgeOf(server);
 *   forge.sign(header, claims)            either may also be a text or a Buffer, as it stands
 *   forge.change(token, { header, claims })   members replaced; undefined removes one
 */
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { blake2b } from '@noble/hashes/blake2.js';

const ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
const KEY_TOKEN = 1; // enum keyring_purpose

const encoded = (part) =>
  Buffer.from(typeof part === 'string' || Buffer.isBuffer(part) ? part : JSON.stringify(part)).toString('base64url');
const decoded = (part) => JSON.parse(Buffer.from(part, 'base64url'));

/* The secret of a plain key file. */
function secretOf(data, kid) {
  const text = fs.readFileSync(path.join(data, 'keyring', `${kid}.key`), 'utf8');
  return Buffer.from(/^secret ([0-9a-f]{64})$/m.exec(text)[1], 'hex');
}

function scalarOf(secret) {
  const salt = Buffer.alloc(16);
  salt[0] = KEY_TOKEN;
  const personalization = Buffer.alloc(16);
  personalization.write('tramkeys');
  const seed = blake2b(Buffer.alloc(0), { dkLen: 32, key: secret, salt, personalization });
  const wide = blake2b(Buffer.from('tram es256 pair'), { dkLen: 48, key: seed });
  const scalar = (BigInt(`0x${Buffer.from(wide).toString('hex')}`) % (ORDER - 1n)) + 1n;
  return Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex');
}

/* The one of s and order - s that is taken. */
function lower(signature) {
  const s = BigInt(`0x${signature.subarray(32).toString('hex')}`);
  if (s <= ORDER / 2n) return signature;
  return Buffer.concat([signature.subarray(0, 32), Buffer.from((ORDER - s).toString(16).padStart(64, '0'), 'hex')]);
}

export async function forgeOf(server) {
  const { json } = await server.client().get('/.well-known/jwks.json');
  const published = json.keys.at(-1);
  const jwk = { ...published, d: scalarOf(secretOf(server.data, published.kid)).toString('base64url') };
  const key = crypto.createPrivateKey({ key: jwk, format: 'jwk' });
  const sign = (header, claims) => {
    const text = `${encoded(header)}.${encoded(claims)}`;
    return `${text}.${lower(crypto.sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' })).toString('base64url')}`;
  };
  return {
    kid: published.kid,
    published,
    sign,
    change(token, { header = {}, claims = {} } = {}) {
      const [head, body] = token.split('.');
      return sign({ ...decoded(head), ...header }, { ...decoded(body), ...claims });
    },
    parts: (token) => ({ header: decoded(token.split('.')[0]), claims: decoded(token.split('.')[1]) }),
  };
}

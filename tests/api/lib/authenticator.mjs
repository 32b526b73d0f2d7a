/*
 * An authenticator in software, and the browser's part around it: what it says can be wrong in every way
 * that a test wants. Keys are node's, CBOR is written here.
 *
 *   const key = new Authenticator({ origin, rpId: 'localhost' });
 *   const credential = key.create(options.public_key);        RegistrationResponseJSON
 *   const credential = key.get(options.public_key, { uv: false });   AuthenticationResponseJSON
 */
import crypto from 'node:crypto';

const sha256 = (bytes) => crypto.createHash('sha256').update(bytes).digest();
const b64 = (bytes) => Buffer.from(bytes).toString('base64url');

/* Canonical CBOR of numbers, texts, bytes, arrays and maps (as arrays of pairs under `Map`). */
export function cbor(value) {
  const head = (major, n) => {
    if (n < 24) return Buffer.from([(major << 5) | n]);
    if (n < 256) return Buffer.from([(major << 5) | 24, n]);
    if (n < 65536) return Buffer.from([(major << 5) | 25, n >> 8, n & 255]);
    const four = Buffer.alloc(5);
    four[0] = (major << 5) | 26;
    four.writeUInt32BE(n, 1);
    return four;
  };
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(cbor)]);
  return Buffer.concat([head(5, value.size), ...[...value].flatMap(([k, v]) => [cbor(k), cbor(v)])]);
}

const ALGORITHMS = {
  ES256: {
    alg: -7,
    pair: () => crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    cose: ({ x, y }) => new Map([[1, 2], [3, -7], [-1, 1], [-2, Buffer.from(x, 'base64url')], [-3, Buffer.from(y, 'base64url')]]),
    hash: 'sha256',
  },
  EdDSA: {
    alg: -8,
    pair: () => crypto.generateKeyPairSync('ed25519'),
    cose: ({ x }) => new Map([[1, 1], [3, -8], [-1, 6], [-2, Buffer.from(x, 'base64url')]]),
    hash: null,
  },
  RS256: {
    alg: -257,
    pair: () => crypto.generateKeyPairSync('rsa', { modulusLength: 2048 }),
    cose: ({ n, e }) => new Map([[1, 3], [3, -257], [-1, Buffer.from(n, 'base64url')], [-2, Buffer.from(e, 'base64url')]]),
    hash: 'sha256',
  },
};

export class Authenticator {
  constructor({ origin, rpId = 'localhost', algorithm = 'ES256', count = 1 }) {
    Object.assign(this, { origin, rpId, count, kind: ALGORITHMS[algorithm] });
    this.pair = this.kind.pair();
    this.id = crypto.randomBytes(32);
    this.user = undefined; // of whom the key is, as the options said
  }

  #flags({ up = true, uv = true, be = false, bs = false, at = false, ed = false }) {
    return (up ? 1 : 0) | (uv ? 4 : 0) | (be ? 8 : 0) | (bs ? 16 : 0) | (at ? 64 : 0) | (ed ? 128 : 0);
  }

  #head(how) {
    const head = Buffer.alloc(37);
    sha256(how.rpId ?? this.rpId).copy(head);
    head[32] = this.#flags(how);
    head.writeUInt32BE(how.count ?? this.count, 33);
    return head;
  }

  #client(type, options, how) {
    return Buffer.from(
      JSON.stringify({ type: how.type ?? type, challenge: how.challenge ?? options.challenge, origin: how.origin ?? this.origin, crossOrigin: false, ...how.client }),
    );
  }

  sign(bytes) {
    return crypto.sign(this.kind.hash, bytes, this.pair.privateKey);
  }

  /* how: origin, rpId, type, challenge, client (more members), flags, cose, fmt, statement, authData, attestation. */
  create(options, how = {}) {
    const client = this.#client('webauthn.create', options, how);
    const cose = how.cose ?? cbor(this.kind.cose(this.pair.publicKey.export({ format: 'jwk' })));
    const length = Buffer.from([this.id.length >> 8, this.id.length & 255]);
    const authData = how.authData ?? Buffer.concat([this.#head({ at: true, ...how }), Buffer.alloc(16), length, this.id, cose, how.extensions ?? Buffer.alloc(0)]);
    let statement = how.statement ?? new Map();
    if (how.fmt === 'packed' && !how.statement)
      statement = new Map([['alg', this.kind.alg], ['sig', this.sign(Buffer.concat([authData, sha256(client)]))]]);
    const attestation = how.attestation ?? cbor(new Map([['fmt', how.fmt ?? 'none'], ['attStmt', statement], ['authData', authData]]));
    this.user = options.user.id;
    return {
      id: b64(this.id),
      rawId: b64(this.id),
      type: 'public-key',
      authenticatorAttachment: 'platform',
      clientExtensionResults: {},
      response: { clientDataJSON: b64(client), attestationObject: b64(attestation), transports: ['internal', 'hybrid', 'made-up'] },
    };
  }

  /* how: as above; id, user, signature. The count goes up by itself. */
  get(options, how = {}) {
    this.count++;
    const client = this.#client('webauthn.get', options, how);
    const authData = how.authData ?? Buffer.concat([this.#head(how), how.extensions ?? Buffer.alloc(0)]);
    const signature = how.signature ?? this.sign(Buffer.concat([authData, sha256(client)]));
    const id = b64(how.id ?? this.id);
    return {
      id,
      rawId: id,
      type: 'public-key',
      clientExtensionResults: {},
      response: { clientDataJSON: b64(client), authenticatorData: b64(authData), signature: b64(signature), userHandle: how.user === undefined ? this.user : how.user },
    };
  }
}

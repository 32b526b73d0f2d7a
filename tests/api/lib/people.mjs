/* Citizens and officials of the demonstration, signed in as themselves. */
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from './places.mjs';
import { tramctlJson } from './tramctl.mjs';

const STAFF = JSON.parse(fs.readFileSync(path.join(ROOT, 'demo/staff.json'), 'utf8'));

/* A key that no other request has. */
export const fresh = () => ({ 'idempotency-key': crypto.randomUUID() });

export async function signInCitizen(server, phone, { name } = {}) {
  const citizen = server.client();
  const asked = await citizen.post('/v1/auth/otp', { json: { phone } });
  if (asked.status !== 201) throw new Error(`no code: ${asked.status} ${asked.text}`);
  const code = await server.smsCode(phone);
  const tokens = await citizen.post(`/v1/auth/otp/${asked.json.challenge}/check`, {
    json: { code, device: 'Test phone' },
  });
  if (tokens.status !== 200) throw new Error(`no tokens: ${tokens.status} ${tokens.text}`);
  citizen.token = tokens.json.access_token;
  citizen.refresh = tokens.json.refresh_token;
  citizen.session = tokens.json.session;
  if (name) await citizen.patch('/v1/me', { json: { name } });
  return citizen;
}

/* RFC 6238: SHA-1, 30 s, 6 digits. */
export function totp(secret, at = Date.now()) {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30000)));
  const mac = crypto.createHmac('sha1', key).update(counter).digest();
  const offset = mac[19] & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1000000).padStart(6, '0');
}

/* One account signs in once a file: a TOTP step is taken once. */
const signedIn = new WeakMap();

/* The clock of the demonstration goes ahead; who signed in as an official does so again. */
export async function advanceClock(server, seconds) {
  await tramctlJson(server.data, 'clock', 'advance', String(seconds));
  server.aheadMs = (server.aheadMs ?? 0) + seconds * 1000;
  signedIn.delete(server);
}

export async function signInStaff(server, user) {
  const known = signedIn.get(server) ?? new Map();
  signedIn.set(server, known);
  if (known.has(user)) return known.get(user);
  const account = STAFF.find((one) => one.user === user);
  const staff = server.client();
  const tokens = await staff.post('/v1/auth/staff', {
    json: { user, password: account.password, code: totp(account.totp, Date.now() + (server.aheadMs ?? 0)) },
  });
  if (tokens.status !== 200) throw new Error(`${user} cannot sign in: ${tokens.status} ${tokens.text}`);
  staff.token = tokens.json.access_token;
  staff.refresh = tokens.json.refresh_token;
  known.set(user, staff);
  return staff;
}

/* A photo by tus, in chunks; its id. */
export async function sendPhoto(client, bytes, chunk = 512 * 1024) {
  const tus = { 'tus-resumable': '1.0.0' };
  const made = await client.post('/v1/uploads', { headers: { ...tus, 'upload-length': String(bytes.length) } });
  if (made.status !== 201) throw new Error(`no upload: ${made.status} ${made.text}`);
  for (let at = 0; at < bytes.length; at += chunk) {
    const sent = await client.patch(made.headers.location, {
      body: bytes.subarray(at, at + chunk),
      headers: { ...tus, 'upload-offset': String(at), 'content-type': 'application/offset+octet-stream' },
    });
    if (sent.status !== 204) throw new Error(`chunk refused: ${sent.status} ${sent.text}`);
  }
  return made.headers.location.split('/').pop();
}

/* A report in phường Tân Thành, whose commune the officer and leader of the demonstration serve. */
export async function fileReport(citizen, more = {}) {
  const reply = await citizen.post('/v1/reports', {
    json: { category: 'dien_chieu_sang', text: 'Đèn đường trước trạm y tế không sáng', commune: '32025', answers: { danger: false }, consent: true, ...more },
    headers: fresh(),
  });
  if (reply.status !== 201) throw new Error(`not filed: ${reply.status} ${reply.text}`);
  return reply.json;
}

export function step(client, id, verb, json = {}, headers = {}) {
  return client.post(`/v1/reports/${id}/steps/${verb}`, { json, headers: { ...fresh(), ...headers } });
}

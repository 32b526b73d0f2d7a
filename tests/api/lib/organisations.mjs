/*
 * What the tests of organisations share: a server with an e-ID provider, people who have shown one, and
 * organisations that an office has confirmed.
 */
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { fresh, signInStaff } from './people.mjs';
import { Provider, eidClient } from './provider.mjs';
import { Server } from './server.mjs';

export const COMMUNE = '32025'; // of officer.demo

export let provider, server;
let serial = 0;
export const next = () => ++serial;

before(async () => {
  provider = await Provider.start({ redirects: ['https://app.tram.example/eid'] });
  server = new Server({ env: { ...provider.config(), TRAM_HTTP_RATES: '10000' } });
  await server.start();
});
after(async () => {
  await server.stop();
  await provider.stop();
});

/* Somebody with an e-ID of level 2: {card, login, name} beside the client. */
export async function somebody(name = 'Trần Văn Bình') {
  const login = `member-${++serial}`;
  const card = `096085${String(serial).padStart(6, '0')}`;
  provider.people.set(login, { card_no: card, name, birthdate: '1985-01-02', assurance: 'two' });
  const client = await eidClient(server, provider, login);
  return Object.assign(client, { login, card, person: (await client.get('/v1/me')).json.id });
}

/* Ten digits, the last of which is right. */
export function taxCode() {
  const weights = [31, 29, 23, 19, 17, 13, 7, 5, 3];
  for (;;) {
    const digits = String(200000000 + ++serial * 7).split('').map(Number);
    const check = 10 - (weights.reduce((sum, weight, i) => sum + weight * digits[i], 0) % 11);
    if (check < 10) return digits.join('') + check;
  }
}

export const draft = (more = {}) => ({ kind: 'enterprise', tax_code: taxCode(), name: 'Công ty TNHH Tôm Đất Mũi', address: '12 Lý Thường Kiệt', commune: COMMUNE, ...more });
export const register = (client, more) => client.post('/v1/me/organisations', { json: draft(more) });
export const decide = async (id, verb = 'confirm', json = {}, user = 'officer.demo') =>
  (await signInStaff(server, user)).post(`/v1/desk/organisations/${id}/steps/${verb}`, { json: { note: 'Giấy chứng nhận bản chính', ...json } });
export const acting = (id) => ({ headers: { 'acting-for': id } });
export const problem = (reply, status, slug, reason) => {
  assert.equal(reply.status, status, reply.text);
  assert.equal(reply.json.type, `/problems/${slug}`);
  if (reason) assert.equal(reply.json.reason, reason);
};

/* One that is confirmed, of a representative. */
export async function organisation(representative) {
  const made = await register(representative);
  assert.equal(made.status, 201, made.text);
  const confirmed = await decide(made.json.id);
  assert.equal(confirmed.status, 200, confirmed.text);
  return made.json;
}

export async function join(representative, id, member, role) {
  const invited = await representative.post(`/v1/organisations/${id}/members`, { json: { card: member.card, role } });
  assert.equal(invited.status, 200, invited.text);
  const mine = (await member.get('/v1/me/organisations')).json.items.find((one) => one.id === id);
  const accepted = await member.post(`/v1/organisations/${id}/members/${mine.invitation}/accept`);
  assert.equal(accepted.status, 200, accepted.text);
  return mine.invitation;
}

export const fileFor = (client, id, more) =>
  client.post('/v1/reports', {
    json: { category: 'dien_chieu_sang', text: 'Đèn trước cổng công ty không sáng', commune: COMMUNE, answers: { danger: false }, consent: true, ...more },
    headers: { ...fresh(), 'acting-for': id },
  });

/* Whose access token the clock has left behind. */
export async function awake(client) {
  const tokens = await client.post('/v1/auth/refresh', { json: { refresh_token: client.refresh }, token: null });
  assert.equal(tokens.status, 200, tokens.text);
  return Object.assign(client, { token: tokens.json.access_token, refresh: tokens.json.refresh_token });
}

export async function until(ask, wanted) {
  for (let i = 0; i < 400; i++) {
    const value = await ask();
    if (wanted(value)) return value;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error('it never came');
}

/*
 * Who the soak is made of: citizens who sign in by a code, and officials of several wards, made by
 * the operator over the admin socket.
 */
import crypto from 'node:crypto';
import { totp } from '../../api/lib/people.mjs';
import { eidClient } from '../../api/lib/provider.mjs';
import { expect } from './lines.mjs';

const REFRESH_AFTER_MS = 30 * 60_000;

export async function signInCitizen(server, lines, n) {
  const phone = `+849${String(10_000_000 + n).padStart(8, '0')}`;
  const asked = expect(await lines.ask('POST', '/v1/auth/otp', { json: { phone } }), [201], 'a code');
  const tokens = await lines.ask('POST', `/v1/auth/otp/${asked.json.challenge}/check`, {
    json: { code: await server.smsCode(phone), device: 'Soak' },
  });
  const citizen = { n, phone };
  takeTokens(citizen, expect(tokens, [200], 'the code of a citizen').json);
  return citizen;
}

/* Shows the card of their own: from then on they may file dossiers. */
export async function showEid(server, provider, citizen) {
  const login = `citizen-${citizen.n}`;
  provider.people.set(login, {
    card_no: `096190${String(citizen.n).padStart(6, '0')}`, name: 'Lê Thị Soát', birthdate: '1990-05-17', assurance: 'two',
  });
  const client = server.client({ token: citizen.token });
  await eidClient(server, provider, login, { client });
  takeTokens(citizen, { access_token: client.token, refresh_token: client.refresh });
  citizen.eid = true;
}

function takeTokens(person, tokens) {
  person.token = tokens.access_token;
  person.refresh = tokens.refresh_token;
  person.since = Date.now();
}

/* The next pair of tokens. A lost reply is asked for again with the same refresh token. */
export async function refresh(lines, person) {
  const reply = await lines.ask('POST', '/v1/auth/refresh', { json: { refresh_token: person.refresh } });
  takeTokens(person, expect(reply, [200], 'a refresh').json);
}

export const isStale = (person) => Date.now() - person.since > REFRESH_AFTER_MS;

async function hire(operator, user, role, agency) {
  const password = crypto.randomUUID();
  const made = await operator.raw('POST', '/v1/admin/staff', {
    json: { user, name: 'Nguyễn Văn Soát', title: 'Chuyên viên', role, agency, password },
  });
  if (made.status !== 201) throw new Error(`no account: ${made.status} ${made.text}`);
  return { id: made.json.id, user, role, agency, password, secret: made.json.totp_secret };
}

async function signInStaff(lines, staff) {
  const json = { user: staff.user, password: staff.password, code: totp(staff.secret) };
  const reply = await lines.ask('POST', '/v1/auth/staff', { json });
  takeTokens(staff, expect(reply, [200], staff.user).json);
  return staff;
}

/* agencies: codes; to each `officers` and one leader. */
export async function hireAndSignIn(server, lines, agencies, officers) {
  const operator = server.operator();
  const staff = [];
  for (const agency of agencies) {
    const name = `soak.${agency.toLowerCase()}`;
    for (let i = 0; i < officers; i++) staff.push(await hire(operator, `${name}.${i}`, 'officer', agency));
    staff.push(await hire(operator, `${name}.leader`, 'leader', agency));
  }
  return Promise.all(staff.map((one) => signInStaff(lines, one)));
}

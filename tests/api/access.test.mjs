/*
 * Who may call what: every operation is called as everybody, and what comes back is held against the
 * table of access.md, which is the access policy in a form that a person can read and sign.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http2 from 'node:http2';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Contract } from './lib/contract.mjs';
import { makeJpeg } from './lib/make-jpeg.mjs';
import { fresh, sendPhoto, signInCitizen, signInStaff } from './lib/people.mjs';
import { ROOT } from './lib/places.mjs';
import { Provider, eidClient } from './lib/provider.mjs';
import { Server } from './lib/server.mjs';

const NONE = '00000000-0000-4000-8000-000000000000'; // no such thing: nothing is changed by asking
const PROBLEMS = { '/problems/sign-in-needed': 'sign in', '/problems/forbidden': 'no' };

let provider, server, session;
const people = new Map(); // column of the table -> token

before(async () => {
  provider = await Provider.start({ redirects: ['https://app.tram.example/eid'] });
  server = new Server({ env: { ...provider.config(), TRAM_HTTP_RATES: '1000000' } });
  await server.start();
  session = http2.connect(server.origin, { ca: fs.readFileSync(server.certificate) });
  people.set('nobody', undefined);
  people.set('unproven', await unproven('+84912370001'));
  people.set('phone', (await signInCitizen(server, '+84912370002')).token);
  for (const [n, assurance] of ['one', 'two'].entries()) {
    provider.people.set(assurance, { card_no: `09608570000${n}`, name: 'Lý Thử', birthdate: '1985-01-02', assurance });
    people.set(`level ${n + 1}`, (await eidClient(server, provider, assurance)).token);
  }
  for (const role of ['dispatcher', 'officer', 'leader', 'inspector', 'admin'])
    people.set(role, (await signInStaff(server, `${role}.demo`)).token);
});
after(async () => {
  session.close();
  await server.stop();
  await provider.stop();
});

async function unproven(phone) {
  const asked = await server.client().post('/v1/auth/otp', { json: { phone, file_first: true } });
  return asked.json.tokens.access_token;
}

/* {status, type}: the status, and the type of the problem if it is one. Streams are not waited for. */
function ask(method, url, token) {
  const writes = ['POST', 'PUT', 'PATCH'].includes(method);
  const headers = { ':method': method, ':path': url, ...fresh(), ...(token && { authorization: `Bearer ${token}` }) };
  if (writes) headers['content-type'] = 'application/json';
  const stream = session.request(headers, { endStream: !writes });
  if (writes) stream.end('{}');
  return new Promise((resolve, reject) => {
    stream.on('error', reject);
    stream.on('response', (answer) => {
      const status = answer[':status'];
      if (!/problem\+json/.test(answer['content-type'] ?? '')) {
        stream.close(http2.constants.NGHTTP2_CANCEL);
        resolve({ status });
        return;
      }
      let text = '';
      stream.setEncoding('utf8').on('data', (part) => (text += part));
      stream.on('end', () => resolve({ status, ...JSON.parse(text) }));
    });
  });
}

function wordOf({ status, type, level_needed: level }) {
  if (type === '/problems/level-too-low') return `level ${level}`;
  if (status === 401 && type === undefined) return 'sign in'; // tus: plain words
  if (status === 403 && type === undefined) return 'no';
  return PROBLEMS[type] ?? 'yes';
}

/* Rows of the table in access.md: operation -> {column: word}. */
function readPolicy() {
  const lines = fs.readFileSync(path.join(ROOT, 'tests/api/access.md'), 'utf8').split('\n').filter((line) => line.startsWith('|'));
  const [names, , ...rows] = lines.map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
  return new Map(rows.map(([, operation, ...cells]) => [operation, Object.fromEntries(cells.map((cell, i) => [names[i + 2], cell]))]));
}

describe('access', () => {
  test('everybody may do what the policy says, and nothing else', async () => {
    const citizen = await signInCitizen(server, '+84912370009');
    const photo = await sendPhoto(citizen, makeJpeg());
    const signed = (await citizen.get(`/v1/media/${photo}`)).json.large;
    const policy = readPolicy();
    const document = (await server.client().get('/openapi.json')).json;
    const operations = new Contract(document).operations();
    /* What ends a session comes last. */
    operations.sort((a, b) => Number(a.id === 'signOut') - Number(b.id === 'signOut'));
    const wrong = [];
    for (const { id, method, template } of operations) {
      const url = id === 'mediaFile' ? signed : template.replace(/\{\w+\}/g, NONE);
      const row = {};
      for (const [who, token] of people) row[who] = wordOf(await ask(method.toUpperCase(), url, token));
      const expected = policy.get(id);
      policy.delete(id);
      if (JSON.stringify(expected) !== JSON.stringify(row))
        wrong.push(`| \`${method.toUpperCase()} ${template}\` | ${id} | ${Object.values(row).join(' | ')} |`);
    }
    assert.equal(wrong.length, 0, `the program answers otherwise than tests/api/access.md says:\n${wrong.join('\n')}`);
    assert.deepEqual([...policy.keys()], [], 'rows for operations that are not there');
  });
});

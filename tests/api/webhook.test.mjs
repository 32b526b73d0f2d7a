/* An agency's webhook, called as https://www.standardwebhooks.com asks, checked by its own library. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { after, describe, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { advanceClock, fileReport, signInCitizen, signInStaff, step } from './lib/people.mjs';
import { useServer } from './lib/server.mjs';
import { tramctl, tramctlJson, withJsonFile } from './lib/tramctl.mjs';

/* What was called, and what is answered next (200 without an order). */
const calls = [];
const answers = [];
const receiver = http.createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  calls.push({ headers: request.headers, body: Buffer.concat(chunks).toString(), at: Date.now() + (server.aheadMs ?? 0) });
  response.writeHead(answers.shift() ?? 200).end();
});
receiver.listen(0, '127.0.0.1');
await once(receiver, 'listening');
after(() => receiver.close());
const { port } = receiver.address();
const url = `http://127.0.0.1:${port}/hook`;

const server = useServer({
  env: { TRAM_WEBHOOK_HTTP: 'true', TRAM_WEBHOOK_ALLOW: '127.0.0.0/8', TRAM_WEBHOOK_PORTS: String(port) },
});

async function until(found, what) {
  for (let i = 0; i < 600; i++) {
    const value = found();
    if (value) return value;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`waited for ${what}`);
}

/* Retries wait minutes: the clock is led on until they came. */
async function advanceUntil(found) {
  for (let i = 0; i < 200 && !found(); i++) {
    await advanceClock(server, 30);
    await new Promise((done) => setTimeout(done, 100));
  }
  assert.ok(found(), 'it came');
}

/* As the receiver's library does it, by the clock of the server when it called. */
function verify(secret, call) {
  const now = Date.now;
  Date.now = () => call.at;
  try {
    return new Webhook(secret).verify(call.body, call.headers);
  } finally {
    Date.now = now;
  }
}

const agency = (more) => [{ code: 'H12.32025', name: 'Ủy ban nhân dân phường Tân Thành', kind: 'commune', commune: '32025', ...more }];

describe('webhook', () => {
  let secret;

  test('an agency names its URL, and the secret is shown once', async () => {
    await withJsonFile(agency({ webhook_url: url }), async (file) => {
      const done = await tramctl(server.data, 'agencies', 'import', file);
      assert.equal(done.code, 0, done.err);
    });
    secret = (await tramctlJson(server.data, 'agencies', 'webhook-key', 'H12.32025')).secret;
    assert.match(secret, /^whsec_[A-Za-z0-9+/]+=*$/);
    const list = await tramctl(server.data, '--json', 'agencies', 'list');
    assert.ok(!list.out.includes(secret));
  });

  test('a report is told at once, signed; what the receiver refuses comes again with the same id', async () => {
    answers.push(500, 503);
    const citizen = await signInCitizen(server, '+84912346001', { name: 'Phạm Thị Kín' });
    const report = await fileReport(citizen, { text: 'Cột điện nghiêng trước chợ' });
    await until(() => calls.length >= 1, 'a call');
    await advanceUntil(() => calls.length >= 3);
    const ids = new Set(calls.map((call) => call.headers['webhook-id']));
    assert.equal(ids.size, 1, 'one delivery, tried three times');
    for (const call of calls) {
      const event = verify(secret, call);
      assert.equal(event.data.number, report.number);
      assert.equal(event.data.agency, 'H12.32025');
      assert.ok(!/Phạm Thị Kín|912346001/.test(call.body), 'the reporter is not told');
    }
    assert.throws(() => verify(secret, { ...calls[0], body: `${calls[0].body} ` }), /signature/i);
  });

  test('steps come in their order', async () => {
    calls.length = 0;
    const citizen = await signInCitizen(server, '+84912346002');
    const officer = await signInStaff(server, 'officer.demo');
    const report = await fileReport(citizen);
    await step(officer, report.id, 'receive');
    await step(citizen, report.id, 'withdraw');
    const of = () => calls.map((call) => JSON.parse(call.body)).filter((event) => event.data.number === report.number);
    await until(() => of().length >= 3, 'three calls');
    const steps = of().map((event) => event.data.step);
    assert.deepEqual(steps, [...steps].sort((a, b) => a - b));
    assert.equal(of().at(-1).type, 'report.withdraw');
  });

  test('who answers 410 is not called again', async () => {
    calls.length = 0;
    answers.push(410);
    const citizen = await signInCitizen(server, '+84912346003');
    await fileReport(citizen);
    await until(() => calls.length === 1, 'a call');
    await until(
      () => server.lines.some((line) => line.includes('a webhook was disabled by its receiver')),
      'the webhook to be disabled',
    );
    await fileReport(citizen, { text: 'Đèn khác cũng không sáng' });
    assert.equal(calls.length, 1);
    const dead = await tramctlJson(server.data, 'dead-letters', 'list');
    assert.equal(dead.length, 1);
    assert.equal(dead[0].error, 'the receiver answered 410');
    await tramctl(server.data, 'dead-letters', 'drop', dead[0].id);
    assert.deepEqual(await tramctlJson(server.data, 'dead-letters', 'list'), []);
  });
});

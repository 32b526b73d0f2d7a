/* The server is slow, gone, and back: requests wait within a bound, and nothing acknowledged is lost. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileReport, signInCitizen } from '../api/lib/people.mjs';
import { Server } from '../api/lib/server.mjs';
import { Link } from './link.mjs';
import { assertOnce, fileUntil } from './patient.mjs';

const link = new Link();

describe('an outage', () => {
  let server, citizen;
  const filed = [];
  before(async () => {
    await link.open();
    server = new Server({ env: { TRAM_AUTH_ACCESS: '1h' } });
    await server.start();
    citizen = await signInCitizen(server, '+84912360001');
  });
  after(async () => {
    link.mend();
    await server.stop();
    link.end();
  });

  test('a slow server is waited for', async () => {
    link.delayMs = 100;
    filed.push(await fileReport(citizen));
    link.mend();
  });

  test('connections that are cut are made anew, and what was under way is done once', async () => {
    for (let round = 0; round < 3; round++) {
      const many = Array.from({ length: 8 }, (_, i) => fileUntil(citizen, `${round}.${i}`));
      await sleep(20);
      link.cut();
      link.mend();
      filed.push(...(await Promise.all(many)));
    }
  });

  test('a server that is gone: 503 and Retry-After; when it is back, so are we', async () => {
    link.cut();
    assert.equal((await server.client().get('/healthz')).status, 200, 'the process lives');
    const answers = [];
    const later = fileUntil(citizen, 'gone', answers);
    for (let i = 0; (await server.client().get('/readyz')).status !== 503; i++) assert.ok(i < 100);
    await sleep(6000);
    link.mend();
    filed.push(await later);
    assert.ok(answers.includes(503), answers.join());
    for (let i = 0; (await server.client().get('/readyz')).status !== 200; i++) {
      assert.ok(i < 600);
      await sleep(100);
    }
  });

  test('a server that takes and does not answer: the bound is ours, not its', async () => {
    link.mute = true;
    const answers = [];
    const later = fileUntil(citizen, 'mute', answers);
    for (let i = 0; answers.length === 0; i++) {
      assert.ok(i < 1200, 'a request is given up');
      await sleep(100);
    }
    link.mend();
    filed.push(await later);
  });

  test('a stop while it is gone waits for it once, not each part of the program in turn', async () => {
    const stopped = new Server();
    await stopped.start();
    link.cut();
    try {
      await stopped.line((line) => line.includes('"the sweep failed"'));
      await stopped.stop();
    } finally {
      link.mend();
    }
  });

  test('nothing acknowledged was lost, nothing is there twice, and every notice came', () => assertOnce(citizen, filed));
});

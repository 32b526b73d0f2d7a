/* The primary of a replica set changes, or there is none for a while: it is found again, and nothing is lost. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { signInCitizen } from '../api/lib/people.mjs';
import { Server } from '../api/lib/server.mjs';
import { assertOnce, fileUntil } from './patient.mjs';
import { ReplicaSet } from './set.mjs';

describe('an election', () => {
  const set = new ReplicaSet();
  let server, citizen;
  const filed = [];
  before(async () => {
    await set.open();
    server = new Server({ env: { TRAM_AUTH_ACCESS: '1h' } });
    set.young = 1;
    await assert.rejects(server.start(), /cannot be reached/, 'a set that has just begun is not there yet');
    await server.start();
    assert.ok(!server.lines.some((line) => line.includes('cannot read what a majority has')), 'nor is less asked of it');
    citizen = await signInCitizen(server, '+84912380001');
  });
  after(async () => {
    set.elect(0);
    await server.stop();
    set.end();
  });

  const fileMany = (name, n) => Promise.all(Array.from({ length: n }, (_, i) => fileUntil(citizen, `${name}.${i}`)));

  test('only the primary is asked', async () => {
    filed.push(await fileUntil(citizen, 'before'));
    assert.ok(set.taken[0] > 0);
    assert.equal(set.taken[1], 0);
  });

  test('another primary is elected: the old one refuses, the new one is found', async () => {
    for (const next of [1, 0, 1]) {
      const many = fileMany(`to ${next}`, 8);
      await sleep(30);
      const { refused } = set;
      const taken = set.taken[next];
      set.elect(next);
      filed.push(...(await many), ...(await fileMany(`at ${next}`, 2)));
      assert.ok(set.refused > refused, 'the old one was asked, and refused');
      assert.ok(set.taken[next] > taken, 'the new one was found');
      for (let i = 0; (await server.client().get('/readyz')).status !== 200; i++) assert.ok(i < 100);
    }
  });

  test('no primary for a while: 503 and Retry-After, until one is elected', async () => {
    set.primary = undefined;
    const answers = [];
    const later = fileUntil(citizen, 'nobody', answers);
    for (let i = 0; !answers.includes(503); i++) {
      assert.ok(i < 1200, 'a request is given up');
      await sleep(50);
    }
    set.elect(0);
    filed.push(await later);
  });

  test('the primary went with writes under way that took effect: each stands once', async () => {
    for (const next of [1, 0]) {
      set.interrupt = 12;
      const many = fileMany(`cut ${next}`, 8);
      for (let i = 0; set.interrupt > 0; i++) {
        assert.ok(i < 1200, 'writes were interrupted');
        await sleep(10);
      }
      set.elect(next);
      filed.push(...(await many));
    }
  });

  test('nothing acknowledged was lost, nothing is there twice, and every notice came', () => assertOnce(citizen, filed));
});

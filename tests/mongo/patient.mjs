/* An app that repeats a request under the same key until it is answered, and what must be true in the end. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { fresh } from '../api/lib/people.mjs';

const report = (n) => ({
  category: 'dien_chieu_sang',
  text: `Đèn hỏng số ${n}`,
  commune: '32025',
  answers: { danger: false },
  consent: true,
});

/* The statuses that came are added to `answers`. */
export async function fileUntil(citizen, n, answers = []) {
  const headers = fresh();
  for (let i = 0; ; i++) {
    assert.ok(i < 400, `never answered: ${answers.at(-1)}`);
    const reply = await citizen.post('/v1/reports', { json: report(n), headers });
    answers.push(reply.status);
    if (reply.status === 201) return reply.json;
    assert.ok([429, 503].includes(reply.status), reply.text);
    assert.ok(Number(reply.headers['retry-after']) >= 1);
    await sleep(reply.status === 429 ? 1000 : 100);
  }
}

async function* pages(citizen, url) {
  for (let next = ''; next !== undefined; ) {
    const page = await citizen.get(`${url}?limit=50${next && `&cursor=${next}`}`);
    assert.equal(page.status, 200, page.text);
    yield* page.json.items;
    next = page.json.next;
  }
}

/* What was acknowledged is there, once; and of each its owner was told, once. */
export async function assertOnce(citizen, filed) {
  const numbers = filed.map((one) => one.number).sort();
  assert.equal(new Set(numbers).size, numbers.length);
  const found = [];
  for await (const one of pages(citizen, '/v1/reports')) found.push(one.number);
  assert.deepEqual(found.sort(), numbers);
  const told = new Map();
  for (let i = 0; told.size < numbers.length; i++) {
    assert.ok(i < 300, `${told.size} of ${numbers.length} were told`);
    told.clear();
    for await (const one of pages(citizen, '/v1/notices')) {
      if (one.what === 'file') told.set(one.number, (told.get(one.number) ?? 0) + 1);
    }
    await sleep(200);
  }
  assert.deepEqual([...told.keys()].sort(), numbers);
  assert.ok([...told.values()].every((times) => times === 1));
}

/*
 * Run after all *.test.mjs: every operation that the last /openapi.json names was answered as it
 * promises, with success, in some test.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { Contract } from './lib/contract.mjs';
import { OUTPUT } from './lib/places.mjs';

const document = JSON.parse(fs.readFileSync(path.join(OUTPUT, 'openapi.json'), 'utf8'));
const hits = path.join(OUTPUT, 'hits');
const succeeded = new Set(
  fs
    .readdirSync(hits)
    .flatMap((file) => fs.readFileSync(path.join(hits, file), 'utf8').trim().split('\n'))
    .map((line) => JSON.parse(line))
    .filter((hit) => hit.status < 400)
    .map((hit) => hit.operation),
);

for (const { id, method, template } of new Contract(document).operations()) {
  test(`${method.toUpperCase()} ${template} (${id}) is called by a test`, () => {
    assert.ok(succeeded.has(id), `no test of tests/api was answered by ${id} with success`);
  });
}

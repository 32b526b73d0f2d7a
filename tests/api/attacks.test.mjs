/* attacks.md names every section of the two documents, and only tests that exist. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ROOT } from './lib/places.mjs';

const FOLDER = path.join(ROOT, 'tests/api');
const upTo = (chapter, n) => Array.from({ length: n }, (_, i) => `${chapter}.${i + 1}`);
const SECTIONS = [...upTo(4, 17), ...upTo(2, 9), ...upTo(3, 12)];

const rows = fs
  .readFileSync(path.join(FOLDER, 'attacks.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| \d/.test(line))
  .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));

const sources = new Map();
function sourceOf(file) {
  if (!sources.has(file)) sources.set(file, fs.readFileSync(path.join(FOLDER, `${file}.test.mjs`), 'utf8'));
  return sources.get(file);
}

/* test('name', …), or a row of a table of tests: 'name': …, name: … */
function has(source, name) {
  const quoted = name.replaceAll("'", "\\'");
  return source.includes(`test('${quoted}'`) || source.includes(`\n  '${quoted}':`) || source.includes(`\n    '${quoted}':`) ||
    (/^\w+$/.test(name) && new RegExp(`\\n +${name}:`).test(source));
}

test('every section stands there once', () => {
  assert.deepEqual(rows.map(([section]) => section), SECTIONS);
});

for (const [section, attack, , cell] of rows)
  test(`${section} ${attack}`, () => {
    const named = [...cell.matchAll(/`([a-z_]+) › ([^`]+)`/g)];
    assert.ok(named.length > 0, 'no test is named');
    for (const [, file, name] of named) assert.ok(has(sourceOf(file), name), `${file} has no test "${name}"`);
  });

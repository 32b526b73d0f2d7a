/* The pages call states, outcomes, reasons and steps what the tables in domain/ call them: one vocabulary for all. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../api/lib/places.mjs';
import { loadShared } from './lib/shared.mjs';

const pages = await loadShared('states.ts');

/* {code: [vi, en]} of an array of entity names. */
function namesIn(file, array) {
  const source = fs.readFileSync(path.join(ROOT, file), 'utf8');
  const body = new RegExp(`${array}\\[\\] = \\{(.*?)\\n\\};`, 's').exec(source)[1];
  return Object.fromEntries([...body.matchAll(/\{"(\w+)",\s*\{"([^"]*)",\s*"([^"]*)"\}\}/g)].map(([, code, vi, en]) => [code, [vi, en]]));
}

for (const kind of ['report', 'dossier', 'complaint'])
  test(`the states and outcomes of a ${kind} have one name each`, () => {
    assert.deepEqual(pages[`${kind}States`], namesIn(`domain/${kind}/transitions.c`, `${kind}_states`));
    assert.deepEqual(pages[`${kind}Outcomes`], namesIn(`domain/${kind}/transitions.c`, `${kind}_outcomes`));
  });


const { caseReasons } = await loadShared('reasons.ts');
for (const [kind, words] of Object.entries(caseReasons))
  test(`the reasons that a step of a ${kind} may have are called what the officer chose`, () => {
    const file = `domain/${kind}/transitions.c`;
    const arrays = fs.readFileSync(path.join(ROOT, file), 'utf8').match(/\w+_reasons(?=\[\] = )/g);
    assert.deepEqual(words, Object.assign({}, ...arrays.map((array) => namesIn(file, array))));
  });

/* Every step that a case may take: those of the tables, those that every kind has, and its filing. */
const read = (file) => fs.readFileSync(path.join(ROOT, file), 'utf8');
const rows = ['report', 'dossier', 'complaint'].map((kind) => read(`domain/${kind}/transitions.c`)).join('') + read('domain/case/demand.h');
const steps = new Set(['file', ...[...rows.matchAll(/(?:\.verb = |CASE_DEMAND\()"(\w+)"/g)].map(([, step]) => step)]);
const unsaid = { 'web/app/parts/timeline.tsx': ['ring', 'acknowledge'], 'web/desk/parts/history.tsx': [] };
for (const [file, silent] of Object.entries(unsaid))
  test(`${file} has a word for every step`, () => {
    const said = new Set([...read(file).matchAll(/^  (\w+): \['/gm)].map(([, step]) => step));
    assert.ok(steps.has('urge') && steps.has('respond') && steps.size > 40, [...steps].join());
    assert.deepEqual([...steps].filter((step) => !said.has(step) && !silent.includes(step)), []);
  });

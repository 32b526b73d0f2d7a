/*
 * A province in which every text is hostile: what strangers may write, and what officials may import. Wherever it
 * is shown it is words: inert() says so of a page.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../api/lib/places.mjs';
import { tramctlJson, withJsonFile } from '../../api/lib/tramctl.mjs';

export const EVIL = '"><img src=x onerror=window.hit=1><svg onload=window.hit=1>';
export const PROSE = `${EVIL}<script>window.hit=1</script> javascript:window.hit=1 {{7*7}} \${window.hit=1} </textarea></option></title>`;
export const MARK = 'window.hit=1';

export const rowsOf = (name) => JSON.parse(fs.readFileSync(path.join(ROOT, name), 'utf8'));
const hostile = (row) => ({ ...row, name: `${EVIL} ${row.name}`.slice(0, 118), name_en: `${EVIL} ${row.name_en}`.slice(0, 118) });

/* Whatever of a procedure people read (a condition's "field" is a pointer): its name, guide, papers, steps, fees, results, and the titles of its form. */
const READ = new Set(['name', 'name_en', 'field', 'field_en', 'guide', 'guide_en', 'note', 'note_en', 'unit', 'basis', 'title', 'x-title-en', 'x-help', 'x-help-en', 'vi', 'en']);
export const hostileTexts = (value, key) => {
  if (Array.isArray(value)) return value.map((one) => hostileTexts(one, key));
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, name === 'unit' && /^(working_|calendar_|hours|minutes)/.test(of) ? of : hostileTexts(of, name)]));
  return typeof value === 'string' && READ.has(key) && !value.startsWith('/') ? `${EVIL} ${value}`.slice(0, 118) : value;
};

/* An office, a category and the birth's procedure, in the store that is not opened yet or by its running program. */
export async function importHostile(data) {
  const of = (rows, code) => rows.filter((one) => one.code === code);
  await withJsonFile(of(rowsOf('demo/agencies.json'), 'H12.32025').map((one) => ({ ...hostile(one), address: PROSE.slice(0, 190), hours: EVIL })), (at) => tramctlJson(data, 'agencies', 'import', at));
  await withJsonFile(of(rowsOf('data/categories.json'), 'dien_chieu_sang').map((one) => ({ ...hostile(one), hint: PROSE.slice(0, 290) })), (at) => tramctlJson(data, 'categories', 'import', at));
  await withJsonFile(of(rowsOf('demo/procedures.json'), '1.001193').map(({ from: _, ...one }) => hostileTexts(one)), (at) => tramctlJson(data, 'procedures', 'import', at, '--yes'));
}

/* Nothing of it became a part of the page. */
export async function inert(page, at) {
  const found = await page.evaluate(() => ({
    hit: window.hit,
    parts: [...document.querySelectorAll('img[src="x"], [onerror], [onload], [onclick], script:not([src]), iframe, object, embed, base')].map((one) => one.outerHTML.slice(0, 80)),
    links: [...document.querySelectorAll('a[href]')].map((one) => one.protocol).filter((one) => ![location.protocol, 'blob:', 'tel:', 'otpauth:', 'mailto:'].includes(one)),
  }));
  assert.deepEqual(found, { hit: undefined, parts: [], links: [] }, at);
}

/* What a PDF says and shows, by Poppler's tools and zbar's reader of codes. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

function within(bytes, fn) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tram-pdf-'));
  try {
    const file = path.join(folder, 'a.pdf');
    fs.writeFileSync(file, bytes);
    return fn(file, folder);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

const run = (program, ...args) => execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

/* Words as they stand, whatever the lines are. */
export const pdfWords = (bytes) => within(bytes, (file) => run('pdftotext', '-raw', file, '-')).split(/\s+/).filter(Boolean);

/* Every word with its box, and the size of its page. */
export function pdfBoxes(bytes) {
  const html = within(bytes, (file) => run('pdftotext', '-bbox', file, '-'));
  const boxes = [];
  let page;
  for (const [, tag, attributes] of html.matchAll(/<(page|word) ([^>]*)>/g)) {
    const box = Object.fromEntries([...attributes.matchAll(/(\w+)="([\d.]+)"/g)].map(([, k, v]) => [k, Number(v)]));
    if (tag === 'page') page = box;
    else boxes.push({ ...box, page });
  }
  return boxes;
}

/* What the codes say, page by page. */
export const pdfCodes = (bytes) =>
  within(bytes, (file, folder) => {
    run('pdftoppm', '-r', '150', '-png', file, path.join(folder, 'page'));
    const pages = fs.readdirSync(folder).filter((name) => name.endsWith('.png')).sort();
    try {
      return run('zbarimg', '--quiet', '--raw', ...pages.map((name) => path.join(folder, name))).trim().split('\n');
    } catch (error) {
      if (error.status === 4) return []; // none was found
      throw error;
    }
  });

/* A folder of pages as web/build.mjs leaves it, made up: for tests that need no real ones. Removed after the file. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { after } from 'node:test';
import { ROOT } from './places.mjs';

const VERSION = /project\(tram VERSION ([\d.]+)/.exec(fs.readFileSync(path.join(ROOT, 'CMakeLists.txt'), 'utf8'))[1];
export const SCRIPT = 'console.log("đây");\n'.repeat(100);
const HTML = '<!doctype html><head><!--head--></head><body><!--body--></body>';
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.webmanifest': 'application/manifest+json' };

const made = [];
after(() => made.forEach((folder) => fs.rmSync(folder, { recursive: true })));

/* files: more of them, by path; version: of the program that they say they are for. */
export function pagesFolder(files = {}, version = VERSION) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tram-pages-'));
  made.push(folder);
  fs.mkdirSync(path.join(folder, 'assets'));
  const all = { 'app.html': HTML, 'desk.html': HTML, 'sw.js': SCRIPT, 'app.webmanifest': '{}', 'assets/one-1234.js': SCRIPT, ...files };
  const rows = Object.entries(all).map(([file, text]) => {
    const smaller = file.endsWith('.js');
    fs.writeFileSync(path.join(folder, file), text);
    if (smaller) fs.writeFileSync(path.join(folder, `${file}.gz`), zlib.gzipSync(text));
    if (smaller) fs.writeFileSync(path.join(folder, `${file}.br`), zlib.brotliCompressSync(text));
    return { path: file, type: TYPES[path.extname(file)], digest: `d${file.length}`, keep: file.startsWith('assets/'), smaller };
  });
  fs.writeFileSync(path.join(folder, 'pages.json'), JSON.stringify({ version, files: rows }));
  fs.writeFileSync(path.join(folder, 'secret'), 'not named');
  return folder;
}

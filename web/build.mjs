/*
 * Builds the pages into ../build/web/pages: scripts and styles under names that change with their bytes,
 * HTML that names them, what gzip and brotli make of each, and pages.json, which tells tramd what there is.
 *
 *   node build.mjs [--quick]      quick: brotli's and gzip's fastest level, and source maps
 */
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const OUTPUT = path.join(HERE, '../build/web/pages');
const quick = process.argv.includes('--quick');
const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
};

/* What index is called by is the name of the page: app.html, desk.html. */
const ENTRIES = { app: 'app/main.tsx', desk: 'desk/main.tsx' };

const files = new Map(); // path below the folder -> bytes
const digestOf = (bytes) => crypto.createHash('sha256').update(bytes).digest('hex').slice(0, 32);

const options = {
  absWorkingDir: HERE,
  bundle: true,
  format: 'esm',
  target: ['chrome92', 'safari15.4', 'firefox103'],
  minify: true,
  sourcemap: quick,
  legalComments: 'none',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  write: false,
  outdir: 'out',
  metafile: true,
  loader: { '.svg': 'file', '.png': 'file' },
};

function keepOutputs(result) {
  for (const file of result.outputFiles) files.set(path.relative(path.join(HERE, 'out'), file.path), Buffer.from(file.contents));
}

const bundle = await build({
  ...options,
  entryPoints: Object.entries(ENTRIES).map(([out, input]) => ({ in: input, out })),
  splitting: true,
  entryNames: 'assets/[name]-[hash]',
  chunkNames: 'assets/[name]-[hash]',
  assetNames: 'assets/[name]-[hash]',
  publicPath: '/',
});
keepOutputs(bundle);

/* What others wrote is named where it is passed on. */
const notice = fs.readFileSync(path.join(HERE, '../NOTICE'), 'utf8').toLowerCase();
const packages = new Set(Object.keys(bundle.metafile.inputs).flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []));
for (const name of packages) if (!notice.includes(name)) throw new Error(`the pages hold ${name}, which NOTICE does not name`);

/* A picture that HTML or the manifest names. */
function keepAsset(file) {
  const bytes = fs.readFileSync(path.join(HERE, 'static', file));
  const { name, ext } = path.parse(file);
  const kept = `assets/${name}-${digestOf(bytes).slice(0, 8)}${ext}`;
  files.set(kept, bytes);
  return `/${kept}`;
}
const icons = Object.fromEntries(fs.readdirSync(path.join(HERE, 'static')).map((file) => [file, keepAsset(file)]));

const outputs = Object.entries(bundle.metafile.outputs).map(([name, output]) => ({ ...output, path: `/${path.relative('out', name)}` }));
const entryOf = (name) => outputs.find((output) => output.entryPoint === ENTRIES[name]);
const styleOf = (name) => `/${path.relative('out', entryOf(name).cssBundle)}`;

/* What an entry imports at once, not what it loads when it is wanted. */
function staticImports(output, found = new Set()) {
  for (const one of output.imports.filter(({ kind }) => kind === 'import-statement')) {
    const chunk = outputs.find(({ path: at }) => at === `/${path.relative('out', one.path)}`);
    if (!found.has(chunk.path)) staticImports(chunk, found.add(chunk.path));
  }
  return [...found];
}

for (const name of Object.keys(ENTRIES)) {
  const entry = entryOf(name);
  const links = staticImports(entry).map((chunk) => `<link rel="modulepreload" href="${chunk}">`);
  const html = fs
    .readFileSync(path.join(HERE, path.dirname(ENTRIES[name]), 'index.html'), 'utf8')
    .replace('%scripts%', [...links, `<script type="module" src="${entry.path}"></script>`].join('\n'))
    .replace('%styles%', `<link rel="stylesheet" href="${styleOf(name)}">`)
    .replace(/%icon:([\w.-]+)%/g, (_, icon) => icons[icon]);
  files.set(`${name}.html`, Buffer.from(html));
}

const manifest = fs.readFileSync(path.join(HERE, 'app/app.webmanifest'), 'utf8').replace(/%icon:([\w.-]+)%/g, (_, icon) => icons[icon]);
files.set('app.webmanifest', Buffer.from(manifest));

/* The service worker keeps everything of the app, the parts that are loaded later too; not what is the desk's alone. */
function reachedBy(output, found = new Set()) {
  if (found.has(output.path)) return found;
  found.add(output.path);
  if (output.cssBundle) found.add(`/${path.relative('out', output.cssBundle)}`);
  for (const one of output.imports) {
    const next = outputs.find(({ path: at }) => at === `/${path.relative('out', one.path)}`);
    if (next) reachedBy(next, found);
  }
  return found;
}
const ofApp = reachedBy(entryOf('app'));
const deskOnly = [...reachedBy(entryOf('desk'))].filter((file) => !ofApp.has(file));
const shell = [...files.keys()].map((file) => `/${file}`).filter((file) => file.startsWith('/assets/') && !file.endsWith('.map') && !deskOnly.includes(file));
const worker = await build({
  ...options,
  entryPoints: [{ in: 'app/sw.ts', out: 'sw' }],
  format: 'iife',
  sourcemap: false,
  define: { SHELL: JSON.stringify(shell), BUILD: JSON.stringify(digestOf([...files].map(([name, bytes]) => name + digestOf(bytes)).join('\n')).slice(0, 12)) },
});
keepOutputs(worker);

fs.rmSync(OUTPUT, { recursive: true, force: true });
const rows = [...files].map(([file, bytes]) => {
  const smaller = bytes.length > 400 && !/\.(html|png|map)$/.test(file);
  const at = path.join(OUTPUT, file);
  fs.mkdirSync(path.dirname(at), { recursive: true });
  fs.writeFileSync(at, bytes);
  if (smaller) {
    fs.writeFileSync(`${at}.gz`, zlib.gzipSync(bytes, { level: quick ? 1 : 9 }));
    fs.writeFileSync(`${at}.br`, zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: quick ? 4 : 11 } }));
  }
  return { path: file, type: TYPES[path.extname(file)] ?? 'application/octet-stream', digest: digestOf(bytes), keep: file.startsWith('assets/'), smaller };
});
const version = /project\(tram VERSION ([\d.]+)/.exec(fs.readFileSync(path.join(HERE, '../CMakeLists.txt'), 'utf8'))[1];
fs.writeFileSync(path.join(OUTPUT, 'pages.json'), JSON.stringify({ version, files: rows }, null, 1));

const sizeOf = (file) => Math.min(...['', '.br'].map((form) => fs.statSync(path.join(OUTPUT, file + form), { throwIfNoEntry: false })?.size ?? Infinity));
for (const name of Object.keys(ENTRIES)) {
  const first = [entryOf(name).path, styleOf(name), ...staticImports(entryOf(name))].map(sizeOf);
  console.log(`pages: the first load of ${name} is ${(first.reduce((sum, n) => sum + n, 0) / 1024).toFixed(1)} KiB compressed`);
}

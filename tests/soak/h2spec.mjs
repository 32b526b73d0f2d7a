/*
 * ./dev soak h2spec: the protocol itself, case by case (RFC 7540, RFC 7541), by summerwind/h2spec. What
 * the HTTP library is known not to do is listed here; anything else that fails is a fault, and so is a
 * known failure that is none any more.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../api/lib/places.mjs';
import { Server } from '../api/lib/server.mjs';
import { readOptions } from './lib/options.mjs';

const MODULE = 'github.com/summerwind/h2spec/cmd/h2spec@v2.2.1+incompatible';
const TOOLS = path.join(ROOT, 'build/tools');

/* section: words of the case, as h2spec has them; behind it what happens instead. */
const KNOWN = [
  ['http2/8.1.2.3', 'Sends a HEADERS frame with empty ":path" pseudo-header field', 'answered with 400, and the connection lives'],
];

const options = readOptions('./dev soak h2spec: conformance of HTTP/2, with the known exceptions', {
  program: ['', 'h2spec itself; empty: of PATH, or installed by go into build/tools'],
  timeout: [2, 'seconds that a case may take'],
});

function findProgram() {
  const installed = path.join(TOOLS, 'h2spec');
  if (options.program) return options.program;
  if (spawnSync('h2spec', ['--version']).status === 0) return 'h2spec';
  if (fs.existsSync(installed)) return installed;
  const { status } = spawnSync('go', ['install', MODULE], { stdio: 'inherit', env: { ...process.env, GOBIN: TOOLS } });
  if (status === 0) return installed;
  console.error(`no h2spec: "go install ${MODULE}" did not bring it`);
  process.exit(2);
}

/* Every case as {section, words, failed}, of the report in JUnit's XML. */
function readReport(file) {
  const text = fs.readFileSync(file, 'utf8');
  const plain = (s) => s.replaceAll('&#34;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  return [...text.matchAll(/<testcase package="([^"]*)" classname="([^"]*)"[^>]*>(.*?)<\/testcase>/gs)].map(([, section, words, inner]) => ({
    section, words: plain(words), failed: /<(failure|error)/.test(inner),
  }));
}

const program = findProgram();
const server = new Server();
await server.start();
const report = path.join(server.data, 'h2spec.xml');
const child = spawn(program, ['-t', '-k', '-S', '-h', 'localhost', '-p', String(server.port), '-o', String(options.timeout), '-P', '/v1/categories', '-j', report], {
  stdio: ['ignore', 'ignore', 'inherit'],
});
await once(child, 'close');
const cases = readReport(report);
await server.stop();

const known = (one) => KNOWN.some(([section, words]) => section === one.section && words === one.words);
const failed = cases.filter((one) => one.failed);
const faults = failed.filter((one) => !known(one));
const mended = cases.filter((one) => !one.failed && known(one));
for (const one of failed) console.log(`${known(one) ? 'known ' : 'FAULT '} ${one.section}  ${one.words}`);
for (const one of mended) console.log(`mended ${one.section}  ${one.words}: it is no known failure any more`);
console.log(`${cases.length} cases, ${cases.length - failed.length} passed, ${failed.length - faults.length} known, ${faults.length} faults`);
process.exit(cases.length > 100 && faults.length + mended.length === 0 ? 0 : 1);

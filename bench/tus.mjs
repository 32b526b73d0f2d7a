/*
 * Chunks of 512 KiB into tramd and into tusd, by the same clients over HTTP/2 and TLS, in turn: parts of 5 MB,
 * which tramd only keeps (sealed, and synced to the disk before it answers; tusd does neither, but is made to
 * sync in a second turn). Then whole photos into tramd, which it also decodes. One line of JSON. bench/run --only uploads, or node bench/tus.mjs [--clients N] [--seconds S]
 * [--tusd PROGRAM]; TRAMD names the other. Without --tusd tramd is measured alone.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http2 from 'node:http2';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { parseArgs } from 'node:util';
import { makeJpeg } from '../tests/api/lib/make-jpeg.mjs';
import { signInCitizen } from '../tests/api/lib/people.mjs';
import { Server } from '../tests/api/lib/server.mjs';

const { values } = parseArgs({ options: { clients: { type: 'string', default: '16' }, seconds: { type: 'string', default: '8' }, tusd: { type: 'string' } } });
const [CLIENTS, SECONDS] = [Number(values.clients), Number(values.seconds)];
const CHUNK = 512 * 1024;
const PART = Buffer.alloc(10 * CHUNK, 0x5a);
const TUS = { 'tus-resumable': '1.0.0' };

function ask(session, headers, body) {
  return new Promise((resolve, reject) => {
    const stream = session.request(headers, { endStream: !body });
    let reply;
    stream.on('response', (head) => (reply = head));
    stream.on('error', reject);
    stream.on('data', () => {});
    stream.on('end', () => resolve(reply));
    if (body) stream.end(body);
  });
}

/* One upload; how long its slowest chunk took. */
async function send(session, token, bytes, partial) {
  const made = await ask(session, { ':method': 'POST', ':path': '/v1/uploads', ...TUS, ...token, 'upload-length': bytes.length, ...(partial && { 'upload-concat': 'partial' }) });
  if (made[':status'] !== 201) throw new Error(`announced: ${made[':status']}`);
  const at = new URL(made.location, 'https://localhost').pathname;
  const times = [];
  for (let offset = 0; offset < bytes.length; offset += CHUNK) {
    const began = performance.now();
    const sent = await ask(session, { ':method': 'PATCH', ':path': at, ...TUS, ...token, 'upload-offset': offset, 'content-type': 'application/offset+octet-stream' }, bytes.subarray(offset, offset + CHUNK));
    if (sent[':status'] !== 204 && sent[':status'] !== 503) throw new Error(`a chunk: ${sent[':status']}`);
    times.push(performance.now() - began);
  }
  return times;
}

const ticks = (pid) => {
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
};

/* target: {origin, ca, pid, tokens}. */
async function measure(target, bytes, partial) {
  const sessions = target.tokens.map(() => http2.connect(target.origin, { ca: target.ca, settings: { initialWindowSize: 1 << 20 } }));
  const until = performance.now() + SECONDS * 1000, began = performance.now(), cpu = ticks(target.pid);
  let done = 0;
  const times = [];
  await Promise.all(sessions.map(async (session, i) => {
    while (performance.now() < until) {
      times.push(...(await send(session, target.tokens[i], bytes, partial)));
      done += bytes.length;
    }
  }));
  const seconds = (performance.now() - began) / 1000, used = ticks(target.pid) - cpu;
  for (const session of sessions) session.close();
  times.sort((a, b) => a - b);
  const part = (share) => times[Math.floor(times.length * share)];
  return { mb_s: done / 1e6 / seconds, cpu_ms_a_mb: used * 1e9 / done, p50_ms: part(0.5), p99_ms: part(0.99) };
}

async function startTusd(certificate, key, folder, how) {
  const child = spawn(values.tusd, [certificate, key, folder, how], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [port] = await once(readline.createInterface({ input: child.stdout }), 'line');
  return { child, origin: `https://localhost:${port}` };
}

const server = new Server({ env: { TRAM_HTTP_RATES: '1000000', TRAM_AUTH_ACCESS: '1h', TRAM_MEDIA_DAY_MB: '1000000' } });
await server.start();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tram-tusd-'));
try {
  const tokens = [];
  for (let i = 0; i < CLIENTS; i++) tokens.push({ authorization: `Bearer ${(await signInCitizen(server, `+84912390${100 + i}`)).token}` });
  const ca = fs.readFileSync(server.certificate);
  const ours = { origin: server.origin, ca, pid: server.pid, tokens };
  const result = { clients: CLIENTS, seconds: SECONDS, ours: await measure(ours, PART, true) };
  if (values.tusd) {
    for (const [name, how] of [['tusd', 'plain'], ['tusd_synced', 'sync']]) {
      const { child, origin } = await startTusd(server.certificate, server.certificate.replace('cert', 'key'), folder, how);
      result[name] = await measure({ origin, ca, pid: child.pid, tokens: tokens.map(() => ({})) }, PART, true);
      child.stdin.end();
      await once(child, 'exit');
    }
  }
  result.photos = await measure(ours, makeJpeg({ width: 2000, height: 1500, grain: 40 }), false);
  console.log(JSON.stringify(result));
} finally {
  await server.stop();
  fs.rmSync(folder, { recursive: true, force: true });
}

#!/usr/bin/env node
/*
 * The same load on both stores, and on one, two and four gateways over one store:
 *
 *   tests/mongo/with bench/nodes.mjs [SECONDS] [CITIZENS]      (TRAMD: the release build's tramd)
 *
 * Citizens file reports, each as soon as the one before was acknowledged. Everything shares this
 * machine: the people, the gateways, and the stand-in for a MongoDB server, which keeps its data in
 * memory and slows down as it fills. So what is compared is how the program behaves, not what a
 * replica set would do.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fresh } from '../tests/api/lib/people.mjs';
import { Server } from '../tests/api/lib/server.mjs';

const seconds = Number(process.argv[2] ?? 10);
const people = Number(process.argv[3] ?? 64);
const url = process.env.MONGODB_URL;
if (!url) throw new Error('needs MONGODB_URL: run it under tests/mongo/with');

const env = { TRAM_HTTP_RATES: '1000000', TRAM_AUTH_CODES_A_DAY: '1000000', ASAN_OPTIONS: '' };
const body = { category: 'dien_chieu_sang', text: 'Đèn đường trước chợ không sáng', commune: '32025', answers: { danger: false }, consent: true };

async function signIn(nodes, n) {
  const phone = `+8491239${String(n).padStart(4, '0')}`;
  const client = nodes[n % nodes.length].client();
  const asked = await client.raw('POST', '/v1/auth/otp', { json: { phone } });
  for (;;) {
    const sms = nodes.flatMap((node) => node.sms).find((one) => one.to === phone);
    if (sms) {
      const json = { code: /\b\d{6}\b/.exec(sms.text)[0] };
      client.token = (await client.raw('POST', `/v1/auth/otp/${asked.json.challenge}/check`, { json })).json.access_token;
      return client;
    }
    await new Promise((done) => setTimeout(done, 20));
  }
}

/* Reports a second, and how long the middle and the slowest hundredth took. */
async function load(nodes) {
  const citizens = await Promise.all(Array.from({ length: people }, (_, n) => signIn(nodes, n)));
  const took = [];
  const end = performance.now() + seconds * 1000;
  await Promise.all(
    citizens.map(async (citizen) => {
      for (let from; (from = performance.now()) < end; took.push(performance.now() - from)) {
        const reply = await citizen.raw('POST', '/v1/reports', { json: body, headers: fresh() });
        if (reply.status !== 201) throw new Error(`${reply.status} ${reply.text}`);
      }
    }),
  );
  took.sort((a, b) => a - b);
  return { rate: took.length / seconds, p50: took[took.length >> 1], p99: took[Math.floor(took.length * 0.99)] };
}

async function measure(name, n, shared) {
  if (shared) process.env.MONGODB_URL = url;
  else delete process.env.MONGODB_URL;
  const folders = Array.from({ length: n }, () => fs.mkdtempSync(path.join(os.tmpdir(), 'tram-bench-')));
  const nodes = folders.map((data) => new Server({ data, database: folders[0], env }));
  await nodes[0].start();
  for (const folder of folders.slice(1)) fs.cpSync(path.join(folders[0], 'keyring'), path.join(folder, 'keyring'), { recursive: true });
  for (const node of nodes.slice(1)) await node.start();
  const { rate, p50, p99 } = await load(nodes);
  console.log(`| ${name} | ${n} | ${rate.toFixed(0)} | ${p50.toFixed(1)} | ${p99.toFixed(1)} |`);
  for (const node of nodes) await node.stop();
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
}

console.log(`${people} citizens, ${seconds} s each\n`);
console.log('| store | gateways | reports a second | p50 ms | p99 ms |\n|---|---|---|---|---|');
await measure('SQLite', 1, false);
for (const n of [1, 2, 4]) await measure('MongoDB stand-in', n, true);
process.exit(0);

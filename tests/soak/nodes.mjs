/*
 * ./dev soak nodes: three tramd on one store. Any of them is killed (SIGKILL) at moments that chance
 * chooses, the store is cut off, slowed and muted, and of two members of a replica set now one is primary
 * and now the other; people go on at whichever node answers. Then the store is held against the ledger of
 * what was acknowledged. With --cuts 0 --elections 0 nothing stands between the nodes and MONGODB_URL.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Server } from '../api/lib/server.mjs';
import { Provider } from '../api/lib/provider.mjs';
import { tramctlJson } from '../api/lib/tramctl.mjs';
import { Link } from '../mongo/link.mjs';
import { ReplicaSet } from '../mongo/set.mjs';
import { Check } from './lib/check.mjs';
import { hireAndSignIn, showEid, signInCitizen } from './lib/crew.mjs';
import { Lines } from './lib/lines.mjs';
import { readOptions } from './lib/options.mjs';
import { AGENCIES } from './lib/plans.mjs';
import { newSeed, Random } from './lib/random.mjs';
import { World } from './lib/world.mjs';

const options = readOptions('./dev soak nodes: kills of any of three nodes, a store cut off, and nothing is lost or done twice', {
  kills: [40, 'how often a node is killed'],
  cuts: [20, 'how often the store is cut off, slowed or muted'],
  elections: [20, 'how often the primary changes'],
  writes: [3000, 'how many writes are acknowledged, at least'],
  citizens: [24, 'citizens at work'],
  officers: [1, 'officers of each of seven agencies; each has a leader too'],
  pace: [150, 'about how many milliseconds a person waits between two things'],
  seed: [newSeed(), 'of chance'],
});

const random = new Random(options.seed);
const from = Date.now();
const seconds = () => Math.round((Date.now() - from) / 1000);
const link = new Link();
const set = new ReplicaSet();
if (options.cuts > 0) await link.open();
if (options.elections > 0) await set.open();

const provider = await Provider.start({ redirects: ['https://app.tram.example/eid'] });
const folders = Array.from({ length: 3 }, () => fs.mkdtempSync(path.join(os.tmpdir(), 'tram-soak-')));
const nodes = folders.map((data) => new Server({ data, database: folders[0], env: { ...provider.config(), TRAM_AUTH_ACCESS: '1h', TRAM_HTTP_RATES: '100000' } }));
await nodes[0].start();
for (const folder of folders.slice(1))
  fs.cpSync(path.join(folders[0], 'keyring'), path.join(folder, 'keyring'), { recursive: true });
await Promise.all(nodes.slice(1).map((node) => node.start()));

/* All three as one: a line to each in turn, codes from whichever sent them. */
let turn = 0;
const province = {
  client: () => nodes[turn++ % 3].client(),
  operator: () => nodes[0].operator(),
  smsCode: async (phone) => {
    for (let i = 0; i < 3000; i++, await sleep(20)) {
      const sms = nodes.flatMap((node) => node.sms).find((one) => one.to === phone);
      if (sms) return /\b\d{6}\b/.exec(sms.text)[0];
    }
    throw new Error(`no code for ${phone}`);
  },
};
const lines = new Lines(9);
lines.open(province);
const staff = await hireAndSignIn(province, lines, AGENCIES, options.officers);
const citizens = await Promise.all(Array.from({ length: options.citizens }, (_, n) => signInCitizen(province, lines, n)));
for (const citizen of citizens) await showEid(province, provider, citizen);
console.log(`seed ${options.seed}: ${citizens.length} citizens, ${staff.length} officials, three nodes`);

const world = new World(lines, random, citizens, staff, options.pace);
const done = { kills: 0, cuts: 0, elections: 0 };
const tell = () =>
  console.log(`${String(seconds()).padStart(5)} s  acknowledged ${world.total}  kills ${done.kills}  cuts ${done.cuts}  elections ${done.elections}  repeats ${world.repeats}  refused ${lines.refused}`);
const ticker = setInterval(tell, 5000);

async function killNodes() {
  while (done.kills < options.kills) {
    await sleep(300 + random.next() * 3000);
    const node = nodes[Math.floor(random.next() * 3)];
    await node.kill();
    done.kills++;
    await sleep(random.next() * 2000);
    while (!(await node.start().then(() => true, () => false)));
  }
}

/* A node that starts while the store is away gives up, and is started again. */
async function troubleStore() {
  while (done.cuts < options.cuts) {
    await sleep(2000 + random.next() * 5000);
    const kind = Math.floor(random.next() * 3);
    if (kind === 0) link.cut();
    else if (kind === 1) link.mute = true;
    else link.delayMs = 30 + random.next() * 200;
    done.cuts++;
    await sleep(random.next() * (kind === 2 ? 6000 : 3000));
    link.mend();
  }
}

/* At once, after a while without any, or with writes under way whose answers are lost. */
async function changePrimary() {
  while (done.elections < options.elections) {
    await sleep(2000 + random.next() * 6000);
    const next = done.elections++ % 2 === 0 ? 1 : 0;
    const kind = Math.floor(random.next() * 3);
    if (kind === 0) set.primary = undefined;
    else if (kind === 1) set.interrupt = 1 + Math.floor(random.next() * 20);
    await sleep(kind === 0 ? random.next() * 3000 : random.next() * 200);
    set.elect(next);
  }
}

let failure;
try {
  const work = world.run();
  const trouble = Promise.all([killNodes(), troubleStore(), changePrimary(), world.reached(options.writes)]).then(() => world.stop());
  await Promise.race([trouble, work.then(() => Promise.reject(new Error('all went home')))]);
  await work;
} catch (error) {
  failure = error;
}
clearInterval(ticker);
link.mend();
tell();

const check = new Check(lines, world);
let rebuilt = {};
try {
  if (failure) {
    for (const [n, node] of nodes.entries()) console.log(`node ${n}:\n${node.lines.filter((line) => !line.includes('"event":"request"')).slice(-12).join('\n')}`);
    throw failure;
  }
  console.log('looking at everything that was acknowledged');
  await check.all();
  rebuilt = (await tramctlJson(folders[0], 'rebuild')).result;
} catch (error) {
  check.fault(error.message);
}
lines.end();
if (rebuilt.differed !== 0) check.fault(`projections: ${JSON.stringify(rebuilt)}`);
await Promise.all(nodes.map((node) => node.stop().catch((error) => check.fault(error.message))));
set.end();
link.end();
await provider.stop();
for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });

const { looked } = check;
console.log(`
seed ${options.seed}, ${seconds()} s, three nodes
acknowledged    ${world.total} writes: ${Object.entries(world.acked).map(([what, n]) => `${n} ${what}`).join(', ')}
killed          ${done.kills} times; the store was cut off, muted or slowed ${done.cuts} times, and had another primary ${done.elections} times
unanswered      ${lines.unanswered} sendings; ${world.repeats} answers came to a repeated request
looked at       ${looked.reports} reports, ${looked.dossiers} dossiers and ${looked.steps} steps in their histories, ${looked.notices} notices of citizens and ${looked.officials} of officials, ${looked.uploads} uploads, ${looked.photos} photos whole
projections     ${rebuilt.looked} looked at, ${rebuilt.differed} differed
faults          ${check.faults.length}`);
process.exit(check.faults.length > 0 ? 1 : 0);

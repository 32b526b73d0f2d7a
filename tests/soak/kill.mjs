/*
 * ./dev soak kill: nothing that was acknowledged is lost or done twice, whenever the program is
 * killed. Citizens file, send photos and read, officials take steps; the server is killed (SIGKILL)
 * at moments that chance chooses, also while it starts; every unanswered request is repeated with its
 * key. Then the server is held against the ledger of what it acknowledged.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Provider } from '../api/lib/provider.mjs';
import { births } from './lib/births.mjs';
import { Check } from './lib/check.mjs';
import { hireAndSignIn, showEid, signInCitizen } from './lib/crew.mjs';
import { Lines } from './lib/lines.mjs';
import { readOptions } from './lib/options.mjs';
import { AGENCIES } from './lib/plans.mjs';
import { newSeed, Random } from './lib/random.mjs';
import { Reign } from './lib/reign.mjs';
import { World } from './lib/world.mjs';

const options = readOptions('./dev soak kill: kills, and nothing acknowledged is lost or done twice', {
  kills: [200, 'how often the program is killed at work'],
  writes: [50000, 'how many writes are acknowledged, at least'],
  births: [20, 'how many first starts are killed'],
  citizens: [96, 'citizens at work'],
  officers: [4, 'officers of each of seven agencies; each has a leader too'],
  connections: [8, 'HTTP/2 connections that all share'],
  seed: [newSeed(), 'of chance; the same seed chooses the same kills'],
  keep: [false, 'leave the data folder where it is'],
});

const random = new Random(options.seed);
const from = Date.now();
const seconds = () => Math.round((Date.now() - from) / 1000);
console.log(`seed ${options.seed}: ${options.kills} kills over ${options.writes} acknowledged writes`);

const born = await births(random, options.births);
console.log(`births: ${options.births} lives, ${born.kills} kills before they were ready, ${born.faults.length} faults`);

const provider = await Provider.start({ redirects: ['https://app.tram.example/eid'] });
const reign = new Reign(random, { ...provider.config(), TRAM_AUTH_ACCESS: '1h', TRAM_HTTP_RATES: '100000' });
const lines = new Lines(options.connections);
await reign.start();
lines.open(reign.server);
const staff = await hireAndSignIn(reign.server, lines, AGENCIES, options.officers);
const citizens = await Promise.all(Array.from({ length: options.citizens }, (_, n) => signInCitizen(reign.server, lines, n)));
for (const citizen of citizens) await showEid(reign.server, provider, citizen);
console.log(`signed in: ${citizens.length} citizens, ${staff.length} officials; data in ${reign.data}`);

const world = new World(lines, random, citizens, staff);
const tell = () => {
  const { reports, dossiers, steps, chunks, reads, refreshes } = world.acked;
  console.log(
    `${String(seconds()).padStart(5)} s  acknowledged ${world.total} (reports ${reports}, dossiers ${dossiers}, steps ${steps}, chunks ${chunks}, ` +
      `reads ${reads}, refreshes ${refreshes})  kills ${reign.kills} (starting ${reign.early})  repeats ${world.repeats}  refused ${lines.refused}`,
  );
};
const ticker = setInterval(tell, 1000);

/* Kills until there were enough, then leaves it alone until enough was written. */
async function rule() {
  while (reign.kills < options.kills) {
    const left = Math.max(0, options.writes - world.total) / (options.kills - reign.kills);
    await world.reached(world.total + Math.ceil(left * (0.2 + 1.6 * random.next())));
    await sleep(random.next() * 25);
    lines.close();
    await reign.kill();
    while (reign.kills < options.kills && reign.isKillingEarly()) await reign.killStarting();
    await reign.start();
    lines.open(reign.server);
  }
  await world.reached(options.writes);
  world.stop();
}

let failure;
try {
  const work = world.run();
  await Promise.race([rule(), work.then(() => Promise.reject(new Error('all went home')))]);
  await work;
} catch (error) {
  failure = error;
}
clearInterval(ticker);
tell();

const check = new Check(lines, world);
let rebuilt = {};
let swept = 0;
let files = { strangers: [], integrity: [], orphans: [], blobs: 0 };
try {
  if (failure) throw failure;
  console.log('looking at everything that was acknowledged');
  await check.all();
  rebuilt = reign.tramctl('rebuild').result;
  console.log('waiting until what the kills left is swept');
  swept = await reign.sweepOrphans();
  files = await reign.files();
} catch (error) {
  check.fault(error.message);
  await reign.server.kill().catch(() => {});
}
lines.end();
if (rebuilt.differed !== 0) check.fault(`projections: ${JSON.stringify(rebuilt)}`);
if (files.strangers.length > 0) check.fault(`left on the disk: ${files.strangers.join(', ')}`);
if (files.orphans.length > 0) check.fault(`${files.orphans.length} of ${files.blobs} blobs belong to nothing`);
for (const words of files.integrity.filter((one) => one !== 'ok')) check.fault(`the database: ${words}`);

const { looked } = check;
const faults = [...born.faults, ...check.faults];
console.log(`
seed ${options.seed}, ${seconds()} s
acknowledged    ${world.total} writes: ${Object.entries(world.acked).map(([what, n]) => `${n} ${what}`).join(', ')}
killed          ${reign.kills} times, ${reign.early} of them while it started; and ${born.kills} times in ${options.births} first starts
unanswered      ${lines.unanswered} sendings; ${world.repeats} answers came to a repeated request; ${world.replayed} filings were sent again on purpose
looked at       ${looked.reports} reports, ${looked.dossiers} dossiers and ${looked.steps} steps in their histories, ${looked.notices} notices of citizens and ${looked.officials} of officials, ${looked.uploads} uploads, ${looked.photos} photos whole
projections     ${rebuilt.looked} looked at, ${rebuilt.differed} differed
on the disk     ${files.blobs} blobs; ${swept} that the kills left were swept, ${files.orphans.length} were not; ${files.strangers.length} strange files; ${files.integrity.join(', ')}
faults          ${faults.length}`);
await provider.stop();
if (options.keep || faults.length > 0) console.log(`kept: ${reign.data}`);
else reign.remove();
process.exit(faults.length > 0 ? 1 : 0);

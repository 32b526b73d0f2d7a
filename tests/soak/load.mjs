/*
 * ./dev soak load: mixed traffic for minutes. Citizens file, send photos and read, officials take
 * steps, anybody reads the public lists, hundreds of phones keep their streams open. What the process
 * takes must level off, every stream must have had every notice, and the ledger must hold.
 */
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Check } from './lib/check.mjs';
import { hireAndSignIn, signInCitizen } from './lib/crew.mjs';
import { gauges, levelsOff } from './lib/gauges.mjs';
import { expect, Lines } from './lib/lines.mjs';
import { readOptions } from './lib/options.mjs';
import { AGENCIES, WARDS } from './lib/plans.mjs';
import { newSeed, Random } from './lib/random.mjs';
import { Reign } from './lib/reign.mjs';
import { Streams } from './lib/streams.mjs';
import { World } from './lib/world.mjs';

const EVERY_S = 10;

const options = readOptions('./dev soak load: mixed traffic, and what the process takes levels off', {
  minutes: [10, 'how long'],
  streams: [500, 'streams of notices that stay open'],
  citizens: [200, 'citizens at work'],
  officers: [4, 'officers of each of seven agencies; each has a leader too'],
  readers: [8, 'of the public lists'],
  pace: [1200, 'ms that a person waits between two things they do, about'],
  connections: [16, 'HTTP/2 connections that those at work share'],
  seed: [newSeed(), 'of chance'],
  keep: [false, 'leave the data folder where it is'],
});

const random = new Random(options.seed);
const reign = new Reign(random, { TRAM_AUTH_ACCESS: '1h' });
const lines = new Lines(options.connections);
await reign.start();
lines.open(reign.server);
console.log(`seed ${options.seed}: ${options.minutes} minutes, ${options.streams} streams; data in ${reign.data}`);
const staff = await hireAndSignIn(reign.server, lines, AGENCIES, options.officers);
const citizens = await Promise.all(Array.from({ length: options.citizens }, (_, n) => signInCitizen(reign.server, lines, n)));
const streams = new Streams(reign.server.origin, fs.readFileSync(reign.server.certificate));
await streams.start(citizens, options.streams);
console.log(`${citizens.length} citizens and ${staff.length} officials signed in, ${streams.open} streams open`);

const world = new World(lines, random, citizens, staff, options.pace);
let reads = 0;
async function readPublic() {
  while (!world.stopping) {
    const url = random.pick([
      '/v1/public/reports?limit=20',
      `/v1/public/reports?limit=50&commune=${random.pick(WARDS)}`,
      '/v1/public/reports?q=phan%20anh',
      '/v1/public/reports.geojson?box=104.5,8.5,106,9.6',
      '/v1/categories',
      '/v1/communes',
    ]);
    expect(await lines.ask('GET', url, {}), [200], url);
    reads++;
    await sleep(options.pace * (0.1 + 0.2 * random.next()));
  }
}

const series = { rss: [], lag: [] };
const from = Date.now();
let before = { total: 0, reads: 0, events: 0 };
async function tell() {
  const now = await gauges(reign.server, lines);
  series.rss.push(now.rss);
  series.lag.push(now.lag);
  const rate = (x) => (x / EVERY_S).toFixed(0);
  console.log(
    `${String(Math.round((Date.now() - from) / 1000)).padStart(5)} s  rss ${now.rss.toFixed(1)} MiB  decoders ${now.decoders.toFixed(1)} MiB  lag ${now.lag.toFixed(2)} s  ` +
      `streams ${now.streams}  threads ${now.threads}  files ${now.files}  queue ${now.queue}  a second: ${rate(world.total - before.total)} writes, ` +
      `${rate(reads - before.reads)} public reads, ${rate(streams.events - before.events)} events  refused ${lines.refused}`,
  );
  before = { total: world.total, reads, events: streams.events };
  reign.server.lines.splice(0, Math.max(0, reign.server.lines.length - 200));
}

const check = new Check(lines, world);
let files = { strangers: [], integrity: [] };
let rebuilt = {};
try {
  const work = Promise.all([world.run(), ...Array.from({ length: options.readers }, readPublic)]);
  const clock = (async () => {
    for (let s = EVERY_S; s <= options.minutes * 60; s += EVERY_S) {
      await sleep(Math.max(0, from + s * 1000 - Date.now()));
      await tell();
    }
    world.stop();
  })();
  await Promise.race([clock, work]);
  await Promise.all([clock, work]);
  console.log('looking at everything that was acknowledged');
  await check.all();
  for (const one of streams.all) {
    const inbox = check.inboxes.get(one.person);
    const missed = inbox.filter((id) => !one.seen.has(id)).length;
    if (missed > 0) check.fault(`a stream of ${one.person.phone} missed ${missed} of ${inbox.length} notices`);
  }
  rebuilt = reign.tramctl('rebuild').result;
  streams.end();
  files = await reign.files();
} catch (error) {
  check.fault(error.stack);
  streams.end();
  await reign.server.kill().catch(() => {});
}
lines.end();

const rss = levelsOff(series.rss);
if (!rss.level) check.fault(`memory grows: ${rss.third.toFixed(1)} MiB in the third quarter, ${rss.last.toFixed(1)} in the last`);
if (rebuilt.differed !== 0) check.fault(`projections: ${JSON.stringify(rebuilt)}`);
if (files.strangers.length > 0) check.fault(`left on the disk: ${files.strangers.join(', ')}`);
console.log(`
seed ${options.seed}, ${options.minutes} minutes
acknowledged    ${world.total} writes: ${Object.entries(world.acked).map(([what, n]) => `${n} ${what}`).join(', ')}; ${reads} public reads
streams         ${options.streams}, ${streams.reopened} times opened again; ${streams.events} events
memory          ${rss.third.toFixed(1)} MiB in the third quarter, ${rss.last.toFixed(1)} in the last, ${Math.max(...series.rss).toFixed(1)} at most
lag of push     ${Math.max(...series.lag).toFixed(2)} s at most
refused         ${lines.refused} (429 and 503), most of them while signing in
faults          ${check.faults.length}`);
if (options.keep || check.faults.length > 0) console.log(`kept: ${reign.data}`);
else reign.remove();
process.exit(check.faults.length > 0 ? 1 : 0);

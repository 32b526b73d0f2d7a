/*
 * ./dev soak files: the hostile files of tests/api/hostile_files.test.mjs and many thousand variants of them
 * by chance. Each is taken or refused in words; the server lives, and no decoder of pictures dies.
 */
import { corpus, dice, spoil } from '../api/lib/hostile/index.mjs';
import { Senders, judgeAll } from '../api/lib/hostile/run.mjs';
import { signInCitizen } from '../api/lib/people.mjs';
import { metric, residentMiB } from '../api/lib/raw.mjs';
import { Server } from '../api/lib/server.mjs';
import { readOptions } from './lib/options.mjs';
import { newSeed } from './lib/random.mjs';

const options = readOptions('./dev soak files: hostile files, and variants of them', {
  variants: [20_000, 'variants'],
  beside: [8, 'sent beside each other'],
  seed: [newSeed(), 'of chance'],
  slow: [false, 'variants too of what takes a reader ten seconds'],
});

const server = new Server({ env: { TRAM_HTTP_RATES: '1000000', TRAM_AUTH_ACCESS: '1h', TRAM_AUTH_CODES_A_DAY: '10000000' } });
await server.start();
const senders = new Senders((n) => signInCitizen(server, `+8491${String(2_000_000 + n)}`));
const files = corpus();
const roll = dice(options.seed);
const outcomes = { taken: 0, refused: 0 };
const POOLS = ['decoders', 'papers'];
const crashes = () => Promise.all(POOLS.map((pool) => metric(server, `tram_media_${pool}_crashed_total`)));

function* variants() {
  const chosen = files.filter((file) => options.slow || !file.slow);
  for (let i = 0; i < options.variants; i++) yield spoil(chosen[roll(chosen.length)], roll);
}
function told(file, { taken }) {
  outcomes[taken ? 'taken' : 'refused']++;
  const done = outcomes.taken + outcomes.refused;
  if (done % 1000 === 0) console.log(`${done} files: ${outcomes.taken} taken, ${outcomes.refused} refused; ${residentMiB(server).toFixed(0)} MiB`);
}

console.log(`seed ${options.seed}: ${files.length} files, ${options.variants} variants; data in ${server.data}`);
const began = Date.now();
try {
  await judgeAll(senders, files, options.beside, told);
  await judgeAll(senders, variants(), options.beside, told);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
const [pictures, papers] = await crashes();
console.log(`${outcomes.taken} taken, ${outcomes.refused} refused in ${Math.round((Date.now() - began) / 1000)} s; decoders that died: ${pictures} of pictures, ${papers} of papers; ${residentMiB(server).toFixed(0)} MiB`);
if (pictures > 0) process.exitCode = 1;
await server.stop();

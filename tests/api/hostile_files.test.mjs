/*
 * Files that attack whoever opens them: each is taken or refused in words, at no cost to anybody else, and
 * by no process but those that are locked up for it. ./dev soak files does the same with many more.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { describe, test } from 'node:test';
import { corpus, dice, spoil } from './lib/hostile/index.mjs';
import { Senders, judge, judgeAll } from './lib/hostile/run.mjs';
import { readJpeg } from './lib/make-jpeg.mjs';
import { signInCitizen } from './lib/people.mjs';
import { keepAsking, metric } from './lib/raw.mjs';
import { useServer } from './lib/server.mjs';

const server = useServer({ env: { TRAM_HTTP_RATES: '1000000', TRAM_AUTH_ACCESS: '1h', TRAM_MEDIA_PAPER_READERS: '2' } });
const senders = new Senders((n) => signInCitizen(server, `+8491235${String(2000 + n)}`));
const files = corpus();
const SEED = 20261128;
const SPOILED = 400;
const BESIDE = 4;

const counted = (name) => metric(server, `tram_media_${name}`);

/* The processes below the server that have none below them: they read files, or make forms. */
function readers() {
  const rows = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
      return [{ pid: Number(pid), status, of: (field) => new RegExp(`^${field}:\\s+(.*)$`, 'm').exec(status)?.[1] }];
    } catch {
      return []; // it is gone
    }
  });
  const below = (pid) => rows.filter((row) => Number(row.of('PPid')) === pid).flatMap((row) => [row, ...below(row.pid)]);
  return below(server.pid).filter((row) => below(row.pid).length === 0);
}

test('whoever reads them can open no file and no socket: a filter of system calls, no rights, no way back', () => {
  const found = readers();
  const names = new Set(found.map((row) => row.of('Name')));
  for (const name of ['tram-decoder', 'tram-papers', 'tram-forms']) assert.ok(names.has(name), `${name} among ${[...names]}`);
  for (const row of found) {
    assert.equal(row.of('Seccomp'), '2', row.status); // --prove of each program tries what the filter denies
    assert.equal(row.of('NoNewPrivs'), '1', row.status);
    for (const set of ['CapEff', 'CapPrm', 'CapInh']) assert.equal(Number(`0x${row.of(set)}`), 0, row.status);
    assert.doesNotMatch(row.of('Uid'), /\b0\b/, row.status);
  }
});

test('each is taken or refused in words, and others are served meanwhile', async () => {
  const pid = server.pid;
  const stop = keepAsking(server.client());
  await judgeAll(senders, files, BESIDE);
  assert.ok((await stop()) > 0);
  assert.equal(server.pid, pid);
  assert.equal(await counted('decoders_crashed_total'), 0, 'pictures kill nobody');
  assert.ok((await counted('decoders_refused_total')) > 50);
  assert.ok((await counted('papers_refused_total')) > 30);
});

test('variants of them by chance', async () => {
  const roll = dice(SEED);
  const quick = files.filter((file) => !file.slow);
  const spoiled = Array.from({ length: SPOILED }, () => spoil(quick[roll(quick.length)], roll));
  const outcomes = { taken: 0, refused: 0 };
  await judgeAll(senders, spoiled, BESIDE, (file, { taken }) => outcomes[taken ? 'taken' : 'refused']++);
  assert.ok(outcomes.taken > 5 && outcomes.refused > 100, JSON.stringify(outcomes));
  assert.equal(await counted('decoders_crashed_total'), 0);
});

describe('what is odd but sound is seen as it is', () => {
  const near = (pixel, colour) => assert.ok(pixel.every((value, i) => Math.abs(value - colour[i]) < 24), `${pixel} for ${colour}`);
  /* Of the left and the right: an eighth and seven eighths across, half way down. */
  const cases = [
    ['JPEG of grey', [32, 32, 32], [224, 224, 224]],
    ['JPEG of inks (CMYK)', [0, 255, 255], [255, 255, 255]],
    ["JPEG of inks as Adobe's programs store them", [0, 255, 255], [255, 255, 255]],
    ['PNG of 16 bits', [224, 16, 32], [16, 16, 32]],
    ['PNG of 16 bits and alpha', [224, 16, 32], [255, 255, 255]],
    ['PNG of grey', [30, 30, 30], [210, 210, 210]],
    ['PNG of a palette', [255, 0, 0], [0, 0, 255]],
    ['animated PNG', [224, 16, 32], [16, 16, 32]],
  ];
  for (const [name, left, right] of cases) {
    test(name, async () => {
      const citizen = await senders.next();
      const { taken } = await judge(citizen, files.find((file) => file.name === name));
      const seen = await citizen.get(taken.large);
      const { width, height, pixel } = readJpeg(seen.body);
      near(pixel(width >> 3, (height * 5) >> 3), left);
      near(pixel((width * 7) >> 3, (height * 5) >> 3), right);
    });
  }
});

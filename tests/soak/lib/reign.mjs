/*
 * Who kills. A server of tests/api is started, left alone for a while, killed at a moment that chance
 * chooses, and started again; some of the kills come while it starts and recovers.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Server } from '../../api/lib/server.mjs';
import { PROGRAM, ROOT } from '../../api/lib/places.mjs';

const STARTING_SHARE = 0.25; // of the kills, while it starts
const KEPT_LINES = 200;
const SWEEP_PATIENCE = 300; // looks that find nothing swept

export class Reign {
  kills = 0;
  early = 0; // of them: before it was ready
  #startMs = 150; // how long a start takes, about

  constructor(random, env = {}) {
    this.random = random;
    this.data = fs.mkdtempSync(path.join(os.tmpdir(), 'tram-soak-'));
    this.server = new Server({ data: this.data, env });
  }

  async start() {
    this.server.lines.splice(0, this.server.lines.length - KEPT_LINES);
    const from = performance.now();
    await this.server.start();
    this.#startMs = 0.8 * this.#startMs + 0.2 * (performance.now() - from);
  }

  async kill() {
    await this.server.kill();
    this.kills++;
  }

  /* Starts and kills before, at, or a little after the moment when it would have been ready. */
  async killStarting() {
    const starting = this.server.start().then(() => true, () => false);
    await sleep(this.random.next() * this.#startMs * 1.1);
    while (this.server.pid === undefined) await sleep(1);
    process.kill(this.server.pid, 'SIGKILL');
    if (await starting) await this.server.kill();
    this.kills++;
    this.early++;
  }

  isKillingEarly() {
    return this.random.chance(STARTING_SHARE);
  }

  tramctl(...args) {
    const tool = path.join(path.dirname(PROGRAM), 'tramctl');
    const run = spawnSync(tool, ['--data', this.data, '--json', ...args], { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`tramctl ${args.join(' ')}: ${run.stdout}${run.stderr}`);
    return JSON.parse(run.stdout);
  }

  /* Ends the program as an operator would, and looks at what it left on the disk. */
  async files() {
    await this.server.stop();
    return this.look();
  }

  /* What lies on the disk now: files.py. */
  look() {
    const run = spawnSync(path.join(ROOT, 'tests/soak/lib/files.py'), [this.data], { encoding: 'utf8', maxBuffer: 1 << 28 });
    if (run.status !== 0) throw new Error(`files.py: ${run.stderr}`);
    return JSON.parse(run.stdout);
  }

  /*
   * Kills leave blobs that no document names. The clock goes ahead by more than the hour after which
   * they are swept; returns how many there were.
   */
  async sweepOrphans() {
    const found = this.look().orphans.length;
    this.tramctl('clock', 'advance', '3700');
    for (let left = found, idle = 0; left > 0 && idle < SWEEP_PATIENCE; idle++) {
      await sleep(1000);
      const now = this.look().orphans.length;
      if (now < left) idle = 0;
      left = now;
    }
    return found;
  }

  remove() {
    fs.rmSync(this.data, { recursive: true, force: true });
  }
}

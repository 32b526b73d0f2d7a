/*
 * A gate before tram-videos: while it is closed, whatever is to be checked waits there, so that a test may
 * look at what waits. Its program is for media.videos (TRAM_MEDIA_VIDEOS).
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PROGRAM } from './places.mjs';

export class VideoGate {
  constructor() {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tram-gate-'));
    this.program = path.join(this.folder, 'tram-videos');
    this.sign = path.join(this.folder, 'open');
    const real = path.join(path.dirname(PROGRAM), 'tram-videos');
    fs.writeFileSync(this.program, `#!/bin/sh\nuntil [ -e '${this.sign}' ]; do /bin/sleep 0.05; done\nexec '${real}' "$@"\n`, { mode: 0o755 });
    this.open();
  }

  open() {
    fs.writeFileSync(this.sign, '');
  }

  close() {
    fs.rmSync(this.sign);
  }

  remove() {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

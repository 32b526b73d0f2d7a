/*
 * ./dev soak full: the story of tests/api/full_disk.test.mjs on a real disk, a tmpfs of its own. Wants to be
 * root. What is more than there: photos are refused while reports still fit.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { documentsMeetFullDisk, makingMeetsFullDisk, photoMeetsFullDisk } from '../api/lib/full_disk.mjs';
import { makeJpeg } from '../api/lib/make-jpeg.mjs';
import { fileReport, sendPhoto, signInCitizen } from '../api/lib/people.mjs';
import { Server } from '../api/lib/server.mjs';
import { readOptions } from './lib/options.mjs';

const options = readOptions('./dev soak full: a server on a disk that fills up', { mb: [96, 'of the disk'] });
const mount = fs.mkdtempSync(path.join(os.tmpdir(), 'tram-small-'));
const filler = path.join(mount, 'filler');
const KEPT = (options.mb << 20) / 16; // for documents: store/sqlite/blob_io.c

/* Leaves `bytes` on it. */
function fillTo(bytes) {
  const { bavail, bsize } = fs.statfsSync(mount);
  const fd = fs.openSync(filler, 'w'), piece = Buffer.alloc(1 << 20);
  try {
    for (let left = bavail * bsize - bytes; left > 0;) left -= fs.writeSync(fd, piece, 0, Math.min(left, piece.length));
  } catch (error) {
    if (error.code !== 'ENOSPC') throw error;
  } finally {
    fs.closeSync(fd);
  }
}
const disk = { full: () => fillTo(0), fullAfter: (bytes) => fillTo(bytes + KEPT), freed: () => fs.rmSync(filler) };

execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${options.mb}m`, 'tram-small', mount]);
try {
  const data = path.join(mount, 'data');
  fs.mkdirSync(data, { mode: 0o700 });
  const server = new Server({ data, env: { TRAM_HTTP_RATES: '1000000', TRAM_AUTH_ACCESS: '1h' } });
  await server.start();
  const citizens = [];
  for (let i = 0; i < 6; i++) citizens.push(await signInCitizen(server, `+8491236400${i}`));
  const photo = makeJpeg({ width: 1600, height: 1200, grain: 60 });
  await photoMeetsFullDisk(citizens[0], photo, disk);
  console.log('half a photo: ok');
  await documentsMeetFullDisk(server, citizens, disk);
  console.log('documents: ok');
  await makingMeetsFullDisk(server, citizens[1], photo, disk);
  console.log('a whole photo: ok');
  fillTo(KEPT);
  await assert.rejects(sendPhoto(citizens[2], photo), /507/);
  for (let i = 0; i < 20; i++) await fileReport(citizens[2]);
  disk.freed();
  console.log('photos are refused while reports are taken: ok');
  await server.stop();
} finally {
  execFileSync('umount', [mount]);
  fs.rmdirSync(mount);
}

/*
 * A disk that is full: 507 before anything is lost, and on by itself once there is room. The disk is a
 * library below the program (tests/support/full_disk.c); ./dev soak full does the same on a real one.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { documentsMeetFullDisk, makingMeetsFullDisk, photoMeetsFullDisk } from './lib/full_disk.mjs';
import { makeJpeg } from './lib/make-jpeg.mjs';
import { signInCitizen } from './lib/people.mjs';
import { ON_SERVER, PROGRAM } from './lib/places.mjs';
import { useServer } from './lib/server.mjs';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tram-disk-'));
const told = path.join(folder, 'full');
const disk = {
  full: () => disk.fullAfter(0),
  fullAfter: (bytes) => fs.writeFileSync(told, String(bytes)),
  freed: () => fs.rmSync(told),
};
after(() => fs.rmSync(folder, { recursive: true }));

/* A server's disk is its own. */
if (!ON_SERVER) describe('a disk that is full', () => {
  const server = useServer({
    env: {
      TRAM_HTTP_RATES: '1000000',
      LD_PRELOAD: path.join(path.dirname(PROGRAM), 'libfull_disk.so'),
      FULL_DISK: told,
      ASAN_OPTIONS: 'detect_leaks=1:verify_asan_link_order=0',
    },
  });
  const photo = makeJpeg({ width: 1600, height: 1200, grain: 60 });
  const citizens = [];
  before(async () => {
    for (let i = 0; i < 6; i++) citizens.push(await signInCitizen(server, `+8491236400${i}`));
  });

  test('half a photo: what was acknowledged stays, and the rest follows when there is room', () => photoMeetsFullDisk(citizens[0], photo, disk));
  test('documents: what cannot be written is said, and a report is there once', () => documentsMeetFullDisk(server, citizens, disk));
  test('a photo that is whole and cannot be kept: nothing half made stays, and it is made later', () => makingMeetsFullDisk(server, citizens[1], photo, disk));
});

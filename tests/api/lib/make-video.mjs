/* Small films, made by ffmpeg for the test that wants them, and box by box where one must be wrong. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export const PLACE = '+10.7769+106.7009/';
export const CANARY = 'CHIM-HOANG-YEN';

const made = new Map();

/* A second and a half of a moving picture with sound, with a place, a title and names in it. */
export function makeVideo({ type = 'mp4', seconds = 1.5, size = '320x240', codec = 'libx264', sound = true, more = [] } = {}) {
  const key = JSON.stringify([type, seconds, size, codec, sound, more]);
  if (made.has(key)) return made.get(key);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tram-film-'));
  const file = path.join(folder, `film.${type}`);
  try {
    execFileSync('ffmpeg', [
      '-nostdin', '-v', 'error', '-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=15:duration=${seconds}`,
      ...(sound ? ['-f', 'lavfi', '-i', `sine=frequency=440:duration=${seconds}`, '-c:a', type === 'webm' ? 'libopus' : 'aac'] : []),
      '-c:v', codec, '-pix_fmt', 'yuv420p', ...(codec === 'libx264' ? ['-preset', 'ultrafast'] : []),
      '-metadata', `location=${PLACE}`, '-metadata', `title=${CANARY}-1`, '-metadata', `comment=${CANARY}-2`,
      '-metadata', 'creation_time=2026-11-20T03:04:05Z', '-metadata:s:v', `handler_name=${CANARY}-3`, '-metadata:s:v', `title=${CANARY}-4`,
      ...more, '-y', file,
    ]);
    made.set(key, fs.readFileSync(file));
    return made.get(key);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/* What a film says of itself (ffprobe). */
export function probe(bytes) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tram-film-'));
  const file = path.join(folder, 'film');
  try {
    fs.writeFileSync(file, bytes);
    return JSON.parse(execFileSync('ffprobe', ['-v', 'error', '-show_format', '-show_streams', '-of', 'json', file], { encoding: 'utf8' }));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/* --- by hand ------------------------------------------------------------------------------------ */

/* A box of ISO/IEC 14496-12; `size`: what it claims to be. */
export function box(name, body = Buffer.alloc(0), size = body.length + 8) {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(size >>> 0, 0);
  head.write(name, 4, 'latin1');
  return Buffer.concat([head, body]);
}

/* Where a box begins in a file, by its name. */
export function boxAt(bytes, name) {
  const at = bytes.indexOf(name, 0, 'latin1') - 4;
  if (at < 0) throw new Error(`no ${name}`);
  return at;
}

/* A copy in which a field of a box says something else; `offset` from its name. */
export function patched(bytes, name, offset, value) {
  const copy = Buffer.from(bytes);
  copy.writeUInt32BE(value >>> 0, boxAt(bytes, name) + 4 + offset);
  return copy;
}

/*
 * A camera of the browser that sees a citizen's card: a film of it, which Chromium plays in place of a device.
 *
 *   const desk = await useDesk({ args: await cameraArgs(text) });
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { loadShared } from './shared.mjs';

/* The pages' own QR codes, which a reader has checked (qr.test.mjs). */
export const loadQr = async () => (await loadShared('qr.ts')).qrOf;

const WIDTH = 1280, HEIGHT = 720;
const TABLE = 70, CARD = 205, INK = 40, BLANK = 128; // how bright each is; no colour

/* One picture, by YUV4MPEG2 in 4:2:0: the card lies a little askew on a dark table. */
function picture(code) {
  const luma = Buffer.alloc(WIDTH * HEIGHT, TABLE);
  const [cos, sin] = [Math.cos(0.12), Math.sin(0.12)];
  const module = 6, quiet = 4, half = (code.length * module) / 2;
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const [dx, dy] = [x - WIDTH / 2, y - HEIGHT / 2];
      const [u, v] = [dx * cos + dy * sin, dy * cos - dx * sin];
      if (Math.abs(u) > half + 160 || Math.abs(v) > half + quiet * module) continue;
      const dark = code[Math.floor((v + half) / module)]?.[Math.floor((u + half) / module)];
      luma[y * WIDTH + x] = dark ? INK : CARD;
    }
  }
  return Buffer.concat([Buffer.from('FRAME\n'), luma, Buffer.alloc((WIDTH * HEIGHT) / 2, BLANK)]);
}

export async function cameraArgs(text) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tram-camera-'));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const film = path.join(folder, 'card.y4m');
  const frame = picture((await loadQr())(text));
  fs.writeFileSync(film, Buffer.concat([Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420mpeg2\n`), frame, frame]));
  return ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${film}`];
}

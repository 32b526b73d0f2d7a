/*
 * What the gateway and its decoders take in memory while 200 phones send a photo of 5 MB each at once, in
 * chunks of 512 KiB, and while 50 slow readers fetch files of 20 MB. node bench/uploads.mjs [--uploads N]
 * [--readers N] [--mb N of a photo] [--rate KiB a second of a reader]; TRAMD names the program.
 */
import crypto from 'node:crypto';
import fs from 'node:fs';
import http2 from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { makeJpeg } from '../tests/api/lib/make-jpeg.mjs';
import { makePdf } from '../tests/api/lib/make-pdf.mjs';
import { sendPhoto, signInCitizen } from '../tests/api/lib/people.mjs';
import { Server } from '../tests/api/lib/server.mjs';

const { values } = parseArgs({
  options: { uploads: { type: 'string', default: '200' }, readers: { type: 'string', default: '50' }, mb: { type: 'string', default: '5' }, rate: { type: 'string', default: '2048' } },
});
const [UPLOADS, READERS, MB, RATE] = ['uploads', 'readers', 'mb', 'rate'].map((name) => Number(values[name]));
const CHUNK = 512 * 1024;
const TUS = { 'tus-resumable': '1.0.0' };
const BYTES = { ...TUS, 'content-type': 'application/offset+octet-stream' };

/* A noisy picture of eight megapixels, the rest comments (ITU-T T.81 B.2.4.5), up to so many bytes. */
function heavyJpeg(bytes) {
  const picture = makeJpeg({ width: 3264, height: 2448, grain: 24, quality: 80 });
  const parts = [picture.subarray(0, 2)];
  for (let left = bytes - picture.length, n = 0; left > 4; left -= n + 4) {
    n = Math.min(left - 4, 65_000);
    const comment = crypto.randomBytes(n + 4);
    comment.writeUInt16BE(0xfffe, 0);
    comment.writeUInt16BE(n + 2, 2);
    parts.push(comment);
  }
  return Buffer.concat([...parts, picture.subarray(2)]);
}

const field = (pid, name) => {
  try {
    return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
  } catch {
    return 0;
  }
};
const childrenOf = (pid) => fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name) && field(name, 'PPid') * 1024 === pid).map(Number);
/* Files in memory that are handed to decoders are the kernel's, and in nobody's VmRSS. */
function handedOver(pid) {
  let bytes = 0;
  for (const fd of fs.readdirSync(`/proc/${pid}/fd`)) {
    try {
      const at = `/proc/${pid}/fd/${fd}`;
      if (fs.readlinkSync(at).startsWith('/memfd:')) bytes += fs.statSync(at).size;
    } catch {
      continue; // it was closed meanwhile
    }
  }
  return bytes / 1048576;
}

/* Peaks of everything while fn runs, MiB. */
async function watched(server, fn) {
  fs.writeFileSync(`/proc/${server.pid}/clear_refs`, '5');
  const before = { gateway: field(server.pid, 'VmRSS') };
  const peak = { decoders: 0, shared: 0 };
  let over = false;
  const watcher = (async () => {
    while (!over) {
      peak.decoders = Math.max(peak.decoders, ...childrenOf(server.pid).map((pid) => field(pid, 'VmHWM')));
      peak.shared = Math.max(peak.shared, handedOver(server.pid));
      await sleep(50);
    }
  })();
  const began = performance.now();
  const made = await fn();
  const seconds = (performance.now() - began) / 1000;
  over = true;
  await watcher;
  return { ...made, seconds, gateway_before_mib: before.gateway, gateway_peak_mib: field(server.pid, 'VmHWM'), decoder_peak_mib: peak.decoders, handed_over_peak_mib: peak.shared };
}

async function upload(citizen, photo) {
  const made = await citizen.post('/v1/uploads', { headers: { ...TUS, 'upload-length': String(photo.length) } });
  if (made.status !== 201) throw new Error(`${made.status} ${made.text}`);
  const at = made.headers.location;
  let busy = 0;
  for (let offset = 0; offset < photo.length;) {
    const sent = await citizen.patch(at, { body: photo.subarray(offset, offset + CHUNK), headers: { ...BYTES, 'upload-offset': String(offset) } });
    if (sent.status !== 204 && sent.status !== 503) throw new Error(`${sent.status} ${sent.text}`);
    offset += CHUNK;
    while (sent.status === 503) { // it arrived: whoever asks how far it is has it read
      busy++;
      await sleep(500);
      if ((await citizen.head(at, { headers: TUS })).status === 200) break;
    }
  }
  return busy;
}

/* Reads one file at RATE KiB a second; its bytes are counted and dropped. */
function readSlowly(server, ca, url, token) {
  const session = http2.connect(server.origin, { ca, settings: { initialWindowSize: 65_535 } });
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':path': url, authorization: `Bearer ${token}` });
    let n = 0;
    session.on('error', reject);
    stream.on('error', reject);
    stream.on('data', async (bytes) => {
      n += bytes.length;
      stream.pause();
      await sleep(bytes.length / 1024 / RATE * 1000);
      stream.resume();
    });
    stream.on('end', () => resolve(n));
  }).finally(() => session.close());
}

const server = new Server({ env: { TRAM_HTTP_RATES: '1000000', TRAM_AUTH_ACCESS: '1h' } });
await server.start();
try {
  const photo = heavyJpeg(MB << 20);
  const citizens = [];
  for (let i = 0; i < UPLOADS; i++) citizens.push(await signInCitizen(server, `+849124${String(10000 + i)}`));
  const sent = await watched(server, async () => {
    const busy = await Promise.all(citizens.map((citizen) => upload(citizen, photo)));
    return { uploads: UPLOADS, mb_each: photo.length / 1e6, told_to_wait: busy.filter((n) => n > 0).length };
  });
  console.log(JSON.stringify(sent));
  const paper = await sendPhoto(citizens[0], makePdf({ pages: 1, pad: 19_900_000 }));
  const ca = fs.readFileSync(server.certificate);
  const read = await watched(server, async () => {
    const sizes = await Promise.all(Array.from({ length: READERS }, () => readSlowly(server, ca, `/v1/media/${paper}/original`, citizens[0].token)));
    return { readers: READERS, mb_each: sizes[0] / 1e6, whole: sizes.filter((n) => n === sizes[0]).length };
  });
  console.log(JSON.stringify(read));
} finally {
  await server.stop();
}

/*
 * A copy of the data of one who filed 2,000 reports with 200 photos of 2.5 MB: how long it takes and what memory
 * tramd needs. node bench/exports.mjs [--reports N] [--photos N]; TRAMD names the program.
 */
import { parseArgs } from 'node:util';
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeJpeg } from '../tests/api/lib/make-jpeg.mjs';
import { fileReport, sendPhoto, signInCitizen } from '../tests/api/lib/people.mjs';
import { Server } from '../tests/api/lib/server.mjs';

const { values } = parseArgs({ options: { reports: { type: 'string', default: '2000' }, photos: { type: 'string', default: '200' } } });
const REPORTS = Number(values.reports);
const PHOTOS = Number(values.photos);
const BYTES = 2_500_000;

/* As large as a telephone's: comments (ITU-T T.81 B.2.4.5) make up what the picture lacks. */
function heavyJpeg(serial) {
  const picture = makeJpeg({ width: 1600, height: 1200 });
  const parts = [picture.subarray(0, 2)];
  for (let left = BYTES - picture.length, n = 0; left > 4; left -= n + 4) {
    n = Math.min(left - 4, 65_000);
    const comment = Buffer.alloc(n + 4, (serial * 31 + left) & 255);
    comment.writeUInt16BE(0xfffe, 0);
    comment.writeUInt16BE(n + 2, 2);
    parts.push(comment);
  }
  return Buffer.concat([...parts, picture.subarray(2)]);
}

const server = new Server({ env: { TRAM_HTTP_RATES: '1000000' } });
await server.start();
const memory = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(fs.readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]) / 1024;
const cpu = () => {
  const fields = fs.readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
};
const forgetPeak = () => fs.writeFileSync(`/proc/${server.pid}/clear_refs`, '5');

const citizen = await signInCitizen(server, '+84912390001', { name: 'Nguyễn Văn Nhiều' });
const photos = [];
for (let i = 0; i < PHOTOS; i++) photos.push(await sendPhoto(citizen, heavyJpeg(i)));
for (let i = 0; i < REPORTS; i += 20)
  await Promise.all(Array.from({ length: Math.min(20, REPORTS - i) }, (_, k) => fileReport(citizen, { text: `Ổ gà thứ ${i + k} trên đường Lý Thường Kiệt`, photos: photos.slice(i + k, i + k + 1) })));
await sleep(3000);
forgetPeak();
const before = memory('VmRSS');
const busy = cpu();
const began = performance.now();
const { id } = (await citizen.post('/v1/me/exports')).json;
let job;
do {
  await sleep(100);
  job = (await citizen.get(`/v1/me/exports/${id}`)).json;
} while (!['ready', 'failed'].includes(job.state));
const made = (performance.now() - began) / 1000;
const used = cpu() - busy;
const peak = memory('VmHWM');
forgetPeak();
const fetching = performance.now();
const { pathname, search } = new URL(job.url, server.origin);
const copy = await server.client().raw('GET', pathname + search);
const fetched = (performance.now() - fetching) / 1000;
console.log(JSON.stringify({ reports: REPORTS, photos: PHOTOS, state: job.state, documents: job.total, mb: copy.body.length / 1e6, made_s: made, cpu_s: used, rss_before_mb: before, rss_peak_mb: peak, fetched_s: fetched, rss_fetching_mb: memory('VmHWM') }));
await server.stop();

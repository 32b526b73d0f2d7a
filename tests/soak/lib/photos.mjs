/* Photos by tus, a chunk at a time, through kills: what was acknowledged is never asked for again. */
import { makeJpeg } from '../../api/lib/make-jpeg.mjs';
import { expect } from './lines.mjs';

const TUS = { 'tus-resumable': '1.0.0' };
const CHUNK = { ...TUS, 'content-type': 'application/offset+octet-stream' };

/* A few that differ in size, colour and Exif, so that a mix-up shows. */
export const PICTURES = [
  makeJpeg({ width: 320, height: 240, quality: 95, lat: 9.18, lon: 105.15 }),
  makeJpeg({ width: 200, height: 360, quality: 90, orientation: 6 }),
  makeJpeg({ width: 480, height: 120, quality: 98, takenAt: '2026:11:24 20:55:30' }),
];

/*
 * An upload in the ledger: {id, person, picture, at, whole}: at is how much was acknowledged. told()
 * is called for each chunk that was. Ends early when stopped() says so. The last chunk has an
 * impatient twin now and then: an app that asks for the offset while its photo is being decoded.
 */
export async function sendPhoto(lines, random, person, picture, ledger, told, stopped) {
  const bytes = PICTURES[picture];
  const made = await lines.ask('POST', '/v1/uploads', {
    token: person.token,
    headers: { ...TUS, 'upload-length': String(bytes.length) },
  });
  const upload = { id: expect(made, [201], 'an upload').headers.location.split('/').pop(), person, picture, at: 0, whole: false };
  ledger.push(upload);
  const size = Math.ceil(bytes.length / random.between(2, 7));
  while (upload.at < bytes.length && !stopped()) {
    const last = upload.at + size >= bytes.length;
    const twin = last && random.chance(0.2) ? offsetOf(lines, upload) : undefined;
    const sent = sendChunk(lines, upload, bytes.subarray(upload.at, upload.at + size), told);
    await Promise.all([sent, twin]);
  }
  upload.whole = upload.at === bytes.length;
  return upload;
}

async function sendChunk(lines, upload, chunk, told) {
  const options = {
    token: upload.person.token,
    body: chunk,
    headers: { ...CHUNK, 'upload-offset': String(upload.at) },
  };
  const sent = await lines.ask('PATCH', `/v1/uploads/${upload.id}`, options);
  if (sent.sent === 1 || sent.status === 204) expect(sent, [204], 'a chunk');
  else expect(sent, [409, 413], 'a chunk that was sent again'); // it had arrived, or a part of it
  const before = upload.at;
  const claimed = sent.status === 204 ? Number(sent.headers['upload-offset']) : await offsetOf(lines, upload);
  if (claimed < before || claimed > before + chunk.length)
    throw new Error(`upload ${upload.id}: ${before} bytes were acknowledged, ${claimed} are said to be there`);
  upload.at = claimed;
  told();
}

export async function offsetOf(lines, upload) {
  const least = upload.at;
  const head = await lines.ask('HEAD', `/v1/uploads/${upload.id}`, { token: upload.person.token, headers: TUS });
  const at = Number(expect(head, [200], `the offset of ${upload.id}`).headers['upload-offset']);
  if (!(at >= least)) throw new Error(`upload ${upload.id}: ${least} bytes were acknowledged, ${at} are there`);
  return at;
}

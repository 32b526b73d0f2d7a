/* Videos on their way: sent by tus as a video, and awaited until they were checked. */
import { setTimeout as sleep } from 'node:timers/promises';

const TUS = { 'tus-resumable': '1.0.0' };
const CHUNK = { ...TUS, 'content-type': 'application/offset+octet-stream' };
const PATIENCE_MS = 240_000; // until it is given up; nothing is measured by it

export const metadata = (type, name = 'phim.mp4') => ({
  'upload-metadata': `filename ${Buffer.from(name).toString('base64')},filetype ${Buffer.from(type).toString('base64')}`,
});

/* The reply to its announcement. */
export function announce(client, length, type = 'video/mp4', more = {}) {
  return client.post('/v1/uploads', { headers: { ...TUS, 'upload-length': String(length), ...metadata(type), ...more } });
}

export async function sendVideo(client, bytes, type = 'video/mp4', name = undefined) {
  const made = await announce(client, bytes.length, type, metadata(type, name));
  if (made.status !== 201) throw new Error(`no upload: ${made.status} ${made.text}`);
  await sendBytes(client, made.headers.location, bytes);
  return made.headers.location.split('/').pop();
}

/* All of one that was announced. */
export async function sendBytes(client, location, bytes) {
  for (let at = 0; at < bytes.length; at += 524_288) {
    const sent = await client.patch(location, {
      body: bytes.subarray(at, at + 524_288),
      headers: { ...CHUNK, 'upload-offset': String(at) },
    });
    const told = sent.status === 422 && at + 524_288 >= bytes.length; // checked, and refused, before the answer went out
    if (sent.status !== 204 && !told) throw new Error(`chunk refused: ${sent.status} ${sent.text}`);
  }
}

/* Its state, once it is neither arriving nor being checked. */
export async function checked(client, id) {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const reply = await client.get(`/v1/media/${id}/state`);
    if (reply.status !== 200) throw new Error(`no state: ${reply.status} ${reply.text}`);
    if (!['arriving', 'checking'].includes(reply.json.state)) return reply.json;
    if (Date.now() > until) throw new Error(`still ${reply.text}`);
    await sleep(100);
  }
}

/* Sent and checked: its state with its id. */
export async function takeVideo(client, bytes, type, name) {
  return checked(client, await sendVideo(client, bytes, type, name));
}

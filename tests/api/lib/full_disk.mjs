/*
 * What becomes of a server whose disk is full, told once for any way of filling it. disk: {full(), freed()},
 * both may be asynchronous; `full` leaves no room for anything that grows.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { fresh } from './people.mjs';

const TUS = { 'tus-resumable': '1.0.0' };
const BYTES = { ...TUS, 'content-type': 'application/offset+octet-stream' };
const CHUNK = 512 * 1024;
const REPORT = { category: 'dien_chieu_sang', text: 'Đèn đường trước trạm y tế không sáng', commune: '32025', answers: { danger: false }, consent: true };

const announce = (citizen, n) => citizen.post('/v1/uploads', { headers: { ...TUS, 'upload-length': String(n) } });
const append = (citizen, at, offset, bytes, language = 'vi') => citizen.patch(at, { body: bytes, headers: { ...BYTES, 'upload-offset': String(offset), 'accept-language': language } });
const offsetOf = async (citizen, at) => Number((await citizen.head(at, { headers: TUS })).headers['upload-offset']);
const file = (citizen, key, photos = []) => citizen.post('/v1/reports', { json: { ...REPORT, photos }, headers: { 'idempotency-key': key } });

/* What lies below DATA/blobs; undefined where the store is on a server. */
export const blobsOf = (server) => fs.readdirSync(path.join(server.data, 'blobs'), { recursive: true }).filter((name) => name.length > 30).length;

async function sendFrom(citizen, at, offset, photo) {
  for (; offset < photo.length; offset += CHUNK) {
    const sent = await append(citizen, at, offset, photo.subarray(offset, offset + CHUNK));
    assert.equal(sent.status, 204, sent.text);
  }
  return at.split('/').pop();
}

/* Half a photo, the disk, and the other half; a report that waits in between. */
export async function photoMeetsFullDisk(citizen, photo, disk) {
  const at = (await announce(citizen, photo.length)).headers.location;
  assert.equal((await append(citizen, at, 0, photo.subarray(0, CHUNK))).status, 204);
  const rest = photo.subarray(CHUNK, 2 * CHUNK), key = fresh()['idempotency-key'];
  await disk.full();
  const vi = await append(citizen, at, CHUNK, rest, 'vi'), en = await append(citizen, at, CHUNK, rest, 'en');
  assert.equal(vi.status, 507);
  assert.match(vi.text, /hết chỗ lưu/);
  assert.match(en.text, /out of space/);
  assert.equal(await offsetOf(citizen, at), CHUNK, 'what was acknowledged is there, and no more');
  for (let i = 0; i < 30; i++) assert.equal((await append(citizen, at, CHUNK, rest)).status, 507);
  assert.equal(await offsetOf(citizen, at), CHUNK);
  await disk.freed();
  const id = await sendFrom(citizen, at, CHUNK, photo);
  const filed = await file(citizen, key, [id]);
  assert.equal(filed.status, 201, filed.text);
  const original = await citizen.get(at);
  assert.ok(original.body.equals(photo), 'every byte, in its place');
}

/* Documents meet it too: refused as such, answered again once there is room, and told once. */
export async function documentsMeetFullDisk(server, citizens, disk) {
  const keys = citizens.map(() => fresh()['idempotency-key']);
  await disk.full();
  let refused = 0;
  for (let round = 0; round < 400 && refused < citizens.length * 3; round++) {
    const replies = await Promise.all(citizens.map((citizen) => announce(citizen, 1000)));
    for (const reply of replies) assert.ok([201, 503, 507].includes(reply.status), `${reply.status} ${reply.text}`);
    refused += replies.filter((reply) => reply.status === 507).length;
  }
  assert.ok(refused >= citizens.length * 3, 'the disk is full to the last page');
  for (const [i, reply] of (await Promise.all(citizens.map((citizen, i) => file(citizen, keys[i])))).entries())
    assert.ok([201, 503, 507].includes(reply.status), `${i}: ${reply.status} ${reply.text}`);
  assert.equal((await citizens[0].get('/v1/reports')).status, 200, 'what is there is read');
  assert.equal((await server.client().get('/v1/public/reports')).status, 200);
  assert.equal((await server.client().get('/readyz')).status, 200);
  await disk.freed();
  for (const [i, citizen] of citizens.entries()) {
    const filed = await file(citizen, keys[i]);
    assert.ok(filed.status === 201 || filed.status === 200, `${filed.status} ${filed.text}`);
    const again = await file(citizen, keys[i]);
    assert.equal(again.json.id, filed.json.id);
    assert.equal((await citizen.get('/v1/reports')).json.items.filter((one) => one.id === filed.json.id).length, 1);
  }
}

/* All of it arrives, and there is no room for what is made of it: nothing half made stays behind. */
export async function makingMeetsFullDisk(server, citizen, photo, disk) {
  const at = (await announce(citizen, photo.length)).headers.location;
  await disk.fullAfter(photo.length + 256 * 1024); // less than its original beside it
  const before = blobsOf(server);
  let offset = 0, reply;
  for (; offset < photo.length; offset += CHUNK) reply = await append(citizen, at, offset, photo.subarray(offset, offset + CHUNK));
  assert.equal(reply.status, 507, reply.text);
  for (let i = 0; i < 5; i++) assert.equal((await citizen.head(at, { headers: TUS })).status, 507);
  assert.equal(blobsOf(server), before, 'nothing half made');
  await disk.freed();
  assert.equal(await offsetOf(citizen, at), photo.length, 'to ask how far it is makes it');
  assert.ok((await citizen.get(at)).body.equals(photo));
}

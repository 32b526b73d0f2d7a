/* Sends files one after another as citizens do, and holds what comes of each against what must. */
import assert from 'node:assert/strict';
import { sendPhoto } from '../people.mjs';
import { checked } from '../videos.mjs';

const TUS = { 'tus-resumable': '1.0.0' };
const ONE_CHUNK = 1 << 20;
const TITLES = /^(Một số trường chưa đúng|Some fields are not right)$/; // words that say nothing

/* Each citizen may send 500 a day. */
export class Senders {
  #citizens = [];
  #sent = 0;

  constructor(signIn) {
    this.signIn = signIn; // (n) → a client
  }

  async next() {
    const n = Math.floor(this.#sent++ / 400);
    this.#citizens[n] ??= this.signIn(n);
    return this.#citizens[n];
  }
}

/* The answer to the last byte of it: at once, or where the readers were busy, when it is asked for. */
async function send(citizen, bytes) {
  const headers = { ...TUS, 'accept-language': 'vi' };
  if (bytes.length > ONE_CHUNK) {
    const id = await sendPhoto(citizen, bytes).catch((error) => error);
    if (typeof id === 'string') return { id, refused: undefined };
    const [, status, text] = /chunk refused: (\d+) (.*)/s.exec(id.message) ?? assert.fail(id);
    return { refused: text, status: Number(status) };
  }
  const made = await citizen.post('/v1/uploads', { body: bytes, headers: { ...headers, 'content-type': 'application/offset+octet-stream', 'upload-length': String(bytes.length) } });
  const id = made.headers.location?.split('/').pop();
  assert.ok(id, `no address: ${made.status} ${made.text}`);
  if (made.status === 422) return { id, refused: made.text };
  if (made.status === 503) {
    let head;
    do head = await citizen.head(made.headers.location, { headers });
    while (head.status === 503);
    assert.equal(head.status, 200);
    const media = await citizen.get(`/v1/media/${id}`, { headers });
    return { id, refused: media.status === 422 ? media.json.detail : undefined };
  }
  assert.equal(made.status, 201, made.text);
  return { id };
}

/* Words for people, another in each language, and never how it was found out. */
function assertWords(vi, en, name) {
  assert.match(vi, /[ăâđêôơưàáảãạầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữự]/i, `${name}: ${vi}`);
  assert.doesNotMatch(en, /[ăâđêôơư]/i, `${name}: ${en}`);
  for (const words of [vi, en]) {
    assert.doesNotMatch(words, TITLES, name);
    assert.doesNotMatch(words, /libjpeg|libpng|qpdf|poppler|errno|0x[0-9a-f]/i, `${name}: ${words}`);
  }
}

/* Both renditions are JPEGs that hold nothing of the file but its picture. */
async function assertShown(citizen, file, id) {
  const media = (await citizen.get(`/v1/media/${id}`)).json;
  for (const size of ['large', 'small']) {
    const rendition = await citizen.get(media[size]);
    assert.equal(rendition.headers['content-type'], 'image/jpeg');
    assert.equal(rendition.body.readUInt16BE(0), 0xffd8);
    for (const text of ['<script', '%PDF', '<?php', 'Exif', 'PK\x05\x06'])
      assert.ok(!rendition.body.includes(text), `${file.name}: ${text} in what is shown`);
  }
  const original = await citizen.get(`/v1/uploads/${id}`);
  assert.match(original.headers['content-disposition'], /^attachment/);
  assert.equal(original.headers['x-content-type-options'], 'nosniff');
  if (file.dropped) assert.ok(!original.body.includes(file.dropped), `${file.name}: kept ${file.dropped}`);
  return media;
}

/* A picture whose brand was spoiled may pass for a film, which is judged a moment later. */
async function sendAndWait(citizen, bytes) {
  const sent = await send(citizen, bytes);
  if (sent.refused !== undefined) return sent;
  const found = await checked(citizen, sent.id);
  return found.state === 'refused' ? { id: sent.id, refused: found.words } : sent;
}

/* {taken} or {refused: the words}, after all that can be said of one file was asserted. */
export async function judge(citizen, file) {
  const { id, refused } = await sendAndWait(citizen, file.bytes);
  if (refused === undefined) {
    assert.ok(!file.refused, `${file.name}: was taken`);
    return { taken: await assertShown(citizen, file, id) };
  }
  assert.ok(!file.taken, `${file.name}: was refused: ${refused}`);
  if (id) {
    const again = await citizen.get(`/v1/media/${id}`, { headers: { 'accept-language': 'en' } });
    assert.equal(again.status, 422, file.name);
    assertWords(refused, again.json.detail, file.name);
    assert.equal((await citizen.get(`/v1/uploads/${id}`)).status, 422, `${file.name}: is given back`);
  }
  if (typeof file.refused === 'string') assert.ok(refused.includes(file.refused), `${file.name}: ${refused}`);
  return { refused };
}

/* All of them, `beside` each other. files: iterable; told(file, outcome) after each. */
export async function judgeAll(senders, files, beside, told = () => {}) {
  const queue = files[Symbol.iterator]();
  const worker = async () => {
    for (let one = queue.next(); !one.done; one = queue.next())
      told(one.value, await judge(await senders.next(), one.value));
  };
  await Promise.all(Array.from({ length: beside }, worker));
}

/* What we store in GridFS's layout, listed and read by another driver: an operator's tools find it there. */
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { GridFSBucket, MongoClient } from 'mongodb';
import { makeJpeg } from '../api/lib/make-jpeg.mjs';
import { fileReport, sendPhoto, signInCitizen } from '../api/lib/people.mjs';
import { useServer } from '../api/lib/server.mjs';

const CHUNK = 256 * 1024;

async function readWhole(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

describe('another driver', () => {
  const server = useServer();
  let client, db, bucket, media, citizen;
  before(async () => {
    citizen = await signInCitizen(server, '+84912370001');
    const photo = makeJpeg({ width: 1600, height: 1200, quality: 95, grain: 60 });
    assert.ok(photo.length > 2 * CHUNK, `a photo of several chunks: ${photo.length}`);
    const id = await sendPhoto(citizen, photo);
    await fileReport(citizen, { photos: [id] });
    media = (await citizen.get(`/v1/media/${id}`)).json;
    client = await MongoClient.connect(process.env.MONGODB_URL, { retryReads: false, retryWrites: false });
    db = client.db(path.basename(server.data));
    bucket = new GridFSBucket(db);
  });
  after(() => client?.close());

  test('lists every file, and reads each as it was written', async () => {
    const files = await bucket.find({}).toArray();
    assert.ok(files.length >= 3, `an original and two sizes: ${files.length}`);
    assert.ok(files.some((file) => file.length > CHUNK), 'one of several chunks');
    for (const file of files) {
      assert.equal(file.chunkSize, CHUNK);
      assert.equal(file._id.sub_type, 4);
      assert.equal(file.filename, file._id.toUUID().toString());
      assert.ok(Math.abs(file.uploadDate - Date.now()) < 600_000);
      const bytes = await readWhole(bucket.openDownloadStream(file._id));
      assert.equal(bytes.length, file.length);
      assert.equal(crypto.createHash('sha256').update(bytes).digest('hex'), file.metadata.sha256.toString('hex'));
      const chunks = await db.collection('fs.chunks').find({ files_id: file._id }).sort({ n: 1 }).toArray();
      assert.deepEqual(chunks.map((chunk) => chunk.n), [...chunks.keys()]);
      assert.equal(chunks.length, Math.ceil(file.length / CHUNK));
    }
  });

  test('finds the bytes that a phone is shown', async () => {
    const shown = await citizen.raw('GET', media.small);
    assert.equal(shown.status, 200);
    const print = crypto.createHash('sha256').update(shown.body).digest();
    const files = await bucket.find({}).toArray();
    const file = files.find((one) => Buffer.from(one.metadata.sha256.buffer).equals(print));
    assert.ok(file, 'the small picture is one of the files');
    assert.ok((await readWhole(bucket.openDownloadStream(file._id))).equals(shown.body));
  });

  test('reads a part of a file, across chunks', async () => {
    const [file] = await bucket.find({ length: { $gt: CHUNK } }).toArray();
    const whole = await readWhole(bucket.openDownloadStream(file._id));
    const part = await readWhole(bucket.openDownloadStream(file._id, { start: CHUNK - 10, end: CHUNK + 10 }));
    assert.ok(part.equals(whole.subarray(CHUNK - 10, CHUNK + 10)));
  });

  test('a photo is no file before it is whole', async () => {
    const before = (await bucket.find({}).toArray()).length;
    const made = await citizen.post('/v1/uploads', {
      headers: { 'tus-resumable': '1.0.0', 'upload-length': '600000', 'content-type': 'application/offset+octet-stream' },
      body: Buffer.alloc(300000, 7),
    });
    assert.equal(made.status, 201, made.text);
    assert.equal((await bucket.find({}).toArray()).length, before);
  });
});

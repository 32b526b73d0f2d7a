/* tramctl media check on a server's GridFS: a chunk that is gone, one that was changed, a file nobody names. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { Binary, MongoClient, UUID } from 'mongodb';
import { makeJpeg } from '../api/lib/make-jpeg.mjs';
import { sendPhoto, signInCitizen } from '../api/lib/people.mjs';
import { useServer } from '../api/lib/server.mjs';
import { tramctl } from '../api/lib/tramctl.mjs';

const server = useServer();

async function check(...options) {
  const { code, out, err } = await tramctl(server.data, '--json', 'media', 'check', ...options);
  assert.ok(out, err);
  return { code, ...JSON.parse(out) };
}

test('what is missing, damaged and nobody\'s is told, by the tramd that runs and without one', async () => {
  const citizen = await signInCitizen(server, '+84912380003');
  const uploads = [];
  for (let i = 0; i < 4; i++) uploads.push(await sendPhoto(citizen, makeJpeg({ width: 900, height: 700, grain: 40 })));
  assert.equal((await check('--open')).code, 0);

  const client = await MongoClient.connect(process.env.MONGODB_URL, { retryReads: false, retryWrites: false });
  try {
    const db = client.db(path.basename(server.data));
    const files = db.collection('fs.files'), chunks = db.collection('fs.chunks');
    const named = async (i) => (await db.collection('upload').findOne({ _id: new UUID(uploads[i]) })).doc;
    const [gone, holed, turned] = [await named(0), await named(1), await named(2)];
    await files.deleteOne({ _id: gone.small });
    await chunks.deleteMany({ files_id: gone.small });
    await chunks.deleteOne({ files_id: holed.original, n: 0 });
    const chunk = await chunks.findOne({ files_id: turned.large, n: 0 });
    const bytes = Buffer.from(chunk.data.value());
    bytes[bytes.length >> 1] ^= 1;
    await chunks.updateOne({ _id: chunk._id }, { $set: { data: new Binary(bytes) } });
    const nobody = new UUID();
    await files.insertOne({ ...(await files.findOne({ _id: turned.small })), _id: nobody, filename: nobody.toString() });

    const expected = [
      `missing ${gone.small} ${uploads[0]} small`,
      `damaged ${holed.original} ${uploads[1]} original`,
      `damaged ${turned.large} ${uploads[2]} large`,
      `orphaned ${nobody} undefined undefined`,
    ].sort();
    for (const options of [[], ['--offline']]) {
      const seen = await check(...options);
      assert.equal(seen.code, 1);
      assert.deepEqual(seen.found.map((f) => `${f.flaw} ${f.blob} ${f.document} ${f.field}`).sort(), expected);
    }
  } finally {
    await client.close();
  }
});

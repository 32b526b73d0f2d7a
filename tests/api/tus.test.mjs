/* Uploads by a client that we did not write (tus-js-client, HTTP/1.1), over a link that breaks. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { makeJpeg } from './lib/make-jpeg.mjs';
import { makePdf } from './lib/make-pdf.mjs';
import { fileReport, signInCitizen } from './lib/people.mjs';
import { useServer } from './lib/server.mjs';
import { useWeakLink } from './lib/weak_link.mjs';

const server = useServer();
const link = useWeakLink(server);

describe('tus', () => {
  test('a photo arrives whole although the connection is cut again and again', async () => {
    const citizen = await signInCitizen(server, '+84912348001');
    const photo = makeJpeg({ width: 1600, height: 1200, orientation: 3, grain: 60 });
    assert.ok(photo.length > 500_000, `${photo.length} bytes`);
    link.allowance = 100_000;
    const url = await link.upload(citizen, photo);
    link.allowance = Infinity;
    assert.ok(link.cuts >= 3, `${link.cuts} cuts`);
    const id = url.split('/').pop();
    await fileReport(citizen, { photos: [id] });
    const media = await citizen.get(`/v1/media/${id}`);
    assert.equal(media.json.width, 1600);
  });

  test('a paper of 15 MB arrives whole although the connection is cut again and again', async () => {
    const citizen = await signInCitizen(server, '+84912348005');
    const pdf = makePdf({ pages: 9, pad: 15 << 20 });
    link.cuts = 0;
    link.allowance = link.renewed = 1_500_000;
    const url = await link.upload(citizen, pdf, { chunkSize: 512 * 1024, metadata: { filename: 'hồ sơ.pdf', filetype: 'application/pdf' } });
    link.allowance = Infinity;
    assert.ok(link.cuts >= 3, `${link.cuts} cuts`);
    const media = (await citizen.get(`/v1/media/${url.split('/').pop()}`)).json;
    assert.equal(media.pages, 9);
    assert.equal(media.size, pdf.length);
    const original = await citizen.get(media.original);
    assert.ok(original.body.equals(pdf));
  });

  for (const [how, more] of [['in one stream', {}], ['in three streams', { parallelUploads: 3 }]]) {
    test(`a photo arrives whole although three of ten requests are cut, ${how}`, async () => {
      const citizen = await signInCitizen(server, more.parallelUploads ? '+84912348007' : '+84912348006');
      const photo = makeJpeg({ width: 2000, height: 1500, grain: 60 });
      Object.assign(link, { allowance: Infinity, share: 0.36, cuts: 0, requests: 0, answersLost: 0 });
      const url = await link.upload(citizen, photo, more);
      const { cuts, requests, answersLost } = link;
      link.share = 0;
      assert.ok(requests >= photo.length / 65_536, `${requests} requests`);
      assert.ok(cuts >= 0.3 * requests - 1, `${cuts} of ${requests} requests were cut`);
      assert.ok(answersLost >= 1, 'answers too');
      assert.ok((await citizen.get(new URL(url).pathname)).body.equals(photo), 'every byte');
      await fileReport(citizen, { photos: [url.split('/').pop()] });
    });
  }

  test('another citizen can neither go on with an upload nor learn that it is there', async () => {
    const citizen = await signInCitizen(server, '+84912348002');
    const other = await signInCitizen(server, '+84912348003');
    const made = await citizen.post('/v1/uploads', { headers: { 'tus-resumable': '1.0.0', 'upload-length': '1000' } });
    const head = await other.head(made.headers.location, { headers: { 'tus-resumable': '1.0.0' } });
    assert.equal(head.status, 404);
  });

  test('creation with upload takes a small file in one request', async () => {
    const citizen = await signInCitizen(server, '+84912348004');
    const photo = makeJpeg({ width: 320, height: 240 });
    const url = await link.upload(citizen, photo, { uploadDataDuringCreation: true, chunkSize: 512 * 1024 });
    const head = await citizen.head(new URL(url).pathname, { headers: { 'tus-resumable': '1.0.0' } });
    assert.equal(head.headers['upload-offset'], String(photo.length));
  });
});

/* Uploads by a client that we did not write (tus-js-client, HTTP/1.1), over a link that breaks. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import https from 'node:https';
import { once } from 'node:events';
import net from 'node:net';
import { after, before, describe, test } from 'node:test';
import * as tus from 'tus-js-client';
import { makeJpeg } from './lib/make-jpeg.mjs';
import { makePdf } from './lib/make-pdf.mjs';
import { fileReport, signInCitizen } from './lib/people.mjs';
import { useServer } from './lib/server.mjs';

const server = useServer();

/* Passes bytes on, and cuts a connection after it carried `allowance` of them. */
let allowance = Infinity;
let renewed = 90_000; // and more, up to twice, after each cut
let cuts = 0;
const proxy = net.createServer((client) => {
  const up = net.connect(server.port, '127.0.0.1');
  const end = () => {
    client.destroy();
    up.destroy();
  };
  client.on('data', (bytes) => {
    allowance -= bytes.length;
    if (allowance < 0) {
      cuts++;
      allowance = renewed + Math.floor(Math.random() * renewed);
      up.write(bytes.subarray(0, bytes.length >> 1), end);
      return;
    }
    up.write(bytes);
  });
  up.on('data', (bytes) => client.write(bytes));
  for (const side of [client, up]) side.on('error', end).on('close', end);
});
before(async () => {
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
});
after(() => proxy.close());

function upload(citizen, bytes, more = {}) {
  const ca = fs.readFileSync(server.certificate);
  const agent = new https.Agent({ ca, keepAlive: true });
  return new Promise((resolve, reject) => {
    const one = new tus.Upload(bytes, {
      endpoint: `https://localhost:${proxy.address().port}/v1/uploads`,
      httpStack: new tus.DefaultHttpStack({ agent }),
      headers: { authorization: `Bearer ${citizen.token}` },
      chunkSize: 64 * 1024,
      retryDelays: Array(200).fill(5),
      metadata: { filename: 'đèn.jpg', filetype: 'image/jpeg' },
      onError: reject,
      onSuccess: () => resolve(one.url),
      ...more,
    });
    one.start();
  }).finally(() => agent.destroy());
}

describe('tus', () => {
  test('a photo arrives whole although the connection is cut again and again', async () => {
    const citizen = await signInCitizen(server, '+84912348001');
    const photo = makeJpeg({ width: 1600, height: 1200, orientation: 3, grain: 60 });
    assert.ok(photo.length > 500_000, `${photo.length} bytes`);
    allowance = 100_000;
    const url = await upload(citizen, photo);
    allowance = Infinity;
    assert.ok(cuts >= 3, `${cuts} cuts`);
    const id = url.split('/').pop();
    await fileReport(citizen, { photos: [id] });
    const media = await citizen.get(`/v1/media/${id}`);
    assert.equal(media.json.width, 1600);
  });

  test('a paper of 15 MB arrives whole although the connection is cut again and again', async () => {
    const citizen = await signInCitizen(server, '+84912348005');
    const pdf = makePdf({ pages: 9, pad: 15 << 20 });
    cuts = 0;
    allowance = renewed = 1_500_000;
    const url = await upload(citizen, pdf, { chunkSize: 512 * 1024, metadata: { filename: 'hồ sơ.pdf', filetype: 'application/pdf' } });
    allowance = Infinity;
    assert.ok(cuts >= 3, `${cuts} cuts`);
    const media = (await citizen.get(`/v1/media/${url.split('/').pop()}`)).json;
    assert.equal(media.pages, 9);
    assert.equal(media.size, pdf.length);
    const original = await citizen.get(media.original);
    assert.ok(original.body.equals(pdf));
  });

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
    const url = await upload(citizen, photo, { uploadDataDuringCreation: true, chunkSize: 512 * 1024 });
    const head = await citizen.head(new URL(url).pathname, { headers: { 'tus-resumable': '1.0.0' } });
    assert.equal(head.headers['upload-offset'], String(photo.length));
  });
});

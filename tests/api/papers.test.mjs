/* PDFs as uploads: taken, refused in words, read again by who may, and by nobody else. */
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import zlib from 'node:zlib';
import { describe, test } from 'node:test';
import { makeJpeg } from './lib/make-jpeg.mjs';
import { makePdf, streamOf } from './lib/make-pdf.mjs';
import { fresh, sendPhoto, signInCitizen, signInStaff } from './lib/people.mjs';
import { useServer } from './lib/server.mjs';

const server = useServer({ env: { TRAM_HTTP_RATES: '100000', TRAM_AUTH_ACCESS: '1h' } }); // a slow server takes longer than a token lives
const TUS = { 'tus-resumable': '1.0.0' };
const CHUNK = { ...TUS, 'content-type': 'application/offset+octet-stream' };
const sha256 = (bytes) => crypto.createHash('sha256').update(bytes).digest('hex');

/* In one request; the reply of the upload. */
function send(client, bytes, headers = {}) {
  return client.post('/v1/uploads', { body: bytes, headers: { ...CHUNK, 'upload-length': String(bytes.length), ...headers } });
}
const idOf = (reply) => reply.headers.location.split('/').pop();

describe('a paper', () => {
  test('says what it is once it is whole, and is given back as it was sent', async () => {
    const citizen = await signInCitizen(server, '+84912360001');
    const pdf = makePdf({ pages: 3, pad: 1_500_000 });
    const name = Buffer.from('đơn xin/cấp "phép".pdf').toString('base64');
    const made = await citizen.post('/v1/uploads', { headers: { ...TUS, 'upload-length': String(pdf.length), 'upload-metadata': `filename ${name},filetype ${Buffer.from('application/pdf').toString('base64')}` } });
    for (let at = 0; at < pdf.length; at += 524_288) {
      const sent = await citizen.patch(made.headers.location, { body: pdf.subarray(at, at + 524_288), headers: { ...CHUNK, 'upload-offset': String(at) } });
      assert.equal(sent.status, 204, sent.text);
    }
    const id = idOf(made);
    const media = (await citizen.get(`/v1/media/${id}`)).json;
    assert.equal(media.kind, 'paper');
    assert.equal(media.type, 'application/pdf');
    assert.equal(media.pages, 3);
    assert.equal(media.size, pdf.length);
    assert.equal(media.sha256, sha256(pdf));
    assert.equal(media.signed, 'none');
    assert.deepEqual(media.signatures, []);

    for (const [rendition, side] of [['large', 1280], ['small', 320]]) {
      const picture = await citizen.get(media[rendition]);
      assert.equal(picture.headers['content-type'], 'image/jpeg');
      assert.equal(jpegHeight(picture.body), side);
    }

    const whole = await citizen.get(media.original);
    assert.equal(whole.status, 200);
    assert.ok(whole.body.equals(pdf));
    assert.equal(whole.headers['content-type'], 'application/pdf');
    assert.equal(whole.headers['x-content-type-options'], 'nosniff');
    assert.equal(whole.headers['cache-control'], 'private, no-store');
    assert.equal(whole.headers['content-disposition'], `attachment; filename="${id}.pdf"; filename*=UTF-8''${encodeURIComponent('đơn xin_cấp _phép_.pdf')}`);
    for (const [range, from, to] of [['bytes=0-9', 0, 10], ['bytes=65530-65545', 65530, 65546], ['bytes=-7', pdf.length - 7, pdf.length], ['bytes=1000000-', 1_000_000, pdf.length]]) {
      const part = await citizen.get(media.original, { headers: { range } });
      assert.equal(part.status, 206, range);
      assert.ok(part.body.equals(pdf.subarray(from, to)), range);
    }
    assert.equal((await citizen.get(media.original, { headers: { range: `bytes=${pdf.length}-` } })).status, 416);
  });

  test('is its owner\'s alone until a case takes it', async () => {
    const citizen = await signInCitizen(server, '+84912360002');
    const other = await signInCitizen(server, '+84912360003');
    const id = idOf(await send(citizen, makePdf()));
    for (const user of ['officer.demo', 'leader.demo', 'dispatcher.demo', 'inspector.demo', 'admin.demo'])
      assert.equal((await (await signInStaff(server, user)).get(`/v1/media/${id}/original`)).status, 404, user);
    assert.equal((await other.get(`/v1/media/${id}`)).status, 404);
    assert.equal((await other.get(`/v1/media/${id}/original`)).status, 404);
    assert.equal((await server.client().get(`/v1/media/${id}/original`)).status, 401);
    assert.equal((await citizen.get(`/v1/media/${id}/original`)).status, 200);
    /* The renditions' signature does not open the original. */
    const { large } = (await citizen.get(`/v1/media/${id}`)).json;
    assert.equal((await server.client().get(large.replace('/large?', '/original?'))).status, 401);
  });

  test('is no photo of a report; and a photo of a paper has one page and no original to fetch', async () => {
    const citizen = await signInCitizen(server, '+84912360004');
    const paper = idOf(await send(citizen, makePdf()));
    const filed = await citizen.post('/v1/reports', {
      json: { category: 'dien_chieu_sang', text: 'Đèn đường trước trạm y tế không sáng', commune: '32025', answers: { danger: false }, consent: true, photos: [paper] },
      headers: fresh(),
    });
    assert.equal(filed.status, 422);
    assert.equal(filed.json.errors[0].pointer, '/photos/0');
    const photo = await sendPhoto(citizen, makeJpeg({ width: 800, height: 1100 }));
    const media = (await citizen.get(`/v1/media/${photo}`)).json;
    assert.equal(media.kind, 'photo');
    assert.equal(media.pages, 1);
    assert.match(media.sha256, /^[0-9a-f]{64}$/);
    assert.equal((await citizen.get(`/v1/media/${photo}/original`)).status, 404);
  });
});

describe('many at once', () => {
  test('500 papers at once are all read in the end, and the rest of the server goes on meanwhile', async () => {
    const citizen = await signInCitizen(server, '+84912360006');
    const pdf = makePdf({ pages: 2 });
    const replies = Promise.all(Array.from({ length: 500 }, () => send(citizen, pdf)));
    assert.equal((await server.client().get('/readyz')).status, 200);
    const busy = [];
    for (const reply of await replies) {
      assert.ok(reply.status === 201 || reply.status === 503, `${reply.status} ${reply.text}`);
      if (reply.status === 503) busy.push(reply.headers.location);
    }
    /* Nothing that arrived is lost: to ask how far it is reads it. */
    for (const location of busy.filter(Boolean)) {
      let head;
      do head = await citizen.head(location, { headers: TUS });
      while (head.status === 503);
      assert.equal(head.headers['upload-offset'], String(pdf.length));
      assert.equal((await citizen.get(`/v1/media/${location.split('/').pop()}`)).json.pages, 2);
    }
  });
});

describe('what is no paper is refused in words', () => {
  const zeros = zlib.deflateSync(Buffer.alloc(100 << 20), { level: 9 });
  const bombs = Array.from({ length: 6 }, () => streamOf('/Filter /FlateDecode', zeros));
  const cases = [
    ['scripted', makePdf({ catalog: '/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>' }), /JavaScript/, /JavaScript/],
    ['that launches', makePdf({ catalog: '/OpenAction << /S /Launch /F (cmd.exe) >>' }), /lệnh mở chương trình/, /starts programs/],
    ['with files inside', makePdf({ catalog: '/Names << /EmbeddedFiles << /Names [] >> >>' }), /tệp khác đính kèm/, /other files inside/],
    ['of XFA', makePdf({ catalog: '/AcroForm << /XFA [] >>' }), /XFA/, /XFA/],
    ['locked', makePdf({ trailer: '/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <00> /U <00> >>' }), /khóa/, /encrypted/],
    ['of 200 pages', makePdf({ pages: 200 }), /quá nhiều trang; .* \(tối đa 100 trang\)/, /too many pages; .* \(at most 100 pages\)/],
    ['of a square million', makePdf({ page: '/MediaBox [0 0 1000000 1000000]' }), /kích thước/, /absurd size/],
    ['half', makePdf().subarray(0, 300), /thiếu phần cuối/, /missing/],
    ['broken', Buffer.from('%PDF-1.7\nhello\n%%EOF\n'), /hỏng/, /damaged/],
    ['a bomb', makePdf({ catalog: `/All [${bombs.map((_, i) => `${5 + i} 0 R`).join(' ')}]`, extra: bombs }), /bộ nhớ/, /memory/],
    ['a script behind', Buffer.concat([makePdf(), Buffer.from('<script>alert(1)</script>')]), /vừa là PDF/, /something else/],
    ['a script before', Buffer.concat([Buffer.from('#!/bin/sh\n'), makePdf()]), /không phải ảnh hay PDF/, /neither/],
    ['a picture before', Buffer.concat([makeJpeg({ width: 64, height: 64 }).subarray(0, 40), makePdf()]), /./, /./],
  ];
  for (const [what, bytes, vi, en] of cases) {
    test(`a PDF ${what}`, async () => {
      const citizen = await signInCitizen(server, `+849123601${String(cases.findIndex(([name]) => name === what)).padStart(2, '0')}`);
      const reply = await send(citizen, bytes, { 'accept-language': 'vi' });
      assert.equal(reply.status, 422, reply.text);
      assert.match(reply.text, vi);
      /* Who lost the answer is told again. */
      const again = await citizen.get(`/v1/media/${idOf(reply)}`, { headers: { 'accept-language': 'en' } });
      assert.equal(again.status, 422);
      assert.match(again.json.detail, en);
      assert.equal((await citizen.get(`/v1/media/${idOf(reply)}/original`)).status, 422);
    });
  }
});

/* Height of a baseline JPEG (ITU-T T.81 §B.2.2). */
function jpegHeight(bytes) {
  for (let at = 2; at < bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) if (bytes[at + 1] === 0xc0) return bytes.readUInt16BE(at + 5);
  return 0;
}

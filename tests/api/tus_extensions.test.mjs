/* The extensions of tus 1.0: of checksums, expiry, giving up, lengths told later, and parts. */
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { Readable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import { makeJpeg } from './lib/make-jpeg.mjs';
import { advanceClock, fileReport, sendPhoto, signInCitizen } from './lib/people.mjs';
import { Server, useServer } from './lib/server.mjs';
import { useWeakLink } from './lib/weak_link.mjs';

const server = useServer();
const link = useWeakLink(server);

const MB = 1 << 20;
const TUS = { 'tus-resumable': '1.0.0' };
const BYTES = { ...TUS, 'content-type': 'application/offset+octet-stream' };
const photo = makeJpeg({ width: 1000, height: 800, grain: 40 });
const sum = (algorithm, bytes) => `${algorithm} ${crypto.createHash(algorithm).update(bytes).digest('base64')}`;

const announce = (client, headers) => client.post('/v1/uploads', { headers: { ...TUS, ...headers } });
const append = (client, at, offset, bytes, headers = {}) =>
  client.patch(at, { body: bytes, headers: { ...BYTES, 'upload-offset': String(offset), ...headers } });
const head = async (client, at) => (await client.head(at, { headers: TUS })).headers;

async function part(client, bytes) {
  const made = await announce(client, { 'upload-length': String(bytes.length), 'upload-concat': 'partial' });
  assert.equal(made.status, 201);
  assert.equal((await append(client, made.headers.location, 0, bytes)).status, 204);
  return made.headers.location;
}

test('what the server can do is told to anybody', async () => {
  const told = await server.client().request('OPTIONS', '/v1/uploads');
  assert.equal(told.headers['tus-extension'], 'creation,creation-with-upload,creation-defer-length,expiration,checksum,termination,concatenation');
  assert.equal(told.headers['tus-checksum-algorithm'], 'sha1,sha256');
});

describe('checksum', () => {
  test('a chunk is held against its sum, and one that is not what it is of leaves nothing behind', async () => {
    const citizen = await signInCitizen(server, '+84912349001');
    const at = (await announce(citizen, { 'upload-length': String(photo.length) })).headers.location;
    const half = photo.subarray(0, photo.length >> 1), rest = photo.subarray(photo.length >> 1);
    const spoiled = Buffer.from(half);
    spoiled[17] ^= 1;
    for (const algorithm of ['sha1', 'sha256']) {
      const refused = await append(citizen, at, 0, spoiled, { 'upload-checksum': sum(algorithm, half) });
      assert.equal(refused.status, 460);
    }
    for (const said of ['md5 AAAA', 'sha1', 'sha1 ', 'sha1 AAAA', 'sha256 !', `sha1  ${'A'.repeat(300)}`, sum('sha256', half).replace('sha256', 'sha1')])
      assert.equal((await append(citizen, at, 0, half, { 'upload-checksum': said })).status, 400, said);
    assert.equal((await head(citizen, at))['upload-offset'], '0');
    assert.equal((await append(citizen, at, 0, half, { 'upload-checksum': sum('sha1', half) })).status, 204);
    assert.equal((await append(citizen, at, half.length, rest, { 'upload-checksum': sum('sha256', rest) })).status, 204);
    assert.equal((await citizen.get(`/v1/media/${at.split('/').pop()}`)).status, 200);
  });

  test('with the announcement too', async () => {
    const citizen = await signInCitizen(server, '+84912349002');
    const headers = { ...BYTES, 'upload-length': String(photo.length) };
    const good = await citizen.post('/v1/uploads', { body: photo, headers: { ...headers, 'upload-checksum': sum('sha256', photo) } });
    assert.equal(good.status, 201);
    assert.equal(good.headers['upload-offset'], String(photo.length));
    const bad = await citizen.post('/v1/uploads', { body: photo, headers: { ...headers, 'upload-checksum': sum('sha256', photo.subarray(1)) } });
    assert.equal(bad.status, 460);
  });
});

describe('expiration', () => {
  test('an upload says until when it stays if it is left', async () => {
    const citizen = await signInCitizen(server, '+84912349003');
    const made = await announce(citizen, { 'upload-length': '1000' });
    const at = made.headers.location;
    const sent = await append(citizen, at, 0, Buffer.alloc(10));
    const until = Date.parse(sent.headers['upload-expires']);
    assert.equal(until, Date.parse(made.headers['upload-expires']));
    const ahead = until - Date.now() - (server.aheadMs ?? 0);
    assert.ok(ahead > 23 * 3600e3 && ahead <= 24 * 3600e3, made.headers['upload-expires']);
    assert.match(made.headers['upload-expires'], /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);
  });
});

describe('termination', () => {
  test('who sends it may give it up; others may not, and what a case has stays', async () => {
    const citizen = await signInCitizen(server, '+84912349004');
    const other = await signInCitizen(server, '+84912349005');
    const at = (await announce(citizen, { 'upload-length': '1000' })).headers.location;
    assert.equal((await other.delete(at, { headers: TUS })).status, 404);
    assert.equal((await citizen.delete(at)).status, 412);
    assert.equal((await citizen.delete(at, { headers: TUS })).status, 204);
    assert.equal((await citizen.head(at, { headers: TUS })).status, 404);
    assert.equal((await append(citizen, at, 0, Buffer.alloc(10))).status, 404);
    assert.equal((await citizen.delete(at, { headers: TUS })).status, 404);

    const sound = await sendPhoto(citizen, photo), kept = await sendPhoto(citizen, photo);
    assert.equal((await citizen.delete(`/v1/uploads/${sound}`, { headers: TUS })).status, 204);
    assert.equal((await citizen.get(`/v1/media/${sound}`)).status, 404);
    await fileReport(citizen, { photos: [kept] });
    assert.equal((await citizen.delete(`/v1/uploads/${kept}`, { headers: TUS })).status, 403);
    assert.equal((await citizen.get(`/v1/media/${kept}`)).status, 200);
    const overridden = (await announce(citizen, { 'upload-length': '5' })).headers.location;
    assert.equal((await citizen.raw('POST', overridden, { headers: { ...TUS, 'x-http-method-override': 'DELETE' } })).status, 204);
  });
});

describe('creation-defer-length', () => {
  test('a client that reads as it sends tells the length at the end', async () => {
    const citizen = await signInCitizen(server, '+84912349006');
    const url = await link.upload(citizen, Readable.from([photo.subarray(0, 3000), photo.subarray(3000)]), { uploadLengthDeferred: true });
    const stored = await citizen.get(new URL(url).pathname);
    assert.equal(stored.status, 200);
    assert.ok(stored.body.equals(photo));
  });

  test('a length is told once, and is never less than what is there', async () => {
    const citizen = await signInCitizen(server, '+84912349007');
    const at = (await announce(citizen, { 'upload-defer-length': '1' })).headers.location;
    assert.equal((await head(citizen, at))['upload-defer-length'], '1');
    assert.equal((await append(citizen, at, 0, photo.subarray(0, 100))).status, 204);
    assert.equal((await append(citizen, at, 100, Buffer.alloc(0), { 'upload-length': '99' })).status, 400);
    assert.equal((await append(citizen, at, 100, Buffer.alloc(0), { 'upload-length': String(30 << 20) })).status, 413);
    assert.equal((await append(citizen, at, 100, photo.subarray(100, 200), { 'upload-length': String(photo.length) })).status, 204);
    assert.equal((await append(citizen, at, 200, photo.subarray(200, 300), { 'upload-length': '5000' })).status, 400);
    const now = await head(citizen, at);
    assert.equal(now['upload-length'], String(photo.length));
    assert.equal(now['upload-defer-length'], undefined);
    assert.equal((await append(citizen, at, 200, photo.subarray(200))).status, 204);
    assert.ok((await citizen.get(at)).body.equals(photo));
  });

  test('it ends where the bytes end, and cannot grow past what an upload may have', async () => {
    const citizen = await signInCitizen(server, '+84912349008');
    const at = (await announce(citizen, { 'upload-defer-length': '1' })).headers.location;
    for (let sent = 0; sent < 20 << 20; sent += 1 << 20)
      assert.equal((await append(citizen, at, sent, Buffer.alloc(1 << 20))).status, 204);
    assert.equal((await append(citizen, at, 20 << 20, Buffer.alloc(1))).status, 413);
    for (const headers of [{ 'upload-defer-length': '1', 'upload-length': '10' }, {}])
      assert.equal((await announce(citizen, headers)).status, 400);
    assert.equal((await announce(citizen, { 'upload-defer-length': '2' })).status, 422);
  });
});

test('what is refused says what would be right', async () => {
  const citizen = await signInCitizen(server, '+84912349024');
  const at = (await announce(citizen, { 'upload-length': String(photo.length) })).headers.location;
  const refused = async (status, words, sending) => {
    const { status: got, text, headers } = await sending;
    assert.deepEqual([got, text, headers['tus-resumable']], [status, words, '1.0.0']);
    return headers;
  };
  await refused(422, 'Một số trường chưa đúng: Upload-Length: Phải từ 1 trở lên, hiện là 0.', announce(citizen, { 'upload-length': '0' }));
  const pairs = 'Upload-Metadata: các cặp khóa và giá trị base64, cách nhau bằng dấu phẩy, không khóa nào lặp lại';
  const named = (metadata) => announce(citizen, { 'upload-length': '10', 'upload-metadata': metadata });
  for (const metadata of ['filename a.jpg', 'filename YQ', 'filename  YQ==', 'filename YQ==,', ',filename YQ==', 'filename YQ==,filename Yg==', 'filename YQ== Yg==']) await refused(400, pairs, named(metadata));
  for (const metadata of ['filename YQ==,filetype aW1hZ2UvanBlZw==', 'filename YQ==, is_confidential']) assert.equal((await named(metadata)).status, 201, metadata);
  await refused(413, 'Mỗi lần gửi tối đa 1048576 byte', append(citizen, at, 0, Buffer.alloc(MB + 1)));
  await refused(413, `Upload-Length: ${photo.length}`, append(citizen, at, 0, Buffer.alloc(photo.length + 1)));
  assert.equal((await refused(409, 'Upload-Offset: 0', append(citizen, at, 7, photo.subarray(7))))['upload-offset'], '0');
  assert.equal((await append(citizen, at, 0, photo)).status, 204);
  // The answer was lost, and all of it comes again.
  assert.equal((await refused(409, `Upload-Offset: ${photo.length}`, append(citizen, at, 0, photo)))['upload-offset'], String(photo.length));
  assert.equal((await append(citizen, at, photo.length, Buffer.alloc(0))).status, 204);
  await refused(413, `Upload-Length: ${photo.length}`, append(citizen, at, photo.length, Buffer.alloc(1)));
});

describe('concatenation', () => {
  test('a client sends three parts beside each other over a link that breaks', async () => {
    const citizen = await signInCitizen(server, '+84912349009');
    const large = makeJpeg({ width: 1600, height: 1200, grain: 60 });
    link.cuts = 0;
    link.allowance = 100_000;
    const url = await link.upload(citizen, large, { parallelUploads: 3 });
    link.allowance = Infinity;
    assert.ok(link.cuts >= 3, `${link.cuts} cuts`);
    const id = url.split('/').pop();
    assert.ok((await citizen.get(`/v1/uploads/${id}`)).body.equals(large));
    await fileReport(citizen, { photos: [id] });
  });

  test('parts are joined in the order that is said, and are nothing by themselves', async () => {
    const citizen = await signInCitizen(server, '+84912349010');
    const cut = [0, 700, 9000, photo.length];
    const parts = [];
    for (const i of [2, 0, 1]) parts[i] = await part(citizen, photo.subarray(cut[i], cut[i + 1]));
    const alone = await head(citizen, parts[0]);
    assert.equal(alone['upload-concat'], 'partial');
    assert.equal((await citizen.get(parts[0])).status, 409);
    assert.equal((await citizen.get(`/v1/media/${parts[0].split('/').pop()}`)).status, 404);
    const list = `final;${parts[0]} https://tram.example${parts[1]} ${parts[2]}`;
    const whole = await announce(citizen, { 'upload-concat': list, 'upload-metadata': 'filename Y2F1LmpwZw==' });
    assert.equal(whole.status, 201);
    const at = whole.headers.location;
    assert.ok((await citizen.get(at)).body.equals(photo));
    const told = await head(citizen, at);
    assert.equal(told['upload-concat'], `final;${parts.join(' ')}`);
    assert.equal(told['upload-length'], String(photo.length));
    assert.equal(told['upload-metadata'], 'filename Y2F1LmpwZw==');
    assert.equal((await append(citizen, at, photo.length, Buffer.alloc(1))).status, 403);
    const again = await announce(citizen, { 'upload-concat': list });
    assert.equal(again.status, 201); /* the answer may have been lost */
    const wrong = await announce(citizen, { 'upload-concat': `final;${parts[1]} ${parts[0]}` });
    assert.equal(wrong.status, 422);
  });

  test('what is not whole, not a part, not mine or too much is joined to nothing', async () => {
    const citizen = await signInCitizen(server, '+84912349011');
    const other = await signInCitizen(server, '+84912349012');
    const mine = await part(citizen, photo.subarray(0, 100)), theirs = await part(other, photo.subarray(0, 100));
    const half = (await announce(citizen, { 'upload-length': '100', 'upload-concat': 'partial' })).headers.location;
    const whole = `/v1/uploads/${await sendPhoto(citizen, photo)}`;
    const nobodys = `/v1/uploads/${crypto.randomUUID()}`;
    for (const [concat, status] of [
      [`final;${mine} ${half}`, 409],
      [`final;${mine} ${whole}`, 409],
      [`final;${mine} ${theirs}`, 404],
      [`final;${nobodys}`, 404],
      [`final;${Array(17).fill(mine).join(' ')}`, 400],
      ['final;', 400],
      ['final; ', 400],
      ['final;/v1/reports/x', 400],
      ['finale', 400],
    ])
      assert.equal((await announce(citizen, { 'upload-concat': concat })).status, status, concat);
    assert.equal((await announce(citizen, { 'upload-concat': `final;${mine}`, 'upload-length': '100' })).status, 400);
    const big = [];
    for (let i = 0; i < 2; i++) {
      const at = (await announce(citizen, { 'upload-length': String(11 << 20), 'upload-concat': 'partial' })).headers.location;
      for (let sent = 0; sent < 11 << 20; sent += 1 << 20) await append(citizen, at, sent, Buffer.alloc(1 << 20));
      big.push(at);
    }
    assert.equal((await announce(citizen, { 'upload-concat': `final;${big.join(' ')}` })).status, 413);
  });
});

describe('the file itself', () => {
  test('is there for who sent it, in ranges, once it was found sound', async () => {
    const citizen = await signInCitizen(server, '+84912349013');
    const other = await signInCitizen(server, '+84912349014');
    const at = (await announce(citizen, { 'upload-length': String(photo.length) })).headers.location;
    assert.equal((await citizen.get(at)).status, 409);
    await append(citizen, at, 0, photo);
    const whole = await citizen.get(at);
    assert.ok(whole.body.equals(photo));
    assert.equal(whole.headers['content-type'], 'image/jpeg');
    assert.match(whole.headers['content-disposition'], /^attachment; filename="[0-9a-f-]+\.jpg"$/);
    const some = await citizen.get(at, { headers: { range: 'bytes=100-199' } });
    assert.equal(some.status, 206);
    assert.ok(some.body.equals(photo.subarray(100, 200)));
    assert.equal((await other.get(at)).status, 404);
    const noise = (await announce(citizen, { 'upload-length': '500' })).headers.location;
    assert.equal((await append(citizen, noise, 0, Buffer.alloc(500, 7))).status, 422);
    assert.equal((await citizen.get(noise)).status, 422);
  });

  test('a WebP picture is taken too, and shown as JPEG', async () => {
    const citizen = await signInCitizen(server, '+84912349016');
    const webp = Buffer.from('UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==', 'base64');
    const id = await sendPhoto(citizen, webp);
    const media = (await citizen.get(`/v1/media/${id}`)).json;
    assert.equal(media.type, 'image/webp');
    assert.equal((await citizen.get(media.small)).headers['content-type'], 'image/jpeg');
    const back = await citizen.get(`/v1/uploads/${id}`);
    assert.ok(back.body.equals(webp));
    assert.match(back.headers['content-disposition'], /\.webp"$/);
    const name = Buffer.from('mái nhà.webp').toString('base64');
    const named = await announce(citizen, { 'upload-length': String(webp.length), 'upload-metadata': `filename ${name}` });
    await append(citizen, named.headers.location, 0, webp);
    const again = await citizen.get(named.headers.location);
    assert.match(again.headers['content-disposition'], /UTF-8''m%C3%A1i%20nh%C3%A0\.webp$/);
  });

  test('an upload that was left is gone after its day, and parts an hour after they were joined', async () => {
    const citizen = await signInCitizen(server, '+84912349015');
    const left = (await announce(citizen, { 'upload-length': '1000' })).headers.location;
    const only = await part(citizen, photo);
    const joined = await announce(citizen, { 'upload-concat': `final;${only}` });
    assert.equal(joined.status, 201);
    await advanceClock(server, 3700);
    const again = await signInCitizen(server, '+84912349015');
    assert.equal((await again.head(only, { headers: TUS })).status, 404);
    assert.equal((await again.head(left, { headers: TUS })).status, 200);
    await advanceClock(server, 24 * 3600);
    const later = await signInCitizen(server, '+84912349015');
    assert.equal((await later.head(left, { headers: TUS })).status, 404);
  });
});

describe('what one sender may send in a day', () => {
  const small = new Server({ env: { TRAM_MEDIA_DAY_MB: '20', TRAM_HTTP_RATES: '100000' } });
  before(() => small.start());
  after(() => small.stop());

  test('counts the bytes of an upload that never says how long it is', async () => {
    const citizen = await signInCitizen(small, '+84912349021');
    await announce(citizen, { 'upload-length': String(18 * MB) });
    const at = (await announce(citizen, { 'upload-defer-length': '1' })).headers.location;
    assert.equal((await append(citizen, at, 0, Buffer.alloc(MB))).status, 204);
    const told = await append(citizen, at, MB, Buffer.alloc(0), { 'upload-length': String(2 * MB) });
    assert.equal(told.status, 204, 'what came counts once');
    const more = await announce(citizen, { 'upload-defer-length': '1' });
    const over = await append(citizen, more.headers.location, 0, Buffer.alloc(1));
    assert.equal(over.status, 429);
    assert.ok(Number(over.headers['retry-after']) > 0);
    assert.equal((await head(citizen, more.headers.location))['upload-offset'], '0');
    const whole = await citizen.post('/v1/uploads', { body: Buffer.alloc(1), headers: { ...BYTES, 'upload-defer-length': '1' } });
    assert.equal(whole.status, 429);
  });

  test('does not count what is sent again because its answer was lost, or what came spoiled', async () => {
    const citizen = await signInCitizen(small, '+84912349023');
    const at = (await announce(citizen, { 'upload-defer-length': '1' })).headers.location;
    assert.equal((await append(citizen, at, 0, Buffer.alloc(MB))).status, 204);
    for (let n = 0; n < 20; n++) assert.equal((await append(citizen, at, 0, Buffer.alloc(MB))).status, 409);
    assert.equal((await append(citizen, at, MB, Buffer.alloc(MB), { 'upload-checksum': sum('sha1', Buffer.alloc(1)) })).status, 460);
    assert.equal((await append(citizen, at, MB, Buffer.alloc(MB))).status, 204);
  });

  test('counts what is joined, however often a part is named', async () => {
    const citizen = await signInCitizen(small, '+84912349022');
    const one = await part(citizen, Buffer.alloc(MB));
    const list = (n) => ({ 'upload-concat': `final;${Array(n).fill(one).join(' ')}` });
    assert.equal((await announce(citizen, list(16))).status, 422, 'no picture');
    assert.equal((await announce(citizen, list(4))).status, 429);
    assert.equal((await announce(citizen, list(3))).status, 422);
  });
});

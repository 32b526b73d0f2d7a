/* Bad input gets a clear problem with the field's JSON Pointer, and nothing is lost by it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fresh, sendPhoto, signInCitizen, signInStaff, step } from './lib/people.mjs';
import { useServer } from './lib/server.mjs';

const server = useServer();
const good = { category: 'dien_chieu_sang', text: 'Đèn hỏng ở đầu hẻm', commune: '32025', answers: { danger: false }, consent: true };

describe('what is asked of the catalogue', () => {
  test('categories, agencies, communes, places and the days off are public', async () => {
    const anybody = server.client();
    assert.ok((await anybody.get('/v1/categories')).json.items.length >= 10);
    assert.ok((await anybody.get('/v1/agencies')).json.items.length > 64);
    assert.equal((await anybody.get('/v1/communes')).json.items.length, 64);
    const { from, until, off } = (await anybody.get('/v1/calendar')).json;
    assert.ok(from < until && off.every((day, i) => day >= (off[i - 1] ?? from) && day <= until), `${from} ${off} ${until}`);
    const named = (day) => new Date(`${day}T12:00:00+07:00`).getUTCDay();
    assert.ok(off.filter((day) => named(day) === 0).length >= 56, 'no office works on Sundays');
    assert.ok(off.some((day) => day.endsWith('-05-01')), 'nor on Labour Day');
    const place = await anybody.get('/v1/places?lat=9.1769&lon=105.15');
    assert.equal(place.json.nearest.length, 3);
    assert.equal((await anybody.get('/v1/places?lat=10.03&lon=105.78')).json.found, 'outside');
    assert.equal((await anybody.get('/v1/places?lat=9.1')).status, 422);
    assert.equal((await anybody.get('/v1/places?lat=x&lon=1')).status, 422);
    assert.equal((await anybody.get('/v1/categories?unknown=1')).status, 422);
    for (const limit of ['0', '201', '-1', 'x', ''])
      assert.equal((await anybody.get(`/v1/public/reports?limit=${limit}`)).json.errors[0].pointer, '/limit', limit);
    for (const limit of [1, 200]) assert.equal((await anybody.get(`/v1/public/reports?limit=${limit}`)).status, 200);
  });
});

describe('bad reports', () => {
  test('each fault is named by its pointer, in both languages', async () => {
    const citizen = await signInCitizen(server, '+84912345201');
    const file = (json, headers = {}) => citizen.post('/v1/reports', { json, headers: { ...fresh(), ...headers } });
    const cases = [
      [{ ...good, extra: 1 }, '/extra'],
      [{ ...good, text: undefined }, '/text'],
      [{ ...good, point: { lat: 9.2 } }, '/point/lon'],
      [{ ...good, text: 7 }, '/text'],
      [{ ...good, text: 'abc' }, '/text'],
      [{ ...good, text: '     ' }, '/text'],
      [{ ...good, text: '\u200b'.repeat(9) }, '/text'],
      [{ ...good, text: '    a    ' }, '/text'],
      [{ ...good, address: ' \n ' }, '/address'],
      [{ ...good, category: 'khong_co' }, '/category'],
      [{ ...good, commune: '00000' }, '/commune'],
      [{ ...good, point: { lat: 10.03, lon: 105.78 } }, '/point'],
      [{ ...good, point: { lat: 91, lon: 105 } }, '/point/lat'],
      [{ ...good, photos: ['00000000-0000-4000-8000-000000000000'] }, '/photos/0'],
    ];
    for (const [json, pointer] of cases) {
      const reply = await file(json);
      assert.equal(reply.status, 422, `${pointer}: ${reply.text}`);
      assert.ok(reply.json.errors.some((one) => one.pointer.startsWith(pointer)), `${pointer} in ${reply.text}`);
    }
    const vi = await file({ ...good, text: 7 });
    const en = await file({ ...good, text: 7 }, { 'accept-language': 'en' });
    assert.notEqual(vi.json.errors[0].detail, en.json.errors[0].detail);
  });

  test('as many characters as are promised are taken, however wide', async () => {
    const citizen = await signInCitizen(server, '+84912345211');
    const officer = await signInStaff(server, 'officer.demo');
    const file = (text) => citizen.post('/v1/reports', { json: { ...good, text }, headers: fresh() });
    assert.equal((await file('ế'.repeat(2001))).status, 422);
    for (const wide of ['ế', '🚧']) {
      const filed = await file(wide.repeat(2000));
      assert.equal(filed.status, 201, filed.text);
      assert.equal(filed.json.text, wide.repeat(2000));
      assert.equal((await step(officer, filed.json.id, 'receive', { note: wide.repeat(1500) })).status, 200);
    }
    const trimmed = await file('  Đèn hỏng ở đầu hẻm\n\u200b');
    assert.equal(trimmed.json.text, 'Đèn hỏng ở đầu hẻm');
  });

  test('a name is one line that can be read', async () => {
    const citizen = await signInCitizen(server, '+84912345212');
    for (const name of ['\n', '   ', '\u200b', 'Hoa\nHồng']) {
      const reply = await citizen.patch('/v1/me', { json: { name } });
      assert.equal(reply.status, 422, JSON.stringify(name));
      assert.equal(reply.json.errors[0].pointer, '/name');
    }
    assert.equal((await citizen.patch('/v1/me', { json: { name: ' Lê Thị Hoa ' } })).json.name, 'Lê Thị Hoa');
    assert.equal((await citizen.patch('/v1/me', { json: { name: '🚧'.repeat(60) } })).status, 200);
    assert.equal((await citizen.patch('/v1/me', { json: { name: '' } })).status, 200);
  });

  test('a complaint is told where to go', async () => {
    const citizen = await signInCitizen(server, '+84912345202');
    const { items } = (await citizen.get('/v1/categories')).json;
    for (const category of items.filter((one) => one.redirect)) {
      const reply = await citizen.post('/v1/reports', { json: { ...good, category: category.code }, headers: fresh() });
      assert.equal(reply.status, 422);
      assert.equal(reply.json.errors[0].detail, category.redirect);
    }
  });

  test('what is not JSON, not text, or too much is refused, and the connection lives', async () => {
    const citizen = await signInCitizen(server, '+84912345203');
    const send = (body, type = 'application/json') =>
      citizen.post('/v1/reports', { body, headers: { ...fresh(), 'content-type': type } });
    assert.equal((await send('{')).status, 400);
    assert.equal((await send('{"a":1,"a":2}')).json.detail, 'Byte thứ 10: tên trường bị lặp');
    assert.equal((await send('{"a":1,"a":2}')).status, 400);
    assert.equal((await send('{"text":"\\u0000"}')).status, 400);
    assert.equal((await send('{"text":"\\ud800"}')).status, 400);
    assert.equal((await send(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).status, 400);
    assert.equal((await send('['.repeat(5000))).status, 400);
    assert.equal((await send('x=1', 'application/x-www-form-urlencoded')).status, 415);
    assert.equal((await send(JSON.stringify({ text: 'x'.repeat(70000) }))).status, 413);
    assert.equal((await citizen.post('/v1/reports', { json: good })).status, 400, 'no Idempotency-Key');
    assert.equal((await citizen.get('/v1/me')).status, 200);
  });

  test('cursors belong to their list and filter', async () => {
    const citizen = await signInCitizen(server, '+84912345204');
    for (let i = 0; i < 3; i++) await citizen.post('/v1/reports', { json: good, headers: fresh() });
    const first = await citizen.get('/v1/reports?limit=2');
    assert.equal(first.json.items.length, 2);
    assert.match(first.headers.link, /rel="next"/);
    const second = await citizen.get(`/v1/reports?limit=2&cursor=${first.json.next}`);
    assert.equal(second.json.items.length, 1);
    assert.ok(!first.json.items.some((one) => one.id === second.json.items[0].id));
    const other = await signInCitizen(server, '+84912345205');
    assert.equal((await other.get(`/v1/reports?cursor=${first.json.next}`)).status, 422);
    assert.equal((await citizen.get('/v1/reports?cursor=AAAA')).status, 422);
  });
});

describe('bad uploads', () => {
  const tus = { 'tus-resumable': '1.0.0' };
  const chunk = { ...tus, 'content-type': 'application/offset+octet-stream' };

  test('the protocol is kept', async () => {
    const citizen = await signInCitizen(server, '+84912345206');
    const options = await citizen.request('OPTIONS', '/v1/uploads');
    assert.match(options.headers['tus-extension'], /creation-with-upload/);
    assert.equal((await citizen.post('/v1/uploads', { headers: { 'upload-length': '10' } })).status, 412);
    assert.equal((await citizen.post('/v1/uploads', { headers: { ...tus, 'upload-length': '99999999' } })).status, 413);
    const made = await citizen.post('/v1/uploads', { headers: { ...chunk, 'upload-length': '10' }, body: Buffer.from('12345') });
    assert.equal(made.headers['upload-offset'], '5');
    const at = made.headers.location;
    assert.equal((await citizen.head(at, { headers: tus })).headers['upload-offset'], '5');
    assert.equal((await citizen.patch(at, { headers: { ...chunk, 'upload-offset': '3' }, body: Buffer.from('x') })).status, 409);
    const refused = await citizen.patch(at, { headers: { ...chunk, 'upload-offset': '5' }, body: Buffer.from('67890') });
    assert.equal(refused.status, 422, 'it is no picture');
    const other = await signInCitizen(server, '+84912345207');
    assert.equal((await other.head(at, { headers: tus })).status, 404);
  });

  test('a bomb, a cut picture and a script are refused in words', async () => {
    const citizen = await signInCitizen(server, '+84912345208');
    const png = Buffer.from(
      '89504e470d0a1a0a0000000d4948445200007530000075300802000000a0a0a0a00000000049454e44ae426082', 'hex');
    for (const bytes of [png, Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), Buffer.from([0xff, 0xd8, 0xff])])
      await assert.rejects(sendPhoto(citizen, bytes), /422/);
  });
});

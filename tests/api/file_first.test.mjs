/* File first, verify after: a report written before the code arrives is held back until it is checked. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { makeJpeg } from './lib/make-jpeg.mjs';
import { advanceClock, fileReport, fresh, sendPhoto, signInCitizen, signInStaff } from './lib/people.mjs';
import { useServer } from './lib/server.mjs';

const server = useServer();
const HOUR = 3600;
const REPORT = { category: 'dien_chieu_sang', text: 'Cột điện nghiêng sau bão', commune: '32025', answers: { danger: true }, consent: true };

async function begin(phone, more = {}) {
  const client = server.client();
  const asked = await client.post('/v1/auth/otp', { json: { phone, file_first: true, ...more } });
  assert.equal(asked.status, 201, asked.text);
  client.challenge = asked.json.challenge;
  client.token = asked.json.tokens.access_token;
  client.refresh = asked.json.tokens.refresh_token;
  client.phone = phone;
  return client;
}

async function prove(client, challenge = client.challenge) {
  const code = await server.smsCode(client.phone);
  const tokens = await client.post(`/v1/auth/otp/${challenge}/check`, { json: { code }, token: null });
  assert.equal(tokens.status, 200, tokens.text);
  client.token = tokens.json.access_token;
  return client;
}

const hold = (client, more = {}, headers = fresh()) => client.post('/v1/reports', { json: { ...REPORT, ...more }, headers });
const desk = async (id) => {
  const officer = await signInStaff(server, 'officer.demo');
  return (await officer.get('/v1/desk/inbox?limit=200')).json.items.some((one) => one.id === id);
};

describe('file first', () => {
  test('held back, seen by its writer alone, and filed when the code is checked', async () => {
    const client = await begin('+84912348001');
    const photo = await sendPhoto(client, makeJpeg({ width: 320, height: 240 }));
    const headers = fresh();
    const held = await hold(client, { photos: [photo] }, headers);
    assert.equal(held.status, 201, held.text);
    assert.equal(held.json.state, 'held');
    assert.equal(held.json.number, undefined);
    assert.equal((await hold(client, { photos: [photo] }, headers)).json.id, held.json.id, 'repeated');
    const other = await hold(client, { text: 'Một chuyện khác' }, headers);
    assert.equal(other.status, 422, 'the key with another body');
    const { id } = held.json;
    assert.equal((await client.get(`/v1/reports/${id}`)).json.text, REPORT.text);
    const stranger = await signInCitizen(server, '+84912348099');
    assert.equal((await stranger.get(`/v1/reports/${id}`)).status, 404);
    const officer = await signInStaff(server, 'officer.demo');
    assert.equal((await officer.get(`/v1/reports/${id}`)).status, 404);
    assert.ok(!(await desk(id)));

    const old = client.token;
    await prove(client);
    const filed = await client.get(`/v1/reports/${id}`);
    assert.equal(filed.status, 200, filed.text);
    assert.equal(filed.json.state, 'dispatched');
    assert.match(filed.json.number, /^PA-/);
    assert.equal(filed.json.photos.length, 1);
    assert.equal((await client.get(`/v1/media/${photo}`)).status, 200);
    assert.ok(await desk(id));
    assert.equal((await client.get('/v1/reports', { token: old })).status, 401, 'the unproven session has ended');
    assert.deepEqual((await client.get('/v1/reports')).json.items.map((one) => one.id), [id]);
    const again = await hold(client, { photos: [photo] }, headers);
    assert.deepEqual([again.status, again.json.id], [201, id], 'whoever lost the answer asks once more');
    assert.equal((await hold(client, { photos: [photo], text: 'Một chuyện khác' }, headers)).status, 422, 'the key with another body');
  });

  test('who was here before finds it among their own', async () => {
    const phone = '+84912348002';
    const known = await signInCitizen(server, phone, { name: 'Phạm Văn Dũng' });
    const before = await fileReport(known);
    const client = await begin(phone);
    const headers = fresh();
    const held = await hold(client, {}, headers);
    await prove(client);
    assert.equal((await client.get('/v1/me')).json.id, (await known.get('/v1/me')).json.id);
    const again = await hold(client, {}, headers);
    assert.deepEqual([again.status, again.json.id], [201, held.json.id], 'under its key it is the same report, whoever they were');
    assert.equal((await hold(client, { text: 'Một chuyện khác' }, headers)).status, 422, 'the key with another body');
    const mine = (await known.get('/v1/reports')).json.items.map((one) => one.id);
    assert.deepEqual(mine.sort(), [before.id, held.json.id].sort());
  });

  test('a code that ran out is asked for again, and what was written waits', async () => {
    const client = await begin('+84912348003');
    const held = await hold(client);
    await server.smsCode(client.phone);
    const again = await client.post('/v1/auth/otp', { json: { phone: client.phone } });
    assert.equal(again.json.tokens, undefined);
    await prove(client, again.json.challenge);
    assert.equal((await client.get(`/v1/reports/${held.json.id}`)).json.state, 'dispatched');
  });

  test('whoever else proves the number does not stand for what was written', async () => {
    const phone = '+84912348004';
    const writer = await begin(phone);
    const held = await hold(writer, { text: 'Không phải của chủ số điện thoại' });
    await server.smsCode(phone);
    const owner = await signInCitizen(server, phone);
    assert.deepEqual((await owner.get('/v1/reports')).json.items, []);
    assert.equal((await owner.get(`/v1/reports/${held.json.id}`)).status, 404);
    assert.ok(!(await desk(held.json.id)));
  });

  test('numbers of other countries are served', async () => {
    for (const phone of ['+821012345678', '+14155552671', '+61412345678']) {
      const client = await begin(phone);
      const held = await hold(client);
      await prove(client);
      assert.equal((await client.get(`/v1/reports/${held.json.id}`)).json.state, 'dispatched');
      assert.equal((await client.get('/v1/me')).json.phone, phone);
    }
  });

  test('an unproven session can write, and nothing else; it says what it takes', async () => {
    const client = await begin('+84912348005');
    for (const url of ['/v1/me', '/v1/reports', '/v1/notices', '/v1/me/sessions']) {
      const reply = await client.get(url);
      assert.equal(reply.status, 403, url);
      assert.equal(reply.json.type, '/problems/level-too-low');
      assert.equal(reply.json.level_needed, 0);
      assert.equal(reply.json.step_up, '/v1/auth/otp');
    }
    assert.equal((await client.get('/v1/categories')).status, 200, 'what anybody may');
    assert.equal((await hold(client, { category: 'nothing' })).status, 422, 'checked like any other');
    const [one, two] = [await hold(client), await hold(client)];
    assert.deepEqual([one.status, two.status, (await hold(client)).status], [201, 201, 201]);
    assert.equal((await hold(client)).status, 429, 'three wait at most');
    const refreshed = await client.post('/v1/auth/refresh', { json: { refresh_token: client.refresh }, token: null });
    assert.equal(refreshed.status, 200);
    assert.equal((await client.post('/v1/auth/sign-out')).status, 204);
  });

  test('a wrong code releases nothing', async () => {
    const client = await begin('+84912348006');
    const held = await hold(client);
    const right = await server.smsCode(client.phone);
    const wrong = await client.post(`/v1/auth/otp/${client.challenge}/check`, { json: { code: right === '000000' ? '111111' : '000000' } });
    assert.equal(wrong.status, 401);
    assert.equal((await client.get(`/v1/reports/${held.json.id}`)).json.state, 'held');
    assert.ok(!(await desk(held.json.id)));
  });

  test('after a day it is gone', async () => {
    const client = await begin('+84912348007');
    const held = await hold(client);
    await server.smsCode(client.phone);
    await advanceClock(server, 24 * HOUR + 60);
    assert.equal((await client.get(`/v1/reports/${held.json.id}`)).status, 401);
    const later = await begin(client.phone);
    await prove(later);
    assert.equal((await later.get(`/v1/reports/${held.json.id}`)).status, 404);
    assert.deepEqual((await later.get('/v1/reports')).json.items, []);
  });
});

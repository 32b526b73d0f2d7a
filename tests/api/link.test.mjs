/*
 * One person, many ways in: a phone account shows an e-ID, an e-ID account gets a phone, a number
 * changes hands, a phone is lost. Nothing gets lost, and nobody becomes somebody else.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { makeJpeg } from './lib/make-jpeg.mjs';
import { advanceClock, fileReport, fresh, sendPhoto, signInCitizen, signInStaff, step } from './lib/people.mjs';
import { Provider, eidClient, eidSignIn } from './lib/provider.mjs';
import { Server } from './lib/server.mjs';

const LINK = 'https://app.tram.example/eid';
const DAY = 24 * 3600;

let provider, server;
let serial = 0;

before(async () => {
  provider = await Provider.start({ redirects: [LINK] });
  server = new Server({ env: provider.config() });
  await server.start();
});
after(async () => {
  await server.stop();
  await provider.stop();
});

/* Somebody with a card, whom nobody met before. */
function somebody(name = 'Trần Văn Bình') {
  const login = `person-${++serial}`;
  provider.people.set(login, { card_no: `096085${String(serial).padStart(6, '0')}`, name, birthdate: '1985-01-02', assurance: 'two' });
  return login;
}
const number = () => `+8491230${String(++serial).padStart(4, '0')}`;

/* Signs in by phone, on a device that keeps an id. */
async function byPhone(phone, device) {
  const client = server.client();
  const asked = await client.post('/v1/auth/otp', { json: { phone, ...(device && { device }) } });
  assert.equal(asked.status, 201, asked.text);
  const code = await server.smsCode(phone);
  const tokens = await client.post(`/v1/auth/otp/${asked.json.challenge}/check`, { json: { code } });
  assert.equal(tokens.status, 200, tokens.text);
  client.token = tokens.json.access_token;
  client.refresh = tokens.json.refresh_token;
  client.asks = tokens.json.step_up;
  return client;
}

async function addPhone(client, phone, device) {
  const asked = await client.post('/v1/auth/otp', { json: { phone, ...(device && { device }) } });
  const code = await server.smsCode(phone);
  return client.post('/v1/me/phone', { json: { challenge: asked.json.challenge, code } });
}

const idOf = async (client) => (await client.get('/v1/me')).json.id;
const reportsOf = async (client) => (await client.get('/v1/reports')).json.items.map((one) => one.id);
const levelOf = (client) => JSON.parse(Buffer.from(client.token.split('.')[1], 'base64url')).level;

async function until(ask, wanted) {
  for (let i = 0; i < 400; i++) {
    const value = await ask();
    if (wanted(value)) return value;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error('it never came');
}

describe('levels', () => {
  test('too low a level says which is needed and how to rise; then the same request works', async () => {
    const login = somebody();
    const citizen = await byPhone(number());
    const low = await citizen.get('/v1/me/identity');
    assert.equal(low.status, 403);
    assert.equal(low.json.type, '/problems/level-too-low');
    assert.equal(low.json.level_needed, 1);
    assert.equal(low.json.step_up, '/v1/auth/eid');
    await eidClient(server, provider, login, { client: citizen });
    assert.equal((await citizen.get('/v1/me/identity')).status, 200);
  });

  test('a phone shows no more than a phone, whatever its person once showed', async () => {
    const login = somebody();
    const phone = number();
    const citizen = await byPhone(phone, 'device-of-levels');
    await eidClient(server, provider, login, { client: citizen, deviceId: 'device-of-levels' });
    assert.equal(levelOf(citizen), 2);
    const again = await byPhone(phone, 'device-of-levels');
    assert.equal(await idOf(again), await idOf(citizen));
    assert.equal(levelOf(again), 0);
    assert.equal((await again.get('/v1/me/identity')).status, 403);
  });
});

describe('linking', () => {
  test('a phone account that shows an e-ID stays who it is', async () => {
    const login = somebody();
    const citizen = await byPhone(number());
    const before = await idOf(citizen);
    const report = await fileReport(citizen);
    const old = citizen.token;
    await eidClient(server, provider, login, { client: citizen });
    assert.equal(await idOf(citizen), before);
    assert.deepEqual(await reportsOf(citizen), [report.id]);
    assert.equal((await citizen.get('/v1/me', { token: old })).status, 401, 'the session gave way');
    const elsewhere = await eidClient(server, provider, login);
    assert.equal(await idOf(elsewhere), before);
  });

  test('e-ID first, a phone account beside it: they become one, and everything follows', async () => {
    const login = somebody('Nguyễn Thị Cúc');
    const verified = await eidClient(server, provider, login);
    const first = await fileReport(verified);
    const phone = number();
    const citizen = await byPhone(phone);
    const officer = await signInStaff(server, 'officer.demo');
    const second = await fileReport(citizen, { photos: [await sendPhoto(citizen, makeJpeg({ width: 320, height: 240 }))] });
    const loose = await sendPhoto(citizen, makeJpeg({ width: 320, height: 240 }));
    await until(() => citizen.get('/v1/notices'), (reply) => reply.json.items.length > 0);
    const elsewhere = await byPhone(phone);
    assert.notEqual(await idOf(citizen), await idOf(verified));
    const tus = { 'tus-resumable': '1.0.0' };
    const picture = makeJpeg({ width: 320, height: 240 });
    const half = picture.length >> 1;
    const arriving = (await citizen.post('/v1/uploads', { headers: { ...tus, 'upload-length': String(picture.length) } })).headers.location;
    const send = (at, to) => citizen.patch(arriving, {
      body: picture.subarray(at, to),
      headers: { ...tus, 'upload-offset': String(at), 'content-type': 'application/offset+octet-stream' },
    });
    assert.equal((await send(0, half)).status, 204);

    await eidClient(server, provider, login, { client: citizen });
    assert.equal(await idOf(citizen), await idOf(verified));
    assert.deepEqual((await reportsOf(citizen)).sort(), [first.id, second.id].sort());
    const notices = (await citizen.get('/v1/notices')).json.items;
    for (const id of [first.id, second.id]) assert.ok(notices.some((one) => one.about === id), 'notices of both');
    const me = (await citizen.get('/v1/me')).json;
    assert.equal(me.phone, phone);
    assert.equal(me.name, 'Nguyễn Thị Cúc');

    // the other phone goes on by its refresh token, as the same person
    assert.equal((await elsewhere.get('/v1/me')).status, 401);
    const refreshed = await elsewhere.post('/v1/auth/refresh', { json: { refresh_token: elsewhere.refresh }, token: null });
    assert.equal(refreshed.status, 200, refreshed.text);
    elsewhere.token = refreshed.json.access_token;
    assert.equal(await idOf(elsewhere), me.id);

    // photos, attached or not, are theirs: another can be filed with the loose one
    assert.equal((await citizen.get(`/v1/media/${second.photos[0].id}`)).status, 200);
    assert.equal((await send(half, picture.length)).status, 204, 'what was half way arrives');
    const third = await fileReport(citizen, { photos: [loose, arriving.split('/').pop()] });
    assert.equal(third.photos.length, 2);

    // and what the officer does next is told to them
    await step(officer, second.id, 'receive');
    await until(
      () => verified.get('/v1/notices'),
      (reply) => reply.json.items.some((one) => one.about === second.id && one.what === 'receive'),
    );
    const supplied = await citizen.get(`/v1/reports/${second.id}`);
    assert.ok(supplied.json.steps.some((one) => one.verb === 'withdraw'), 'the owner may withdraw');
  });

  test('an account with a card is never joined with another card', async () => {
    const [one, two] = [somebody(), somebody()];
    await eidClient(server, provider, two);
    const citizen = await eidClient(server, provider, one);
    for (const login of [two, somebody()]) {
      const reply = await eidSignIn(citizen, provider, login);
      assert.equal(reply.status, 409, reply.text);
      assert.match(reply.json.type, /eid-other-person/);
    }
    assert.equal((await citizen.get('/v1/me')).status, 200, 'and stays signed in');
  });

  test('twice at once is once', async () => {
    const login = somebody();
    const citizens = [await byPhone(number()), await byPhone(number())];
    const reports = [await fileReport(citizens[0]), await fileReport(citizens[1])];
    await Promise.all(citizens.map((client) => eidClient(server, provider, login, { client })));
    const again = await eidClient(server, provider, login);
    await until(() => reportsOf(again), (ids) => ids.length === 2);
    assert.deepEqual((await reportsOf(again)).sort(), reports.map((one) => one.id).sort());
  });
});

describe('e-ID first, phone later', () => {
  test('a number that is nobody\'s becomes another way in', async () => {
    const login = somebody();
    const verified = await eidClient(server, provider, login, { deviceId: 'phone-later' });
    const phone = number();
    const added = await addPhone(verified, phone, 'phone-later');
    assert.equal(added.status, 200, added.text);
    assert.equal(added.json.phone, phone);
    const again = await byPhone(phone, 'phone-later');
    assert.equal(await idOf(again), await idOf(verified));
  });

  test('a number with a phone account brings it along', async () => {
    const login = somebody();
    const phone = number();
    const report = await fileReport(await byPhone(phone));
    const verified = await eidClient(server, provider, login);
    assert.equal((await addPhone(verified, phone)).status, 200);
    assert.deepEqual(await reportsOf(verified), [report.id]);
  });

  test('a number of somebody else with a card moves; the people stay two, and they are told', async () => {
    const [one, two] = [somebody(), somebody()];
    const phone = number();
    const first = await eidClient(server, provider, one, { deviceId: 'shared-1' });
    await addPhone(first, phone, 'shared-1');
    const report = await fileReport(first);
    const second = await eidClient(server, provider, two, { deviceId: 'shared-2' });
    assert.equal((await addPhone(second, phone, 'shared-2')).status, 200);
    assert.deepEqual(await reportsOf(second), []);
    assert.deepEqual(await reportsOf(first), [report.id]);
    assert.ok((await first.get('/v1/notices')).json.items.some((notice) => notice.what === 'phone_lost'));
    assert.equal(await idOf(await byPhone(phone, 'shared-2')), await idOf(second));
  });

  test('a wrong code adds nothing', async () => {
    const verified = await eidClient(server, provider, somebody());
    const asked = await verified.post('/v1/auth/otp', { json: { phone: number() } });
    const reply = await verified.post('/v1/me/phone', { json: { challenge: asked.json.challenge, code: '000000' } });
    assert.equal(reply.status, 401);
    assert.equal((await verified.get('/v1/me')).json.phone, undefined);
  });
});

describe('a number that changed hands', () => {
  async function verifiedWithPhone(device) {
    const login = somebody();
    const phone = number();
    const client = await byPhone(phone, device);
    await eidClient(server, provider, login, { client, deviceId: device });
    const report = await fileReport(client);
    return { login, phone, client, report };
  }

  test('another device sees nothing of the account, is asked for the e-ID, and may file meanwhile', async () => {
    const { login, phone, client, report } = await verifiedWithPhone('old-device');
    const newcomer = await byPhone(phone, 'new-device');
    assert.equal(newcomer.asks, '/v1/auth/eid');
    assert.notEqual(await idOf(newcomer), await idOf(client));
    assert.deepEqual(await reportsOf(newcomer), []);
    assert.equal((await newcomer.get(`/v1/reports/${report.id}`)).status, 404);
    const filed = await fileReport(newcomer);

    // the known device still opens the account; the new one comes back to the same fresh person
    assert.equal(await idOf(await byPhone(phone, 'old-device')), await idOf(client));
    assert.equal(await idOf(await byPhone(phone, 'new-device')), await idOf(newcomer));

    // shown the card, all of it is there
    await eidClient(server, provider, login, { client: newcomer, deviceId: 'new-device' });
    assert.equal(await idOf(newcomer), await idOf(client));
    assert.deepEqual((await reportsOf(newcomer)).sort(), [report.id, filed.id].sort());
    const again = await byPhone(phone, 'new-device');
    assert.equal(again.asks, undefined);
    assert.equal(await idOf(again), await idOf(client));
  });

  test('no device at all is another device', async () => {
    const { phone, client } = await verifiedWithPhone('known-device');
    const newcomer = await byPhone(phone);
    assert.notEqual(await idOf(newcomer), await idOf(client));
    assert.equal(newcomer.asks, '/v1/auth/eid');
  });

  test('shown another card, the number is theirs; the old account opens by its e-ID alone', async () => {
    const { login, phone, client, report } = await verifiedWithPhone('first-owner');
    const newcomer = await byPhone(phone, 'second-owner');
    await eidClient(server, provider, somebody(), { client: newcomer, deviceId: 'second-owner' });
    assert.deepEqual(await reportsOf(newcomer), []);
    assert.equal(await idOf(await byPhone(phone, 'second-owner')), await idOf(newcomer));
    assert.notEqual(await idOf(await byPhone(phone, 'first-owner')), await idOf(client), 'not even on the old device');
    assert.ok((await client.get('/v1/notices')).json.items.some((one) => one.what === 'phone_lost'));
    assert.deepEqual(await reportsOf(await eidClient(server, provider, login)), [report.id]);
  });
});

describe('a lost phone', () => {
  test('at a desk, with the card: every session ends, the device is forgotten, and the person can read who did it', async () => {
    const login = somebody();
    const phone = number();
    const lost = await byPhone(phone, 'lost-device');
    await eidClient(server, provider, login, { client: lost, deviceId: 'lost-device' });
    const card = provider.people.get(login).card_no;
    const officer = await signInStaff(server, 'officer.demo');
    const unknown = await officer.post('/v1/desk/people/sign-out', { json: { card: '096085999999', note: 'Mất điện thoại' } });
    assert.equal(unknown.status, 404);
    assert.equal((await officer.post('/v1/desk/people/sign-out', { json: { card: '999', note: 'Mất điện thoại' } })).status, 422);
    assert.equal((await officer.post('/v1/desk/people/sign-out', { json: { card: '000085999999', note: 'Mất điện thoại' } })).status, 422);
    const done = await officer.post('/v1/desk/people/sign-out', { json: { card, note: 'Mất điện thoại' } });
    assert.equal(done.status, 200, done.text);
    assert.equal(done.json.ended, 1);
    assert.equal((await lost.get('/v1/me')).status, 401);
    assert.equal((await lost.post('/v1/auth/refresh', { json: { refresh_token: lost.refresh }, token: null })).status, 401);

    const thief = await byPhone(phone, 'lost-device');
    assert.equal(thief.asks, '/v1/auth/eid', 'the card in the phone opens nothing');
    const back = await eidClient(server, provider, login);
    const told = (await back.get('/v1/notices')).json.items.find((one) => one.what === 'desk_sign_out');
    assert.match(told.text_vi, /Mất điện thoại/);
    assert.equal(told.agency, 'H12.32025');
    for (const who of ['inspector.demo', 'admin.demo']) {
      const staff = await signInStaff(server, who);
      assert.equal((await staff.post('/v1/desk/people/sign-out', { json: { card, note: 'Mất điện thoại' } })).status, 403);
    }
  });
});

test('a consent on paper is of whose card is shown, if they hold an account', async () => {
  const login = somebody();
  const citizen = await eidClient(server, provider, login);
  const officer = await signInStaff(server, 'officer.demo');
  const paper = { purpose: 'notices.sms', version: 1, language: 'vi', given: true, note: 'Phiếu số 7, tập 2026-11' };
  const said = await officer.post('/v1/desk/consents', { json: { ...paper, card: provider.people.get(login).card_no } });
  assert.equal(said.status, 201, said.text);
  const [mine] = (await citizen.get('/v1/me/consents')).json.items;
  assert.deepEqual([mine.id, mine.how, mine.given], [said.json.id, 'desk', true]);
  assert.ok((await citizen.get('/v1/notices')).json.items.some((one) => one.what === 'consent_at_desk' && /Phiếu số 7/.test(one.text_vi)));
  const other = (await fileReport(await byPhone(number(), 'else'), { consent: false })).id;
  const wrong = await officer.post('/v1/desk/consents', { json: { ...paper, purpose: 'report.contact', report: other, card: provider.people.get(login).card_no } });
  assert.deepEqual(wrong.json.errors.map((one) => one.pointer), ['/card']);
});

describe('silence', () => {
  test('an account with an e-ID that was silent for 90 days does not open by its number', async () => {
    const login = somebody();
    const [phone, plain] = [number(), number()];
    const verified = await byPhone(phone, 'silent-device');
    await eidClient(server, provider, login, { client: verified, deviceId: 'silent-device' });
    const report = await fileReport(verified);
    const simple = await idOf(await byPhone(plain, 'plain-device'));
    await advanceClock(server, 91 * DAY);
    const back = await byPhone(phone, 'silent-device');
    assert.equal(back.asks, '/v1/auth/eid');
    assert.deepEqual(await reportsOf(back), []);
    assert.equal(await idOf(await byPhone(plain, 'plain-device')), simple, 'one without an e-ID opens as before');

    // the provider's clock does not go with ours: its token is made anew, as of then
    provider.forge = (token, tools) => {
      const [header, claims] = tools.read(token);
      return tools.sign(header, { ...claims, iat: claims.iat + 91 * DAY, exp: claims.exp + 91 * DAY });
    };
    await eidClient(server, provider, login, { client: back, deviceId: 'silent-device' });
    provider.forge = undefined;
    assert.deepEqual(await reportsOf(back), [report.id]);
  });
});

test('a report of who was merged is still found by the key that it was filed with', async () => {
  const citizen = await byPhone(number());
  const json = { category: 'dien_chieu_sang', text: 'Đèn đường không sáng', commune: '32025', answers: { danger: false }, consent: true };
  const headers = fresh();
  const filed = await citizen.post('/v1/reports', { json, headers });
  const repeated = await citizen.post('/v1/reports', { json, headers });
  assert.equal(repeated.json.id, filed.json.id);
});

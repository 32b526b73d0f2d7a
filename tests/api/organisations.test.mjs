/*
 * Organisations: somebody registers one, an office confirms it, members come and go, and what is filed
 * in its name is its own. What is tried here besides: who was removed, who is of another, two who
 * remove each other, invitations that were used or are over, and a header where nobody heeds it.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { makeJpeg } from './lib/make-jpeg.mjs';
import { advanceClock, fileReport, fresh, sendPhoto, signInCitizen, signInStaff, step } from './lib/people.mjs';
import { Provider, eidClient } from './lib/provider.mjs';
import { Server } from './lib/server.mjs';

const DAY = 24 * 3600;
const COMMUNE = '32025'; // of officer.demo

let provider, server;
let serial = 0;

before(async () => {
  provider = await Provider.start({ redirects: ['https://app.tram.example/eid'] });
  server = new Server({ env: { ...provider.config(), TRAM_HTTP_RATES: '10000' } });
  await server.start();
});
after(async () => {
  await server.stop();
  await provider.stop();
});

/* Somebody with an e-ID of level 2: {card, login, name} beside the client. */
async function somebody(name = 'Trần Văn Bình') {
  const login = `member-${++serial}`;
  const card = `096085${String(serial).padStart(6, '0')}`;
  provider.people.set(login, { card_no: card, name, birthdate: '1985-01-02', assurance: 'two' });
  const client = await eidClient(server, provider, login);
  return Object.assign(client, { login, card, person: (await client.get('/v1/me')).json.id });
}

/* Ten digits, the last of which is right. */
function taxCode() {
  const weights = [31, 29, 23, 19, 17, 13, 7, 5, 3];
  for (;;) {
    const digits = String(200000000 + ++serial * 7).split('').map(Number);
    const check = 10 - (weights.reduce((sum, weight, i) => sum + weight * digits[i], 0) % 11);
    if (check < 10) return digits.join('') + check;
  }
}

const draft = (more = {}) => ({ kind: 'enterprise', tax_code: taxCode(), name: 'Công ty TNHH Tôm Đất Mũi', address: '12 Lý Thường Kiệt', commune: COMMUNE, ...more });
const register = (client, more) => client.post('/v1/me/organisations', { json: draft(more) });
const decide = async (id, verb = 'confirm', json = {}, user = 'officer.demo') =>
  (await signInStaff(server, user)).post(`/v1/desk/organisations/${id}/steps/${verb}`, { json: { note: 'Giấy chứng nhận bản chính', ...json } });
const acting = (id) => ({ headers: { 'acting-for': id } });
const problem = (reply, status, slug, reason) => {
  assert.equal(reply.status, status, reply.text);
  assert.equal(reply.json.type, `/problems/${slug}`);
  if (reason) assert.equal(reply.json.reason, reason);
};

/* One that is confirmed, of a representative. */
async function organisation(representative) {
  const made = await register(representative);
  assert.equal(made.status, 201, made.text);
  const confirmed = await decide(made.json.id);
  assert.equal(confirmed.status, 200, confirmed.text);
  return made.json;
}

async function join(representative, id, member, role) {
  const invited = await representative.post(`/v1/organisations/${id}/members`, { json: { card: member.card, role } });
  assert.equal(invited.status, 200, invited.text);
  const mine = (await member.get('/v1/me/organisations')).json.items.find((one) => one.id === id);
  const accepted = await member.post(`/v1/organisations/${id}/members/${mine.invitation}/accept`);
  assert.equal(accepted.status, 200, accepted.text);
  return mine.invitation;
}

const fileFor = (client, id, more) =>
  client.post('/v1/reports', {
    json: { category: 'dien_chieu_sang', text: 'Đèn trước cổng công ty không sáng', commune: COMMUNE, answers: { danger: false }, consent: true, ...more },
    headers: { ...fresh(), 'acting-for': id },
  });

/* Whose access token the clock has left behind. */
async function awake(client) {
  const tokens = await client.post('/v1/auth/refresh', { json: { refresh_token: client.refresh }, token: null });
  assert.equal(tokens.status, 200, tokens.text);
  return Object.assign(client, { token: tokens.json.access_token, refresh: tokens.json.refresh_token });
}

async function until(ask, wanted) {
  for (let i = 0; i < 400; i++) {
    const value = await ask();
    if (wanted(value)) return value;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error('it never came');
}

describe('registering', () => {
  test('it waits for an office, and nothing is done in its name before', async () => {
    const lan = await somebody('Phạm Thị Lan');
    const photo = await sendPhoto(lan, makeJpeg({ width: 320, height: 240 }));
    const wanted = draft({ photos: [photo] });
    const made = await lan.post('/v1/me/organisations', { json: wanted });
    assert.equal(made.status, 201, made.text);
    assert.equal(made.json.state, 'pending');
    assert.equal(made.json.role, 'represents');
    assert.equal(made.json.tax_code, wanted.tax_code);
    assert.equal(made.headers.location, `/v1/organisations/${made.json.id}`);
    problem(await fileFor(lan, made.json.id), 403, 'not-acting', 'pending');
    problem(await lan.post(`/v1/organisations/${made.json.id}/members`, { json: { phone: '0912000001', role: 'reads' } }), 409, 'wrong-state');
    const again = await lan.post('/v1/me/organisations', { json: wanted });
    assert.equal(again.status, 201, 'the same once more changes nothing');
    assert.equal(again.json.members.length, 1);

    const officer = await signInStaff(server, 'officer.demo');
    const waiting = (await officer.get('/v1/desk/organisations?limit=50')).json.items.find((one) => one.id === made.json.id);
    assert.equal(waiting.name, wanted.name);
    assert.equal(waiting.members, undefined);
    assert.equal(waiting.tax_code, undefined);
    const looked = (await officer.get(`/v1/desk/organisations/${made.json.id}`)).json;
    assert.equal(looked.tax_code, wanted.tax_code);
    assert.equal(looked.members[0].name, 'Phạm Thị Lan');
    assert.equal(looked.members[0].person, undefined);
    assert.equal(looked.history, undefined);
    assert.equal((await lan.get('/v1/me/looks')).json.items.length, 1, 'she can see who looked');
    assert.equal((await officer.get(`/v1/media/${photo}`)).status, 200, 'the papers can be seen');
    const health = await signInStaff(server, 'health.demo');
    assert.equal((await health.get(`/v1/media/${photo}`)).status, 404, 'not by another office');
    assert.deepEqual((await health.get('/v1/desk/organisations')).json.items, []);
    assert.deepEqual((await officer.get('/v1/desk/organisations?commune=31825')).json.items, []);
    assert.equal((await decide(made.json.id, 'confirm', {}, 'health.demo')).status, 404);
    assert.equal((await health.get(`/v1/desk/organisations/${made.json.id}`)).status, 404);
    const confirmed = await decide(made.json.id);
    assert.equal(confirmed.status, 200, confirmed.text);
    assert.equal(confirmed.json.state, 'confirmed');
    assert.equal((await decide(made.json.id)).status, 200, 'once more');
    const told = (await lan.get('/v1/notices')).json.items.filter((one) => one.what === 'organisation_confirm');
    assert.equal(told.length, 1, 'told once');
    assert.match(told[0].text_vi, /đã xác nhận tổ chức Công ty TNHH Tôm Đất Mũi/);
    const shown = (await lan.get(`/v1/organisations/${made.json.id}`)).json;
    assert.equal(shown.seen, 'Giấy chứng nhận bản chính');
    assert.equal(shown.decided_office, 'H12.32025');
    assert.deepEqual(shown.history.map((one) => one.verb), ['register', 'register', 'confirm']);
    assert.equal(shown.history[2].by, undefined, 'who in the office is not theirs to know');
  });

  test('a code that somebody registered is theirs; refused, it is free again', async () => {
    const [lan, minh] = [await somebody(), await somebody()];
    const code = taxCode();
    const made = await register(lan, { tax_code: code });
    const second = await register(minh, { tax_code: code });
    problem(second, 409, 'already-registered');
    assert.match(second.json.detail, /người đại diện/);
    assert.equal((await minh.get(`/v1/organisations/${made.json.id}`)).status, 404);
    problem(await decide(made.json.id, 'leave'), 404, 'not-found');
    const refused = await decide(made.json.id, 'refuse', { note: 'Giấy tờ không khớp' });
    assert.equal(refused.json.state, 'refused');
    assert.equal((await lan.get(`/v1/organisations/${made.json.id}`)).json.reason, 'Giấy tờ không khớp');
    problem(await decide(made.json.id), 409, 'wrong-state');
    const taken = await register(minh, { tax_code: code });
    assert.equal(taken.status, 201, taken.text);
    assert.equal((await lan.get(`/v1/organisations/${made.json.id}`)).status, 404, 'no longer hers');
  });

  test('codes that cannot be, and whose they are', async () => {
    const owner = await somebody();
    for (const code of ['0300588568', '030058856', '0300588569-000', '0300588569-1', 'x'])
      problem(await register(owner, { tax_code: code }), 422, 'invalid');
    const made = await register(owner, { kind: 'household', tax_code: owner.card });
    assert.equal(made.status, 201, made.text);
    const other = await somebody();
    problem(await register(other, { kind: 'household', tax_code: owner.card }), 422, 'invalid');
    problem(await register(other, { kind: 'enterprise', tax_code: other.card }), 422, 'invalid');
    problem(await register(other, { commune: '99999' }), 422, 'invalid');
    assert.equal((await register(other, { tax_code: '0300588569-001' })).status, 201);
  });

  test('a phone is not enough', async () => {
    const citizen = await signInCitizen(server, '+84912390001');
    const reply = await register(citizen);
    problem(reply, 403, 'level-too-low');
    assert.equal(reply.json.level_needed, 2);
    const lan = await somebody();
    const org = await organisation(lan);
    const low = await citizen.get('/v1/reports', acting(org.id));
    problem(low, 403, 'level-too-low');
    assert.equal(low.json.step_up, '/v1/auth/eid');
  });
});

describe('acting', () => {
  test('what is filed belongs to the organisation: its members see it, whoever pressed the button', async () => {
    const [lan, minh, hoa, stranger] = [await somebody('Phạm Thị Lan'), await somebody('Lý Minh'), await somebody('Hoa'), await somebody()];
    const org = await organisation(lan);
    await join(lan, org.id, minh, 'prepares');
    const filed = await fileFor(minh, org.id);
    assert.equal(filed.status, 201, filed.text);
    const report = filed.json;
    assert.equal(report.history[0].by, minh.person, 'its members know who');

    assert.equal((await minh.get(`/v1/reports/${report.id}`)).status, 404, 'not his own');
    assert.deepEqual((await minh.get('/v1/reports')).json.items, []);
    const seen = await lan.get(`/v1/reports/${report.id}`, acting(org.id));
    assert.equal(seen.status, 200, seen.text);
    assert.ok(seen.json.steps.some((one) => one.verb === 'withdraw'));
    assert.deepEqual((await lan.get('/v1/reports', acting(org.id))).json.items.map((one) => one.id), [report.id]);
    problem(await stranger.get(`/v1/reports/${report.id}`, acting(org.id)), 403, 'not-acting', 'unknown');
    problem(await stranger.get('/v1/reports', acting(stranger.person)), 403, 'not-acting', 'unknown');
    problem(await stranger.get('/v1/reports', acting(minh.person)), 403, 'not-acting', 'unknown');

    /* Who joins later reads what was filed before; of this role, no more than that. */
    await join(lan, org.id, hoa, 'reads');
    const read = await hoa.get(`/v1/reports/${report.id}`, acting(org.id));
    assert.equal(read.status, 200, read.text);
    assert.deepEqual(read.json.steps, [], 'nothing to do for who reads');
    problem(await fileFor(hoa, org.id), 403, 'not-acting', 'role');
    problem(await step(hoa, report.id, 'withdraw', {}, { 'acting-for': org.id }), 403, 'not-acting', 'role');

    /* Told: who represents and who prepares. */
    for (const member of [lan, minh])
      await until(() => member.get('/v1/notices'), (reply) => reply.json.items.some((one) => one.about === report.id));
    const ours = (await hoa.get('/v1/notices', acting(org.id))).json.items;
    assert.ok(ours.some((one) => one.about === report.id), 'the inbox of the organisation');
    assert.ok(!(await hoa.get('/v1/notices')).json.items.some((one) => one.about === report.id));

    /* The office sees the organisation, under the same consent. */
    const officer = await signInStaff(server, 'officer.demo');
    const reporter = await officer.post(`/v1/reports/${report.id}/reporter`, { json: { note: 'Cần hỏi thêm' } });
    assert.equal(reporter.status, 200, reporter.text);
    assert.equal(reporter.json.name, 'Công ty TNHH Tôm Đất Mũi');
    assert.equal(reporter.json.by, 'Lý Minh');

    /* The colleague goes on with it. */
    await step(officer, report.id, 'receive');
    await step(officer, report.id, 'ask', { note: 'Đèn nào?' });
    const supplied = await step(lan, report.id, 'supply', { note: 'Đèn bên trái cổng' }, { 'acting-for': org.id });
    assert.equal(supplied.status, 200, supplied.text);
    assert.equal(supplied.json.history.at(-1).by, lan.person);
    assert.equal((await step(lan, report.id, 'withdraw')).status, 404, 'not in her own name');
  });

  test('who was removed is refused at the very next request, with the same token', async () => {
    const [lan, minh] = [await somebody(), await somebody()];
    const org = await organisation(lan);
    const member = await join(lan, org.id, minh, 'prepares');
    const report = (await fileFor(minh, org.id)).json;
    const key = fresh();
    const withdrawn = await step(minh, report.id, 'withdraw', {}, { ...key, 'acting-for': org.id });
    assert.equal(withdrawn.status, 200, withdrawn.text);
    assert.equal((await lan.delete(`/v1/organisations/${org.id}/members/${member}`)).status, 204);
    problem(await minh.get(`/v1/reports/${report.id}`, acting(org.id)), 403, 'not-acting', 'unknown');
    problem(await minh.get('/v1/reports', acting(org.id)), 403, 'not-acting', 'unknown');
    problem(await minh.get('/v1/notices', acting(org.id)), 403, 'not-acting', 'unknown');
    problem(await fileFor(minh, org.id), 403, 'not-acting', 'unknown');
    assert.equal((await minh.get(`/v1/reports/${report.id}`)).status, 404);
    assert.equal((await step(minh, report.id, 'withdraw', {}, key)).status, 404, 'nor by repeating what he did');
    assert.equal((await minh.get(`/v1/organisations/${org.id}`)).status, 404);
    assert.equal((await minh.post(`/v1/organisations/${org.id}/members/${member}/accept`)).status, 409, 'nor by the old invitation');
    assert.equal((await lan.delete(`/v1/organisations/${org.id}/members/${member}`)).status, 204, 'once more');
    const told = (await minh.get('/v1/notices')).json.items.filter((one) => one.what === 'organisation_remove');
    assert.equal(told.length, 1);
  });

  test('a key is one person\'s, for one principal', async () => {
    const lan = await somebody();
    const org = await organisation(lan);
    const key = fresh();
    const json = { category: 'dien_chieu_sang', text: 'Đèn trước cổng công ty không sáng', commune: COMMUNE, answers: { danger: false }, consent: true };
    const first = await lan.post('/v1/reports', { json, headers: { ...key, 'acting-for': org.id } });
    const again = await lan.post('/v1/reports', { json, headers: { ...key, 'acting-for': org.id } });
    assert.equal(again.json.id, first.json.id);
    problem(await lan.post('/v1/reports', { json, headers: key }), 422, 'idempotency-key-reused');
  });

  test('photos of a colleague, and of nobody else', async () => {
    const [lan, minh, hoa] = [await somebody(), await somebody(), await somebody()];
    const org = await organisation(lan);
    await join(lan, org.id, minh, 'prepares');
    await join(lan, org.id, hoa, 'reads');
    const picture = makeJpeg({ width: 320, height: 240 });
    const tus = { 'tus-resumable': '1.0.0', 'acting-for': org.id };
    const made = await minh.post('/v1/uploads', { headers: { ...tus, 'upload-length': String(picture.length) } });
    assert.equal(made.status, 201, made.text);
    assert.equal((await hoa.head(made.headers.location, { headers: tus })).status, 403);
    assert.equal((await lan.head(made.headers.location, { headers: { 'tus-resumable': '1.0.0' } })).status, 404);
    const sent = await lan.patch(made.headers.location, { body: picture, headers: { ...tus, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' } });
    assert.equal(sent.status, 204, sent.text);
    const photo = made.headers.location.split('/').pop();
    assert.equal((await hoa.get(`/v1/media/${photo}`, acting(org.id))).status, 200);
    assert.equal((await minh.get(`/v1/media/${photo}`)).status, 404, 'it is the organisation\'s');
    const own = await lan.post('/v1/reports', { json: { category: 'dien_chieu_sang', text: 'Của riêng tôi', commune: COMMUNE, answers: { danger: false }, consent: true, photos: [photo] }, headers: fresh() });
    problem(own, 422, 'invalid');
    const before = await sendPhoto(lan, picture);
    const strange = await sendPhoto(minh, picture);
    problem(await fileFor(lan, org.id, { photos: [strange] }), 422, 'invalid');
    const filed = await fileFor(lan, org.id, { photos: [photo, before] });
    assert.equal(filed.status, 201, filed.text);
    assert.equal((await minh.get(`/v1/media/${before}`, acting(org.id))).status, 200, 'seen in the report');
  });

  test('where nobody heeds it, or it is not an id, it is refused and not passed over', async () => {
    const lan = await somebody();
    const org = await organisation(lan);
    const officer = await signInStaff(server, 'officer.demo');
    problem(await lan.get('/v1/me', acting(org.id)), 400, 'bad-request');
    problem(await lan.get('/v1/categories', acting(org.id)), 400, 'bad-request');
    problem(await lan.get('/v1/public/reports', acting(org.id)), 400, 'bad-request');
    problem(await lan.get('/healthz', acting(org.id)), 400, 'bad-request');
    problem(await lan.get('/v1/reports', acting('nonsense')), 400, 'bad-request');
    problem(await lan.get('/v1/reports', acting('')), 400, 'bad-request');
    problem(await lan.get('/v1/reports', acting('00000000-0000-0000-0000-000000000000')), 400, 'bad-request');
    problem(await lan.get('/v1/reports', acting('00000000-0000-4000-8000-000000000000')), 403, 'not-acting', 'unknown');
    problem(await officer.get('/v1/notices', acting(org.id)), 403, 'not-acting', 'unknown');
  });
});

describe('members', () => {
  test('invited by a number; who has it accepts, once, in time, and nobody else', async () => {
    const [lan, stranger] = [await somebody('Phạm Thị Lan'), await somebody()];
    const org = await organisation(lan);
    const login = `member-${++serial}`;
    const card = `096085${String(serial).padStart(6, '0')}`;
    const known = await lan.post(`/v1/organisations/${org.id}/members`, { json: { card: stranger.card, role: 'reads' } });
    const unknown = await lan.post(`/v1/organisations/${org.id}/members`, { json: { card, role: 'prepares' } });
    assert.equal(known.status, unknown.status, 'whether there is an account is not told');
    const shapes = unknown.json.members.slice(1).map((one) => Object.keys(one).join());
    assert.equal(shapes[0], shapes[1]);
    const invited = unknown.json.members.find((one) => one.hint === card.slice(-3) && one.role === 'prepares');
    const twice = await lan.post(`/v1/organisations/${org.id}/members`, { json: { card, role: 'prepares' } });
    assert.equal(twice.json.members.length, unknown.json.members.length, 'invited once');
    assert.equal((await stranger.post(`/v1/organisations/${org.id}/members/${invited.id}/accept`)).status, 404);
    assert.equal((await stranger.post(`/v1/organisations/${org.id}/members/${invited.id}/decline`)).status, 404);

    provider.people.set(login, { card_no: card, name: 'Lê Mới', birthdate: '1985-01-02', assurance: 'two' });
    const newcomer = await eidClient(server, provider, login);
    const [mine] = (await newcomer.get('/v1/me/organisations')).json.items;
    assert.equal(mine.invited_as, 'prepares');
    assert.equal(mine.members, undefined);
    assert.equal(mine.tax_code, undefined);
    const shown = (await newcomer.get(`/v1/organisations/${org.id}`)).json;
    assert.equal(shown.name, 'Công ty TNHH Tôm Đất Mũi');
    assert.equal(shown.members, undefined, 'before they accept they see no member');
    const accept = `/v1/organisations/${org.id}/members/${mine.invitation}/accept`;
    const both = await Promise.all([newcomer.post(accept), newcomer.post(accept)]);
    for (const one of both) assert.equal(one.status, 200, one.text);
    assert.equal((await newcomer.get(`/v1/organisations/${org.id}`)).json.members.filter((one) => one.name === 'Lê Mới').length, 1);
    assert.equal((await stranger.post(accept)).status, 404, 'used, by somebody else');

    const theirs = (await stranger.get('/v1/me/organisations')).json.items[0].invitation;
    const declined = await stranger.post(`/v1/organisations/${org.id}/members/${theirs}/decline`);
    assert.equal(declined.status, 204, declined.text);
    assert.deepEqual((await stranger.get('/v1/me/organisations')).json.items, []);
    assert.equal((await stranger.post(`/v1/organisations/${org.id}/members/${theirs}/accept`)).status, 409);
    const states = (await lan.get(`/v1/organisations/${org.id}`)).json.members.map((one) => one.state);
    assert.deepEqual(states.sort(), ['active', 'active', 'declined']);
  });

  test('only who represents invites, changes and removes; the last one stays', async () => {
    const [lan, minh] = [await somebody(), await somebody()];
    const org = await organisation(lan);
    const member = await join(lan, org.id, minh, 'prepares');
    const first = (await lan.get(`/v1/organisations/${org.id}`)).json.members.find((one) => one.me).id;
    const at = `/v1/organisations/${org.id}`;
    problem(await minh.post(`${at}/members`, { json: { phone: '0912000002', role: 'reads' } }), 403, 'forbidden');
    problem(await minh.patch(`${at}/members/${member}`, { json: { role: 'represents' } }), 403, 'forbidden');
    problem(await minh.delete(`${at}/members/${first}`), 403, 'forbidden');
    problem(await lan.post(`${at}/leave`), 409, 'wrong-state');
    problem(await lan.delete(`${at}/members/${first}`), 409, 'wrong-state');
    problem(await lan.patch(`${at}/members/${first}`, { json: { role: 'reads' } }), 409, 'wrong-state');
    problem(await lan.patch(`${at}/members/${org.id}`, { json: { role: 'reads' } }), 404, 'not-found');
    const raised = await lan.patch(`${at}/members/${member}`, { json: { role: 'represents' } });
    assert.equal(raised.status, 200, raised.text);
    problem(await lan.patch(`${at}/members/${member}`, { json: { role: 'reads' }, headers: { 'if-match': '"1"' } }), 412, 'revised');
    assert.equal((await lan.post(`${at}/leave`)).status, 204);
    assert.equal((await lan.get(at)).status, 404);
    problem(await minh.post(`${at}/leave`), 409, 'wrong-state');
    const verbs = (await minh.get(at)).json.history.map((one) => one.verb);
    assert.deepEqual(verbs, ['register', 'confirm', 'invite', 'accept', 'role', 'leave']);
  });

  test('two representatives who remove each other at once: one stays', async () => {
    for (let round = 0; round < 3; round++) {
      const [lan, minh] = [await somebody(), await somebody()];
      const org = await organisation(lan);
      const member = await join(lan, org.id, minh, 'represents');
      const first = (await lan.get(`/v1/organisations/${org.id}`)).json.members.find((one) => one.me).id;
      const both = await Promise.all([
        lan.delete(`/v1/organisations/${org.id}/members/${member}`),
        minh.delete(`/v1/organisations/${org.id}/members/${first}`),
      ]);
      assert.equal(both.filter((one) => one.status === 204).length, 1, both.map((one) => one.status).join());
      const left = both[0].status === 204 ? lan : minh;
      const shown = (await left.get(`/v1/organisations/${org.id}`)).json;
      assert.equal(shown.members.filter((one) => one.state === 'active' && one.role === 'represents').length, 1);
    }
  });

  test('an office replaces the representative, and both are told', async () => {
    const [lan, minh] = [await somebody(), await somebody()];
    const org = await organisation(lan);
    problem(await decide(org.id, 'replace'), 422, 'invalid');
    problem(await decide(org.id, 'replace', { card: '096085999999' }), 422, 'invalid');
    const replaced = await decide(org.id, 'replace', { card: minh.card, note: 'Quyết định bổ nhiệm số 12' }, 'dispatcher.demo');
    assert.equal(replaced.status, 200, replaced.text);
    problem(await fileFor(lan, org.id), 403, 'not-acting', 'unknown');
    assert.equal((await fileFor(minh, org.id)).status, 201);
    for (const one of [lan, minh])
      assert.ok((await one.get('/v1/notices')).json.items.some((notice) => notice.what === 'organisation_replace'));
    const history = (await minh.get(`/v1/organisations/${org.id}`)).json.history.at(-1);
    assert.equal(history.office, 'CMU.IOC');
    assert.equal(history.note, 'Quyết định bổ nhiệm số 12');
    assert.equal((await decide(org.id, 'end', { note: 'Đã giải thể' })).status, 200);
    problem(await fileFor(minh, org.id), 403, 'not-acting', 'ended');
    assert.equal((await minh.get('/v1/reports', acting(org.id))).json.items.length, 1, 'what was filed can be followed');
  });

  test('a person who turns out to be another stays a member', async () => {
    const lan = await somebody();
    const org = await organisation(lan);
    const login = `member-${++serial}`;
    const card = `096085${String(serial).padStart(6, '0')}`;
    provider.people.set(login, { card_no: card, name: 'Đỗ Hai', birthdate: '1985-01-02', assurance: 'two' });
    const verified = await eidClient(server, provider, login);
    verified.card = card;
    await join(lan, org.id, verified, 'prepares');
    const report = (await fileFor(verified, org.id)).json;
    const phone = await signInCitizen(server, '+84912390007');
    const own = await fileReport(phone);
    await eidClient(server, provider, login, { client: phone });
    assert.equal((await phone.get(`/v1/reports/${report.id}`, acting(org.id))).status, 200);
    assert.equal((await phone.get(`/v1/reports/${own.id}`)).status, 200);
  });

  /* Last: it takes the clock ahead. */
  test('an invitation is over after 14 days', async () => {
    const [lan, minh] = [await somebody(), await somebody()];
    const org = await organisation(lan);
    await lan.post(`/v1/organisations/${org.id}/members`, { json: { card: minh.card, role: 'reads' } });
    const mine = (await minh.get('/v1/me/organisations')).json.items[0].invitation;
    await advanceClock(server, 14 * DAY + 1);
    const late = await awake(minh);
    assert.deepEqual((await late.get('/v1/me/organisations')).json.items, []);
    problem(await late.post(`/v1/organisations/${org.id}/members/${mine}/accept`), 409, 'wrong-state');
    const again = await awake(lan);
    const states = (await again.get(`/v1/organisations/${org.id}`)).json.members.map((one) => one.state);
    assert.deepEqual(states, ['active', 'expired']);
  });
});

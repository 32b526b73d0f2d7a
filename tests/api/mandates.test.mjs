/*
 * Acting for a person: a parent for a child, a proxy who was let, a ward. Tried besides: what the
 * authority does not reach, one that is over, somebody else's, and a child who later comes themselves.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { makeJpeg } from './lib/make-jpeg.mjs';
import { advanceClock, fileReport, fresh, sendPhoto, signInStaff, step } from './lib/people.mjs';
import { Provider, eidClient } from './lib/provider.mjs';
import { Server } from './lib/server.mjs';
import { unzip } from './lib/unzip.mjs';

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

async function withCard(card, name, birthdate = '1985-01-02', options = {}) {
  const login = `person-${++serial}`;
  provider.people.set(login, { card_no: card, name, birthdate, assurance: 'two' });
  const client = await eidClient(server, provider, login, options);
  return Object.assign(client, { login, card, person: (await client.get('/v1/me')).json.id });
}
const somebody = (name = 'Trần Văn Bình') => withCard(`096085${String(++serial).padStart(6, '0')}`, name);
const childCard = (year = 18) => `0963${String(year).padStart(2, '0')}${String(++serial).padStart(6, '0')}`;

const make = (client, json, key = fresh()) => client.post('/v1/me/mandates', { json, headers: key });
const child = (more = {}, dependant = {}) => ({
  kind: 'parent', scope: ['reports', 'dossiers'], commune: COMMUNE, dependant: { name: 'Trần Gia Bảo', birth: '2018-05-17', ...dependant }, ...more,
});
const verbOf = (client, id, verb, json = {}) => client.post(`/v1/me/mandates/${id}/steps/${verb}`, { json });
const decide = async (id, verb = 'verify', json = {}, user = 'officer.demo') =>
  (await signInStaff(server, user)).post(`/v1/desk/mandates/${id}/steps/${verb}`, { json: { note: 'Giấy khai sinh bản chính', ...json } });
const acting = (id) => ({ headers: { 'acting-for': id } });
const problem = (reply, status, slug, reason) => {
  assert.equal(reply.status, status, reply.text);
  assert.equal(reply.json.type, `/problems/${slug}`);
  if (reason) assert.equal(reply.json.reason, reason);
};
const fileFor = (client, id, more) =>
  client.post('/v1/reports', {
    json: { category: 'dien_chieu_sang', text: 'Đèn trước cổng trường không sáng', commune: COMMUNE, answers: { danger: false }, consent: true, ...more },
    headers: { ...fresh(), 'acting-for': id },
  });

/* One of a proxy: agent accepts what the subject gives. */
async function proxy(subject, agent, more = {}) {
  const given = await make(subject, { kind: 'proxy', agent: { card: agent.card }, scope: ['reports'], ...more });
  assert.equal(given.status, 201, given.text);
  const accepted = await verbOf(agent, given.json.id, 'accept');
  assert.equal(accepted.status, 200, accepted.text);
  return accepted.json;
}

async function until(ask, wanted) {
  for (let i = 0; i < 400; i++) {
    const value = await ask();
    if (wanted(value)) return value;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error('it never came');
}

async function awake(client) {
  const tokens = await client.post('/v1/auth/refresh', { json: { refresh_token: client.refresh }, token: null });
  assert.equal(tokens.status, 200, tokens.text);
  return Object.assign(client, { token: tokens.json.access_token, refresh: tokens.json.refresh_token });
}

describe('a child', () => {
  test('is recorded by a parent, who acts once an office has seen the papers', async () => {
    const mother = await somebody('Trần Thị Mẹ');
    const photo = await sendPhoto(mother, makeJpeg({ width: 320, height: 240 }));
    const card = childCard();
    const key = fresh();
    const wanted = child({ photos: [photo] }, { card });
    const made = await make(mother, wanted, key);
    assert.equal(made.status, 201, made.text);
    assert.equal(made.json.state, 'pending');
    assert.equal(made.json.subject_name, 'Trần Gia Bảo');
    assert.equal(made.json.subject_card, card);
    assert.equal(made.json.until, '2036-05-16T17:00:00.000Z', 'the day the child is 18');
    assert.equal((await make(mother, wanted, key)).json.id, made.json.id, 'once');
    problem(await make(mother, child(), key), 422, 'idempotency-key-reused');
    const { id, subject } = made.json;
    problem(await fileFor(mother, subject), 403, 'not-acting', 'pending');

    const officer = await signInStaff(server, 'officer.demo');
    const row = (await officer.get('/v1/desk/mandates?limit=50')).json.items.find((one) => one.id === id);
    assert.equal(row.subject_name, undefined, 'no names in the list');
    const seen = (await officer.get(`/v1/desk/mandates/${id}`)).json;
    assert.deepEqual([seen.subject_name, seen.subject_birth, seen.subject_card, seen.agent_name], ['Trần Gia Bảo', '2018-05-17', card, 'Trần Thị Mẹ']);
    assert.deepEqual([row.verbs, seen.verbs], [['verify', 'refuse'], ['verify', 'refuse']], 'what an office may do');
    assert.equal((await officer.get(`/v1/media/${photo}`)).status, 200);
    const health = await signInStaff(server, 'health.demo');
    assert.equal((await health.get(`/v1/desk/mandates/${id}`)).status, 404);
    assert.equal((await health.get(`/v1/media/${photo}`)).status, 404);
    assert.deepEqual((await health.get('/v1/desk/mandates')).json.items, []);
    assert.equal((await decide(id, 'verify', {}, 'health.demo')).status, 404);
    assert.equal((await decide(id, 'accept')).status, 404, 'that is none of an office');
    assert.equal((await mother.get('/v1/me/looks')).json.items.length, 1);
    const verified = await decide(id);
    assert.equal(verified.status, 200, verified.text);
    assert.deepEqual(verified.json.verbs, ['end']);
    assert.equal((await decide(id)).status, 200, 'once more');
    assert.equal((await mother.get('/v1/notices')).json.items.filter((one) => one.what === 'mandate_verify').length, 1);

    const filed = await fileFor(mother, subject);
    assert.equal(filed.status, 201, filed.text);
    assert.deepEqual((await mother.get('/v1/reports')).json.items, []);
    assert.deepEqual((await mother.get('/v1/reports', acting(subject))).json.items.map((one) => one.id), [filed.json.id]);
    await until(() => mother.get('/v1/notices'), (reply) => reply.json.items.some((one) => one.about === filed.json.id));
    const theirs = (await mother.get('/v1/notices', acting(subject))).json.items;
    assert.ok(theirs.length > 0 && theirs.every((one) => one.about === filed.json.id));
    const reporter = await officer.post(`/v1/reports/${filed.json.id}/reporter`, { json: { note: 'Cần hỏi thêm' } });
    assert.equal(reporter.json.name, 'Trần Gia Bảo');
    assert.equal(reporter.json.by, 'Trần Thị Mẹ');

    /* The other parent records the same child: they are one. */
    const father = await somebody('Trần Văn Cha');
    const second = (await make(father, child({}, { card }))).json;
    problem(await fileFor(father, subject), 403, 'not-acting', 'unknown');
    assert.equal((await decide(second.id)).status, 200);
    assert.deepEqual((await father.get('/v1/reports', acting(subject))).json.items.map((one) => one.id), [filed.json.id]);
    assert.equal((await father.get('/v1/reports', acting(second.subject))).status, 200, 'by the id that he knows');

    /* The child comes, and finds what was done for them; and can end it. */
    const bao = await withCard(card, 'Trần Gia Bảo', '2018-05-17');
    assert.equal(bao.person, subject);
    assert.deepEqual((await bao.get('/v1/reports')).json.items.map((one) => one.id), [filed.json.id]);
    const over = (await bao.get('/v1/me/mandates')).json.items;
    assert.deepEqual(over.map((one) => one.side), ['subject', 'subject']);
    assert.equal((await verbOf(bao, id, 'end', { note: 'Con tự làm được' })).status, 200);
    problem(await fileFor(mother, subject), 403, 'not-acting', 'ended');
    assert.ok((await mother.get('/v1/notices')).json.items.some((one) => one.what === 'mandate_end' && /Con tự làm được/.test(one.text_vi)));
    assert.equal((await father.get('/v1/reports', acting(subject))).status, 200, 'the other\'s stands');
  });

  test('who has an account already is that person, and is told', async () => {
    const card = childCard(9);
    const bao = await withCard(card, 'Lê Bảo', '2009-03-04');
    const own = await fileReport(bao);
    const mother = await somebody('Lê Thị Mẹ');
    const made = (await make(mother, child({}, { name: 'Lê Bảo', birth: '2009-03-04' }))).json;
    assert.equal((await decide(made.id, 'verify', { card })).status, 200, 'the number stands in the papers');
    assert.ok((await bao.get('/v1/notices')).json.items.some((one) => one.what === 'mandate_verify'));
    const shown = (await mother.get(`/v1/me/mandates/${made.id}`)).json;
    assert.equal(shown.subject, bao.person);
    assert.deepEqual((await mother.get('/v1/reports', acting(bao.person))).json.items.map((one) => one.id), [own.id]);
  });

  test('what cannot be is said field by field', async () => {
    const mother = await somebody();
    const pointers = async (json) => (await make(mother, json)).json.errors.map((one) => one.pointer);
    assert.deepEqual(await pointers(child({}, { birth: '1999-01-01' })), ['/dependant/birth']);
    assert.deepEqual(await pointers(child({}, { birth: '2999-01-01' })), ['/dependant/birth']);
    assert.deepEqual(await pointers(child({}, { card: childCard(10) })), ['/dependant/card']);
    assert.deepEqual(await pointers(child({ kind: 'guardian' }, { birth: '1985-01-02', card: mother.card })), ['/dependant/card']);
    assert.deepEqual(await pointers(child({ commune: '99999' })), ['/commune']);
    assert.deepEqual(await pointers(child({ until: '2020-01-01' })), ['/until']);
    assert.deepEqual(await pointers({ kind: 'parent', scope: ['reports'], agent: { phone: '0912000009' } }), ['/kind']);
    problem(await make(mother, { kind: 'proxy', scope: ['reports'], agent: { card: mother.card } }), 409, 'wrong-state');
    problem(await make(mother, { kind: 'proxy', scope: ['reports'] }), 422, 'invalid');
  });

  test('refused, nothing is done; the papers of another are not theirs to see', async () => {
    const [mother, stranger] = [await somebody(), await somebody()];
    const made = (await make(mother, child())).json;
    assert.equal((await stranger.get(`/v1/me/mandates/${made.id}`)).status, 404);
    assert.equal((await verbOf(stranger, made.id, 'end')).status, 404);
    assert.equal((await verbOf(stranger, made.id, 'accept')).status, 404);
    problem(await fileFor(stranger, made.subject), 403, 'not-acting', 'unknown');
    assert.equal((await decide(made.id, 'refuse', { note: 'Không phải con đẻ' })).status, 200);
    problem(await decide(made.id), 409, 'wrong-state');
    problem(await fileFor(mother, made.subject), 403, 'not-acting', 'unknown');
    assert.equal((await mother.get(`/v1/me/mandates/${made.id}`)).json.reason, 'Không phải con đẻ');
  });
});

describe('a proxy', () => {
  test('is let by the subject, accepts, and acts as far as it reaches', async () => {
    const [old, lan, stranger] = [await somebody('Cụ Tư'), await somebody('Lan'), await somebody()];
    const own = await fileReport(old);
    const given = await make(old, { kind: 'proxy', agent: { card: lan.card }, scope: ['reports'], until: '2027-06-30' });
    assert.equal(given.status, 201, given.text);
    assert.equal(given.json.until, '2027-06-30T17:00:00.000Z', 'the last day is in it');
    const offer = (await lan.get('/v1/me/mandates')).json.items[0];
    assert.deepEqual([offer.state, offer.side, offer.subject_name, offer.subject], ['offered', 'agent', 'Cụ Tư', undefined]);
    problem(await lan.get('/v1/reports', acting(old.person)), 403, 'not-acting', 'unknown');
    assert.equal((await verbOf(stranger, given.json.id, 'accept')).status, 404);
    problem(await verbOf(old, given.json.id, 'accept'), 409, 'wrong-state');
    const accepted = await verbOf(lan, given.json.id, 'accept');
    assert.equal(accepted.status, 200, accepted.text);
    assert.equal((await verbOf(lan, given.json.id, 'accept')).status, 200, 'once more');
    assert.equal((await verbOf(stranger, given.json.id, 'accept')).status, 404);
    assert.ok((await old.get('/v1/notices')).json.items.some((one) => one.what === 'mandate_accept'));

    const seen = await lan.get(`/v1/reports/${own.id}`, acting(old.person));
    assert.equal(seen.status, 200, seen.text);
    const officer = await signInStaff(server, 'officer.demo');
    await step(officer, own.id, 'receive');
    await step(officer, own.id, 'ask', { note: 'Đèn nào?' });
    await until(() => lan.get('/v1/notices'), (reply) => reply.json.items.some((one) => one.about === own.id && one.what === 'ask'));
    const supplied = await step(lan, own.id, 'supply', { note: 'Đèn trước nhà' }, { 'acting-for': old.person });
    assert.equal(supplied.json.history.at(-1).by, lan.person);
    assert.ok((await lan.get('/v1/notices', acting(old.person))).json.items.every((one) => one.subject === 'report'));

    assert.equal((await verbOf(lan, given.json.id, 'end')).status, 200);
    problem(await lan.get(`/v1/reports/${own.id}`, acting(old.person)), 403, 'not-acting', 'ended');
  });

  test('whose scope does not cover it is refused, in every door', async () => {
    const [old, lan] = [await somebody(), await somebody()];
    const photo = await sendPhoto(old, makeJpeg({ width: 320, height: 240 }));
    const own = await fileReport(old, { photos: [photo] });
    await until(() => old.get('/v1/notices'), (reply) => reply.json.items.some((one) => one.about === own.id));
    await proxy(old, lan, { scope: ['dossiers'], procedures: ['1.001193'] });
    problem(await lan.get('/v1/reports', acting(old.person)), 403, 'not-acting', 'scope');
    problem(await lan.get(`/v1/reports/${own.id}`, acting(old.person)), 403, 'not-acting', 'scope');
    problem(await step(lan, own.id, 'withdraw', {}, { 'acting-for': old.person }), 403, 'not-acting', 'scope');
    problem(await fileFor(lan, old.person), 403, 'not-acting', 'scope');
    assert.equal((await lan.get(`/v1/media/${photo}`, acting(old.person))).status, 404);
    assert.equal((await old.get(`/v1/uploads/${photo}`)).status, 200);
    assert.equal((await lan.get(`/v1/uploads/${photo}`, acting(old.person))).status, 404, 'nor by the door that it came in by');
    const head = await lan.request('HEAD', `/v1/uploads/${photo}`, { headers: { 'tus-resumable': '1.0.0', 'acting-for': old.person } });
    assert.equal(head.status, 404);
    assert.deepEqual((await lan.get('/v1/notices', acting(old.person))).json.items, []);
  });

  test('bound to one procedure, it shows neither drafts, dossiers nor papers of another', async () => {
    const [old, lan] = [await somebody(), await somebody()];
    const drafts = {};
    for (const procedure of ['1.001193', '1.004194']) {
      const begun = await old.post('/v1/dossier-drafts', { json: { procedure }, headers: fresh() });
      assert.equal(begun.status, 201, begun.text);
      drafts[procedure] = begun.json.id;
    }
    await proxy(old, lan, { scope: ['dossiers'], procedures: ['1.001193'] });
    const listed = await lan.get('/v1/dossier-drafts', acting(old.person));
    assert.deepEqual(listed.json.items.map((one) => one.id), [drafts['1.001193']]);
    assert.equal((await lan.get(`/v1/dossier-drafts/${drafts['1.004194']}`, acting(old.person))).status, 404);
    assert.equal((await old.get('/v1/dossier-drafts')).json.items.length, 2);
    assert.deepEqual((await lan.get('/v1/dossiers', acting(old.person))).json.items, []);
  });

  test('an office ends it at once', async () => {
    const [old, lan] = [await somebody(), await somebody()];
    const mandate = await proxy(old, lan, { commune: COMMUNE });
    assert.equal((await lan.get('/v1/reports', acting(old.person))).status, 200);
    assert.equal((await decide(mandate.id, 'end', { note: 'Có đơn tố cáo' })).status, 200);
    problem(await lan.get('/v1/reports', acting(old.person)), 403, 'not-acting', 'ended');
    for (const one of [old, lan])
      assert.ok((await one.get('/v1/notices')).json.items.some((notice) => notice.what === 'mandate_end'));
  });

  test('a copy of what is kept about me says for whom I act, and not what is another\'s', async () => {
    const [old, lan] = [await somebody('Cụ Tư'), await somebody('Lan')];
    await proxy(old, lan);
    const asked = await lan.post('/v1/me/exports');
    assert.equal(asked.status, 202, asked.text);
    const job = await until(async () => (await lan.get(`/v1/me/exports/${asked.json.id}`)).json, (one) => one.state === 'ready');
    const files = unzip((await server.client().get(job.url)).body);
    const kept = JSON.parse(files.get('mandates/mandates.json').toString('utf8'));
    assert.deepEqual(kept.agent.map((one) => one.subject_name), ['Cụ Tư']);
    assert.deepEqual(kept.subject, []);
  });

  test('ended while a request is under way: it is refused or done before, and afterwards never', async () => {
    const [old, lan] = [await somebody(), await somebody()];
    const mandate = await proxy(old, lan);
    const [ended, ...filed] = await Promise.all([verbOf(old, mandate.id, 'end'), ...Array.from({ length: 6 }, () => fileFor(lan, old.person))]);
    assert.equal(ended.status, 200, ended.text);
    for (const one of filed) assert.ok([201, 403].includes(one.status), one.text);
    problem(await fileFor(lan, old.person), 403, 'not-acting', 'ended');
    assert.equal((await old.get('/v1/reports?limit=50')).json.items.length, filed.filter((one) => one.status === 201).length, 'each that was done is the subject\'s');
  });

  test('declined is declined', async () => {
    const [old, lan] = [await somebody(), await somebody()];
    const given = (await make(old, { kind: 'proxy', agent: { card: lan.card }, scope: ['reports'] })).json;
    assert.equal((await verbOf(lan, given.id, 'decline')).status, 200);
    problem(await verbOf(lan, given.id, 'accept'), 409, 'wrong-state');
    assert.equal((await old.get(`/v1/me/mandates/${given.id}`)).json.state, 'declined');
    const again = await proxy(old, lan);
    assert.equal(again.state, 'active');
  });
});

describe('time', () => {
  /* It takes the clock ahead: last. */
  test('an offer is over after 14 days, a proxy on its last day, who was never confirmed is forgotten', async () => {
    const [old, lan, mother] = [await somebody('Cụ Tư'), await somebody('Lan'), await somebody()];
    const offered = (await make(old, { kind: 'proxy', agent: { card: lan.card }, scope: ['reports'] })).json;
    const last = new Date(Date.now() + 40 * DAY * 1000).toISOString().slice(0, 10);
    await proxy(old, lan, { until: last });
    const recorded = (await make(mother, child())).json;
    await advanceClock(server, 15 * DAY);
    await Promise.all([awake(old), awake(lan), awake(mother)]);
    assert.equal((await verbOf(lan, offered.id, 'accept')).status, 404, 'it is not hers to see any more');
    assert.equal((await old.get(`/v1/me/mandates/${offered.id}`)).json.state, 'over');
    assert.equal((await lan.get('/v1/reports', acting(old.person))).status, 200);
    await advanceClock(server, 46 * DAY);
    await Promise.all([awake(old), awake(lan), awake(mother)]);
    problem(await lan.get('/v1/reports', acting(old.person)), 403, 'not-acting', 'ended');
    problem(await decide(recorded.id), 409, 'wrong-state');
    assert.equal((await mother.get(`/v1/me/mandates/${recorded.id}`)).json.state, 'over');
  });
});

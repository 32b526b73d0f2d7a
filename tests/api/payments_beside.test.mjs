/* Fees paid online: who else is told of money that goes back, and days on which nobody looked at the provider's list. */
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { after, before, test } from 'node:test';
import { act, file } from './lib/dossiers.mjs';
import { Bank, CALLBACK, until } from './lib/payments.mjs';
import { advanceClock, fresh, signInStaff } from './lib/people.mjs';
import { Provider, eidClient } from './lib/provider.mjs';
import { Server } from './lib/server.mjs';
import { tramctl, tramctlJson } from './lib/tramctl.mjs';

let provider, bank, server, an;
const now = () => Date.now() + (server.aheadMs ?? 0);
const dayOf = (ms) => new Date(ms + 7 * 3600_000).toISOString().slice(0, 10);

before(async () => {
  provider = await Provider.start({ redirects: ['https://app.tram.example/eid'] });
  bank = await Bank.start();
  server = new Server({ env: { ...provider.config(), ...bank.config(), TRAM_HTTP_RATES: '1000000', TRAM_AUTH_ACCESS: '1h' } });
  await server.start();
  an = await citizen('an', '096190000123');
});
after(async () => {
  await server.stop();
  await provider.stop();
  await bank.stop();
});

function citizen(login, card_no) {
  provider.people.set(login, { card_no, name: 'Lê Thị An', birthdate: '1990-05-17', assurance: 'two' });
  return eidClient(server, provider, login);
}

/* A later day: the session lives, its token does not. */
async function refresh() {
  const reply = await server.client().post('/v1/auth/refresh', { json: { refresh_token: an.refresh } });
  assert.equal(reply.status, 200, reply.text);
  [an.token, an.refresh] = [reply.json.access_token, reply.json.refresh_token];
}

/* A dossier that waits for its fee, and the order that is to pay it. */
async function ordered() {
  const officer = await signInStaff(server, 'officer.demo');
  const dossier = await file(an);
  await act(officer, dossier, 'receive');
  await act(officer, dossier, 'take');
  await act(officer, dossier, 'ask_fee', { amount: 8000 });
  const order = await an.post(`/v1/dossiers/${dossier.id}/payments`, { headers: fresh() });
  assert.equal(order.status, 201, order.text);
  return { dossier, order: order.json };
}

test('who acts for the owner is told of money that goes back, as far as the authority reaches', async () => {
  const agent = async (login, card, more) => {
    const client = await citizen(login, card);
    const given = await an.post('/v1/me/mandates', { json: { kind: 'proxy', agent: { card }, scope: ['dossiers'], ...more }, headers: fresh() });
    assert.equal(given.status, 201, given.text);
    assert.equal((await client.post(`/v1/me/mandates/${given.json.id}/steps/accept`, { json: {} })).status, 200);
    return client;
  };
  const near = await agent('near', '096190000901', {});
  const far = await agent('far', '096190000902', { procedures: ['1.004194'] });
  const { dossier, order } = await ordered();
  const transaction = (amount) => ({ transaction: crypto.randomUUID(), order: order.id, amount, paid_at: new Date(now()).toISOString() });
  const body = JSON.stringify({ order: order.id, status: 'paid', transactions: [transaction(8000), transaction(500)] });
  const told = await server.client().post(CALLBACK, { body: Buffer.from(body), headers: Bank.headers(body, { now: now() }) });
  assert.equal(told.status, 204, told.text);
  const notices = async (client) =>
    (await client.get('/v1/notices')).json.items.filter((one) => one.what === 'to_refund' && one.number === dossier.number);
  assert.equal((await until(() => notices(near), (seen) => seen.length > 0, 'a notice')).length, 1);
  assert.equal((await notices(an)).length, 1);
  assert.equal((await notices(far)).length, 0);
});

test('days on which nobody held the lists against each other are made up for', async () => {
  const days = async () => (await (await signInStaff(server, 'inspector.demo')).get('/v1/desk/payment-days')).json.items.map((one) => one.date);
  const reconciled = (date) => until(days, (all) => all.includes(date), `${date} to be held against the list`);
  const first = dayOf(Date.now() - 86400_000);
  const tomorrow = (Math.floor((now() + 7 * 3600_000) / 86400_000) + 1) * 86400_000 - 7 * 3600_000;
  await advanceClock(server, Math.ceil((tomorrow + 3 * 3600_000 - now()) / 1000));
  await reconciled(dayOf(now() - 86400_000));
  await refresh();
  const { dossier, order } = await ordered();
  const date = dayOf(now());
  await bank.control('transaction', { transaction: 'BO-LO', order: order.id, amount: 8000, paid_at: `${date}T00:00:01+07:00` });
  await advanceClock(server, 4 * 86400);
  for (let i = 1; i <= 4; i++) await reconciled(dayOf(now() - i * 86400_000));
  assert.ok((await days()).every((day) => day >= first), 'and none before the first');
  await refresh();
  await until(async () => (await an.get(`/v1/dossiers/${dossier.id}`)).json, (seen) => seen.owed === 0, 'the fee to be counted');
});

test('a key that is sent again after the order’s time is answered the order as the provider knows it', async () => {
  await refresh();
  const officer = await signInStaff(server, 'officer.demo');
  const dossier = await file(an);
  await act(officer, dossier, 'receive');
  await act(officer, dossier, 'take');
  await act(officer, dossier, 'ask_fee', { amount: 8000 });
  const headers = fresh();
  const begin = (key) => an.post(`/v1/dossiers/${dossier.id}/payments`, { headers: key });
  await bank.control('away', { on: true });
  assert.equal((await begin(headers)).status, 503);
  await advanceClock(server, 1800);
  assert.equal((await begin(headers)).status, 503, 'whether the provider heard of it is not known');
  await bank.control('away', { on: false });
  const late = await begin(headers);
  assert.equal(late.status, 201, late.text);
  assert.deepEqual([late.json.state, late.json.url], ['expired', undefined]);
  const next = await begin(fresh());
  assert.equal(next.json.state, 'open', next.text);
  assert.notEqual(next.json.id, late.json.id);
});

test('was counted before the dossier was stopped: it is listed, and given back or kept with a reason', async () => {
  await refresh();
  const [officer, leader] = [await signInStaff(server, 'officer.demo'), await signInStaff(server, 'leader.demo')];
  const { dossier, order } = await ordered();
  const payments = async () => (await an.get(`/v1/dossiers/${dossier.id}/payments`)).json;
  await act(officer, dossier, 'pay', { amount: 3000, reference: 'BL 10' });
  await bank.control('pay', { order: order.id, amount: 5000 });
  await until(async () => (await an.get(`/v1/dossiers/${dossier.id}`)).json, (seen) => seen.owed === 0, 'the fee to be counted');
  await act(an, dossier, 'withdraw', { note: 'Tôi không cần nữa' });
  await act(officer, dossier, 'release');
  const seen = await until(() => payments(), (now) => now.money.length === 2, 'cash is listed too');
  assert.deepEqual(seen.money.map((one) => [one.provider, one.refund, one.counted, one.state, one.reason]).sort(),
    [['counter', 3000, 0, 'to_refund', 'unserved'], ['signed', 5000, 0, 'to_refund', 'unserved']]);
  const [cash, online] = ['counter', 'signed'].map((name) => seen.money.find((one) => one.provider === name));
  const at = (one, verb) => `/v1/desk/payments/${one.id}/${verb}`;
  const notices = async (what) => (await an.get('/v1/notices')).json.items.filter((one) => one.what === what && one.number === dossier.number);
  assert.equal((await until(() => notices('to_refund'), (all) => all.length >= 2, 'both are told of')).length, 2);
  assert.ok((await leader.get('/v1/desk/payments')).json.items.some((one) => one.id === cash.id));
  assert.equal((await leader.post(at(cash, 'retain'), { json: {}, headers: fresh() })).status, 422);
  assert.equal((await officer.post(at(cash, 'retain'), { json: { note: 'x' }, headers: fresh() })).status, 403);
  const elsewhere = await signInStaff(server, 'health.demo');
  assert.ok([403, 404].includes((await elsewhere.post(at(cash, 'retain'), { json: { note: 'x' }, headers: fresh() })).status));
  const kept = await leader.post(at(cash, 'retain'), { json: { note: 'Đã thẩm định hồ sơ' }, headers: fresh() });
  assert.equal(kept.status, 200, kept.text);
  assert.deepEqual([kept.json.state, kept.json.refund, kept.json.counted], ['retained', 0, 3000]);
  assert.match((await until(() => notices('refund_refused'), (all) => all.length > 0, 'the reason is told'))[0].text_vi, /3\.000 đồng .* Đã thẩm định hồ sơ/);
  assert.equal((await leader.post(at(cash, 'refund'), { json: { reference: 'UNC 9' }, headers: fresh() })).json.type, '/problems/nothing-to-refund');
  const back = await leader.post(at(online, 'refund'), { json: { reference: 'UNC 8' }, headers: fresh() });
  assert.equal(back.json.state, 'refunded', back.text);
  assert.equal((await leader.get('/v1/desk/payments?state=retained')).json.items.length, 1);
});

test('a list that breaks off in its middle says nothing of the day; done again, each is counted once', async () => {
  await refresh();
  const { dossier, order } = await ordered();
  const inspector = await signInStaff(server, 'inspector.demo');
  const date = dayOf(now());
  const owed = async () => (await an.get(`/v1/dossiers/${dossier.id}`)).json.owed;
  const put = (transaction, more) => bank.control('transaction', { transaction, paid_at: `${date}T00:00:01+07:00`, ...more });
  await put('NUA-000', { order: order.id, amount: 8000 }); // on the first page, the only one that comes
  for (let i = 1; i <= 220; i++) await put(`NUA-${String(i).padStart(3, '0')}`, { amount: 1000 + i });
  const reconcile = [server.data, 'payments', 'reconcile', '--day', date, '--take'];
  await bank.control('away', { on: true, pages: 1 });
  const broken = await tramctl(...reconcile);
  assert.equal(broken.code, 1, broken.out);
  assert.equal((await inspector.get(`/v1/desk/payment-days/${date}`)).status, 404, 'half a list is none');
  assert.equal(await owed(), 8000);
  await bank.control('away', { on: false });
  const day = await tramctlJson(...reconcile);
  assert.ok(day.missing_here >= 221, JSON.stringify(day).slice(0, 300));
  assert.equal(await owed(), 0);
  const again = await tramctlJson(...reconcile);
  assert.deepEqual([again.ours, again.ours_sum], [day.theirs, day.theirs_sum], 'all are here now');
  const { money } = (await an.get(`/v1/dossiers/${dossier.id}/payments`)).json;
  assert.deepEqual(money.map((one) => [one.transaction, one.counted, one.refund]), [['NUA-000', 8000, 0]]);
});

test('a readable transaction beside one that is not is counted; the provider is told that something was wrong', async () => {
  await refresh();
  const { dossier, order } = await ordered();
  const one = (amount) => ({ transaction: crypto.randomUUID(), order: order.id, amount, paid_at: new Date(now()).toISOString() });
  const body = JSON.stringify({ order: order.id, status: 'paid', transactions: [one(8000), one('nhiều')] });
  const told = await server.client().post(CALLBACK, { body: Buffer.from(body), headers: Bank.headers(body, { now: now() }) });
  assert.equal(told.status, 400, told.text);
  const seen = await until(async () => (await an.get(`/v1/dossiers/${dossier.id}`)).json, (all) => all.owed === 0, 'the fee to be counted');
  assert.equal(seen.payments.length, 1);
});

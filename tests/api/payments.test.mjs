/* Fees paid online: at a real provider over HTTP, whose callbacks come twice, late, reordered, forged or never. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { act, file } from './lib/dossiers.mjs';
import { Bank, CALLBACK, SECRET, until } from './lib/payments.mjs';
import { advanceClock, fresh, signInStaff } from './lib/people.mjs';
import { PROGRAM } from './lib/places.mjs';
import { Provider, eidClient } from './lib/provider.mjs';
import { Server } from './lib/server.mjs';
import { tramctl, tramctlJson } from './lib/tramctl.mjs';

let provider, bank, server, an, binh, officer, leader, inspector;

before(async () => {
  provider = await Provider.start({ redirects: ['https://app.tram.example/eid'] });
  bank = await Bank.start();
  server = new Server({
    env: { ...provider.config(), ...bank.config(), TRAM_PAY_ASK_AFTER: '1s', TRAM_HTTP_RATES: '1000000', TRAM_AUTH_ACCESS: '1h' },
  });
  await server.start();
  provider.people.set('an', { card_no: '096190000123', name: 'Lê Thị An', birthdate: '1990-05-17', assurance: 'two' });
  provider.people.set('binh', { card_no: '096085000456', name: 'Trần Văn Bình', birthdate: '1985-01-02', assurance: 'two' });
  an = await eidClient(server, provider, 'an');
  binh = await eidClient(server, provider, 'binh');
  await staff();
});
after(async () => {
  await server.stop();
  await provider.stop();
  await bank.stop();
});

async function staff() {
  officer = await signInStaff(server, 'officer.demo');
  leader = await signInStaff(server, 'leader.demo');
  inspector = await signInStaff(server, 'inspector.demo');
}

/* A later day: the session lives, its token does not. */
async function refresh(client) {
  const reply = await server.client().post('/v1/auth/refresh', { json: { refresh_token: client.refresh } });
  assert.equal(reply.status, 200, reply.text);
  client.token = reply.json.access_token;
  client.refresh = reply.json.refresh_token;
}

/* A dossier that waits for its fee. */
async function owing(amount = 8000) {
  const dossier = await file(an);
  await act(officer, dossier, 'receive');
  await act(officer, dossier, 'take');
  const asked = await act(officer, dossier, 'ask_fee', { amount });
  assert.equal(asked.state, 'fee');
  return dossier;
}

async function begin(dossier, client = an, headers = fresh()) {
  const reply = await client.post(`/v1/dossiers/${dossier.id}/payments`, { headers });
  assert.equal(reply.status, 201, reply.text);
  return reply.json;
}

const look = async (dossier) => (await an.get(`/v1/dossiers/${dossier.id}`)).json;
const payments = async (dossier, client = an) => (await client.get(`/v1/dossiers/${dossier.id}/payments`)).json;
const check = (dossier, order) => an.post(`/v1/dossiers/${dossier.id}/payments/${order.id}/check`);
const counted = (dossier) => until(() => look(dossier), (now) => now.owed === 0, 'the fee to be counted');
const toRefund = (dossier) =>
  until(() => payments(dossier), (now) => now.money.some((one) => one.state === 'to_refund'), 'money to give back');

const told = (order, transactions, status = 'paid') => ({ order: order.id ?? order, status, transactions });
const transaction = (order, amount, more = {}) => ({
  transaction: `GD${crypto.randomUUID()}`,
  order: order.id,
  amount,
  paid_at: new Date(Date.now() + (server.aheadMs ?? 0)).toISOString(),
  ...more,
});

/* A callback that this test signs, or does not. */
function callback(body, how = {}, sent = undefined) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const headers = Bank.headers(text, { now: Date.now() + (server.aheadMs ?? 0), ...how });
  return server.client().post(CALLBACK, { body: Buffer.from(sent ?? text), headers });
}

describe('paid online', () => {
  test('an order is made once, paid on the provider’s page, told by it, and the dossier goes on', async () => {
    const dossier = await owing();
    const before = await payments(dossier);
    assert.deepEqual([before.owed, before.online, before.orders, before.money], [8000, true, [], []]);
    const headers = fresh();
    const [order, again] = await Promise.all([begin(dossier, an, headers), begin(dossier, an, headers)]);
    const otherKey = fresh(), other = await begin(dossier, an, otherKey);
    assert.equal(again.id, order.id, 'the same key');
    assert.equal(other.id, order.id, 'another phone');
    assert.deepEqual([order.state, order.amount], ['open', 8000]);
    const page = await (await fetch(order.url)).text();
    assert.match(page, new RegExp(dossier.number));
    assert.match(page, /8\.000 đồng/);
    await fetch(order.url, { method: 'POST', body: new URLSearchParams({ do: 'pay', callbacks: 'twice' }) });
    const paid = await counted(dossier);
    assert.equal(paid.state, 'in_progress', 'its clock runs again');
    assert.equal(paid.payments.length, 1);
    assert.equal(paid.payments[0].way, 'service');
    const now = await until(() => payments(dossier), (seen) => seen.money[0]?.state === 'counted', 'it is settled');
    assert.equal(now.online, false);
    assert.equal(now.orders[0].state, 'paid');
    assert.equal(now.money[0].id, paid.payments[0].id);
    assert.equal(now.money[0].transaction, paid.payments[0].reference);
    assert.equal(now.money[0].order, undefined, 'not the applicant’s to know');
    const receipt = (await an.get(`/v1/dossiers/${dossier.id}/receipts/${paid.payments[0].id}`)).json;
    assert.equal(Date.parse(receipt.at), Date.parse(now.money[0].paid_at), 'when it was paid, not when it was counted');
    assert.equal(receipt.payer, 'Lê Thị An');
    assert.equal(receipt.amount_words, 'Tám nghìn đồng');
    assert.equal(receipt.number, dossier.number);
    assert.equal(receipt.agency, 'H12.32025');
    const office = (await officer.get(`/v1/dossiers/${dossier.id}/receipts/${paid.payments[0].id}`)).json;
    assert.equal(office.payer, undefined);
    assert.equal((await an.get(`/v1/dossiers/${dossier.id}/receipts/${order.id}`)).status, 404);
    const nothing = await an.post(`/v1/dossiers/${dossier.id}/payments`, { headers: fresh() });
    assert.deepEqual([nothing.status, nothing.json.type], [409, '/problems/nothing-owed']);
    for (const key of [headers, otherKey]) assert.equal((await begin(dossier, an, key)).id, order.id, 'each key still answers');
  });

  test('nobody else learns of it or pays for it', async () => {
    const dossier = await owing();
    const order = await begin(dossier);
    const theirs = `/v1/dossiers/${dossier.id}/payments`;
    assert.equal((await binh.post(theirs, { headers: fresh() })).status, 404);
    assert.equal((await binh.get(theirs)).status, 404);
    assert.equal((await binh.post(`${theirs}/${order.id}/check`)).status, 404);
    assert.equal((await check(await owing(), order)).status, 404, 'an order of another dossier');
    assert.equal((await (await signInStaff(server, 'health.demo')).get(theirs)).status, 404);
    const seen = await payments(dossier, officer);
    assert.equal(seen.orders[0].url, undefined, 'where it is paid is the payer’s alone');
    assert.equal((await an.post(theirs)).status, 400, 'without a key');
  });

  test('no callback comes: who returns asks, and else the sweep does', async () => {
    const one = await owing();
    const first = await begin(one);
    await bank.control('pay', { order: first.id, callbacks: 'never' });
    const asked = await check(one, first);
    assert.equal(asked.json.state, 'paid', asked.text);
    assert.equal((await look(one)).owed, 0);

    const two = await owing();
    const second = await begin(two);
    await bank.control('pay', { order: second.id, callbacks: 'never' });
    await counted(two);
    const failing = await owing();
    const third = await begin(failing);
    await bank.control('fail', { order: third.id, callbacks: 'never' });
    await until(() => payments(failing), (now) => now.orders[0].state === 'failed', 'a failure to be heard of');
    assert.equal((await look(failing)).owed, 8000);
    const fourth = await begin(failing);
    assert.notEqual(fourth.id, third.id, 'another try');
    await bank.control('pay', { order: fourth.id });
    await counted(failing);
  });

  test('callbacks come late and in the wrong order: paid stays paid', async () => {
    const dossier = await owing();
    const order = await begin(dossier);
    await bank.control('pay', { order: order.id, callbacks: 'late' });
    const { sent } = await bank.control('send', { reversed: true });
    assert.deepEqual(sent, [204, 204], 'paid, then that it is open');
    assert.equal((await look(dossier)).owed, 0);
    for (const status of ['open', 'failed', 'expired'])
      assert.equal((await callback(told(order, [], status))).status, 204);
    const now = await payments(dossier);
    assert.equal(now.orders[0].state, 'paid');
    assert.equal(now.money.length, 1);
  });

  test('the same transaction twenty times at once is counted once', async () => {
    const dossier = await owing();
    const order = await begin(dossier);
    const body = told(order, [transaction(order, 8000)]);
    const replies = await Promise.all(Array.from({ length: 20 }, () => callback(body)));
    assert.deepEqual(new Set(replies.map((one) => one.status)), new Set([204]));
    const now = await counted(dossier);
    assert.equal(now.payments.length, 1);
    assert.equal((await payments(dossier)).money.length, 1);
    assert.equal(now.history.filter((one) => one.verb === 'pay').length, 1);
  });

  test('what is forged, old, of tomorrow or not agreed on changes nothing', async () => {
    const dossier = await owing();
    const order = await begin(dossier);
    for (const wrong of ['signature', 'secret', 'timestamp', 'path', 'body'])
      assert.equal((await bank.control('forge', { order: order.id, wrong })).status, 401, wrong);
    const paid = told(order, [transaction(order, 8000)]);
    const now = Math.floor((Date.now() + (server.aheadMs ?? 0)) / 1000);
    for (const how of [
      { secret: `${SECRET}x` }, { merchant: 'other' }, { timestamp: now - 600 }, { timestamp: now + 600 }, { timestamp: 'now' },
      { timestamp: '99999999999999999999' }, { at: '/v1/payments' },
    ]) {
      const reply = await callback(paid, how);
      assert.equal(reply.status, 401, JSON.stringify(how));
      assert.equal(reply.json.type, '/problems/signature-wrong');
    }
    assert.equal((await callback(paid, {}, JSON.stringify({ ...paid, amount: 1 }))).status, 401, 'another body');
    const bare = await server.client().post(CALLBACK, { json: paid });
    assert.equal(bare.status, 401, 'not signed');
    const huge = await callback(told(order, [transaction(order, 8000, { paid_at: 'x'.repeat(70000) })]));
    assert.equal(huge.status, 413);
    for (const body of [
      'no JSON', '[]', told(order, []), told(order, [transaction(order, 0)]), told(order, [transaction(order, -8000)]),
      told(order, [transaction(order, 8000.5)]), told(order, [transaction(order, 1e15)]),
      told(order, [transaction(order, 8000, { transaction: '' })]), told(order, [transaction(order, 8000, { transaction: 'x'.repeat(101) })]),
      told(order, [transaction(order, 8000, { transaction: '../../etc' })]), told(order, [transaction(order, 8000, { paid_at: '2999-01-01T00:00:00Z' })]),
      told(order, [transaction(order, 8000)], 'settled'), told(order, Array.from({ length: 17 }, () => transaction(order, 1))), { status: 'paid' },
    ])
      assert.equal((await callback(body)).status, 400, JSON.stringify(body).slice(0, 200));
    const seen = await payments(dossier);
    assert.deepEqual([seen.owed, seen.money, seen.orders[0].state], [8000, [], 'open']);
    assert.equal((await look(dossier)).state, 'fee');
  });

  test('a provider that is away is asked again with the same key', async () => {
    const dossier = await owing();
    const headers = fresh();
    await bank.control('away', { on: true });
    const reply = await an.post(`/v1/dossiers/${dossier.id}/payments`, { headers });
    assert.equal(reply.status, 503, reply.text);
    assert.equal(reply.json.type, '/problems/payment-unavailable');
    assert.ok(Number(reply.headers['retry-after']) > 0);
    await bank.control('away', { on: false });
    assert.equal((await begin(dossier, an, headers)).state, 'open');
    assert.equal((await payments(dossier)).orders.length, 1);
  });
});

describe('money that is not due any more', () => {
  let late;

  test('came after the dossier was withdrawn: kept, listed, and its payer is told', async () => {
    const dossier = await owing();
    const order = await begin(dossier);
    await act(an, dossier, 'withdraw', { note: 'Tôi không cần nữa' });
    const closed = await an.post(`/v1/dossiers/${dossier.id}/payments`, { headers: fresh() });
    assert.equal(closed.json.type, '/problems/nothing-owed');
    await act(officer, dossier, 'release');
    await bank.control('pay', { order: order.id });
    const [money] = (await toRefund(dossier)).money;
    assert.deepEqual([money.amount, money.counted, money.refund, money.reason], [8000, 0, 8000, 'ended']);
    const notices = await until(
      async () => (await an.get('/v1/notices')).json.items.filter((one) => one.what === 'to_refund' && one.number === dossier.number),
      (seen) => seen.length > 0, 'a notice');
    assert.equal(notices.length, 1);
    assert.match(notices[0].text_vi, /8\.000 đồng .* sẽ được hoàn trả/);
    late = { dossier, money };
  });

  test('is given back by the leader of its desk, once', async () => {
    const refund = (client, json, headers = fresh()) => client.post(`/v1/desk/payments/${late.money.id}/refund`, { json, headers });
    assert.equal((await leader.get('/v1/desk/payments')).json.items.find((one) => one.id === late.money.id).agency, 'H12.32025');
    assert.ok((await inspector.get('/v1/desk/payments?agency=H12.32025&state=to_refund')).json.items.some((one) => one.id === late.money.id));
    const health = await signInStaff(server, 'health.demo');
    assert.ok(!(await health.get('/v1/desk/payments')).json.items.some((one) => one.id === late.money.id));
    assert.equal((await refund(officer, { reference: 'UNC 1' })).status, 403);
    assert.equal((await refund(leader, {})).status, 422);
    assert.equal((await leader.post('/v1/desk/payments/00000000-0000-4000-8000-000000000000/refund', { json: { reference: 'x' }, headers: fresh() })).status, 404);
    const headers = fresh();
    const done = await refund(leader, { reference: 'UNC 0042/2026', note: 'Chuyển khoản' }, headers);
    assert.equal(done.status, 200, done.text);
    assert.equal(done.json.state, 'refunded');
    assert.equal((await refund(leader, { reference: 'UNC 0042/2026', note: 'Chuyển khoản' }, headers)).status, 200, 'once more');
    assert.equal((await refund(leader, { reference: 'UNC 0043/2026' })).json.type, '/problems/nothing-to-refund');
    const notices = (await an.get('/v1/notices')).json.items.filter((one) => one.what === 'refunded' && one.number === late.dossier.number);
    assert.equal(notices.length, 1);
    assert.match(notices[0].text_vi, /UNC 0042\/2026/);
    const [seen] = (await payments(late.dossier)).money;
    assert.deepEqual([seen.state, seen.refund_reference, seen.refund_note], ['refunded', 'UNC 0042/2026', undefined]);
  });

  test('paid twice for one order, or partly at the counter meanwhile: what is too much goes back', async () => {
    const twice = await owing();
    const order = await begin(twice);
    const [a, b] = [transaction(order, 8000), transaction(order, 8000)];
    assert.equal((await callback(told(order, [a, b]))).status, 204);
    const seen = await payments(twice);
    assert.deepEqual(seen.money.map((one) => [one.counted, one.refund, one.reason]).sort(), [[0, 8000, 'too_much'], [8000, 0, undefined]]);
    assert.equal((await look(twice)).owed, 0);

    const partly = await owing();
    const second = await begin(partly);
    await act(officer, partly, 'pay', { amount: 3000, reference: 'BL 09' });
    await bank.control('pay', { order: second.id });
    const now = await counted(partly);
    assert.deepEqual(now.payments.map((one) => [one.amount, one.way]), [[3000, 'cash'], [5000, 'service']]);
    const [money] = (await toRefund(partly)).money;
    assert.deepEqual([money.counted, money.refund, money.reason], [5000, 3000, 'too_much']);
  });

  test('waits while a withdrawal is looked at, and is counted when the dossier is kept', async () => {
    const dossier = await owing();
    const order = await begin(dossier);
    await act(an, dossier, 'withdraw', { note: 'Xin rút' });
    assert.equal((await callback(told(order, [transaction(order, 8000)]))).status, 204);
    assert.equal((await payments(dossier)).money[0].state, 'taken');
    assert.equal((await look(dossier)).owed, 8000);
    await act(an, dossier, 'keep');
    await advanceClock(server, 301);
    const now = await counted(dossier);
    assert.equal(now.state, 'in_progress');
    await staff();
  });

  test('money of no order of ours is kept for the operator', async () => {
    const stray = transaction({ id: 'KHÔNG PHẢI LỆNH' }, 12345);
    assert.equal((await callback(told('LENH-LA', [stray]))).status, 204);
    const unknown = transaction({}, 777);
    assert.equal((await callback(told(crypto.randomUUID(), [unknown]))).status, 204);
    const listed = await tramctlJson(server.data, 'payments', 'list');
    const mine = listed.filter((one) => [stray.transaction, unknown.transaction].includes(one.transaction));
    assert.deepEqual(mine.map((one) => [one.refund, one.reason]).sort(), [[12345, 'no_order'], [777, 'no_order']]);
    const given = await tramctlJson(server.data, 'payments', 'refund', mine[0].id, '--reference', 'UNC 77');
    assert.equal(given.state, 'refunded');
    assert.equal((await tramctl(server.data, 'payments', 'refund', mine[0].id, '--reference', 'UNC 78')).code, 1);
    assert.ok((await inspector.get('/v1/desk/payments')).json.items.some((one) => one.transaction === mine[1].transaction));
    const operator = server.operator();
    const refunded = await operator.raw('GET', '/v1/admin/payments?state=refunded');
    assert.ok(refunded.json.items.some((one) => one.transaction === mine[0].transaction && one.refund_reference === 'UNC 77'));
    const second = await operator.raw('POST', `/v1/admin/payments/${mine[1].id}/refund`, { json: { reference: 'UNC 79' } });
    assert.equal(second.status, 200, second.text);
  });
});

describe('a day against the provider’s list', () => {
  const dayOf = (ms) => new Date(ms + 7 * 3600_000).toISOString().slice(0, 10);

  test('what is missing here, missing there, or of another amount is told; and taken if asked to', async () => {
    const [a, b, c] = [await owing(), await owing(), await owing()];
    const [one, two, three] = [await begin(a), await begin(b), await begin(c)];
    const date = dayOf(Date.now() + server.aheadMs);
    await bank.control('transaction', { transaction: 'LECH-1', order: one.id, amount: 8000, paid_at: `${date}T08:00:00+07:00` });
    await bank.control('pay', { order: two.id, transaction: 'LECH-2', paid_at: `${date}T08:00:01+07:00` });
    await bank.control('pay', { order: three.id, transaction: 'LECH-3', paid_at: `${date}T08:00:02+07:00` });
    await counted(b);
    await counted(c);
    await bank.control('change', { transaction: 'LECH-2', amount: 9000 });
    await bank.control('transaction', { transaction: 'LECH-4', amount: 'nhiều', paid_at: `${date}T08:00:03+07:00` });
    await bank.control('transaction', { transaction: '../5', amount: 5, paid_at: `${date}T08:00:04+07:00` });
    await bank.control('change', { transaction: 'LECH-3', amount: 0 });
    const first = await tramctlJson(server.data, 'payments', 'reconcile', '--day', date);
    const of = (day, transaction) => day.differences.find((row) => row.transaction === transaction);
    assert.deepEqual(of(first, 'LECH-1'), { kind: 'missing_here', transaction: 'LECH-1', number: a.number, ours: 0, theirs: 8000, taken: false });
    assert.deepEqual(of(first, 'LECH-2'), { kind: 'differs', transaction: 'LECH-2', number: b.number, ours: 8000, theirs: 9000, taken: false });
    assert.deepEqual(of(first, 'LECH-3'), { kind: 'missing_there', transaction: 'LECH-3', number: c.number, ours: 8000, theirs: 0, taken: false });
    assert.deepEqual(of(first, 'LECH-4'), { kind: 'unreadable', transaction: 'LECH-4', ours: 0, theirs: 0, taken: false });
    assert.equal(first.unreadable, 2, 'rows that cannot be read keep none of the others back');
    assert.equal((await look(a)).owed, 8000, 'nothing was taken');
    const taken = await tramctlJson(server.data, 'payments', 'reconcile', '--day', date, '--take');
    assert.equal(of(taken, 'LECH-1').taken, true);
    await counted(a);
    const again = await tramctlJson(server.data, 'payments', 'reconcile', '--day', date);
    assert.equal(of(again, 'LECH-1').taken, true, 'that it was missing stays known');
    const begun = await server.operator().raw('POST', '/v1/admin/payments/reconcile', { json: { date } });
    assert.equal(begun.status, 202, begun.text);
    await until(async () => (await server.operator().raw('GET', `/v1/admin/jobs/${begun.json.id}`)).json, (job) => job.state === 'done', 'the job');
    assert.equal((await server.operator().raw('POST', '/v1/admin/payments/reconcile', { json: { date: '2026-02-31' } })).status, 422);
    const plain = await tramctl(server.data, 'payments', 'reconcile', '--day', date);
    assert.equal(plain.code, 0, plain.err);
    assert.match(plain.out, /LECH-2/);
    const seen = (await inspector.get(`/v1/desk/payment-days/${date}`)).json;
    assert.ok(seen.differences.some((row) => row.transaction === 'LECH-3'));
    assert.equal((await inspector.get('/v1/desk/payment-days')).json.items[0].date, date);
    assert.equal((await inspector.get('/v1/desk/payment-days/2020-01-01')).status, 404);
    assert.equal((await inspector.get('/v1/desk/payment-days/hom-qua')).status, 404);
    assert.equal((await leader.get(`/v1/desk/payment-days/${date}`)).status, 403);
    assert.equal((await tramctl(server.data, 'payments', 'reconcile', '--day', '2999-01-01')).code, 1);
    assert.equal((await tramctl(server.data, 'payments', 'reconcile')).code, 2);
  });

  test('yesterday is reconciled by itself, over pages of the list, and what was missing is counted', async () => {
    const dossier = await owing();
    const order = await begin(dossier);
    const date = dayOf(Date.now() + server.aheadMs);
    const at = `${date}T09:00:00+07:00`;
    for (let i = 0; i < 450; i++)
      await bank.control('transaction', { transaction: `TRANG-${String(i).padStart(3, '0')}`, amount: 1000 + i, paid_at: at });
    await bank.control('transaction', { transaction: 'QUA-DEM', order: order.id, amount: 8000, paid_at: at });
    const morning = Date.parse(`${date}T00:00:00+07:00`) + 27 * 3600e3;
    await advanceClock(server, Math.ceil((morning - Date.now() - server.aheadMs) / 1000));
    await staff();
    await refresh(an);
    const day = await until(
      async () => (await inspector.get(`/v1/desk/payment-days/${date}`)).json,
      (seen) => seen.missing_here >= 451, 'the day to be reconciled');
    assert.equal(day.differences.length, 200, 'as many as are kept');
    await counted(dossier);
  });
});

describe('without a provider', () => {
  test('a fee is paid at the counter, and a callback is nobody’s', async () => {
    const alone = new Server({ env: { ...provider.config(), TRAM_HTTP_RATES: '1000000' } });
    await alone.start();
    try {
      const citizen = await eidClient(alone, provider, 'an');
      const dossier = await file(citizen);
      const listed = (await citizen.get(`/v1/dossiers/${dossier.id}/payments`)).json;
      assert.deepEqual(listed, { owed: 0, online: false, orders: [], money: [] });
      const reply = await citizen.post(`/v1/dossiers/${dossier.id}/payments`, { headers: fresh() });
      assert.equal(reply.status, 409);
      assert.equal(reply.json.type, '/problems/pay-at-counter');
      assert.equal((await alone.client().post(CALLBACK, { json: {} })).status, 404);
      const reconcile = await tramctl(alone.data, 'payments', 'reconcile', '--day', '2026-11-01');
      assert.equal(reconcile.code, 1);
    } finally {
      await alone.stop();
    }
  });

  test('the secret of the demonstration, a short one and plain http are refused outside it', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tram-pay-'));
    const start = (secret, env) =>
      new Promise((resolve) => {
        const name = path.join(folder, 'secret');
        fs.writeFileSync(name, secret, { mode: 0o600 });
        const more = { TRAM_PAY_PROVIDER: 'signed', TRAM_PAY_URL: 'https://pay.example', TRAM_PAY_SECRET_FILE: name, ...env };
        execFile(PROGRAM, ['--data', path.join(folder, 'data')], { env: { ...process.env, ...more } },
          (error, out, err) => resolve({ code: error?.code, err }));
      });
    try {
      for (const [secret, env, words] of [
        [`${SECRET}\n`, {}, /everybody knows/],
        ['too short', {}, /32 bytes/],
        ['x'.repeat(40), { TRAM_PAY_HTTP: 'true' }, /demonstrations only/],
        ['x'.repeat(40), { TRAM_PAY_URL: 'http://pay.example' }, /https/],
        ['x'.repeat(40), { TRAM_PAY_PROVIDER: 'other' }, /signed, or empty/],
        ['x'.repeat(40), { TRAM_PAY_ALLOW: 'everywhere' }, /not a network/],
      ]) {
        const { code, err } = await start(secret, env);
        assert.equal(code, 1, err);
        assert.match(err, words);
      }
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
});

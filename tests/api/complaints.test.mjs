/* A complaint about a dossier: to who leads the one-stop desk, never to who it is about, with a clock of its own. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { act as actDossier, file } from './lib/dossiers.mjs';
import { advanceClock, fresh, signInStaff } from './lib/people.mjs';
import { Provider, eidClient } from './lib/provider.mjs';
import { Server } from './lib/server.mjs';

const TEXT = 'Hồ sơ quá hẹn, hỏi nhiều lần không ai trả lời: chuyện riêng của tôi.';
let provider, server, an, binh, officer, leader, inspector, dispatcher, health;

async function signIn() {
  officer = await signInStaff(server, 'officer.demo');
  leader = await signInStaff(server, 'leader.demo');
  inspector = await signInStaff(server, 'inspector.demo');
  dispatcher = await signInStaff(server, 'dispatcher.demo');
  health = await signInStaff(server, 'health.demo');
}

before(async () => {
  provider = await Provider.start({ redirects: ['https://app.tram.example/eid'] });
  server = new Server({ env: { ...provider.config(), TRAM_HTTP_RATES: '1000000', TRAM_AUTH_ACCESS: '1h' } });
  await server.start();
  provider.people.set('an', { card_no: '096190000123', name: 'Lê Thị An', birthdate: '1990-05-17', assurance: 'two' });
  provider.people.set('binh', { card_no: '096085000456', name: 'Trần Văn Bình', birthdate: '1985-01-02', assurance: 'two' });
  an = await eidClient(server, provider, 'an');
  binh = await eidClient(server, provider, 'binh');
  await signIn();
});
after(async () => {
  await server.stop();
  await provider.stop();
});

async function until(what, fn) {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(150)) {
    const found = await fn();
    if (found) return found;
  }
  throw new Error(`waited in vain until ${what}`);
}

const notices = async (client, number) => (await client.get('/v1/notices?limit=100')).json.items.filter((one) => one.number === number);
const told = (client, number, what) => until(`${what} is told`, async () => (await notices(client, number)).find((one) => one.what === what));

const complain = (client, dossier, json = {}, headers = fresh()) =>
  client.post(`/v1/dossiers/${dossier.id}/complaints`, { json: { about: 'delay', text: TEXT, ...json }, headers });

async function act(client, complaint, verb, json = {}, status = 200) {
  const reply = await client.post(`/v1/complaints/${complaint.id}/steps/${verb}`, { json, headers: fresh() });
  assert.equal(reply.status, status, `${verb}: ${reply.text}`);
  return reply.json;
}

const listed = async (client, id, query = '') => (await client.get(`/v1/desk/complaints?limit=100${query}`)).json.items.some((one) => one.id === id);

describe('a complaint about who handles a dossier', () => {
  let dossier, complaint;

  test('is filed once, and goes to who leads the desk', async () => {
    dossier = await file(an);
    await actDossier(officer, dossier, 'receive');
    await actDossier(officer, dossier, 'take');
    const headers = fresh();
    const filed = await complain(an, dossier, {}, headers);
    assert.equal(filed.status, 201, filed.text);
    complaint = filed.json;
    assert.match(complaint.number, /^KN-\d{6}-\d{4,}$/);
    assert.equal(complaint.state, 'filed');
    assert.equal(complaint.dossier_number, dossier.number);
    assert.ok(complaint.due_at);
    assert.deepEqual(complaint.steps.map((one) => one.verb), ['withdraw']);
    assert.equal((await complain(an, dossier, {}, headers)).json.id, complaint.id);
    assert.equal((await complain(an, dossier, { text: 'Khác' }, headers)).status, 422);
    assert.ok(await listed(leader, complaint.id));
    assert.ok(await listed(inspector, complaint.id));
    await told(leader, complaint.number, 'file');
    await told(an, complaint.number, 'file');
  });

  test('officers, the portal, other agencies and other citizens find nothing of it', async () => {
    for (const client of [officer, health, binh]) {
      assert.equal((await client.get(`/v1/complaints/${complaint.id}`)).status, 404);
      await act(client, complaint, 'answer', { note: 'Tôi trả lời' }, 404);
      assert.deepEqual((await client.get(`/v1/dossiers/${dossier.id}/complaints`)).json.items, []);
    }
    assert.equal((await officer.get('/v1/desk/complaints')).status, 403);
    assert.equal((await dispatcher.get(`/v1/complaints/${complaint.id}`)).status, 403);
    assert.equal((await complain(binh, dossier)).status, 404);
    const seen = JSON.stringify((await officer.get(`/v1/dossiers/${dossier.id}`)).json);
    assert.ok(!seen.includes(complaint.number) && !seen.includes('chuyện riêng'));
    assert.deepEqual(await notices(officer, complaint.number), []);
    assert.deepEqual(await notices(dispatcher, complaint.number), []);
  });

  test('who it is about does not come to see it as a deputy either', async () => {
    const me = (await officer.get('/v1/me')).json.id;
    const named = await leader.post('/v1/desk/deputies', {
      json: { deputy: me, from: new Date(Date.now() - 60_000).toISOString(), until: new Date(Date.now() + 3_600_000).toISOString() },
      headers: fresh(),
    });
    assert.equal(named.status, 201, named.text);
    assert.equal((await officer.get('/v1/desk/complaints')).status, 200);
    assert.ok(!(await listed(officer, complaint.id)));
    assert.ok(!(await listed(officer, complaint.id, `&number=${complaint.number}`)), 'nor by its number');
    assert.ok(await listed(leader, complaint.id, `&number=${complaint.number}`));
    assert.ok(!(await listed(leader, complaint.id, `&number=${complaint.number}0`)));
    assert.equal((await officer.get(`/v1/complaints/${complaint.id}`)).status, 404);
    await act(officer, complaint, 'answer', { note: 'Tôi trả lời' }, 404);
    await leader.request('DELETE', `/v1/desk/deputies/${named.json.id}`);
  });

  test('an inspector asks about it; the leader takes it on and answers; the citizen rates', async () => {
    await act(inspector, complaint, 'urge', { note: 'Xem xét ngay.', days: 2 });
    await told(leader, complaint.number, 'urge');
    assert.deepEqual(await notices(officer, complaint.number), []);
    await act(leader, complaint, 'respond', { note: 'Sẽ trả lời hôm nay.' });
    const taken = await act(leader, complaint, 'take');
    assert.equal(taken.state, 'taken');
    await act(leader, complaint, 'take', {}, 409);
    const lacking = await act(leader, complaint, 'answer', {}, 422);
    assert.equal(lacking.errors[0].pointer, '/note');
    const answered = await act(leader, complaint, 'answer', { note: 'Đã nhắc bộ phận chuyên môn, xin lỗi bà.' });
    assert.equal(answered.outcome, 'answered');
    const notice = await told(an, complaint.number, 'answer');
    assert.match(notice.text_vi, /Đã nhắc bộ phận.*Phó Chủ tịch/);
    const own = (await an.get(`/v1/complaints/${complaint.id}`)).json;
    assert.equal(own.answer, 'Đã nhắc bộ phận chuyên môn, xin lỗi bà.');
    assert.ok(!JSON.stringify(own).includes('Xem xét ngay'));
    await act(leader, complaint, 'rate', { rating: 5 }, 403);
    assert.equal((await act(an, complaint, 'rate', { rating: 4 })).rating, 4);
    await act(an, complaint, 'rate', { rating: 1 }, 409);
    assert.ok(!(await listed(leader, complaint.id)));
    assert.ok(await listed(leader, complaint.id, '&open=false'));
    const mine = (await an.get(`/v1/dossiers/${dossier.id}/complaints`)).json.items;
    assert.deepEqual(mine.map((one) => one.id), [complaint.id]);
  });
});

describe('a complaint about who leads the desk', () => {
  test('goes to the inspectors, and the leader finds nothing of it', async () => {
    const dossier = await file(an);
    await actDossier(officer, dossier, 'receive');
    const me = (await officer.get('/v1/me')).json.id;
    const assigned = await actDossier(leader, dossier, 'assign', { officer: me });
    const seq = assigned.history.find((one) => one.verb === 'assign').seq;
    assert.equal((await complain(an, dossier, { step: 999 })).json.errors[0].pointer, '/step');
    const filed = await complain(an, dossier, { about: 'conduct', step: seq });
    assert.equal(filed.status, 201, filed.text);
    const complaint = filed.json;
    await told(inspector, complaint.number, 'file');
    assert.equal((await leader.get(`/v1/complaints/${complaint.id}`)).status, 404);
    assert.ok(!(await listed(leader, complaint.id)));
    await act(leader, complaint, 'answer', { note: 'Không có gì' }, 404);
    const refused = await act(inspector, complaint, 'refuse', { reason: 'formal', note: 'Là tố cáo, mời gửi Ban Tiếp công dân.' });
    assert.equal(refused.outcome, 'refused');
    assert.deepEqual(await notices(leader, complaint.number), []);
    await told(an, complaint.number, 'refuse');
  });
});

describe('what is bounded, and what is late', () => {
  test('what is sent wrongly is told; no more are filed than can be answered', async () => {
    const dossier = await file(an);
    assert.equal((await complain(an, dossier, { about: 'weather' })).status, 422);
    assert.equal((await complain(an, dossier, { text: 'x'.repeat(1501) })).status, 422);
    assert.equal((await complain(an, dossier, { text: '   ' })).status, 422);
    assert.equal((await an.post(`/v1/dossiers/${dossier.id}/complaints`, { json: { about: 'delay', text: TEXT } })).status, 400);
    const first = await complain(an, dossier);
    for (let i = 1; i < 10; i++) assert.equal((await complain(an, dossier)).status, 201);
    assert.equal((await complain(an, dossier)).status, 422);
    assert.equal((await act(an, first.json, 'withdraw')).outcome, 'withdrawn');
    await act(an, first.json, 'rate', { rating: 5 }, 409);
    await act(an, first.json, 'fly', {}, 404);
  });

  test('not taken on in time, it is told above', async () => {
    const dossier = await file(an);
    const { json: complaint } = await complain(an, dossier);
    await advanceClock(server, 6 * 24 * 3600);
    await signIn();
    for (const who of [leader, inspector]) await told(who, complaint.number, 'late');
    assert.deepEqual(await notices(officer, complaint.number), []);
    assert.deepEqual(await notices(dispatcher, complaint.number), []);
    const seen = (await inspector.get(`/v1/complaints/${complaint.id}`)).json;
    assert.equal(seen.late, true);
    assert.ok(seen.late_by_ms > 0);
  });
});

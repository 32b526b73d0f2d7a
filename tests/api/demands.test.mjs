/* Urging, directing, asking for an explanation: each wants an answer, of the agency that was asked, in time. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { act as actDossier, file } from './lib/dossiers.mjs';
import { advanceClock, fileReport, fresh, signInCitizen, signInStaff, step } from './lib/people.mjs';
import { Provider, eidClient } from './lib/provider.mjs';
import { Server } from './lib/server.mjs';

const HOME = 'H12.32025';
let provider, server, citizen, an, officer, leader, inspector, dispatcher, health;

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
  an = await eidClient(server, provider, 'an');
  citizen = await signInCitizen(server, '+84912345671', { name: 'Trần Thị Hoa' });
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

const told = (client, number, what) =>
  until(`${what} is told`, async () =>
    (await client.get('/v1/notices?limit=100')).json.items.find((one) => one.number === number && one.what === what));

const WORDS = 'Đề nghị xử lý ngay trong hôm nay, báo cáo kết quả.';

describe('demands on a report', () => {
  let report;

  test('an inspector urges: the agency is told, by when an answer is wanted', async () => {
    report = await fileReport(citizen);
    await step(officer, report.id, 'receive');
    const seen = (await inspector.get(`/v1/reports/${report.id}`)).json;
    const urge = seen.steps.find((one) => one.verb === 'urge');
    assert.deepEqual(urge.needs, ['note', 'days']);
    const reply = await step(inspector, report.id, 'urge', { note: WORDS, days: 1 });
    assert.equal(reply.status, 200, reply.text);
    const [demand] = reply.json.demands;
    assert.equal(demand.kind, 'urge');
    assert.equal(demand.agency, HOME);
    assert.equal(demand.text, WORDS);
    assert.ok(demand.due_at > demand.at);
    for (const who of [officer, leader]) {
      const notice = await told(who, report.number, 'urge');
      assert.match(notice.text_vi, /Đôn đốc xử lý phản ánh .*Đề nghị xử lý ngay.*Trả lời trước \d\d\/\d\d\/\d{4}/);
    }
  });

  test('it stands in the lists of those who owe the answer and of those who ask', async () => {
    for (const who of [officer, leader, inspector, dispatcher]) {
      const { items } = (await who.get('/v1/desk/demands')).json;
      assert.ok(items.some((one) => one.id === report.id && one.demands.length === 1));
    }
    assert.ok(!(await health.get('/v1/desk/demands')).json.items.some((one) => one.id === report.id));
    assert.equal((await inspector.get('/v1/desk/demands?late=true')).json.items.length, 0);
    assert.equal((await citizen.get('/v1/desk/demands')).status, 403);
  });

  test('the citizen learns that it was urged, not the words of offices', async () => {
    const own = (await citizen.get(`/v1/reports/${report.id}`)).json;
    assert.equal(own.demands, undefined);
    const urged = own.history.find((one) => one.verb === 'urge');
    assert.equal(urged.party, 'inspector');
    assert.equal(urged.note, undefined);
    assert.ok(!JSON.stringify(own).includes('Đề nghị xử lý ngay'));
  });

  test('the agency answers; who asked is told, and nothing is owed any more', async () => {
    const wrong = await step(officer, report.id, 'respond', { note: 'Đã cử thợ.', demand: crypto.randomUUID() });
    assert.equal(wrong.status, 422);
    assert.equal(wrong.json.errors[0].pointer, '/demand');
    assert.equal((await step(officer, report.id, 'respond', {})).json.errors[0].detail, 'Hãy ghi nội dung');
    assert.equal((await step(inspector, report.id, 'respond', { note: 'Tôi tự trả lời.' })).status, 403);
    assert.equal((await step(citizen, report.id, 'respond', { note: 'Tôi trả lời.' })).status, 403);
    const headers = fresh();
    const respond = () => officer.post(`/v1/reports/${report.id}/steps/respond`, { json: { note: 'Đã cử thợ đến, xong trước 16 giờ.' }, headers });
    const reply = await respond();
    assert.equal(reply.status, 200, reply.text);
    assert.ok(reply.json.demands[0].answered_at);
    const again = await respond();
    assert.equal(again.json.revision, reply.json.revision, 'the same once more');
    const notice = await told(inspector, report.number, 'respond');
    assert.match(notice.text_vi, /Đã cử thợ đến/);
    assert.ok(!(await inspector.get('/v1/desk/demands')).json.items.some((one) => one.id === report.id));
    assert.equal((await step(officer, report.id, 'respond', { note: 'Lần nữa' })).status, 403);
  });

  test('who was asked owes the answer also when the report has gone on', async () => {
    await step(dispatcher, report.id, 'explain', { note: 'Vì sao chậm?', days: 3 });
    const moved = await step(officer, report.id, 'transfer', { reason: 'other_area', agency: 'H12.03', note: 'Khác địa bàn' });
    assert.equal(moved.status, 200, moved.text);
    assert.ok((await officer.get('/v1/desk/demands')).json.items.some((one) => one.id === report.id));
    const reply = await step(officer, report.id, 'respond', { note: 'Chậm vì chờ vật tư.' });
    assert.equal(reply.status, 200, reply.text);
    assert.equal((await officer.get(`/v1/reports/${report.id}`)).status, 404, 'nothing is owed any more');
  });

  test('what lies with the portal an inspector asks of its dispatcher, who is told and answers; it asks nothing of itself', async () => {
    const fresh = await fileReport(citizen, { category: 'linh_vuc_khac', answers: {} });
    const verbs = async (who) => (await who.get(`/v1/reports/${fresh.id}`)).json.steps.map((one) => one.verb);
    assert.ok(!(await verbs(dispatcher)).some((verb) => ['urge', 'direct', 'explain', 'respond'].includes(verb)));
    assert.equal((await step(dispatcher, fresh.id, 'urge', { note: WORDS, days: 1 })).status, 403);
    assert.equal((await step(inspector, fresh.id, 'explain', { note: 'Vì sao chưa phân phối?', days: 1 })).status, 200);
    assert.match((await told(dispatcher, fresh.number, 'explain')).text_vi, /Vì sao chưa phân phối/);
    assert.ok((await verbs(dispatcher)).includes('respond'));
    assert.equal((await step(dispatcher, fresh.id, 'respond', { note: 'Chờ xác định nơi xảy ra.' })).status, 200);
    assert.match((await told(inspector, fresh.number, 'respond')).text_vi, /Chờ xác định/);
  });

  test('what is asked wrongly is refused, and no more is asked than can be kept', async () => {
    const other = await fileReport(citizen);
    for (const days of [0, 31]) assert.equal((await step(inspector, other.id, 'urge', { note: WORDS, days })).status, 422);
    assert.equal((await step(inspector, other.id, 'urge', { days: 2 })).status, 422);
    assert.equal((await step(inspector, other.id, 'urge', { note: WORDS })).status, 422);
    assert.equal((await step(officer, other.id, 'urge', { note: WORDS, days: 2 })).status, 403);
    assert.equal((await step(citizen, other.id, 'urge', { note: WORDS, days: 2 })).status, 403);
    assert.equal((await step(inspector, other.id, 'receive')).status, 403);
    for (let i = 0; i < 16; i++) assert.equal((await step(inspector, other.id, 'direct', { note: `Lần ${i}`, days: 2 })).status, 200);
    assert.equal((await step(inspector, other.id, 'direct', { note: 'Lần nữa', days: 2 })).status, 503);
    await step(citizen, other.id, 'withdraw');
    assert.equal((await step(inspector, other.id, 'urge', { note: WORDS, days: 2 })).status, 409, 'it is closed');
    assert.equal((await step(officer, other.id, 'respond', { note: 'Đã làm.' })).status, 200, 'what was asked is still answered');
  });
});

describe('demands on a dossier', () => {
  test('not answered in time: shown late, told to the leader and to who asked', async () => {
    const dossier = await file(an);
    await actDossier(officer, dossier, 'receive');
    await actDossier(officer, dossier, 'take');
    await actDossier(inspector, dossier, 'receive', {}, 409);
    const asked = await actDossier(inspector, dossier, 'explain', { note: 'Giải trình việc để hồ sơ chậm.', days: 1 });
    assert.equal(asked.applicant, undefined, 'an inspector sees no applicant');
    const directed = await actDossier(leader, dossier, 'direct', { note: 'Làm trước hồ sơ này.', days: 2 });
    assert.equal(directed.demands.length, 2);
    const listed = (await leader.get('/v1/desk/dossiers/demands')).json.items;
    assert.ok(listed.some((one) => one.id === dossier.id));
    await advanceClock(server, 4 * 24 * 3600);
    await signIn();
    const { json: tokens } = await an.post('/v1/auth/refresh', { token: null, json: { refresh_token: an.refresh } });
    an.token = tokens.access_token;
    for (const who of [inspector, leader]) await told(who, dossier.number, 'unanswered');
    await told(officer, dossier.number, 'direct');
    assert.ok(!(await leader.get('/v1/notices?limit=100')).json.items.some((one) => one.number === dossier.number && one.what === 'direct'), 'who directed knows');
    const late = (await inspector.get(`/v1/desk/dossiers/demands?late=true&agency=${HOME}`)).json.items;
    assert.ok(late.find((one) => one.id === dossier.id)?.demands[0].late_at);
    const [first] = (await inspector.get(`/v1/dossiers/${dossier.id}`)).json.demands;
    const answered = await actDossier(officer, dossier, 'respond', { note: 'Cán bộ nghỉ ốm.', demand: first.id });
    assert.ok(answered.demands[0].answered_at > answered.demands[0].due_at);
    assert.equal(answered.demands[1].answered_at, undefined);
    const own = (await an.get(`/v1/dossiers/${dossier.id}`)).json;
    assert.ok(!JSON.stringify(own).includes('nghỉ ốm'));
    assert.equal((await health.get(`/v1/dossiers/${dossier.id}`)).status, 404);
  });
});

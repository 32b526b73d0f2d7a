/* Figures of dossiers: what is counted opens exactly as many, a month that is over stays, and nobody sees another's. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { BIRTH, act, file, papers } from './lib/dossiers.mjs';
import { advanceClock, signInStaff } from './lib/people.mjs';
import { Provider, eidClient } from './lib/provider.mjs';
import { Server } from './lib/server.mjs';

const HOME = 'H12.32025';
const DESPITE = 'Bản trong kho bị mờ, không đọc được';
const FIGURES = '/v1/desk/dossiers/figures';
let provider, server, an, officer, leader, inspector;

async function signIn() {
  officer = await signInStaff(server, 'officer.demo');
  leader = await signInStaff(server, 'leader.demo');
  inspector = await signInStaff(server, 'inspector.demo');
}

before(async () => {
  provider = await Provider.start({ redirects: ['https://app.tram.example/eid'] });
  server = new Server({ env: { ...provider.config(), TRAM_HTTP_RATES: '1000000', TRAM_AUTH_ACCESS: '1h' } });
  await server.start();
  provider.people.set('an', { card_no: '096190000123', name: 'Lê Thị An', birthdate: '1990-05-17', assurance: 'two' });
  an = await eidClient(server, provider, 'an');
  await signIn();
});
after(async () => {
  await server.stop();
  await provider.stop();
});

async function until(what, fn) {
  for (const end = Date.now() + 150_000; Date.now() < end; await sleep(200)) {
    const found = await fn();
    if (found) return found;
  }
  throw new Error(`waited in vain until ${what}`);
}

async function figures(client, query = '') {
  const reply = await client.get(`${FIGURES}?${query}`);
  assert.equal(reply.status, 200, reply.text);
  return reply.json;
}

const counts = (row) => Object.fromEntries(Object.entries(row).filter(([, v]) => v?.list).map(([k, v]) => [k, v.count]));
const rowOf = (json, agency = HOME) => json.items.find((one) => one.agency === agency);

/* Every row of the list that a figure opens, page by page. */
async function opened(client, list) {
  const items = [];
  for (let at = `${list}&limit=2`; at; ) {
    const page = await client.get(at);
    assert.equal(page.status, 200, page.text);
    items.push(...page.json.items);
    at = page.headers.link?.match(/<([^>]+)>/)?.[1];
  }
  return items;
}

async function finish(dossier, rating) {
  await act(officer, dossier, 'receive');
  await act(officer, dossier, 'take');
  const [result] = await papers(leader, 1);
  await act(leader, dossier, 'finish', { note: 'Đủ điều kiện', results: [{ file: result }] });
  await act(an, dossier, 'collect');
  if (rating) await act(an, dossier, 'rate', { rating });
}

describe('what is counted', () => {
  let filed;

  test('is received, concluded and in progress, by agency, field, procedure and month', async () => {
    filed = [];
    for (let i = 0; i < 7; i++) filed.push(await file(an));
    await finish(filed[0], 5);
    await finish(filed[1], 1);
    await finish(filed[2]);
    await act(officer, filed[3], 'refuse', { note: 'Không thuộc thẩm quyền', reason: 'not_competent' });
    await act(an, filed[3], 'rate', { rating: 5 });
    await act(officer, filed[4], 'supplement', {
      note: 'Ảnh mờ', components: [{ code: 'giay_chung_sinh', verdict: 'unclear', note: 'Chụp lại', despite: DESPITE }],
    });
    const want = { received: 7, supplied: 1, reused: 0, on_time: 4, late: 0, satisfied: 2, dissatisfied: 1, rated: 3, open: 3, open_late: 0 };
    const same = (row) => row && isDeepStrictEqual(counts(row), want);
    const json = await until('all is counted', async () => {
      const now = await figures(leader);
      return same(rowOf(now)) && now;
    });
    assert.deepEqual(counts(json.total), want);
    assert.equal(rowOf(json).label, 'Ủy ban nhân dân phường Tân Thành');
    assert.equal(json.total.rating, 3.67, 'of 11/3, to the nearest');
    assert.equal(json.total.satisfied_percent, 66.7, 'of 2/3, to the nearest');
    assert.equal(json.total.index_percent, 75);
    for (const by of ['field', 'procedure', 'month']) {
      const other = await figures(leader, `by=${by}`);
      assert.deepEqual(counts(other.items[0]), want, by);
      assert.equal(other.items.length, 1);
      assert.deepEqual(counts(other.total), want, by);
    }
    assert.equal((await figures(leader, 'by=procedure')).items[0].procedure, BIRTH);
  });

  test('each figure opens exactly what it counts', async () => {
    for (const by of ['agency', 'field', 'procedure', 'month']) {
      const json = await figures(leader, `by=${by}`);
      for (const row of [...json.items, json.total]) {
        for (const [name, figure] of Object.entries(row).filter(([, v]) => v?.list)) {
          const rows = await opened(leader, figure.list);
          assert.equal(rows.length, figure.count, `${name} by ${by}: ${figure.list}`);
          assert.equal(new Set(rows.map((one) => one.id)).size, rows.length);
        }
      }
    }
    const json = await figures(leader);
    const dissatisfied = await opened(leader, rowOf(json).dissatisfied.list);
    assert.equal(dissatisfied[0].id, filed[1].id);
    const supplied = await opened(leader, rowOf(json).supplied.list);
    assert.equal(supplied[0].id, filed[4].id);
    assert.equal(supplied[0].applicant, undefined);
  });

  test('a leader sees the own agency, an inspector all, an officer nothing', async () => {
    const whole = await figures(inspector);
    assert.equal(rowOf(whole).received.count, 7);
    assert.equal((await opened(inspector, whole.total.received.list)).length, 7);
    assert.equal((await figures(inspector, 'agency=H12.03')).total.received.count, 0);
    assert.equal((await figures(leader, 'agency=H12.03')).total.received.count, 7, 'what is asked for is the own');
    assert.equal((await officer.get(FIGURES)).status, 403);
    assert.equal((await officer.get(rowOf(whole).received.list)).status, 403);
    assert.equal((await officer.get(`${FIGURES}.csv`)).status, 403);
    assert.equal((await an.get(FIGURES)).status, 403);
    const health = await signInStaff(server, 'health.demo');
    assert.equal((await health.get(FIGURES)).status, 403);
  });

  test('what is asked wrongly is told', async () => {
    assert.match((await inspector.get(`${FIGURES}?month=2026-10`)).json.errors[0].detail, /202610/);
    const bad = { 'by=procedure': '/agency', 'from=2026-13-01': '/from', 'from=2020-01-01': '/from', 'month=202613': '/month', 'from=2026-11-30&to=2026-11-01': '/from' };
    for (const [query, pointer] of Object.entries(bad)) {
      const reply = await inspector.get(`${FIGURES}?${query}`);
      assert.ok([400, 422].includes(reply.status), `${query}: ${reply.text}`);
      if (reply.status === 422) assert.equal(reply.json.errors[0].pointer, pointer, query);
    }
    assert.equal((await inspector.get('/v1/desk/dossiers/counted')).status, 422);
  });

  test('a deputy of the leader sees what the leader sees', async () => {
    const me = (await officer.get('/v1/me')).json.id;
    const from = new Date(Date.now() - 60_000).toISOString();
    const until_ = new Date(Date.now() + 3_600_000).toISOString();
    const named = await leader.post('/v1/desk/deputies', {
      json: { deputy: me, from, until: until_ }, headers: { 'idempotency-key': crypto.randomUUID() },
    });
    assert.equal(named.status, 201, named.text);
    assert.equal((await figures(officer)).total.received.count, 7);
    assert.equal((await leader.request('DELETE', `/v1/desk/deputies/${named.json.id}`)).status, 200);
    assert.equal((await officer.get(FIGURES)).status, 403);
  });

  test('the table for a spreadsheet says the same, and no text is a formula', async () => {
    const reply = await leader.get(`${FIGURES}.csv?by=field`, { headers: { accept: 'text/csv' } });
    assert.equal(reply.status, 200, reply.text);
    assert.match(reply.headers['content-type'], /^text\/csv/);
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(reply.body ?? Buffer.from(reply.text));
    assert.equal(text.codePointAt(0), 0xfeff);
    const lines = text.slice(1).trim().split('\r\n');
    assert.match(lines[0], /^"Lĩnh vực","Mã","Tiếp nhận"/);
    assert.match(lines.at(-1), /^"Tổng cộng","",7,1,0,4,0,2,1,3,3,0,/);
    for (const line of lines) assert.doesNotMatch(line, /(^|,)"[=+@|%-]/);
  });

  test('a month that is over is frozen; what is counted later is shown as a correction', async () => {
    const now = new Date(Date.now() + 7 * 3600_000); // as the province counts days
    const month = `${now.getUTCFullYear()}${String(now.getUTCMonth() + 1).padStart(2, '0')}`;
    assert.equal((await figures(leader, `month=${month}`)).frozen_at, undefined);
    const next = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1, 3);
    await advanceClock(server, Math.ceil((next - now.getTime()) / 1000));
    await signIn();
    const { json: tokens } = await an.post('/v1/auth/refresh', { token: null, json: { refresh_token: an.refresh } });
    an.token = tokens.access_token;
    const frozen = await until('the month is frozen', async () => {
      const json = await figures(leader, `month=${month}`);
      return json.frozen_at && json;
    });
    const row = rowOf(frozen);
    assert.equal(row.received.frozen, 7);
    assert.equal(row.received.correction, undefined);
    assert.equal(row.open.at_end, 3);
    await act(an, filed[2], 'rate', { rating: 4 });
    const later = await until('the rating is counted', async () => {
      const json = await figures(leader, `month=${month}`);
      return json.total.rated.correction && json;
    });
    assert.deepEqual({ ...rowOf(later).rated, list: undefined }, { count: 4, frozen: 3, correction: 1, list: undefined });
    assert.equal((await opened(leader, rowOf(later).rated.list)).length, 4);
    assert.equal(later.frozen_at, frozen.frozen_at);
    const table = await leader.get(`${FIGURES}.csv?month=${month}`);
    assert.match(table.text, /điều chỉnh sau chốt/);
    const months = await figures(leader, `by=month&month=${month}`);
    assert.equal(months.items[0].rated.correction, 1);
    const fields = await figures(leader, `by=field&month=${month}`);
    assert.equal(fields.items[0].rated.frozen, 3);
    assert.equal((await figures(inspector, `month=${month}`)).total.rated.correction, 1);
  });
});

describe('what anybody may see', () => {
  test('of few nothing is told; of more what the commune did, month by month', async () => {
    const nobody = server.client();
    const url = '/v1/public/communes/32025/figures';
    const few = await nobody.get(`${url}?months=1`);
    assert.deepEqual(few.json.items.map((one) => one.dossiers), [{ few: false }]);
    for (let i = 0; i < 5; i++) {
      const dossier = await file(an);
      await act(officer, dossier, 'supplement', {
        note: 'Ảnh mờ', components: [{ code: 'giay_chung_sinh', verdict: 'unclear', note: 'Chụp lại', despite: DESPITE }, ...(i === 0 ? [{ code: 'ket_hon', verdict: 'missing', note: 'Thiếu', despite: DESPITE }] : [])],
      });
      if (i > 0) continue;
      const told = await until('the citizen is told', async () =>
        (await an.get('/v1/notices?limit=50')).json.items.find((one) => one.number === dossier.number && one.what === 'supplement'));
      assert.match(told.text_vi, /\(Ủy ban nhân dân phường Tân Thành, [^,]+, \d\d\/\d\d\/\d{4} \d\d:\d\d\)$/, 'by whom and when');
    }
    await until('all are counted', async () => (await figures(leader, 'by=month')).items.at(-1).supplied.count === 5);
    const { items } = (await nobody.get(`${url}?months=2`)).json;
    assert.equal(items[0].dossiers.received, 5);
    assert.equal(items[0].dossiers.satisfied_percent, undefined, 'the month is not over');
    assert.equal(items[1].dossiers.received, 7);
    assert.equal(items[1].dossiers.on_time, 4);
    assert.equal(items[1].dossiers.satisfied_percent, undefined, 'few rated');
    assert.deepEqual(items[0].reports, { few: false });
    assert.equal((await nobody.get('/v1/public/communes/00000/figures')).status, 404);
    assert.ok([400, 422].includes((await nobody.get(`${url}?months=25`)).status));
  });

  test("a procedure's page says why dossiers are most often sent back, and nothing of single ones", async () => {
    const { returned } = (await server.client().get(`/v1/procedures/${BIRTH}`)).json;
    assert.equal(returned.length, 1);
    assert.equal(returned[0].component, 'giay_chung_sinh');
    assert.equal(returned[0].verdict, 'unclear');
    assert.equal(returned[0].percent, 100);
    assert.match(returned[0].words, /: Mờ, không đọc được$/);
    const english = await server.client().get(`/v1/procedures/${BIRTH}`, { headers: { 'accept-language': 'en' } });
    assert.match(english.json.returned[0].words, /: Cannot be read$/);
  });
});

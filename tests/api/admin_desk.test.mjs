/* What keeps a province, asked by administrators at their desk: who may, what is stale, what is wrong and where. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fileReport, advanceClock, signInCitizen, signInStaff } from './lib/people.mjs';
import { useReceiver } from './lib/receiver.mjs';
import { useServer } from './lib/server.mjs';

const receiver = await useReceiver(410);
const server = useServer({ env: { TRAM_HTTP_RATES: '1000000', ...receiver.env } });
const portal = () => signInStaff(server, 'admin.demo');
const unit = () => signInStaff(server, 'unit.demo'); // of H12.32025
const UNIT = 'H12.32025';
const pointers = (reply) => reply.json.errors.map((one) => one.pointer);
const rows = async (client, what) => (await client.get(`/v1/admin/${what}`)).json.items;
const agency = async (client, code = UNIT) => (await rows(client, 'agencies')).find((one) => one.code === code);
const lastAct = async () => (await (await portal()).get('/v1/staff-acts?limit=1')).json.items[0];

/* Nobody has shown who they are for a while, though nobody has gone either. */
async function stale(client, ask) {
  for (let i = 0; i < 11; i++) {
    await advanceClock(server, 60);
    if ((await client.get('/v1/me')).status !== 200) throw new Error('the session went');
  }
  return ask();
}

async function until(find, what) {
  for (let i = 0; i < 2400; i++) {
    const found = await find();
    if (found) return found;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`waited for ${what}`);
}

describe('agencies', () => {
  test('the portal sees all; another administrator their own', async () => {
    assert.ok((await rows(await portal(), 'agencies')).length > 64);
    assert.deepEqual((await rows(await unit(), 'agencies')).map((one) => one.code), [UNIT]);
  });

  test('a commune keeps its address, hours and telephone, and nothing else', async () => {
    const admin = await unit();
    const before = await agency(admin);
    const { revision, ...own } = before;
    const changed = await admin.put('/v1/admin/agencies', { json: [{ ...own, revision, address: 'Số 1 đường Lý Thường Kiệt', hotline: '0290 3 123 456' }] });
    assert.equal(changed.status, 200, changed.text);
    assert.deepEqual(changed.json, { added: 0, changed: 1, unchanged: 0 });
    const shown = (await server.client().get(`/v1/agencies`)).json.items.find((one) => one.code === UNIT);
    assert.equal(shown.hotline, '0290 3 123 456');
    const act = await lastAct();
    assert.deepEqual([act.verb, act.by_user, act.agency, act.detail], ['agency_edit', 'unit.demo', UNIT, `${UNIT}: hotline, address`]);

    const later = await agency(admin);
    const renamed = await admin.put('/v1/admin/agencies', { json: [{ ...later, name: 'Vương quốc', active: false }] });
    assert.equal(renamed.status, 422);
    assert.deepEqual(pointers(renamed), ['/0/name', '/0/active']);
    const other = await admin.put('/v1/admin/agencies', { json: [{ code: 'H12.03', name: 'Sở Y tế', kind: 'department' }] });
    assert.equal(other.status, 403);
    const both = await admin.put('/v1/admin/agencies', { json: [later, { code: 'H12.03', name: 'Sở Y tế', kind: 'department' }] });
    assert.equal(both.status, 403);
    for (const what of ['categories', 'routes', 'procedures', 'calendar', 'dead-letters', 'dead-letters/count', 'routes/try?category=dien_chieu_sang&commune=32025'])
      assert.equal((await admin.get(`/v1/admin/${what}`)).status, 403, what);
    assert.equal((await admin.post('/v1/admin/agencies/H12.03/webhook-key')).status, 404);
    assert.equal((await admin.post('/v1/admin/files')).status, 403);
  });

  test('two administrators do not undo each other', async () => {
    const admin = await portal();
    const seen = await agency(admin, 'H12.03');
    const first = await admin.put('/v1/admin/agencies', { json: [{ ...seen, hours: 'Thứ Hai đến thứ Sáu' }] });
    assert.equal(first.status, 200, first.text);
    const second = await admin.put('/v1/admin/agencies', { json: [{ ...seen, address: 'Nơi khác' }] });
    assert.equal(second.status, 412);
    assert.equal((await agency(admin, 'H12.03')).hours, 'Thứ Hai đến thứ Sáu');
    assert.equal((await admin.put('/v1/admin/agencies', { json: [{ ...seen, revision: 0 }] })).status, 412, 'it is there already');
  });

  test('a new one stands once, what is wrong is told by its place, a trial writes nothing', async () => {
    const admin = await portal();
    const made = { code: 'H12.77', name: 'Sở Thử nghiệm', kind: 'department', revision: 0 };
    assert.deepEqual((await admin.put('/v1/admin/agencies?check=true', { json: [made] })).json, { added: 1, changed: 0, unchanged: 0 });
    assert.equal(await agency(admin, 'H12.77'), undefined);
    assert.equal((await admin.put('/v1/admin/agencies', { json: [made] })).json.added, 1);
    assert.equal((await admin.put('/v1/admin/agencies', { json: [made] })).status, 412);
    const wrong = await admin.put('/v1/admin/agencies', { json: [{ code: 'H12.78', name: 'X', kind: 'commune', commune: '99999', webhook_url: 'ftp://x' }] });
    assert.equal(wrong.status, 422);
    assert.deepEqual(pointers(wrong).sort(), ['/0/commune', '/0/webhook_url']);
    const twice = await admin.put('/v1/admin/agencies', { json: [{ code: 'H12.79', name: 'Cổng hai', kind: 'dispatcher' }] });
    assert.deepEqual(pointers(twice), ['/0/kind']);
  });

  test('who has not just shown who they are does nothing dangerous, and is told where to', async () => {
    const admin = await unit();
    const own = await agency(admin);
    const refused = await stale(admin, () => admin.put('/v1/admin/agencies', { json: [{ ...own, webhook_url: 'https://elsewhere.example/hook' }] }));
    assert.equal(refused.status, 403);
    assert.equal(refused.json.type, '/problems/fresh-sign-in-needed');
    assert.equal(refused.json.confirm, '/v1/auth/confirm');
    assert.equal((await admin.post(`/v1/admin/agencies/${UNIT}/webhook-key`)).status, 403);
    assert.equal((await admin.put('/v1/admin/agencies', { json: [{ ...own, hours: 'Cả ngày' }] })).status, 200, 'an hour is no danger');
  });
});

describe('categories', () => {
  test('one is changed, retired, and no longer offered; its questions are checked', async () => {
    const admin = await portal();
    const all = await rows(admin, 'categories');
    const lamp = all.find((one) => one.code === 'dien_chieu_sang');
    const { questions_form: form, ...row } = lamp;
    const bad = await admin.put('/v1/admin/categories', { json: [{ ...row, questions: { type: 'object', properties: { a: { typo: 'x' } } } }] });
    assert.equal(bad.status, 422);
    assert.match(pointers(bad)[0], /^\/0\/questions\/properties\/a/);
    const asked = { ...lamp.questions, properties: { ...lamp.questions.properties, so_cot: { type: 'string', maxLength: 20, title: 'Số cột' } } };
    assert.equal((await admin.put('/v1/admin/categories', { json: [{ ...row, icon: 'dragon' }] })).json.errors[0].pointer, '/0/icon');
    assert.equal((await admin.put('/v1/admin/categories', { json: [{ ...row, questions: asked }] })).status, 200);
    const now = (await rows(admin, 'categories')).find((one) => one.code === 'dien_chieu_sang');
    assert.equal(now.questions_form, form + 1);
    assert.equal((await lastAct()).detail, 'dien_chieu_sang: questions');
    const retired = { code: 'thu_nghiem', name: 'Thử nghiệm', rank: 5000, revision: 0 };
    assert.equal((await admin.put('/v1/admin/categories', { json: [retired] })).status, 200);
    const { revision } = (await rows(admin, 'categories')).find((one) => one.code === 'thu_nghiem');
    assert.equal((await admin.put('/v1/admin/categories', { json: [{ ...retired, revision, active: false }] })).status, 200);
    assert.ok(!(await server.client().get('/v1/categories')).json.items.some((one) => one.code === 'thu_nghiem'));
    assert.ok((await rows(admin, 'categories')).some((one) => one.code === 'thu_nghiem' && !one.active));
  });
});

describe('routes', () => {
  const tried = async (category, commune) => (await (await portal()).get(`/v1/admin/routes/try?category=${category}&commune=${commune}`)).json;

  test('who would take a report in Tân Thành, a rule that changes it, and its removal', async () => {
    const admin = await portal();
    const before = await tried('y_te_suc_khoe', '32025');
    assert.deepEqual(before, { rule: { category: 'y_te_suc_khoe', commune: '*', agency: 'H12.03' }, idle: [] });
    const rule = { category: 'y_te_suc_khoe', commune: '32025', agency: 'H12.01', revision: 0 };
    assert.equal((await admin.put('/v1/admin/routes', { json: [rule] })).status, 200);
    const after = await tried('y_te_suc_khoe', '32025');
    assert.deepEqual(after.rule, { category: 'y_te_suc_khoe', commune: '32025', agency: 'H12.01' });
    assert.equal((await lastAct()).detail, 'y_te_suc_khoe in 32025: nobody to H12.01');
    assert.equal((await admin.put('/v1/admin/routes', { json: [rule] })).status, 412);
    const stored = (await rows(admin, 'routes')).find((one) => one.category === rule.category && one.commune === rule.commune);
    const at = '/v1/admin/routes/y_te_suc_khoe/32025';
    assert.equal((await admin.delete(at)).status, 428);
    assert.equal((await admin.delete(at, { headers: { 'if-match': `"${stored.revision + 1}"` } })).status, 412);
    assert.equal((await admin.delete(at, { headers: { 'if-match': `"${stored.revision}"` } })).status, 204);
    assert.equal((await admin.delete(at, { headers: { 'if-match': `"${stored.revision}"` } })).status, 404);
    assert.deepEqual(await tried('y_te_suc_khoe', '32025'), before);
    assert.equal((await lastAct()).verb, 'route_remove');
  });

  test('a rule of an agency that is no longer active takes nothing, and is told', async () => {
    const admin = await portal();
    await admin.put('/v1/admin/agencies', { json: [{ code: 'H12.76', name: 'Sở đã giải thể', kind: 'department', active: false }] });
    await admin.put('/v1/admin/routes', { json: [{ category: 'y_te_suc_khoe', commune: '32025', agency: 'H12.76' }] });
    const { idle, rule } = await tried('y_te_suc_khoe', '32025');
    assert.equal(idle[0].agency, 'H12.76');
    assert.notEqual(rule.agency, 'H12.76');
  });

  test('what is not there is told by its place', async () => {
    const admin = await portal();
    const wrong = await admin.put('/v1/admin/routes', { json: [{ category: 'khong_co', commune: '11111', agency: 'H12.X' }] });
    assert.deepEqual(pointers(wrong).sort(), ['/0/agency', '/0/category', '/0/commune']);
    assert.deepEqual(pointers(await admin.get('/v1/admin/routes/try?category=khong_co&commune=1')).sort(), ['/category', '/commune']);
  });

  test('several rows are an import: who it is has to be fresh; a trial has not', async () => {
    const admin = await portal();
    const two = [
      { category: 'cap_thoat_nuoc', commune: '32025', agency: UNIT },
      { category: 'dien_chieu_sang', commune: '*', agency: 'H12.01' },
    ];
    const refused = await stale(admin, () => admin.put('/v1/admin/routes', { json: two }));
    assert.equal(refused.json.type, '/problems/fresh-sign-in-needed');
    assert.equal((await admin.put('/v1/admin/routes?check=true', { json: two })).json.added, 2);
    assert.equal((await (await portal()).put('/v1/admin/routes', { json: two })).json.added, 2);
    assert.deepEqual([(await lastAct()).verb, (await lastAct()).detail], ['route_import', 'added 2, changed 0']);
  });
});

describe('procedures', () => {
  const row = { code: '9.900001', name: 'Thủ tục thử', field: 'Thử', level: 'province', place: 'portal', scope: 'offline', rule: 'department', agency: 'H12.02', applicants: ['citizen'], reason: 'Nộp tại Cổng Dịch vụ công quốc gia.', link: 'https://dichvucong.gov.vn/' };

  test('a file tells its difference and every bad row, then is loaded', async () => {
    const admin = await portal();
    const trial = await admin.put('/v1/admin/procedures?check=true', { json: [row, { code: 'x' }] });
    assert.equal(trial.status, 200, trial.text);
    assert.equal(trial.json.applied, false);
    assert.ok(trial.json.faults.every((one) => one.pointer.startsWith('/1')));
    assert.ok(trial.json.faults.length > 0);
    assert.equal((await admin.put('/v1/admin/procedures?check=true', { json: [row] })).json.new, 1);
    assert.ok(!(await rows(admin, 'procedures')).some((one) => one.code === row.code));
    const loaded = await admin.put('/v1/admin/procedures', { json: [row] });
    assert.deepEqual([loaded.json.applied, loaded.json.new], [true, 1]);
    assert.ok((await rows(admin, 'procedures')).some((one) => one.code === row.code));
    assert.deepEqual([(await lastAct()).verb, (await lastAct()).detail], ['procedure_import', 'new 1, changed 0, ended 0']);
  });
});

describe('the calendar', () => {
  test('what a day off would move is told before, and then deadlines move', async () => {
    const admin = await portal();
    const citizen = await signInCitizen(server, '+84912380001');
    const report = await fileReport(citizen);
    const got = await admin.get('/v1/admin/calendar');
    assert.equal(got.headers.etag, '"0"', 'the shipped one');
    const now = new Date(Date.now() + (server.aheadMs ?? 0) + 7 * 3600_000);
    const longer = { ...got.json, hours: [['07:00', '11:30'], ['13:00', '17:00']] };
    const trial = await admin.put('/v1/admin/calendar?check=true', { json: longer });
    assert.equal(trial.status, 200, trial.text);
    assert.ok(trial.json.looked >= 1);
    assert.ok(trial.json.moved <= trial.json.looked);
    assert.equal(trial.json.more, false);
    assert.deepEqual((await admin.get('/v1/admin/calendar')).json, got.json, 'a trial writes nothing');

    /* A day off today: a report that came today has the budget of a day off. */
    const today = now.toISOString().slice(0, 10);
    const off = got.json.holidays.some((one) => one.date === today) || [0, 6].includes(now.getUTCDay());
    const other = off
      ? { ...got.json, holidays: got.json.holidays.filter((one) => one.date !== today && one.for !== today), working_days: [{ date: today, name: 'Làm bù' }] }
      : { ...got.json, holidays: [...got.json.holidays, { date: today, name: 'Nghỉ đột xuất' }] };
    const would = await admin.put('/v1/admin/calendar?check=true', { json: other });
    assert.equal(would.status, 200, would.text);
    assert.ok(would.json.moved >= 1, 'a report of today');
    const dueOf = async () => (await (await signInStaff(server, 'leader.demo')).get(`/v1/reports/${report.id}`)).json.due_at;
    const due = await dueOf();
    const set = await admin.put('/v1/admin/calendar', { json: other, headers: { 'if-match': got.headers.etag } });
    assert.equal(set.status, 200, set.text);
    const noted = await lastAct();
    assert.equal(noted.verb, 'calendar_set');
    assert.match(noted.detail, off ? new RegExp(`(worked|usual) ${today}`) : new RegExp(`^off ${today}$`));
    await until(async () => (await dueOf()) !== due, 'the sweep to move the deadline');

    const lost = await admin.put('/v1/admin/calendar', { json: longer, headers: { 'if-match': got.headers.etag } });
    assert.equal(lost.status, 412);
    assert.equal((await admin.get('/v1/admin/calendar')).headers.etag, '"1"');
  });

  test('what is wrong is told by its place', async () => {
    const admin = await portal();
    const { json } = await admin.get('/v1/admin/calendar');
    const wrong = await admin.put('/v1/admin/calendar?check=true', { json: { ...json, holidays: [{ date: '2027-02-30', name: 'x' }] } });
    assert.equal(wrong.status, 422);
    assert.deepEqual(wrong.json.errors, [{ pointer: '/holidays/0', detail: 'không có ngày dạng YYYY-MM-DD' }]);
    const twice = await admin.put('/v1/admin/calendar?check=true', { json: { ...json, years: [2026, 2027], holidays: [{ date: '2027-02-03', name: 'x' }, { date: '2027-02-03', name: 'y' }], working_days: [] } });
    assert.deepEqual(twice.json.errors, [{ pointer: '/holidays', detail: '2027-02-03: ngày này bị ghi hai lần, hoặc vừa nghỉ vừa làm' }]);
    const english = await admin.put('/v1/admin/calendar?check=true', { json: { ...json, weekdays: [9] }, headers: { 'accept-language': 'en' } });
    assert.deepEqual(english.json.errors[0], { pointer: '/weekdays/0', detail: 'must be 1 (Monday) to 7' });
  });
});

describe('areas', () => {
  const square = (lon, lat, d = 0.002) => ({ type: 'Polygon', coordinates: [[[lon - d, lat - d], [lon + d, lat - d], [lon + d, lat + d], [lon - d, lat + d], [lon - d, lat - d]]] });

  async function send(admin, text) {
    const bytes = Buffer.from(text);
    const { file } = (await admin.post('/v1/admin/files')).json;
    for (let at = 0; at < bytes.length; at += 6000) {
      const part = await admin.patch(`/v1/admin/files/${file}?offset=${at}`, { body: bytes.subarray(at, at + 6000), headers: { 'content-type': 'application/octet-stream' } });
      assert.equal(part.status, 200, part.text);
    }
    return file;
  }

  test('borders come in parts, are tried, then are in force', async () => {
    const admin = await portal();
    const { items } = (await admin.get('/v1/communes')).json;
    const features = items.map((one) => ({ type: 'Feature', properties: { code: one.code }, geometry: square(one.lon, one.lat) }));
    const missing = await send(admin, JSON.stringify({ type: 'FeatureCollection', features: features.slice(1) }));
    const refused = await admin.put('/v1/admin/areas?check=true', { json: { borders_file: missing } });
    assert.equal(refused.status, 422);
    assert.deepEqual(refused.json.errors, [{ pointer: '/borders/features', detail: `thiếu xã ${items[0].code}` }]);
    const file = await send(admin, JSON.stringify({ type: 'FeatureCollection', features }));
    assert.deepEqual((await admin.put('/v1/admin/areas?check=true', { json: { borders_file: file } })).json, { communes: items.length, borders: true });
    assert.deepEqual((await admin.get('/v1/communes/outlines')).json.features, []);
    assert.equal((await admin.put('/v1/admin/areas', { json: { borders_file: file } })).status, 200);
    assert.equal((await admin.get('/v1/communes/outlines')).json.features.length, items.length);
    assert.deepEqual([(await lastAct()).verb, (await lastAct()).detail], ['area_set', 'borders']);
  });

  test('a part that came before says how far it is; a file is its sender’s alone; none of the server is read', async () => {
    const admin = await portal();
    const file = await send(admin, '{"a":1}');
    const part = (name, offset, body = '}') => admin.patch(`/v1/admin/files/${name}?offset=${offset}`, { body: Buffer.from(body), headers: { 'content-type': 'application/octet-stream' } });
    const again = await part(file, 0);
    assert.deepEqual([again.status, again.json.size], [409, 7]);
    const [blob, tag] = file.split('.');
    assert.equal((await part(`${blob}.${blob}`, 7)).status, 404);
    assert.equal((await part(`${tag}.${blob}`, 7)).status, 404);
    assert.equal((await part(file, 8 * 1024 * 1024)).status, 413);
    assert.deepEqual(pointers(await admin.put('/v1/admin/areas', { json: { borders_file: `${blob}.${blob}` } })), ['/borders_file']);
    assert.deepEqual(pointers(await admin.put('/v1/admin/areas', { json: { borders: '/etc/passwd' } })), ['/borders']);
  });
});

describe('dead letters', () => {
  const hook = async (url) => {
    const admin = await portal();
    const { webhook_url: _, ...own } = await agency(admin);
    const set = await admin.put('/v1/admin/agencies', { json: [{ ...own, ...(url && { webhook_url: url }) }] });
    assert.equal(set.status, 200, set.text);
  };
  const dead = async (query = '') => (await (await portal()).get(`/v1/admin/dead-letters${query}`)).json.items;

  test('one stands with why, is tried again, and another is dropped with a reason', async () => {
    const admin = await portal();
    const citizen = await signInCitizen(server, '+84912380002', { name: 'Huỳnh Thị Kín' });
    await hook(receiver.url);
    assert.equal((await admin.post(`/v1/admin/agencies/${UNIT}/webhook-key`)).status, 200);
    assert.equal((await lastAct()).verb, 'webhook_key');
    const report = await fileReport(citizen);
    const [letter] = await until(async () => (await dead()).length && dead(), 'a dead letter');
    assert.deepEqual([letter.channel, letter.agency, letter.number, letter.error], ['webhook', UNIT, report.number, 'the receiver answered 410']);
    assert.doesNotMatch(JSON.stringify(letter), /Kín|912380002|Đèn đường/, 'what was said, and by whom, is not the administrator’s');
    assert.deepEqual((await admin.get('/v1/admin/dead-letters/count')).json, { count: 1, more: false });
    assert.equal((await dead('?channel=sms')).length, 0);
    assert.equal((await dead(`?channel=webhook&agency=${UNIT}`)).length, 1);
    assert.equal((await dead('?agency=H12.03')).length, 0);

    await hook(receiver.url); // its receiver had disabled it
    receiver.answer = 200;
    const before = receiver.calls;
    assert.equal((await admin.post(`/v1/admin/dead-letters/${letter.id}/replay`)).status, 204);
    await until(() => receiver.calls > before, 'the letter');
    await until(async () => (await dead()).length === 0, 'an empty list');
    assert.equal((await admin.post(`/v1/admin/dead-letters/${letter.id}/replay`)).status, 404, 'it is not dead');

    receiver.answer = 410;
    await fileReport(citizen, { text: 'Đèn khác cũng không sáng' });
    const [second] = await until(async () => (await dead()).length && dead(), 'a dead letter');
    assert.equal((await admin.post(`/v1/admin/dead-letters/${second.id}/drop`, { json: {} })).status, 422);
    const blank = await admin.post(`/v1/admin/dead-letters/${second.id}/drop`, { json: { reason: '   ' } });
    assert.deepEqual([blank.status, pointers(blank)], [422, ['/reason']]);
    assert.equal((await (await unit()).post(`/v1/admin/dead-letters/${second.id}/drop`, { json: { reason: 'x' } })).status, 403);
    const refused = await stale(admin, () => admin.post(`/v1/admin/dead-letters/${second.id}/drop`, { json: { reason: 'Đã gọi điện' } }));
    assert.equal(refused.json.type, '/problems/fresh-sign-in-needed');
    assert.equal((await (await portal()).post(`/v1/admin/dead-letters/${second.id}/drop`, { json: { reason: 'Đã gọi điện' } })).status, 204);
    const act = await lastAct();
    assert.equal(act.verb, 'dead_drop');
    assert.match(act.detail, /: Đã gọi điện$/);
    assert.deepEqual(await dead(), []);
  });
});

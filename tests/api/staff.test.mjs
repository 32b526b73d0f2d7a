/* An agency keeps its own accounts: making, opening, changing, ending, and what nobody may. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { advanceClock, fresh, signInStaff, totp } from './lib/people.mjs';
import { useServer } from './lib/server.mjs';
import { activate, makeStaff, newStaff, newUser, nowOf, signIn } from './lib/staff.mjs';

const server = useServer({ env: { TRAM_HTTP_RATES: '1000000' } });
const unit = () => signInStaff(server, 'unit.demo');
const portal = () => signInStaff(server, 'admin.demo');
const acts = async (client, query = '') => (await client.get(`/v1/staff-acts${query}`)).json.items;

describe('the directory of an agency', () => {
  test('its administrator makes an account, its owner opens it, and signs in', async () => {
    const admin = await unit();
    const made = await makeStaff(admin, { role: 'officer' });
    assert.match(made.code, /^([A-Z2-9]{4}-){3}[A-Z2-9]{4}$/);
    assert.equal(made.account.agency, 'H12.32025');
    assert.equal(made.account.activated, false);
    const officer = await activate(server, made);
    assert.equal(officer.recovery.length, 10);
    assert.equal((await officer.get('/v1/me')).json.role, 'officer');
    const seen = (await admin.get(`/v1/staff/${made.id}`)).json;
    assert.equal(seen.activated, true);
    assert.equal((await server.client().post('/v1/auth/staff/activation', { json: { user: made.user, code: made.code } })).status, 401, 'a code is good once');
    const list = (await admin.get('/v1/staff?limit=200')).json.items;
    assert.ok(list.some((one) => one.id === made.id));
    assert.ok(list.every((one) => one.agency === 'H12.32025'));
    const log = (await acts(admin)).filter((act) => act.to_user === made.user);
    assert.deepEqual(log.map((act) => act.verb).sort(), ['activate', 'make']);
    assert.equal(log.find((act) => act.verb === 'make').by_user, 'unit.demo');
    assert.match(log[0].address, /^[0-9a-f-]{36}$/);
  });

  test('the code may go by SMS, and then nobody else sees it', async () => {
    const admin = await unit();
    const made = await makeStaff(admin, { phone: '0912 370 501' });
    assert.equal(made.code, undefined);
    const code = /[A-Z2-9]{4}(-[A-Z2-9]{4}){3}/.exec(await server.nextSms('+84912370501'))[0];
    await activate(server, { ...made, code });
    const refused = await admin.post('/v1/staff', { json: { user: newUser(), name: 'A', title: 'B', role: 'officer', deliver: 'sms' }, headers: fresh() });
    assert.equal(refused.status, 422);
    assert.equal(refused.json.errors[0].pointer, '/deliver');
  });

  test('a lost answer is asked for again, and only the newest code opens', async () => {
    const admin = await unit();
    const json = { user: newUser(), name: 'Phan Văn Thử', title: 'Chuyên viên', role: 'officer' };
    const key = fresh();
    const first = await admin.post('/v1/staff', { json, headers: key });
    const again = await admin.post('/v1/staff', { json, headers: key });
    assert.deepEqual([first.status, again.status], [201, 201]);
    assert.equal(first.json.account.id, again.json.account.id);
    assert.equal((await server.client().post('/v1/auth/staff/activation', { json: { user: json.user, code: first.json.code } })).status, 401);
    const third = await admin.post(`/v1/staff/${again.json.account.id}/code`, { json: {} });
    assert.equal(third.status, 200);
    await activate(server, { user: json.user, code: third.json.code });
    assert.equal((await admin.post(`/v1/staff/${again.json.account.id}/code`, { json: {} })).status, 409, 'it is open');
    const taken = await admin.post('/v1/staff', { json, headers: fresh() });
    assert.equal(taken.status, 422);
    assert.equal(taken.json.errors[0].pointer, '/user');
  });

  test('passwords have twelve characters and are not the commonest; nothing else is asked of them', async () => {
    const admin = await unit();
    const made = await makeStaff(admin);
    const anybody = server.client();
    const { totp_secret: secret } = (await anybody.post('/v1/auth/staff/activation', { json: { user: made.user, code: made.code } })).json;
    const open = (password) => anybody.post('/v1/auth/staff/activate', { json: { user: made.user, code: made.code, password, totp: totp(secret, nowOf(server)) } });
    for (const weak of ['ngắn', 'password1234', 'matkhau123456', 'aaaaaaaaaaaa', 'abcabcabcabcabc', '1234567890123', 'qwertyuiopas', 'Vietnam@2026!', 'camauquehuong', made.user]) {
      const reply = await open(weak);
      assert.equal(reply.status, 422, weak);
      assert.equal(reply.json.errors[0].pointer, '/password');
    }
    assert.equal((await open('trời xanh mây trắng')).status, 200);
  });

  test('a code waits three days', async () => {
    const made = await makeStaff(await unit());
    await advanceClock(server, 72 * 3600);
    assert.equal((await server.client().post('/v1/auth/staff/activation', { json: { user: made.user, code: made.code } })).status, 401);
    const again = await (await unit()).post(`/v1/staff/${made.id}/code`, { json: {} });
    await activate(server, { user: made.user, code: again.json.code });
  });

  test('a recovery code signs in once, and leaves a trace', async () => {
    const admin = await unit();
    const officer = await newStaff(server, admin);
    assert.equal((await signIn(server, officer, officer.recovery[3])).status, 200);
    assert.equal((await signIn(server, officer, officer.recovery[3])).status, 401);
    assert.equal((await signIn(server, officer, officer.recovery[4].toLowerCase().replaceAll('-', ' '))).status, 200);
    assert.equal((await signIn(server, { ...officer, password: 'một câu khác hẳn' }, officer.recovery[5])).status, 401);
    assert.ok((await acts(admin)).some((act) => act.verb === 'recovery_used' && act.to_user === officer.user));
    const fresh10 = await officer.post('/v1/me/recovery-codes', { json: { password: officer.password, code: officer.recovery[6] } });
    assert.equal(fresh10.status, 200);
    assert.equal(fresh10.json.recovery_codes.length, 10);
    assert.equal((await signIn(server, officer, officer.recovery[7])).status, 401, 'the old ones have ended');
    assert.equal((await signIn(server, officer, fresh10.json.recovery_codes[0])).status, 200);
  });

  test('a password is changed by its owner; other sessions end', async () => {
    const officer = await newStaff(server, await unit());
    const other = await signIn(server, officer, officer.recovery[0]);
    const change = (json) => officer.post('/v1/me/password', { json });
    assert.equal((await change({ password: officer.password, code: officer.recovery[1], new: 'password1234' })).status, 422);
    assert.equal((await change({ password: 'không phải câu này', code: officer.recovery[1], new: 'gió mùa thu mẹ ru' })).status, 401);
    const changed = await change({ password: officer.password, code: officer.recovery[1], new: 'gió mùa thu mẹ ru' });
    assert.equal(changed.status, 200);
    assert.equal((await officer.get('/v1/me')).status, 401);
    assert.equal((await officer.get('/v1/me', { token: other.json.access_token })).status, 401);
    assert.equal((await officer.get('/v1/me', { token: changed.json.access_token })).status, 200);
    assert.equal((await signIn(server, officer, officer.recovery[2])).status, 401);
    assert.equal((await signIn(server, { ...officer, password: 'gió mùa thu mẹ ru' }, officer.recovery[2])).status, 200);
  });

  test('a change of role ends its sessions; two changes at once do not undo each other', async () => {
    const admin = await unit();
    const officer = await newStaff(server, admin);
    const before = await admin.get(`/v1/staff/${officer.me}`);
    const promoted = await admin.patch(`/v1/staff/${officer.me}`, { json: { role: 'leader', title: 'Trưởng phòng' }, headers: { 'if-match': before.headers.etag } });
    assert.equal(promoted.status, 200);
    assert.equal(promoted.json.role, 'leader');
    assert.equal((await officer.get('/v1/me')).status, 401);
    assert.equal((await officer.post('/v1/auth/refresh', { json: { refresh_token: officer.refresh } })).status, 401);
    assert.equal((await admin.patch(`/v1/staff/${officer.me}`, { json: { title: 'Khác' }, headers: { 'if-match': before.headers.etag } })).status, 412);
    const again = await signIn(server, officer, officer.recovery[0]);
    assert.equal((await officer.get('/v1/me', { token: again.json.access_token })).json.role, 'leader');
    assert.ok((await acts(admin)).some((act) => act.verb === 'edit' && /role: officer to leader/.test(act.detail) && act.to_user === officer.user));
  });

  test('an ended account is out at once, and stays in the list and the log', async () => {
    const admin = await unit();
    const officer = await newStaff(server, admin);
    const ended = await admin.post(`/v1/staff/${officer.me}/end`, { json: { reason: 'Chuyển công tác' } });
    assert.equal(ended.status, 200);
    assert.equal(ended.json.active, false);
    assert.equal((await officer.get('/v1/me')).status, 401);
    assert.equal((await officer.post('/v1/auth/refresh', { json: { refresh_token: officer.refresh } })).status, 401);
    assert.equal((await signIn(server, officer, officer.recovery[0])).status, 401);
    assert.equal((await admin.post(`/v1/staff/${officer.me}/end`, { json: { reason: 'Lần nữa' } })).status, 200, 'asked again');
    assert.equal((await admin.patch(`/v1/staff/${officer.me}`, { json: { title: 'Khác' } })).status, 409);
    assert.ok((await admin.get('/v1/staff?limit=200')).json.items.some((one) => one.id === officer.me && !one.active));
    const log = (await acts(admin)).filter((act) => act.verb === 'end' && act.to_user === officer.user);
    assert.equal(log.length, 1);
    assert.equal(log[0].detail, 'Chuyển công tác');
  });
});

describe('what nobody may', () => {
  test('an administrator is over their own agency alone; the portal over all', async () => {
    const admin = await unit();
    const top = await portal();
    const health = (await top.get('/v1/staff?agency=H12.03')).json.items.find((one) => one.user === 'health.demo');
    assert.equal((await admin.get('/v1/staff?agency=H12.03')).status, 403);
    assert.equal((await admin.get(`/v1/staff/${health.id}`)).status, 404);
    assert.equal((await admin.patch(`/v1/staff/${health.id}`, { json: { title: 'X' } })).status, 404);
    assert.equal((await admin.post(`/v1/staff/${health.id}/end`, { json: { reason: 'X' } })).status, 404);
    assert.equal((await admin.post(`/v1/staff/${health.id}/reset`, { json: { what: 'all', reason: 'X' } })).status, 404);
    assert.equal((await admin.post('/v1/staff', { json: { user: newUser(), name: 'A', title: 'B', role: 'officer', agency: 'H12.03' }, headers: fresh() })).status, 403);
    assert.equal((await admin.get('/v1/staff-acts?agency=H12.03')).status, 403);
    const made = await makeStaff(top, { agency: 'H12.03', role: 'admin' });
    assert.equal(made.account.agency, 'H12.03');
    assert.ok((await acts(top, '?agency=H12.03')).some((act) => act.to_user === made.user && act.by_agency === 'CMU.IOC'));
    assert.ok(!(await acts(admin)).some((act) => act.to_user === made.user));
    const inspector = await signInStaff(server, 'inspector.demo');
    assert.ok((await acts(inspector, '?agency=H12.03')).some((act) => act.to_user === made.user));
    assert.ok((await acts(inspector)).length > 0);
  });

  test('an administrator gives no role that reaches beyond the agency', async () => {
    const admin = await unit();
    for (const role of ['inspector', 'dispatcher']) {
      const reply = await admin.post('/v1/staff', { json: { user: newUser(), name: 'A', title: 'B', role }, headers: fresh() });
      assert.equal(reply.status, 422, role);
      const officer = await makeStaff(admin);
      assert.equal((await admin.patch(`/v1/staff/${officer.id}`, { json: { role } })).status, 422);
    }
    const top = await portal();
    assert.equal((await top.post('/v1/staff', { json: { user: newUser(), name: 'A', title: 'B', role: 'dispatcher', agency: 'H12.32025' }, headers: fresh() })).status, 422);
    assert.equal((await top.post('/v1/staff', { json: { user: newUser(), name: 'A', title: 'B', role: 'officer', agency: 'H12.NONE' }, headers: fresh() })).status, 422);
  });

  test('officers do nothing here; leaders read and confirm', async () => {
    const officer = await signInStaff(server, 'officer.demo');
    const leader = await signInStaff(server, 'leader.demo');
    const id = (await officer.get('/v1/me')).json.id;
    assert.equal((await officer.get('/v1/staff')).status, 403);
    assert.equal((await officer.patch(`/v1/staff/${id}`, { json: { role: 'leader' } })).status, 403);
    assert.equal((await leader.get('/v1/staff')).status, 200);
    assert.equal((await leader.patch(`/v1/staff/${id}`, { json: { role: 'leader' } })).status, 403);
    assert.equal((await leader.post(`/v1/staff/${id}/reset`, { json: { what: 'all', reason: 'X' } })).status, 403);
    assert.equal((await leader.get('/v1/staff-acts')).status, 403);
  });

  test('nobody ends, demotes or raises themselves', async () => {
    const admin = await unit();
    const me = (await admin.get('/v1/me')).json.id;
    await newStaff(server, admin, { role: 'admin' });
    assert.equal((await admin.post(`/v1/staff/${me}/end`, { json: { reason: 'X' } })).status, 403);
    assert.equal((await admin.patch(`/v1/staff/${me}`, { json: { role: 'leader' } })).status, 403);
    assert.equal((await admin.patch(`/v1/staff/${me}`, { json: { title: 'Chánh Văn phòng' } })).status, 200);
  });

  test('an agency keeps an administrator who can sign in, also when two end each other at once', async () => {
    const top = await portal();
    const first = await newStaff(server, top, { agency: 'H12.03', role: 'admin' });
    const waiting = await makeStaff(top, { agency: 'H12.03', role: 'admin' });
    assert.equal((await top.post(`/v1/staff/${first.me}/end`, { json: { reason: 'X' } })).status, 409, 'the other has not come yet');
    assert.equal((await top.patch(`/v1/staff/${first.me}`, { json: { role: 'officer' } })).status, 409);
    const second = await activate(server, waiting);
    for (let round = 0; round < 4; round++) {
      const pair = [await newStaff(server, top, { agency: 'H12.04', role: 'admin' }), await newStaff(server, top, { agency: 'H12.04', role: 'admin' })];
      const others = (await top.get('/v1/staff?agency=H12.04&limit=200')).json.items.filter((one) => one.role === 'admin' && one.active && !pair.some((p) => p.me === one.id));
      for (const one of others) assert.equal((await top.post(`/v1/staff/${one.id}/end`, { json: { reason: 'Dọn' } })).status, 200);
      const both = await Promise.all([
        pair[0].post(`/v1/staff/${pair[1].me}/end`, { json: { reason: 'X' } }),
        pair[1].post(`/v1/staff/${pair[0].me}/end`, { json: { reason: 'X' } }),
      ]);
      const living = (await top.get('/v1/staff?agency=H12.04&limit=200')).json.items.filter((one) => one.role === 'admin' && one.active);
      assert.ok(living.length >= 1, both.map((one) => one.status).join());
    }
    assert.equal((await first.post(`/v1/staff/${second.me}/end`, { json: { reason: 'X' } })).status, 200);
  });
});

describe('two persons open an account anew', () => {
  test('one asks, another confirms, neither the owner; until then nothing changes', async () => {
    const admin = await unit();
    const officer = await newStaff(server, admin);
    const other = await newStaff(server, admin, { role: 'admin' });
    const base = `/v1/staff/${officer.me}/reset`;
    const asked = await admin.post(base, { json: { what: 'totp', reason: 'Mất điện thoại' } });
    assert.equal(asked.status, 201);
    const reset = asked.json.reset.id;
    assert.equal((await officer.get('/v1/me')).status, 200, 'nothing changed yet');
    assert.ok((await officer.get('/v1/notices')).json.items.some((one) => one.what === 'reset_asked'));
    assert.equal((await other.post(base, { json: { what: 'totp', reason: 'Lần nữa' } })).status, 409);
    assert.equal((await admin.post(`${base}/confirm`, { json: { reset } })).status, 403, 'the same person');
    assert.equal((await other.post(`${base}/confirm`, { json: { reset: '00000000-0000-4000-8000-000000000000' } })).status, 403, 'whom the first has made');
    const leader = await signInStaff(server, 'leader.demo');
    assert.ok((await leader.get('/v1/notices')).json.items.some((one) => one.what === 'reset_wanted'));
    assert.equal((await leader.post(`${base}/confirm`, { json: { reset: '00000000-0000-4000-8000-000000000000' } })).status, 409);
    const confirmed = await leader.post(`${base}/confirm`, { json: { reset } });
    assert.equal(confirmed.status, 200);
    assert.equal((await officer.get('/v1/me')).status, 401);
    assert.equal((await signIn(server, officer, officer.recovery[0])).status, 401, 'the old ways are shut');
    assert.equal((await signIn(server, officer)).status, 401, 'a password alone opens nothing');
    const { code } = confirmed.json;
    const anybody = server.client();
    const { totp_secret: secret, what } = (await anybody.post('/v1/auth/staff/activation', { json: { user: officer.user, code } })).json;
    assert.equal(what, 'totp');
    const open = (password) => anybody.post('/v1/auth/staff/activate', { json: { user: officer.user, code, password, totp: totp(secret, nowOf(server)) } });
    assert.equal((await open('mật khẩu của người khác')).status, 401, 'the password is still asked for');
    assert.equal((await open(officer.password)).status, 200);
    const log = (await acts(admin)).filter((act) => act.to_user === officer.user).map((act) => `${act.verb} by ${act.by_user}`);
    assert.ok(log.includes('reset_ask by unit.demo') && log.includes('reset_confirm by leader.demo'), log.join());
  });

  test('a reset is never of oneself, is over after a day, and may be dropped', async () => {
    const admin = await unit();
    const other = await newStaff(server, admin, { role: 'admin' });
    const mine = (await admin.get('/v1/me')).json.id;
    assert.equal((await admin.post(`/v1/staff/${mine}/reset`, { json: { what: 'totp', reason: 'X' } })).status, 403);
    const forAdmin = await other.post(`/v1/staff/${mine}/reset`, { json: { what: 'totp', reason: 'X' } });
    assert.equal((await admin.post(`/v1/staff/${mine}/reset/confirm`, { json: { reset: forAdmin.json.reset.id } })).status, 403);
    assert.equal((await admin.delete(`/v1/staff/${mine}/reset`)).status, 200);
    const officer = await newStaff(server, admin);
    const asked = await other.post(`/v1/staff/${officer.me}/reset`, { json: { what: 'all', reason: 'Quên mật khẩu' } });
    await advanceClock(server, 24 * 3600);
    const leader = await signInStaff(server, 'leader.demo');
    assert.equal((await leader.post(`/v1/staff/${officer.me}/reset/confirm`, { json: { reset: asked.json.reset.id } })).status, 409);
    assert.equal((await leader.get(`/v1/staff/${officer.me}`)).json.reset, undefined);
  });

  test('an ended account comes back the same way, and with another password', async () => {
    const admin = await unit();
    const officer = await newStaff(server, admin);
    await admin.post(`/v1/staff/${officer.me}/end`, { json: { reason: 'Biệt phái' } });
    const asked = await admin.post(`/v1/staff/${officer.me}/reset`, { json: { what: 'totp', reason: 'Trở lại' } });
    assert.equal(asked.json.reset.what, 'all');
    const leader = await signInStaff(server, 'leader.demo');
    const confirmed = await leader.post(`/v1/staff/${officer.me}/reset/confirm`, { json: { reset: asked.json.reset.id } });
    assert.equal(confirmed.status, 200);
    const back = await activate(server, { user: officer.user, code: confirmed.json.code }, 'một câu hoàn toàn mới');
    assert.equal((await back.get('/v1/me')).json.id, officer.me);
  });
});

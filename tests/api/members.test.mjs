/*
 * Members of organisations: invited by a number, raised, removed, gone. What is tried here besides: two
 * who remove each other, invitations that were used, taken back or are over, by whom they are not for.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { acting, awake, decide, fileFor, join, next, organisation, problem, provider, register, server, somebody, taxCode } from './lib/organisations.mjs';
import { advanceClock, fileReport, signInCitizen } from './lib/people.mjs';
import { eidClient } from './lib/provider.mjs';

const DAY = 24 * 3600;

describe('members', () => {
  test('invited by a number; who has it accepts, once, in time, and nobody else', async () => {
    const [lan, stranger] = [await somebody('Phạm Thị Lan'), await somebody()];
    const org = await organisation(lan);
    const n = next();
    const login = `member-${n}`;
    const card = `096085${String(n).padStart(6, '0')}`;
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

  test('accepted and taken back at once: a member or not, and never both', async () => {
    for (let round = 0; round < 3; round++) {
      const [lan, minh] = [await somebody(), await somebody()];
      const org = await organisation(lan);
      await lan.post(`/v1/organisations/${org.id}/members`, { json: { card: minh.card, role: 'prepares' } });
      const { invitation } = (await minh.get('/v1/me/organisations')).json.items[0];
      const [accepted, removed] = await Promise.all([
        minh.post(`/v1/organisations/${org.id}/members/${invitation}/accept`),
        lan.delete(`/v1/organisations/${org.id}/members/${invitation}`),
      ]);
      assert.equal(removed.status, 204, removed.text);
      assert.ok([200, 404, 409].includes(accepted.status), accepted.text);
      problem(await fileFor(minh, org.id), 403, 'not-acting', 'unknown');
      assert.deepEqual((await minh.get('/v1/me/organisations')).json.items, []);
    }
  });

  test('two who register the same code at once: one has it', async () => {
    const [lan, minh] = [await somebody(), await somebody()];
    const code = taxCode();
    const both = await Promise.all([register(lan, { tax_code: code }), register(minh, { tax_code: code })]);
    assert.deepEqual(both.map((one) => one.status).sort(), [201, 409]);
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
    const n = next();
    const login = `member-${n}`;
    const card = `096085${String(n).padStart(6, '0')}`;
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

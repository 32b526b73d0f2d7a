/*
 * Organisations: somebody registers one, an office confirms it, and what is filed in its name is its own.
 * What is tried here besides: who was removed, who is of another, and a header where nobody heeds it.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { makeJpeg } from './lib/make-jpeg.mjs';
import { COMMUNE, acting, decide, draft, fileFor, join, next, organisation, problem, register, server, somebody, taxCode, until } from './lib/organisations.mjs';
import { fresh, sendPhoto, signInCitizen, signInStaff, step } from './lib/people.mjs';

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
    assert.deepEqual(looked.verbs, ['confirm', 'refuse'], 'what an office may do');
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
    assert.deepEqual(confirmed.json.verbs, ['end', 'replace']);
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
    assert.deepEqual(refused.json.verbs ?? [], []);
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

  test('a form that asks who owns calls the business by its name: each is filled from whom it is of', async () => {
    const lan = await somebody('Phạm Thị Lan');
    const { json: shop } = await register(lan, { kind: 'household', tax_code: lan.card, name: 'Hộ kinh doanh Tôm Khô' });
    await decide(shop.id);
    const begun = async (headers) => (await lan.post('/v1/dossier-drafts', { json: { procedure: '1.001612' }, headers: { ...fresh(), ...headers } })).json.form;
    const own = await begun({});
    assert.deepEqual([own.owner, own.card, own.name], ['Phạm Thị Lan', lan.card, undefined]);
    const theirs = await begun({ 'acting-for': shop.id });
    assert.deepEqual([theirs.owner, theirs.card, theirs.name], [undefined, undefined, 'Hộ kinh doanh Tôm Khô']);
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
    problem(await lan.get('/v1/me/organisations', acting(org.id)), 400, 'bad-request');
    problem(await lan.get('/v1/reports', acting('nonsense')), 400, 'bad-request');
    problem(await lan.get('/v1/reports', acting('')), 400, 'bad-request');
    problem(await lan.get('/v1/reports', acting('00000000-0000-0000-0000-000000000000')), 400, 'bad-request');
    problem(await lan.get('/v1/reports', acting('00000000-0000-4000-8000-000000000000')), 403, 'not-acting', 'unknown');
    problem(await officer.get('/v1/notices', acting(org.id)), 403, 'not-acting', 'unknown');
  });
});

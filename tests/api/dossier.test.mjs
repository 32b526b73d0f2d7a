/* An online service from a phone to the one-stop desk, and its result back: the whole story, and what goes wrong. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { BIRTH, MARITAL, act, begin, file, form, papers, save, verbs } from './lib/dossiers.mjs';
import { advanceClock, fresh, signInStaff } from './lib/people.mjs';
import { ROOT } from './lib/places.mjs';
import { Provider, eidClient } from './lib/provider.mjs';
import { Server } from './lib/server.mjs';
import { tramctl, withJsonFile } from './lib/tramctl.mjs';

let provider, server, an, binh, officer, leader, inspector;

before(async () => {
  provider = await Provider.start({ redirects: ['https://app.tram.example/eid'] });
  server = new Server({ env: { ...provider.config(), TRAM_HTTP_RATES: '1000000', TRAM_AUTH_ACCESS: '1h' } });
  await server.start();
  provider.people.set('an', { card_no: '096190000123', name: 'Lê Thị An', birthdate: '1990-05-17', assurance: 'two' });
  provider.people.set('binh', { card_no: '096085000456', name: 'Trần Văn Bình', birthdate: '1985-01-02', assurance: 'two' });
  an = await eidClient(server, provider, 'an');
  binh = await eidClient(server, provider, 'binh');
  officer = await signInStaff(server, 'officer.demo');
  leader = await signInStaff(server, 'leader.demo');
  inspector = await signInStaff(server, 'inspector.demo');
});
after(async () => {
  await server.stop();
  await provider.stop();
});

describe('a draft', () => {
  test('begins with what is known, and is saved from any device, never over another silently', async () => {
    const draft = await begin(an);
    assert.equal(draft.form.applicant_name, 'Lê Thị An');
    assert.equal(draft.form.applicant_card, '096190000123');
    const first = await save(an, draft, { form: { applicant_name: 'Lê Thị An', child_name: 'Khang' } });
    assert.deepEqual([first.status, first.json.revision], [200, draft.revision + 1], first.text);
    assert.equal((await save(an, draft, { form: {} })).status, 412);
    const blind = await an.request('PUT', `/v1/dossier-drafts/${draft.id}`, { json: {} });
    assert.equal(blind.status, 428);
    const now = await an.get(`/v1/dossier-drafts/${draft.id}`);
    assert.equal(now.json.form.child_name, 'Khang');
    const listed = await an.get('/v1/dossier-drafts');
    assert.ok(listed.json.items.some((one) => one.id === draft.id));
    assert.equal((await binh.get(`/v1/dossier-drafts/${draft.id}`)).status, 404);
    assert.equal((await save(binh, now.json, { form: {} })).status, 404);
    assert.equal((await an.request('DELETE', `/v1/dossier-drafts/${draft.id}`)).status, 204);
    assert.equal((await an.get(`/v1/dossier-drafts/${draft.id}`)).status, 404);
  });

  test('a review tells all that is not right at once, what is needed and what it costs', async () => {
    const draft = await begin(an);
    await save(an, draft, { form: form({ late: true, child_sex: 'other', commune: undefined }), components: [] });
    const review = (await an.get(`/v1/dossier-drafts/${draft.id}/review`)).json;
    assert.equal(review.complete, false);
    const pointers = review.problems.map((one) => one.pointer);
    for (const wanted of ['/form/child_sex', '/components', '/fetch'])
      assert.ok(pointers.some((p) => p.startsWith(wanted)), `${wanted} in ${pointers}`);
    assert.equal(review.total, 8000);
    assert.ok(review.needs.some((one) => one.code === 'ket_hon' && one.required));
    assert.ok(!review.needs.some((one) => one.code === 'ho_chieu'), 'nobody is a foreigner');
    const filed = await an.post('/v1/dossiers', { json: { draft: draft.id }, headers: fresh() });
    assert.equal(filed.status, 422);
    assert.deepEqual(filed.json.errors.map((one) => one.pointer).sort(), [...pointers].sort());
  });

  test('takes no more than it may, and only what is theirs', async () => {
    const [mine] = await papers(an, 1);
    const draft = await begin(binh);
    const theirs = await save(binh, draft, { components: [{ code: 'giay_chung_sinh', files: [mine] }] });
    assert.equal(theirs.status, 422);
    assert.equal(theirs.json.errors[0].pointer, '/components/0/files/0');
    const long = await save(binh, draft, { form: { applicant_name: 'x'.repeat(40000) } });
    assert.equal(long.status, 422, long.text);
    const many = await save(binh, draft, { components: Array.from({ length: 500 }, (_, i) => ({ code: `c${i}` })) });
    assert.equal(many.status, 422);
    const twice = await save(binh, draft, { components: [{ code: 'a' }, { code: 'a' }] });
    assert.equal(twice.json.errors[0].pointer, '/components/1/code');
    const unknown = await binh.post('/v1/dossier-drafts', { json: { procedure: '9.999999' }, headers: fresh() });
    assert.equal(unknown.status, 422);
  });
});

describe('a procedure that changes while somebody fills in its form', () => {
  const DEATH = '1.000656';
  const death = { applicant_name: 'Lê Thị An', relation: 'relative', name: 'Lê Văn Cội', birth: '1940-01-02', died_on: '2026-11-20', died_at: 'Tại nhà', sudden: false, commune: '32025' };

  test('is said, and the draft is taken over to the new version with what it has', async () => {
    const { from, ...row } = JSON.parse(fs.readFileSync(path.join(ROOT, 'demo', 'procedures.json'), 'utf8')).find((one) => one.code === DEATH);
    const [paper] = await papers(an, 1);
    const draft = await begin(an, DEATH);
    assert.equal(draft.procedure_version, Number(from.replaceAll('-', '')));
    const content = { form: death, fetch: 'download', components: [{ code: 'giay_bao_tu', files: [paper] }] };
    const saved = await save(an, draft, content);
    const review = async () => (await an.get(`/v1/dossier-drafts/${draft.id}/review`)).json.problems.map((one) => one.pointer);
    assert.deepEqual(await review(), []);
    const early = await save(an, saved.json, { ...content, procedure_version: 20990101 });
    assert.deepEqual(early.json.errors.map((one) => one.pointer), ['/procedure_version']);

    const form_schema = structuredClone(row.form_schema);
    form_schema.properties.village = { title: 'Ấp, khóm', 'x-title-en': 'Village', 'x-order': 99, type: 'string', maxLength: 80, format: 'line' };
    form_schema.required.push('village');
    const imported = await withJsonFile([{ ...row, form_schema }], (file) => tramctl(server.data, 'procedures', 'import', file, '--yes'));
    assert.equal(imported.code, 0, imported.err);
    assert.deepEqual(await review(), ['/procedure_version']);
    const filed = await an.post('/v1/dossiers', { json: { draft: draft.id }, headers: fresh() });
    assert.deepEqual(filed.json.errors.map((one) => one.pointer), ['/procedure_version']);
    const { version_no } = (await an.get(`/v1/procedures/${DEATH}`)).json;
    const stays = await save(an, saved.json, content);
    assert.equal(stays.json.procedure_version, draft.procedure_version, 'nothing goes over by itself');
    const over = await save(an, stays.json, { ...content, procedure_version: version_no });
    assert.equal(over.json.procedure_version, version_no, over.text);
    assert.deepEqual(await review(), ['/form/village']);
    const whole = await save(an, over.json, { ...content, form: { ...death, village: 'Khóm 3' } });
    assert.equal(whole.json.procedure_version, version_no);
    const done = await an.post('/v1/dossiers', { json: { draft: draft.id }, headers: fresh() });
    assert.equal(done.status, 201, done.text);
    assert.equal(done.json.procedure_version, version_no);
    const back = await save(an, await begin(an, DEATH), { ...content, components: [], procedure_version: draft.procedure_version });
    assert.deepEqual(back.json.errors.map((one) => one.pointer), ['/procedure_version'], 'never back to an old one');
  });
});

describe('a dossier from phone to desk and back', () => {
  let dossier;

  test('is filed once, with a code and a check part', async () => {
    const [birth, marriage] = await papers(an);
    const draft = await begin(an);
    const saved = await save(an, draft, {
      form: form(),
      components: [
        { code: 'giay_chung_sinh', files: [birth] },
        { code: 'ket_hon', files: [marriage] },
      ],
      fetch: 'download',
    });
    const review = (await an.get(`/v1/dossier-drafts/${draft.id}/review`)).json;
    assert.deepEqual(review.problems, []);
    assert.equal(review.decider.code, 'H12.32025');
    const headers = fresh();
    const stale = await an.post('/v1/dossiers', { json: { draft: draft.id, revision: 1 }, headers: fresh() });
    assert.equal(stale.status, 412);
    const json = { draft: draft.id, revision: saved.json.revision };
    const once = await an.post('/v1/dossiers', { json, headers });
    assert.equal(once.status, 201, once.text);
    dossier = once.json;
    assert.match(dossier.number, /^H12\.32025-\d{6}-\d{4,}$/);
    assert.equal(dossier.state, 'submitted');
    assert.equal(dossier.applicant.name, 'Lê Thị An');
    assert.equal(dossier.form.child_name, 'Trần Minh Khang');
    const again = await an.post('/v1/dossiers', { json, headers });
    assert.equal(again.status, 201, again.text);
    assert.equal(again.json.id, dossier.id);
    const other = await an.post('/v1/dossiers', { json: { draft: draft.id }, headers });
    assert.equal(other.status, 422);
    const gone = await an.get(`/v1/dossier-drafts/${draft.id}`);
    assert.deepEqual([gone.status, gone.json.dossier], [410, dossier.id], 'whose draft it was is led to the dossier');
    assert.equal((await binh.get(`/v1/dossier-drafts/${draft.id}`)).status, 404);
    const { commune, child_name } = (await begin(an)).form;
    assert.deepEqual([commune, child_name], ['32025', undefined], 'the next begins with what the last said of who applies');
  });

  test('is seen by whom it concerns, and by nobody else', async () => {
    assert.equal((await binh.get(`/v1/dossiers/${dossier.id}`)).status, 404);
    const health = await signInStaff(server, 'health.demo');
    assert.equal((await health.get(`/v1/dossiers/${dossier.id}`)).status, 404);
    const theirs = await officer.get(`/v1/dossiers/${dossier.id}`);
    assert.equal(theirs.json.applicant.card, '096190000123');
    const looked = (await an.get('/v1/me/looks')).json.items;
    assert.ok(looked.some((look) => look.number === dossier.number), 'the look is in the log');
    const overseen = (await inspector.get(`/v1/dossiers/${dossier.id}`)).json;
    assert.equal(overseen.applicant, undefined);
    assert.equal(overseen.form, undefined);
  });

  test('anybody may look up how far it is, with the code and the check part alone', async () => {
    const url = `/v1/public/dossiers/${dossier.number}`;
    const nobody = server.client();
    const found = await nobody.get(`${url}?check=${dossier.check}`);
    assert.deepEqual(found.json, { number: dossier.number, percent: 10 });
    assert.equal((await nobody.get(url)).status, 404);
    assert.equal((await nobody.get(`${url}?check=AAAAAA`)).status, 404);
    const next = dossier.number.replace(/\d$/, (d) => String((Number(d) + 1) % 10));
    assert.equal((await nobody.get(`/v1/public/dossiers/${next}?check=${dossier.check}`)).status, 404);
  });

  test('the desk receives it, with an appointment; the leader assigns it', async () => {
    const inbox = (await officer.get('/v1/desk/dossiers/inbox')).json.items;
    assert.ok(inbox.some((one) => one.id === dossier.id));
    const received = await act(officer, dossier, 'receive');
    assert.equal(received.state, 'received');
    assert.ok(received.appointment);
    const me = (await officer.get('/v1/me')).json.id;
    await act(officer, dossier, 'assign', { officer: me }, 403);
    const assigned = await act(leader, dossier, 'assign', { officer: me });
    assert.equal(assigned.state, 'in_progress');
    assert.equal(assigned.stages.length, 2);
    assert.ok(assigned.stages[1].due_at <= assigned.appointment, 'a share of the time');
    const mine = (await officer.get('/v1/desk/dossiers/inbox?mine=true')).json.items;
    assert.deepEqual(mine.map((one) => one.id), [dossier.id]);
  });

  test('papers are asked for once; only what was asked for is replaced', async () => {
    await act(officer, dossier, 'supplement', { note: 'Ảnh mờ' }, 422);
    const asked = await act(officer, dossier, 'supplement', {
      note: 'Giấy chứng sinh chụp mờ.',
      components: [{ code: 'giay_chung_sinh', verdict: 'unclear', note: 'Chụp lại rõ bốn góc' }, { code: 'ket_hon', verdict: 'fit' }],
    });
    assert.equal(asked.state, 'supplement');
    assert.equal(asked.late, false);
    const own = (await an.get(`/v1/dossiers/${dossier.id}`)).json;
    assert.deepEqual(verbs(own), ['supply', 'withdraw']);
    assert.equal(own.components.find((c) => c.code === 'giay_chung_sinh').note, 'Chụp lại rõ bốn góc');
    const [paper] = await papers(an, 1);
    await act(an, dossier, 'supply', { components: [{ code: 'ket_hon', files: [paper] }] }, 422);
    const supplied = await act(an, dossier, 'supply', { components: [{ code: 'giay_chung_sinh', files: [paper] }] });
    assert.equal(supplied.state, 'in_progress');
    const second = await act(officer, dossier, 'supplement', {
      note: 'Lần hai', components: [{ code: 'giay_chung_sinh', verdict: 'wrong', note: 'Sai' }],
    }, 403);
    assert.match(second.detail, /chỉ lãnh đạo/);
  });

  test('the leader finishes it with the result; the citizen takes it and rates', async () => {
    const toSign = async () => (await leader.get('/v1/desk/dossiers/inbox?to_sign=true&limit=200')).json.items.some((one) => one.id === dossier.id);
    assert.equal(await toSign(), false);
    await act(officer, dossier, 'propose', { note: 'Đủ điều kiện, trình ký' });
    await act(leader, dossier, 'explain', { note: 'Vì sao nay mới trình?', days: 1 });
    assert.equal(await toSign(), true, 'also after what moves nothing');
    await act(leader, dossier, 'send_back', { note: 'Làm rõ nơi sinh' });
    assert.equal(await toSign(), false);
    await act(officer, dossier, 'propose', { note: 'Đã làm rõ, trình ký' });
    assert.equal(await toSign(), true);
    const [result] = await papers(leader, 1);
    const [draft] = await papers(officer, 1);
    await act(officer, dossier, 'finish', { results: [{ file: result }] }, 403);
    await act(leader, dossier, 'finish', { results: [{ file: draft }] }, 422);
    await act(officer, dossier, 'finish', { results: [{ file: draft }] }, 403);
    await act(leader, dossier, 'finish', {}, 422);
    const finished = await act(leader, dossier, 'finish', {
      note: 'Đăng ký khai sinh', results: [{ file: result, code: 'khai_sinh', number: '128/2026' }],
    });
    assert.equal(finished.state, 'finished');
    const waits = (await officer.get('/v1/desk/dossiers/filed-here?state=finished')).json.items;
    assert.ok(waits.some((one) => one.id === dossier.id));
    const taken = await act(an, dossier, 'collect');
    assert.equal(taken.state, 'returned');
    assert.equal(taken.outcome, 'granted');
    await act(an, dossier, 'rate', { rating: 5 });
    await act(an, dossier, 'rate', { rating: 1 }, 409);
    const told = (await an.get('/v1/notices?limit=50')).json.items.filter((n) => n.number === dossier.number);
    for (const what of ['file', 'receive', 'assign', 'supplement', 'finish'])
      assert.equal(told.filter((n) => n.what === what).length, 1, what);
  });

  test('a result is replaced, and the old one says so', async () => {
    const [better] = await papers(leader, 1);
    const replaced = await act(leader, dossier, 'replace', { note: 'Sai chính tả', results: [{ file: better, code: 'khai_sinh' }] });
    assert.deepEqual(replaced.results.map((r) => r.state), ['replaced', 'valid']);
    const revoked = await act(leader, dossier, 'revoke', { note: 'Cấp không đúng' });
    assert.deepEqual(revoked.results.map((r) => r.state), ['replaced', 'revoked']);
  });
});

describe('what must not be', () => {
  const complete = async (client, [birth, marriage], more = {}) => {
    const draft = await begin(client);
    const saved = await save(client, draft, {
      form: form(),
      components: [{ code: 'giay_chung_sinh', files: [birth] }, { code: 'ket_hon', files: [marriage] }],
      fetch: 'download',
      ...more,
    });
    assert.equal(saved.status, 200, saved.text);
    return saved.json;
  };

  test('a draft that two devices file at once becomes one dossier, told to both', async () => {
    const draft = await complete(an, await papers(an));
    const file = () => an.post('/v1/dossiers', { json: { draft: draft.id }, headers: fresh() });
    const replies = await Promise.all([file(), file(), file()]);
    replies.push(await file());
    for (const reply of replies) assert.equal(reply.status, 201, reply.text);
    assert.equal(new Set(replies.map((reply) => reply.json.id)).size, 1);
    const theirs = await binh.post('/v1/dossiers', { json: { draft: draft.id }, headers: fresh() });
    assert.equal(theirs.status, 404);
  });

  test('a step that is refused takes no files', async () => {
    const dossier = await file(an);
    const [first, second] = await papers(an);
    await act(an, dossier, 'supply', { components: [{ code: 'ket_hon', files: [first, second] }] }, 409);
    await complete(an, [first, second]).then(async (draft) => {
      const filed = await an.post('/v1/dossiers', { json: { draft: draft.id }, headers: fresh() });
      assert.equal(filed.status, 201, filed.text);
    });
    await act(officer, dossier, 'receive');
    await act(officer, dossier, 'take');
    const [drawn] = await papers(officer, 1);
    await act(officer, dossier, 'finish', { results: [{ file: drawn }] }, 403);
    assert.equal((await an.get(`/v1/media/${drawn}`)).status, 404);
  });

  test('paper copies are received by the desk, not claimed by the applicant', async () => {
    const dossier = await file(an);
    await act(officer, dossier, 'supplement', {
      note: 'Cần bản giấy', components: [{ code: 'ket_hon', verdict: 'wrong', note: 'Nộp bản giấy', despite: 'Cần đối chiếu bản giấy' }],
    });
    const copies = { components: [{ code: 'ket_hon', copies: 1 }] };
    const claimed = await act(an, dossier, 'supply', copies, 422);
    assert.equal(claimed.errors[0].pointer, '/components');
    assert.equal((await act(officer, dossier, 'supply', copies)).state, 'submitted');
  });

  test('only what was refused or stopped is begun again', async () => {
    const dossier = await file(an);
    const again = () => an.post('/v1/dossier-drafts', { json: { procedure: BIRTH, again_of: dossier.id }, headers: fresh() });
    const early = await again();
    assert.equal(early.status, 422, early.text);
    assert.equal(early.json.errors[0].pointer, '/again_of');
    await act(an, dossier, 'withdraw');
    assert.equal((await again()).status, 201);
  });

  test('what is granted is seen once the fee is paid', async () => {
    const dossier = await file(an, { form: form({ late: true }) });
    assert.equal(dossier.owed, 8000);
    await act(officer, dossier, 'receive');
    await act(officer, dossier, 'take');
    const [result] = await papers(leader, 1);
    await act(leader, dossier, 'finish', { note: 'Đủ điều kiện', results: [{ file: result }] });
    assert.match((await act(an, dossier, 'collect', {}, 409)).detail, /Còn phí, lệ phí chưa nộp/);
    assert.equal((await an.get(`/v1/media/${result}`)).status, 404);
    assert.equal((await officer.get(`/v1/media/${result}`)).status, 200);
    await act(officer, dossier, 'pay', { amount: 8000, reference: 'BL 03' });
    assert.equal((await an.get(`/v1/media/${result}`)).status, 200);
    assert.equal((await act(an, dossier, 'collect')).state, 'returned');
  });
});

describe('other ends', () => {
  test('refused at the desk, and begun again with everything', async () => {
    const dossier = await file(an);
    await act(officer, dossier, 'refuse', { note: 'Thiếu', reason: 'no_such' }, 422);
    const refused = await act(officer, dossier, 'refuse', { note: 'Không thuộc thẩm quyền', reason: 'not_competent' });
    assert.equal(refused.state, 'refused');
    const draft = await begin(an, BIRTH, { again_of: dossier.id });
    assert.equal(draft.form.child_name, 'Trần Minh Khang');
    assert.equal(draft.components.length, 2);
    const review = (await an.get(`/v1/dossier-drafts/${draft.id}/review`)).json;
    assert.deepEqual(review.problems, []);
    const filed = await an.post('/v1/dossiers', { json: { draft: draft.id }, headers: fresh() });
    assert.equal(filed.status, 201, filed.text);
    assert.equal(filed.json.again_of, dossier.id);
    const other = await binh.post('/v1/dossier-drafts', { json: { procedure: BIRTH, again_of: dossier.id }, headers: fresh() });
    assert.equal(other.status, 422);
  });

  test('withdrawn before and after it was received', async () => {
    const early = await file(an);
    assert.equal((await act(an, early, 'withdraw')).outcome, 'withdrawn');
    const late = await file(an, { form: form({ late: true }) });
    assert.equal(late.owed, 8000);
    await act(officer, late, 'receive');
    assert.equal((await act(an, late, 'withdraw', { note: 'Nộp nhầm' })).state, 'withdrawing');
    const kept = await act(leader, late, 'keep', { note: 'Đã ký kết quả' });
    assert.equal(kept.state, 'received');
    await act(an, late, 'withdraw', { note: 'Vẫn muốn rút' });
    const stopped = await act(officer, late, 'release');
    assert.deepEqual([stopped.state, stopped.owed], ['stopped', 0], 'nothing is to be paid for what was not decided');
    assert.equal((await an.get(`/v1/dossiers/${late.id}/payments`)).json.owed, 0);
  });

  test('a fee is asked for, paid in parts at the counter, and never counted twice', async () => {
    const dossier = await file(an);
    await act(officer, dossier, 'receive');
    await act(officer, dossier, 'take');
    assert.equal((await act(officer, dossier, 'ask_fee', { amount: 8000 })).state, 'fee');
    const headers = fresh();
    const pay = (json) => officer.post(`/v1/dossiers/${dossier.id}/steps/pay`, { json, headers });
    assert.equal((await pay({ amount: 3000, reference: 'BL 01' })).json.owed, 5000);
    assert.equal((await pay({ amount: 3000, reference: 'BL 01' })).json.owed, 5000, 'the same once more');
    await act(officer, dossier, 'pay', { amount: 9000 }, 422);
    const paid = await act(officer, dossier, 'pay', { amount: 5000, reference: 'BL 02' });
    assert.equal(paid.state, 'in_progress');
    assert.equal(paid.owed, 0);
  });

  test('a wrong step says what is possible; another agency and another citizen find nothing', async () => {
    const dossier = await file(an);
    const wrong = await act(officer, dossier, 'propose', { note: 'sớm' }, 409);
    assert.equal(wrong.state, 'submitted');
    assert.ok(wrong.allowed.includes('receive'));
    await act(officer, dossier, 'fly', {}, 404);
    const health = await signInStaff(server, 'health.demo');
    await act(health, dossier, 'receive', {}, 404);
    await act(binh, dossier, 'withdraw', {}, 404);
    const page = (await leader.get('/v1/desk/dossiers?state=submitted')).json.items;
    assert.ok(page.some((one) => one.id === dossier.id));
    assert.ok((await inspector.get('/v1/desk/dossiers/late?soon_minutes=100000&agency=H12.32025')).status === 200);
    assert.equal((await leader.get(`/v1/desk/dossiers/by-number/${dossier.number}`)).json.id, dossier.id);
    assert.ok((await an.get('/v1/dossiers')).json.items.some((one) => one.id === dossier.id));
  });

  test('paused by a fault the clock stands; what does not come in time ends it', async () => {
    const dossier = await file(an);
    await act(officer, dossier, 'receive');
    await act(officer, dossier, 'take');
    const paused = await act(leader, dossier, 'pause', { note: 'Mất kết nối trục liên thông' });
    assert.equal(paused.state, 'paused');
    assert.equal((await act(an, dossier, 'withdraw', { note: 'Tôi không cần nữa' })).state, 'withdrawing', 'a fault of the system holds nobody');
    assert.equal((await act(an, dossier, 'keep')).state, 'paused');
    await act(officer, dossier, 'resume');
    const asked = await act(officer, dossier, 'supplement', { note: 'Thiếu', components: [{ code: 'ket_hon', verdict: 'missing', note: 'Chưa có', despite: 'Bản trong kho bị mờ' }] });
    assert.equal(asked.state, 'supplement');
    await advanceClock(server, 32 * 24 * 3600);
    officer = await signInStaff(server, 'officer.demo');
    for (let i = 0; ; i++) {
      const now = (await officer.get(`/v1/dossiers/${dossier.id}`)).json;
      if (now.state === 'stopped') {
        assert.equal(now.outcome, 'not_supplied');
        break;
      }
      assert.ok(i < 200, now.state);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });
});

test('a draft that nobody goes on with is warned of after 83 days, and gone after 90', async () => {
  const later = async (days) => {
    await advanceClock(server, Math.ceil(days * 86400));
    const { json } = await an.post('/v1/auth/refresh', { token: null, json: { refresh_token: an.refresh } });
    [an.token, an.refresh] = [json.access_token, json.refresh_token];
  };
  const soon = async (look) => {
    for (let i = 0; !(await look()); i++) assert.ok(i < 300, String(look));
  };
  const warned = async () => (await an.get('/v1/notices')).json.items.filter((one) => one.what === 'draft_expires' && /tình trạng hôn nhân/.test(one.text_vi)).length;
  await later(1);
  const draft = await begin(an, MARITAL);
  for (let i = 0; i < 3; i++) await later(27);
  assert.equal(await warned(), 0, 'after 81 days');
  await later(2.1);
  await soon(async () => (await warned()) === 1);
  await later(7);
  await soon(async () => (await an.get(`/v1/dossier-drafts/${draft.id}`)).status === 404);
});

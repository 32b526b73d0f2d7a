/* Papers by another way than one's own: of a dossier filed again, of whom one acts for; and as they expire. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BIRTH, MARITAL, act, an, begin, binh, birth, file, fileDraft, leader, marital, officer, photo, review, save, saved, server, store } from './lib/documents.mjs';
import { advanceClock, fresh, signInStaff } from './lib/people.mjs';

describe('papers of a dossier that is filed again', () => {
  test('are opened by who handles the second, and the third in turn, and by nobody else', async () => {
    const paper = await photo(binh);
    const form = (commune) => birth('Trần Thị Na', { relation: 'father', child_sex: 'female', commune });
    const first = await file(binh, BIRTH, {
      form: form('32041'),
      components: [{ code: 'giay_chung_sinh', files: [paper] }, { code: 'ket_hon', files: [await photo(binh)] }],
    });
    assert.equal((await officer.get(`/v1/media/${paper}`)).status, 404);
    const again = async (of) => {
      await act(binh, of, 'withdraw');
      const draft = await begin(binh, BIRTH, { again_of: of.id });
      const moved = await save(binh, draft, {
        form: form('32025'),
        components: draft.components.map(({ code, files }) => ({ code, files: files.map((one) => one.id) })),
        fetch: 'download',
      });
      assert.equal(moved.status, 200, moved.text);
      const filed = await fileDraft(binh, draft);
      assert.equal(filed.status, 201, filed.text);
      return filed.json;
    };
    const second = await again(first);
    assert.equal(second.decider, 'H12.32025');
    assert.deepEqual(second.components[0].files, first.components[0].files);
    assert.equal((await officer.get(`/v1/media/${paper}`)).status, 200);
    const third = await again(second);
    assert.equal(third.again_of, second.id);
    assert.equal((await officer.get(`/v1/media/${paper}`)).status, 200);
    const health = await signInStaff(server, 'health.demo');
    assert.equal((await health.get(`/v1/media/${paper}`)).status, 404);
    assert.equal((await an.get(`/v1/media/${paper}`)).status, 404);
  });
});

describe('the store of whom one acts for', () => {
  /* A child whom Bình is a parent of, confirmed by the office. */
  async function childOf(parent) {
    const made = await parent.post('/v1/me/mandates', {
      json: { kind: 'parent', scope: ['dossiers'], commune: '32025', dependant: { name: 'Trần Gia Bảo', birth: '2018-05-17' } },
      headers: fresh(),
    });
    assert.equal(made.status, 201, made.text);
    const card = `096318${String(Math.floor(Math.random() * 1e6)).padStart(6, '0')}`;
    const verified = await officer.post(`/v1/desk/mandates/${made.json.id}/steps/verify`, { json: { note: 'Giấy khai sinh bản chính', card } });
    assert.equal(verified.status, 200, verified.text);
    return (await parent.get('/v1/me/mandates')).json.items.find((one) => one.id === made.json.id).subject;
  }
  const as = (client, id) => ({
    get: (url) => client.get(url, { headers: { 'acting-for': id } }),
    post: (url, { json, headers }) => client.post(url, { json, headers: { ...headers, 'acting-for': id } }),
    request: (method, url, { json, headers }) => client.request(method, url, { json, headers: { ...headers, 'acting-for': id } }),
  });

  test('is theirs, not one\'s own, and open to whom they let', async () => {
    const own = (await store(binh)).length;
    const id = await childOf(binh);
    const parent = as(binh, id);
    const dossier = await file(parent, MARITAL, { form: marital({ name: 'Trần Gia Bảo' }) });
    await act(officer, dossier, 'receive');
    await act(officer, dossier, 'take');
    const result = await photo(leader);
    const { owed } = await act(leader, dossier, 'finish', { results: [{ file: result, code: 'giay_xac_nhan', number: '90/2026' }] });
    await act(officer, dossier, 'pay', { amount: owed, reference: 'BL 9' });
    const [theirs] = await store(parent);
    assert.equal(theirs.number, '90/2026');
    assert.equal((await store(binh)).length, own, 'a child\'s papers are the child\'s');
    assert.equal((await binh.get(`/v1/documents/${theirs.id}`)).status, 404);
    assert.equal((await as(an, id).get('/v1/documents')).status, 403);
    const mixed = await save(binh, await begin(binh, MARITAL), { components: [{ code: 'giay_cu', document: theirs.id }] });
    assert.equal(mixed.json.errors[0].pointer, '/components/0/document');
    const again = await file(parent, MARITAL, {
      form: marital({ name: 'Trần Gia Bảo', again: true }), components: [{ code: 'giay_cu', document: theirs.id }],
    }, { documents_consent: true });
    assert.equal(again.components[0].document, theirs.id);
    assert.equal((await officer.get(`/v1/media/${result}`)).status, 200);
  });
});

describe('as time goes by', () => {
  test('what holds until a day is over after it, and says so', async () => {
    const dossier = await file(an, BIRTH, {
      form: birth('Trần Bảo Yến'),
      components: [{ code: 'giay_chung_sinh', files: [await photo(an)] }, { code: 'ket_hon', files: [await photo(an)] }],
    });
    await act(officer, dossier, 'receive');
    const held = (await store(an, '?type=giay_chung_nhan_ket_hon&valid=true')).find((one) => one.dossier === dossier.id);
    const today = new Date(Date.now() + 7 * 3600000).toISOString().slice(0, 10);
    const written = await officer.request('PUT', `/v1/desk/documents/${held.id}`, {
      json: { issued_on: '2025-01-01', valid_until: today },
    });
    assert.equal(written.status, 200, written.text);
    assert.equal(written.json.stands, true);
    await advanceClock(server, 24 * 3600);
    const tokens = await an.post('/v1/auth/refresh', { json: { refresh_token: an.refresh }, token: null });
    assert.equal(tokens.status, 200, tokens.text);
    an.token = tokens.json.access_token;
    assert.ok(!(await store(an, '?valid=true')).some((one) => one.id === held.id));
    const draft = await saved(an, BIRTH, {
      form: birth('Trần Bảo Vy'), components: [{ code: 'ket_hon', document: held.id }, { code: 'giay_chung_sinh', files: [await photo(an)] }],
    });
    const told = await review(an, draft);
    assert.deepEqual(told.problems.map((one) => one.pointer), ['/components/0/document']);
    const item = told.offers.flatMap((need) => need.items).find((one) => one.id === held.id);
    assert.deepEqual([item.fits, item.unfit], [false, 'expired']);
    assert.equal((await fileDraft(an, draft, { documents_consent: true })).status, 422);
  });
});

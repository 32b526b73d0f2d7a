/* Asked for again: answers of the form that was filed; and papers whose day is said, or that are taken out of the store. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BIRTH, MARITAL, act, an, binh, birth, dossierOf, file, fileDraft, granted, leader, marital, officer, photo, review, save, saved, store, begin } from './lib/documents.mjs';
import { fresh } from './lib/people.mjs';

const WHY = 'Tên ghi trong tờ khai khác với giấy chứng sinh';

/* A birth that the desk has, its form as it was filled in. */
async function filed() {
  const content = { form: birth('Trần Minh Khag'), components: [{ code: 'giay_chung_sinh', files: [await photo(an)] }, { code: 'ket_hon', files: [await photo(an)] }] };
  const dossier = await file(an, BIRTH, content);
  return { dossier, form: content.form };
}
const ask = (dossier, fields, status = 200, more = {}) => act(officer, dossier, 'supplement', { note: 'Điền lại tờ khai', fields, ...more }, status);
const pointers = (reply) => reply.errors.map((one) => one.pointer).sort();

describe('a form', () => {
  test('is asked for member by member with the reason, and filled in again by the version it was filed under', async () => {
    const { dossier, form } = await filed();
    assert.deepEqual(pointers(await ask(dossier, [{ pointer: '/no_such', note: WHY }], 422)), ['/fields/0/pointer']);
    assert.deepEqual(pointers(await ask(dossier, [{ pointer: '/commune', note: WHY }], 422)), ['/fields/0/pointer'], 'where it goes stays');
    assert.deepEqual(pointers(await ask(dossier, [{ pointer: '/child_name', note: WHY }, { pointer: '/child_name', note: WHY }], 422)), ['/fields/1/pointer']);
    await ask(dossier, [{ pointer: '/child_name' }], 422);
    await ask(dossier, Array.from({ length: 21 }, (_, i) => ({ pointer: `/a${i}`, note: WHY })), 422);
    assert.equal((await ask(dossier, [], 422)).errors[0].pointer, '/components');
    const asked = await ask(dossier, [{ pointer: '/child_name', note: WHY }, { pointer: '/mother/name', note: 'Thiếu họ đệm' }]);
    assert.equal(asked.state, 'supplement');
    const mine = await dossierOf(an, dossier);
    assert.deepEqual(mine.fields, [{ pointer: '/child_name', note: WHY }, { pointer: '/mother/name', note: 'Thiếu họ đệm' }]);
    assert.deepEqual(mine.requests.at(-1).fields, mine.fields);
    const sheet = await an.get(`/v1/dossiers/${dossier.id}/forms/02`);
    if (sheet.status === 200) assert.match(sheet.text, /khác với giấy chứng sinh/);

    const supply = (body, status, client = an) => act(client, dossier, 'supply', body, status);
    assert.deepEqual(pointers(await supply({ components: [] }, 422)), ['/form']);
    const better = { ...form, child_name: 'Trần Minh Khang', mother: { ...form.mother, name: 'Lê Thị Hồng An' } };
    assert.deepEqual(pointers(await supply({ form: { ...better, child_birth: '2026-11-03' } }, 422)), ['/form/child_birth'], 'nothing else changes');
    assert.ok(pointers(await supply({ form: { ...better, father: undefined } }, 422)).includes('/form/father'), 'nothing goes');
    assert.ok(pointers(await supply({ form: { ...better, child_name: '' } }, 422)).includes('/form/child_name'), 'its version’s rules hold');
    await supply({ form: { ...better, child_name: 'x'.repeat(40_000) } }, 422);
    await supply({ form: better }, 404, binh);
    const headers = fresh();
    const send = () => an.post(`/v1/dossiers/${dossier.id}/steps/supply`, { json: { form: better }, headers });
    const replies = await Promise.all([send(), send()]);
    assert.deepEqual(replies.map((one) => one.status), [200, 200], replies[1].text);
    assert.equal((await send()).status, 200, 'and once more');
    const now = await dossierOf(officer, dossier);
    assert.deepEqual([now.state, now.fields, now.form.child_name, now.form.mother.name], ['submitted', undefined, 'Trần Minh Khang', 'Lê Thị Hồng An']);
    assert.equal(now.history.filter((one) => one.verb === 'supply').length, 1);
    await supply({ form: better }, 409);
    await act(officer, dossier, 'receive');
    const [made] = (await store(an)).filter((one) => one.dossier === dossier.id && one.part === 'giay_chung_sinh');
    assert.equal(made.holder, 'Trần Minh Khang', 'the store follows what is filled in now');
  });

  test('papers are taken all or none: what came with one that cannot be taken is free for another dossier', async () => {
    const { dossier, form } = await filed();
    const [mine, theirs] = [await photo(an), await photo(binh)];
    const unclear = ['giay_chung_sinh', 'ket_hon'].map((code) => ({ code, verdict: 'unclear', note: 'Chụp lại', despite: 'Bản trong kho bị mờ' }));
    await ask(dossier, undefined, 200, { components: unclear });
    const components = [{ code: 'giay_chung_sinh', files: [mine] }, { code: 'ket_hon', files: [theirs] }];
    assert.deepEqual(pointers(await act(an, dossier, 'supply', { components }, 422)), ['/components/1/files/0']);
    const other = await file(an, BIRTH, { form, components: [{ code: 'giay_chung_sinh', files: [mine] }, { code: 'ket_hon', files: [mine] }] });
    assert.deepEqual(other.components.map((one) => one.files.map((f) => f.id ?? f)), [[mine], [mine]]);
  });

  test('that is not asked for cannot be sent, and papers may be asked for with it', async () => {
    const { dossier, form } = await filed();
    const paper = [{ code: 'giay_chung_sinh', verdict: 'unclear', note: 'Chụp lại' }];
    await ask(dossier, undefined, 200, { components: paper });
    const refused = await act(an, dossier, 'supply', { form, components: [{ code: 'giay_chung_sinh', files: [await photo(an)] }] }, 422);
    assert.deepEqual(pointers(refused), ['/form']);
    await act(an, dossier, 'supply', { components: [{ code: 'giay_chung_sinh', files: [await photo(an)] }] });
    const both = await filed();
    await ask(both.dossier, [{ pointer: '/child_name', note: WHY }], 200, { components: paper });
    const given = [{ code: 'giay_chung_sinh', files: [await photo(an)] }];
    assert.deepEqual(pointers(await act(an, both.dossier, 'supply', { components: given }, 422)), ['/form'], 'what is asked of the form is answered too');
    const done = await act(an, both.dossier, 'supply', { components: given, form: { ...both.form, child_name: 'Trần Minh Khang' } });
    assert.equal(done.state, 'submitted');
  });
});

describe('a photo of a paper', () => {
  const old = { form: marital({ again: true }) };
  const day = (ago) => new Date(Date.now() - ago * 86400_000 + 7 * 3600_000).toISOString().slice(0, 10);

  test('has the day that stands on it, by which it is too old, or holds until its end', async () => {
    const draft = await saved(an, MARITAL, old);
    const put = async (issued_on) => {
      const kept = (await an.get(`/v1/dossier-drafts/${draft.id}`)).json;
      return save(an, kept, { ...old, fetch: 'download', components: [{ code: 'giay_cu', files: [await photo(an)], issued_on }] });
    };
    assert.equal((await put(day(-2))).json.errors[0].pointer, '/components/0/issued_on', 'not of tomorrow');
    assert.equal((await put('2026-02-31')).status, 422);
    assert.equal((await put(day(400))).json.components[0].issued_on, day(400));
    assert.ok((await review(an, draft)).problems.some((one) => one.pointer === '/components/0/issued_on'), 'it has expired');
    assert.equal((await fileDraft(an, draft)).status, 422);
    assert.equal((await put(day(10))).status, 200);
    const filed = await fileDraft(an, draft);
    assert.equal(filed.status, 201, filed.text);
    assert.equal((await dossierOf(officer, filed.json)).components[0].issued_on, day(10));
    await act(officer, filed.json, 'receive');
    const [paper] = (await store(an)).filter((one) => one.dossier === filed.json.id);
    assert.equal(paper.stands, true, 'its age is known');
    const months = (new Date(paper.valid_until) - new Date(paper.issued_at)) / 86400_000 / 30.4;
    assert.ok(months > 5.8 && months < 6.3, `${months} months`);
  });
});

describe('a paper of the store', () => {
  test('is taken out by whose it is once no open dossier has it; with its dossier it stays', async () => {
    const { dossier, result } = await granted(binh, 'Trần Văn Bình');
    const [paper] = (await store(binh)).filter((one) => one.dossier === dossier.id);
    const at = `/v1/documents/${paper.id}`;
    const take = (client) => client.request('DELETE', at);
    assert.equal((await take(an)).status, 404);
    assert.equal((await take(binh)).status, 409, 'its dossier is open');
    await act(officer, dossier, 'hand_over', { note: 'Đã ký nhận' });
    const form = marital({ name: 'Trần Văn Bình', card: '096085000456', again: true });
    const next = await file(binh, MARITAL, { form, components: [{ code: 'giay_cu', document: paper.id }] }, { documents_consent: true });
    assert.equal((await take(binh)).status, 409, 'an open dossier uses it');
    await act(binh, next, 'withdraw');
    const gone = await take(binh);
    assert.equal(gone.status, 204, gone.text);
    assert.equal((await take(binh)).status, 404);
    assert.equal((await binh.get(at)).status, 404);
    assert.ok(!(await store(binh)).some((one) => one.id === paper.id));
    const draft = await begin(binh, MARITAL);
    const named = await save(binh, draft, { form, components: [{ code: 'giay_cu', document: paper.id }] });
    assert.equal(named.json.errors[0].pointer, '/components/0/document');
    const kept = await dossierOf(binh, dossier);
    assert.equal(kept.results[0].file, result, 'the result is with its dossier');
    assert.equal((await binh.get(`/v1/media/${result}`)).status, 200);
    const desk = await dossierOf(officer, dossier);
    assert.ok(!desk.documents.some((one) => one.id === paper.id));
    assert.equal((await officer.post(`/v1/desk/documents/${paper.id}/revoke`, { json: { note: 'Thử thu hồi' } })).status >= 400, true);
    /* What follows from the dossier's record makes it anew no more. */
    await act(leader, dossier, 'replace', { note: 'Sai chính tả', results: [{ file: await photo(leader), code: 'giay_xac_nhan', number: '78/2026' }] });
    const after = (await store(binh)).filter((one) => one.dossier === dossier.id);
    assert.deepEqual(after.map((one) => [one.number, one.state]), [['78/2026', 'valid']]);
  });

  test('of many files stays while an open dossier uses it, however many have used it since', async () => {
    const form = marital({ name: 'Trần Văn Bình', card: '096085000456', again: true });
    const issued_on = new Date(Date.now() - 5 * 86400_000).toISOString().slice(0, 10);
    const files = await Promise.all(Array.from({ length: 20 }, () => photo(binh)));
    const first = await file(binh, MARITAL, { form, components: [{ code: 'giay_cu', files, issued_on }] });
    await act(officer, first, 'receive');
    const paper = (await store(binh)).find((one) => one.dossier === first.id);
    await act(leader, first, 'stop', { reason: 'other', note: 'Nộp nhầm' });
    const used = () => file(binh, MARITAL, { form, components: [{ code: 'giay_cu', document: paper.id }] }, { documents_consent: true });
    const open = await used();
    for (let i = 0; i < 10; i++) await act(binh, await used(), 'withdraw');
    const take = () => binh.request('DELETE', `/v1/documents/${paper.id}`);
    assert.equal((await take()).status, 409, 'the eleventh last has it still');
    const { used_in } = (await binh.get(`/v1/documents/${paper.id}`)).json;
    assert.deepEqual([used_in.length, used_in.at(-1).id], [11, open.id], 'each once, newest first');
    await act(binh, open, 'withdraw');
    assert.equal((await take()).status, 204);
  });
});

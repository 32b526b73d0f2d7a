/* Given once: what an office accepted or issued is in its owner's store and serves in the next dossier. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BIRTH, MARITAL, act, an, begin, binh, birth, dossierOf, file, fileDraft, granted, inspector, leader, marital, officer, photo, review, save, saved, server, store } from './lib/documents.mjs';
import { fresh, signInStaff } from './lib/people.mjs';
import { unzip } from './lib/unzip.mjs';

const WHY = 'Bản trong kho thiếu trang thứ hai';

describe('what was issued', () => {
  let first, issued;

  test('is in the store of whose it is, with who issued it and until when it holds', async () => {
    assert.deepEqual(await store(an), []);
    first = await granted(an, 'Lê Thị An');
    const items = await store(an);
    assert.equal(items.length, 1);
    [issued] = items;
    assert.equal(issued.type, 'giay_xac_nhan_tinh_trang_hon_nhan');
    assert.equal(issued.name, 'Giấy xác nhận tình trạng hôn nhân');
    assert.equal(issued.origin, 'issued');
    assert.equal(issued.stands, true);
    assert.equal(issued.against, 'register');
    assert.equal(issued.office, 'H12.32025');
    assert.equal(issued.number, '77/2026');
    assert.equal(issued.holder, 'Lê Thị An');
    assert.equal(issued.dossier_number, first.dossier.number);
    const months = (new Date(issued.valid_until) - new Date(issued.verified_at)) / 86400000 / 30.4;
    assert.ok(months > 5.8 && months < 6.3, `${months} months`);
    const one = (await an.get(`/v1/documents/${issued.id}`)).json;
    assert.equal(one.media.length, 1);
    assert.equal((await server.client().get(one.media[0].large)).status, 200);
    assert.deepEqual(one.used_in, []);
  });

  test('is nobody else\'s to see or to use', async () => {
    assert.deepEqual(await store(binh), []);
    assert.equal((await binh.get(`/v1/documents/${issued.id}`)).status, 404);
    const draft = await begin(binh, MARITAL);
    const named = await save(binh, draft, {
      form: marital({ name: 'Trần Văn Bình', card: '096085000456', again: true }),
      components: [{ code: 'giay_cu', document: issued.id }],
    });
    assert.equal(named.status, 422);
    assert.equal(named.json.errors[0].pointer, '/components/0/document');
    const unknown = await save(binh, draft, { components: [{ code: 'giay_cu', document: crypto.randomUUID() }] });
    assert.deepEqual(unknown.json.errors, named.json.errors, 'whether there is such a paper is not told');
  });

  test('serves in the next dossier: no upload, consent for it alone, and the desk sees who verified it', async () => {
    const draft = await saved(an, MARITAL, { form: marital({ again: true }) });
    const offered = await review(an, draft);
    const [need] = offered.offers.filter((one) => one.code === 'giay_cu');
    assert.equal(need.items[0].id, issued.id);
    assert.equal(need.items[0].fits, true);
    assert.equal(offered.complete, false);
    assert.equal(offered.documents_consent, false);
    const both = await save(an, draft, {
      form: marital({ again: true }),
      components: [{ code: 'giay_cu', document: issued.id, files: [await photo(an)] }],
    });
    assert.equal(both.status, 422);
    const chosen = await save(an, draft, {
      form: marital({ again: true }), fetch: 'download', components: [{ code: 'giay_cu', document: issued.id }],
    });
    assert.equal(chosen.status, 200, chosen.text);
    const ready = await review(an, draft);
    assert.equal(ready.complete, true, JSON.stringify(ready.problems));
    assert.equal(ready.documents_consent, true);
    const unsaid = await fileDraft(an, draft);
    assert.equal(unsaid.status, 422);
    assert.equal(unsaid.json.errors[0].pointer, '/documents_consent');
    const filed = await fileDraft(an, draft, { documents_consent: true });
    assert.equal(filed.status, 201, filed.text);
    const [component] = filed.json.components;
    assert.equal(component.document, issued.id);
    assert.deepEqual(component.files.map((one) => one.id), [first.result]);

    const said = (await an.get('/v1/me/consents')).json.items.filter((one) => one.subject === filed.json.id);
    assert.equal(said.length, 1);
    assert.equal(said[0].purpose, 'dossier.documents');
    const seen = (await dossierOf(officer, filed.json)).documents;
    assert.equal(seen.length, 1);
    assert.equal(seen[0].role, 'used');
    assert.equal(seen[0].component, 'giay_cu');
    assert.equal(seen[0].number, '77/2026');
    assert.ok(seen[0].verified_at && seen[0].valid_until && seen[0].office_name);
    assert.equal((await officer.get(`/v1/media/${first.result}`)).status, 200);
    const looks = (await an.get('/v1/me/looks')).json.items;
    assert.ok(looks.some((one) => one.number === filed.json.number && one.what.includes('document')));
    const used = (await an.get(`/v1/documents/${issued.id}`)).json.used_in;
    assert.deepEqual(used.map((one) => one.number), [filed.json.number]);
    assert.equal((await dossierOf(inspector, filed.json)).documents, undefined);
    await act(officer, filed.json, 'receive');

    const withdrawn = await an.post(`/v1/me/consents/${said[0].id}/withdraw`);
    assert.equal(withdrawn.status, 201, withdrawn.text);
    const after = (await dossierOf(officer, filed.json)).documents.find((one) => one.role === 'used');
    assert.equal(after.number, undefined, 'what stands on it is closed again');
  });

  test('is used once by a dossier that is filed three times with one key', async () => {
    const draft = await saved(an, MARITAL, {
      form: marital({ again: true }), components: [{ code: 'giay_cu', document: issued.id }],
    });
    const headers = fresh();
    const replies = await Promise.all([1, 2, 3].map(() => fileDraft(an, draft, { documents_consent: true }, headers)));
    for (const reply of replies) assert.equal(reply.status, 201, reply.text);
    assert.equal(new Set(replies.map((reply) => reply.json.id)).size, 1);
  });

  test('is offered no more once its issuer replaced or revoked it, and not accepted where it was filed', async () => {
    const waiting = await file(an, MARITAL, {
      form: marital({ again: true }), components: [{ code: 'giay_cu', document: issued.id }],
    }, { documents_consent: true });
    const better = await photo(leader);
    await act(leader, first.dossier, 'replace', {
      note: 'Sai chính tả', results: [{ file: better, code: 'giay_xac_nhan', number: '78/2026' }],
    });
    const items = await store(an, '?type=giay_xac_nhan_tinh_trang_hon_nhan');
    assert.deepEqual(items.map((one) => one.state).sort(), ['replaced', 'valid']);
    assert.deepEqual((await store(an, '?valid=true')).map((one) => one.number), ['78/2026']);
    const refused = await act(officer, waiting, 'receive', {}, 422);
    assert.equal(refused.errors[0].pointer, '/components/0/document');
    const draft = await saved(an, MARITAL, {
      form: marital({ again: true }), components: [{ code: 'giay_cu', document: issued.id }],
    });
    const told = await review(an, draft);
    assert.deepEqual(told.problems.map((one) => one.pointer), ['/components/0/document']);
    assert.equal((await fileDraft(an, draft, { documents_consent: true })).status, 422);
    await act(leader, first.dossier, 'revoke', { note: 'Cấp không đúng' });
    assert.deepEqual((await store(an)).filter((one) => one.origin === 'issued').map((one) => one.state).sort(), ['replaced', 'revoked']);
    const at = await leader.post(`/v1/desk/documents/${issued.id}/revoke`, { json: { note: 'Sai' } });
    assert.equal(at.status, 409, at.text);
    assert.equal(at.json.at, `/v1/dossiers/${first.dossier.id}/steps/revoke`);
  });
});

describe('what was accepted', () => {
  let one, two, marriage, paper;

  test('is in the store once an office took it for fit; of whom it is about is told', async () => {
    const [record, certificate] = [await photo(an), await photo(an)];
    one = await file(an, BIRTH, {
      form: birth('Trần Minh Khang'),
      components: [{ code: 'giay_chung_sinh', files: [record] }, { code: 'ket_hon', files: [certificate] }],
    });
    const of = (items) => items.filter((item) => item.dossier === one.id);
    assert.deepEqual(of(await store(an)), []);
    await act(officer, one, 'receive');
    const made = of(await store(an));
    assert.deepEqual(made.map((item) => [item.part, item.about, item.holder]).sort(), [
      ['giay_chung_sinh', 'child', 'Trần Minh Khang'],
      ['ket_hon', 'applicant', 'Lê Thị An'],
    ]);
    marriage = made.find((item) => item.part === 'ket_hon');
    paper = certificate;
    const desk = (await dossierOf(officer, one)).documents;
    assert.deepEqual(desk.map((item) => item.role), ['made', 'made']);
  });

  test('what stands on it is written down by the office that verified it, and by no other', async () => {
    const at = `/v1/desk/documents/${marriage.id}`;
    const words = { number: '012/2018', issuer: 'UBND phường 5', holder: 'Lê Thị An', issued_on: '2018-06-01', against: 'original' };
    const health = await signInStaff(server, 'health.demo');
    assert.equal((await health.request('PUT', at, { json: words })).status, 404);
    const early = await officer.request('PUT', at, { json: { ...words, issued_on: '2199-01-01' } });
    assert.equal(early.json.errors[0].pointer, '/issued_on');
    const written = await officer.request('PUT', at, { json: words, headers: { 'if-match': '"1"' } });
    assert.equal(written.status, 200, written.text);
    assert.equal(written.json.number, '012/2018');
    assert.equal((await officer.request('PUT', at, { json: words, headers: { 'if-match': '"1"' } })).status, 412);
    const mine = (await an.get(`/v1/documents/${marriage.id}`)).json;
    assert.equal(mine.against, 'original');
    assert.equal(mine.described, true);
    assert.equal(mine.issuer, 'UBND phường 5');
  });

  test('serves for another child, while a record of birth serves for its own child alone', async () => {
    const draft = await begin(an, BIRTH);
    const filled = await save(an, draft, { form: birth('Trần Gia Hân', { child_sex: 'female' }), fetch: 'download' });
    const offers = Object.fromEntries((await review(an, filled.json)).offers.map((need) => [need.code, need.items]));
    assert.equal(offers.ket_hon[0].id, marriage.id);
    assert.equal(offers.ket_hon[0].fits, true);
    assert.equal(offers.giay_chung_sinh[0].fits, false);
    assert.equal(offers.giay_chung_sinh[0].unfit, 'other_subject');
    two = await file(an, BIRTH, {
      form: birth('Trần Gia Hân', { child_sex: 'female' }),
      components: [{ code: 'giay_chung_sinh', files: [await photo(an)] }, { code: 'ket_hon', document: marriage.id }],
    }, { documents_consent: true });
    assert.equal((await officer.get(`/v1/media/${paper}`)).status, 200);
    await act(officer, two, 'receive');
    assert.equal((await store(an)).filter((item) => item.type === 'giay_chung_nhan_ket_hon').length, 1, 'none is made anew');
  });

  test('is not asked for again, but by name or with a reason, which is counted', async () => {
    const ask = (more) => ({ note: 'Cần giấy kết hôn', components: [{ code: 'ket_hon', verdict: 'missing', note: 'Chưa rõ', ...more }] });
    const three = await file(an, BIRTH, {
      form: birth('Trần Bảo Long'),
      components: [{ code: 'giay_chung_sinh', files: [await photo(an)] }, { code: 'ket_hon', files: [await photo(an)] }],
    });
    const refused = await act(officer, three, 'supplement', ask(), 409);
    assert.ok(refused.type.endsWith('given-before'), refused.type);
    assert.equal(refused.documents[0].id, marriage.id);
    assert.equal(refused.documents[0].component, 'ket_hon');
    assert.ok(refused.documents[0].verified_at);
    assert.equal((await dossierOf(officer, three)).state, 'submitted');
    await act(officer, three, 'supplement', ask({ document: one.id }), 409);

    const offered = await act(officer, three, 'supplement', ask({ document: marriage.id }));
    assert.equal(offered.state, 'supplement');
    assert.equal(offered.asks, undefined, 'to ask for its use is not to ask for papers');
    const mine = await dossierOf(an, three);
    assert.deepEqual(mine.documents.map((item) => [item.role, item.id]), [['offered', marriage.id]]);
    assert.ok(mine.offers[0].items.some((item) => item.id === marriage.id && item.fits));
    const supply = { components: [{ code: 'ket_hon', document: marriage.id }] };
    assert.equal((await act(an, three, 'supply', supply, 422)).errors[0].pointer, '/documents_consent');
    assert.equal((await act(officer, three, 'supply', supply, 422)).errors[0].pointer, '/components/0/document');
    const supplied = await act(an, three, 'supply', { ...supply, documents_consent: true });
    assert.equal(supplied.state, 'submitted');
    await act(officer, three, 'receive');

    const four = await file(an, BIRTH, {
      form: birth('Trần Bảo Phúc'),
      components: [{ code: 'giay_chung_sinh', files: [await photo(an)] }, { code: 'ket_hon', document: marriage.id }],
    }, { documents_consent: true });
    await act(officer, four, 'supplement', ask(), 409);
    const asked = await act(officer, four, 'supplement', ask({ despite: WHY }));
    assert.deepEqual(asked.asks.map((item) => [item.code, item.document, item.reason]), [['ket_hon', marriage.id, WHY]]);
    const listed = (await inspector.get('/v1/desk/dossiers/asked-again')).json.items;
    assert.deepEqual(listed.map((item) => item.number), [four.number]);
    assert.equal(listed[0].asks[0].reason, WHY);
    assert.deepEqual((await inspector.get('/v1/desk/dossiers/asked-again?agency=H12.03')).json.items, []);
    assert.equal((await leader.get('/v1/desk/dossiers/asked-again')).json.items.length, 1);
    const health = await signInStaff(server, 'health.demo');
    assert.equal((await health.get('/v1/desk/dossiers/asked-again')).status, 403);
  });

  test('is revoked by the office that verified it; whose it is is told', async () => {
    const revoked = await officer.post(`/v1/desk/documents/${marriage.id}/revoke`, { json: { note: 'Bản chính đã bị huỷ' } });
    assert.equal(revoked.status, 200, revoked.text);
    assert.equal(revoked.json.state, 'revoked');
    assert.equal((await officer.post(`/v1/desk/documents/${marriage.id}/revoke`, { json: { note: 'Lần nữa' } })).status, 200);
    const told = (await an.get('/v1/notices?limit=50')).json.items.filter((item) => item.what === 'document_revoked');
    assert.equal(told.length, 1);
    assert.match(told[0].text_vi, /Giấy chứng nhận kết hôn/);
    assert.equal((await officer.request('PUT', `/v1/desk/documents/${marriage.id}`, { json: { number: '1' } })).status, 409);
    const desk = (await dossierOf(officer, two)).documents.find((item) => item.role === 'used');
    assert.equal(desk.stands, false);
    assert.equal(desk.why, 'ended');
    await act(officer, two, 'take');
    const result = await photo(leader);
    await act(leader, two, 'finish', { results: [{ file: result, code: 'khai_sinh' }] }, 422);
  });

  test('is rejected with its dossier where an officer finds it unfit after all', async () => {
    const five = await file(an, BIRTH, {
      form: birth('Trần Bảo An'),
      components: [{ code: 'giay_chung_sinh', files: [await photo(an)] }, { code: 'ket_hon', files: [await photo(an)] }],
    });
    await act(officer, five, 'receive');
    await act(officer, five, 'take');
    const states = async () => Object.fromEntries((await store(an)).filter((item) => item.dossier === five.id).map((item) => [item.part, item.state]));
    assert.deepEqual(await states(), { giay_chung_sinh: 'valid', ket_hon: 'valid' });
    await act(officer, five, 'supplement', {
      note: 'Giấy chứng sinh mờ', components: [{ code: 'giay_chung_sinh', verdict: 'unclear', note: 'Chụp lại' }],
    });
    assert.deepEqual(await states(), { giay_chung_sinh: 'rejected', ket_hon: 'valid' });
  });
});

describe('a store of many papers', () => {
  test('what fits is offered, however many newer ones of its kind do not', async () => {
    const record = async (child) => {
      const filed = await file(binh, BIRTH, {
        form: birth(child),
        components: [{ code: 'giay_chung_sinh', files: [await photo(binh)] }, { code: 'ket_hon', files: [await photo(binh)] }],
      });
      await act(officer, filed, 'receive');
      return filed;
    };
    const first = await record('Trần Thị Đầu');
    for (let i = 0; i < 20; i++) await record(`Trần Văn Sau ${i}`);
    const draft = await saved(binh, BIRTH, { form: birth('Trần Thị Đầu') });
    const [need] = (await review(binh, draft)).offers.filter((one) => one.code === 'giay_chung_sinh');
    assert.equal(need.items.length, 20);
    assert.equal(need.items[0].dossier, first.id);
    assert.deepEqual(need.items.map((one) => one.fits), [true, ...Array(19).fill(false)]);
  });
});

describe('what is begun', () => {
  const LAND = '1.012783'; // asks for the certificate, whatever the form says
  const form = {
    owner: 'Trần Văn Bình', card: '096085000456', phone: '0912345678', commune: '32025',
    parcel: '12', sheet: '7', serial: 'CX 123456', reason: 'worn', resurvey: false,
  };

  test('has what fits beyond doubt already, and keeps it when it is begun again', async () => {
    const first = await begin(binh, LAND);
    assert.equal(first.components, undefined);
    const filled = await save(binh, first, {
      form, desk: 'H12.32025', fetch: 'download', components: [{ code: 'giay_cu', files: [await photo(binh)] }],
    });
    assert.equal(filled.status, 200, filled.text);
    const filed = await fileDraft(binh, first);
    assert.equal(filed.status, 201, filed.text);
    await act(officer, filed.json, 'receive');
    const [deed] = await store(binh, '?type=giay_chung_nhan_qsdd');
    const second = await begin(binh, LAND);
    assert.deepEqual(second.components, [{ code: 'giay_cu', document: deed.id }]);
    const ready = await save(binh, second, { form, desk: 'H12.32025', fetch: 'download', components: second.components });
    assert.equal(ready.status, 200, ready.text);
    const again = await fileDraft(binh, second, { documents_consent: true });
    assert.equal(again.status, 201, again.text);
    await act(binh, again.json, 'withdraw');
    const third = await begin(binh, LAND, { again_of: again.json.id });
    assert.deepEqual(third.components, [{ code: 'giay_cu', document: deed.id }], 'held once more against the store');
    assert.equal((await fileDraft(binh, third)).json.errors[0].pointer, '/documents_consent');
    assert.equal((await fileDraft(binh, third, { documents_consent: true })).status, 201);
  });
});

describe('rights', () => {
  test('the store is in the copy of one\'s data, and named in what an erasure takes', async () => {
    const asked = await an.post('/v1/me/exports');
    assert.equal(asked.status, 202, asked.text);
    let job;
    for (let i = 0; job?.state !== 'ready'; i++) {
      job = (await an.get('/v1/me/exports')).json.items.find((one) => one.id === asked.json.id);
      assert.ok(i < 600, job.state);
      await new Promise((done) => setTimeout(done, 100));
    }
    const copy = unzip((await server.client().get(job.url)).body);
    const papers = [...copy.keys()].filter((one) => one.startsWith('documents/')).map((one) => JSON.parse(copy.get(one).toString('utf8')));
    assert.deepEqual(papers.map((one) => one.id).sort(), (await store(an, '?limit=50')).map((one) => one.id).sort());
    assert.ok(papers.some((one) => one.number === '78/2026' && one.holder === 'Lê Thị An'));
    const erased = (await an.get('/v1/me/erasure')).json.erased;
    assert.ok(erased.some((one) => one.what === 'documents'));
  });
});

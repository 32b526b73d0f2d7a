/* Stored documents at a counter: offered only to whom their holder permits it, by a code or a slip, and never in silence. */
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { MARITAL, act, fileMarital, maritalForm, papers } from './lib/dossiers.mjs';
import { advanceClock, fresh, signInStaff } from './lib/people.mjs';
import { Provider, eidClient } from './lib/provider.mjs';
import { Server } from './lib/server.mjs';

const CARD = '096190000123';
const PHONE = '+84912345001';
const NOTE = 'Nộp hồ sơ xác nhận tình trạng hôn nhân';
let provider, server, an, officer, leader, stored;

before(async () => {
  provider = await Provider.start({ redirects: ['https://app.tram.example/eid'] });
  server = new Server({ env: { ...provider.config(), TRAM_HTTP_RATES: '1000000', TRAM_AUTH_ACCESS: '1h' } });
  await server.start();
  provider.people.set('an', { card_no: CARD, name: 'Lê Thị An', birthdate: '1990-05-17', assurance: 'two', phone_number: PHONE });
  provider.people.set('binh', { card_no: '096085000456', name: 'Trần Văn Bình', birthdate: '1985-01-02', assurance: 'two' });
  an = await eidClient(server, provider, 'an');
  await eidClient(server, provider, 'binh');
  officer = await signInStaff(server, 'officer.demo');
  leader = await signInStaff(server, 'leader.demo');
  const dossier = await fileMarital(an);
  await act(officer, dossier, 'receive');
  await act(officer, dossier, 'take');
  const [result] = await papers(leader, 1);
  await act(leader, dossier, 'finish', { note: 'Đủ điều kiện', results: [{ file: result, code: 'giay_xac_nhan', number: '77/2026' }] });
  await act(officer, dossier, 'pay', { amount: 15000, reference: 'BL 1' });
  [stored] = (await an.get('/v1/documents')).json.items;
  assert.equal(stored.type, 'giay_xac_nhan_tinh_trang_hon_nhan');
});
after(async () => {
  await server.stop();
  await provider.stop();
});

const ask = (card = CARD, client = officer) => client.post('/v1/desk/holders/code', { json: { card } });
const permit = (json, client = officer) => client.post('/v1/desk/holders/permit', { json: { card: CARD, note: NOTE, ...json } });
const body = (more = {}) => ({
  procedure: MARITAL,
  channel: 'in_person',
  applicant: { card: CARD, name: 'Lê Thị An', birth: '1990-05-17' },
  form: maritalForm({ again: true }),
  components: [{ code: 'giay_cu', document: stored.id }],
  fetch: 'counter',
  ...more,
});
const handIn = (json, client = officer) => client.post('/v1/desk/dossiers', { json, headers: fresh() });
const review = (json, client = officer) => client.post('/v1/desk/dossiers/review', { json });
const pointers = (reply) => reply.json.errors.map((one) => one.pointer);

describe('a permit by code', () => {
  let challenge, code, given;

  test('the code comes to the holder’s telephone, not to the official', async () => {
    const asked = await ask();
    assert.equal(asked.status, 201, asked.text);
    challenge = asked.json.challenge;
    assert.equal(asked.json.hint, '001');
    assert.ok(!asked.text.includes('912345'));
    code = await server.smsCode(PHONE);
  });

  test('it signs nobody in, and a code for signing in permits nothing', async () => {
    const stranger = server.client();
    const used = await stranger.post(`/v1/auth/otp/${challenge}/check`, { json: { code, device: 'x' } });
    assert.notEqual(used.status, 200, used.text);
    const asked = await stranger.post('/v1/auth/otp', { json: { phone: PHONE } });
    const other = await permit({ challenge: asked.json.challenge, code: await server.smsCode(PHONE) });
    assert.equal(other.json.type, '/problems/code-wrong');
  });

  test('wrong, another official’s, or for another card: no', async () => {
    const wrong = code === '000000' ? '000001' : '000000';
    assert.equal((await permit({ challenge, code: wrong })).json.type, '/problems/code-wrong');
    assert.equal((await permit({ challenge, code }, leader)).json.type, '/problems/code-wrong');
    assert.equal((await permit({ challenge: crypto.randomUUID(), code })).json.type, '/problems/code-wrong');
    assert.equal((await permit({ code })).status, 422, 'a code without its challenge');
    const unknown = await ask('096190009999');
    assert.equal(unknown.status, 404);
    assert.deepEqual(pointers(await ask('096085000456')), ['/card'], 'who has no telephone number signs a slip');
  });

  test('told at the desk it opens the store for half an hour, and the holder is told', async () => {
    const reply = await permit({ challenge, code });
    assert.equal(reply.status, 200, reply.text);
    given = reply.json;
    const minutes = (new Date(given.until) - Date.now()) / 60000;
    assert.ok(minutes > 25 && minutes <= 31, given.until);
    assert.equal((await permit({ challenge, code })).json.type, '/problems/code-wrong', 'it is used up');
    const notices = (await an.get('/v1/notices')).json.items;
    assert.ok(notices.some((notice) => JSON.stringify(notice).includes(NOTE)), JSON.stringify(notices.slice(0, 3)));
    assert.ok((await an.get('/v1/me/looks')).json.items.some((look) => look.what.includes('card')));
  });

  test('without it nothing is offered and nothing may be named', async () => {
    const blind = await review(body({ components: [] }));
    assert.equal(blind.json.review.offers, undefined);
    assert.deepEqual(pointers(await handIn(body())), ['/components/0/document']);
    for (const [client, text] of [[leader, given.permit], [officer, given.permit.replace(/.$/, (c) => (c === '0' ? '1' : '0'))], [officer, '0'.repeat(152)]])
      assert.deepEqual(pointers(await handIn(body({ permit: text }), client)), ['/permit']);
    const other = { card: '096085000456', name: 'Trần Văn Bình', birth: '1985-01-02' };
    assert.deepEqual(pointers(await handIn(body({ permit: given.permit, applicant: other }))), ['/permit']);
  });

  test('with it they are offered, and serve', async () => {
    const offered = await review(body({ permit: given.permit, components: [] }));
    assert.equal(offered.status, 200, offered.text);
    const need = offered.json.review.offers.find((one) => one.code === 'giay_cu');
    assert.equal(need.items[0].id, stored.id);
    assert.equal(need.items[0].fits, true);
    const filed = await handIn(body({ permit: given.permit, receive: true }));
    assert.equal(filed.status, 201, filed.text);
    const component = filed.json.components.find((one) => one.code === 'giay_cu');
    assert.equal(component.document, stored.id);
    assert.equal((await officer.get(`/v1/media/${component.files[0].id}`)).status, 200);
    const looks = (await an.get('/v1/me/looks')).json.items;
    assert.ok(looks.some((look) => look.what.includes('document')), JSON.stringify(looks.slice(0, 3)));
    const consents = (await an.get('/v1/me/consents')).text;
    assert.ok(consents.includes(filed.json.id), 'a consent for this dossier, at the desk');
    const used = (await an.get(`/v1/documents/${stored.id}`)).json.used_in;
    assert.equal(used.length, 1);
    const receipt = (await officer.get(`/v1/dossiers/${filed.json.id}/forms/01`)).json;
    assert.match(receipt.blocks.find((block) => block.key === 'components').items[0], /từ kho dữ liệu điện tử/);
  });

  test('half an hour later it is over; a signed slip does as well', async () => {
    await advanceClock(server, 31 * 60);
    officer = await signInStaff(server, 'officer.demo');
    assert.deepEqual(pointers(await handIn(body({ permit: given.permit }))), ['/permit']);
    assert.equal((await permit({ note: '    ' })).status, 422);
    const slip = await permit({ note: 'Phiếu đồng ý số 12, tập 2026-11' });
    assert.equal(slip.status, 200, slip.text);
    const filed = await handIn(body({ permit: slip.json.permit }));
    assert.equal(filed.status, 201, filed.text);
    const notices = (await an.get('/v1/notices')).json.items;
    assert.ok(notices.some((notice) => JSON.stringify(notice).includes('Phiếu đồng ý số 12')));
  });
});

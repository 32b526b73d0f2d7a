/* The log of looks: nothing of a person is shown to an official without a record; who may read it; its proof. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { fileReport, fresh, signInCitizen, signInStaff } from './lib/people.mjs';
import { Provider, eidClient } from './lib/provider.mjs';
import { useServer } from './lib/server.mjs';
import { tramctl, tramctlJson, withJsonFile } from './lib/tramctl.mjs';

const provider = await Provider.start({ redirects: ['https://app.tram.example/eid'] });
const server = useServer({ env: { ...provider.config(), TRAM_HTTP_RATES: '100000' } });
after(() => provider.stop());

const CARD = '096187654777';
const reveal = (staff, id, note) => staff.post(`/v1/reports/${id}/reporter`, { json: { note }, headers: fresh() });

describe('looks', () => {
  let citizen, officer, inspector, report;

  test('a revealed reporter is one record, which the person and the inspector read', async () => {
    citizen = await signInCitizen(server, '+84912360001', { name: 'Võ Thị Nhìn' });
    officer = await signInStaff(server, 'officer.demo');
    inspector = await signInStaff(server, 'inspector.demo');
    report = await fileReport(citizen);
    assert.deepEqual((await citizen.get('/v1/me/looks')).json.items, []);
    const shown = await reveal(officer, report.id, 'Gọi hẹn giờ vào sửa');
    assert.equal(shown.status, 200, shown.text);
    assert.equal(shown.json.phone, '+84912360001');

    const [mine, ...rest] = (await citizen.get('/v1/me/looks')).json.items;
    assert.equal(rest.length, 0);
    assert.deepEqual(mine.what, ['name', 'phone']);
    assert.equal(mine.words, 'Họ tên, Số điện thoại');
    assert.equal(mine.number, report.number);
    assert.equal(mine.reason, 'Gọi hẹn giờ vào sửa');
    const account = (await officer.get('/v1/me')).json;
    assert.equal(mine.title, account.title);
    assert.ok(mine.office.length > 5);
    assert.ok(!JSON.stringify(mine).includes(account.name), 'not the name of the official');
    assert.ok(!JSON.stringify(mine).includes(account.id));
    const english = await citizen.get('/v1/me/looks', { headers: { 'accept-language': 'en' } });
    assert.equal(english.json.items[0].words, 'Name, Phone number');

    const all = (await inspector.get('/v1/inspect/looks')).json.items;
    assert.equal(all.length, 1);
    assert.equal(all[0].staff, account.id);
    assert.equal(all[0].officer, account.name);
    assert.equal(all[0].agency, account.agency);
    assert.equal(all[0].route, 'reportReveal');
    assert.equal(all[0].seq, 1);
  });

  test('who is refused leaves no record, and others see none of mine', async () => {
    const before = (await inspector.get('/v1/inspect/looks')).json.items.length;
    const health = await signInStaff(server, 'health.demo');
    assert.equal((await reveal(health, report.id, 'Tò mò một chút')).status, 404);
    const silent = await fileReport(citizen, { consent: false });
    assert.equal((await reveal(officer, silent.id, 'Tò mò một chút')).status, 403);
    assert.equal((await reveal(officer, report.id, 'x')).status, 422);
    assert.equal((await inspector.get('/v1/inspect/looks')).json.items.length, before);
    const other = await signInCitizen(server, '+84912360002');
    assert.deepEqual((await other.get('/v1/me/looks')).json.items, []);
    for (const staff of [officer, health, await signInStaff(server, 'leader.demo'), await signInStaff(server, 'admin.demo')]) {
      assert.equal((await staff.get('/v1/inspect/looks')).status, 403);
      assert.equal((await staff.get('/v1/inspect/looks/figures')).status, 403);
    }
  });

  test('an account found by its card is a look, told to the person', async () => {
    provider.people.set('card', { card_no: CARD, birthdate: '1987-01-02', name: 'Võ Thị Nhìn', assurance: 'two' });
    await eidClient(server, provider, 'card', { client: citizen });
    const done = await officer.post('/v1/desk/people/sign-out', { json: { card: CARD, note: 'Mất điện thoại' }, headers: fresh() });
    assert.equal(done.status, 200, done.text);
    const again = await eidClient(server, provider, 'card');
    const looks = (await again.get('/v1/me/looks')).json.items;
    assert.deepEqual(looks.map((one) => one.what), [['card'], ['name', 'phone']], 'newest first');
    assert.equal(looks[0].reason, 'Mất điện thoại');
    assert.ok(!JSON.stringify(looks).includes(CARD));
    citizen = again;
  });

  test('filters, pages and figures', async () => {
    for (let i = 0; i < 5; i++) assert.equal((await reveal(officer, report.id, `Gọi lần thứ ${i + 2}`)).status, 200);
    const { id: staff, agency } = (await officer.get('/v1/me')).json;
    const today = new Date(Date.now() + 7 * 3600_000).toISOString().slice(0, 10);
    const count = async (query) => (await inspector.get(`/v1/inspect/looks?limit=100&${query}`)).json.items.length;
    assert.equal(await count(`staff=${staff}`), 7);
    assert.equal(await count(`agency=${agency}`), 7);
    assert.equal(await count(`agency=${agency}&staff=${staff}&from=${today}&to=${today}`), 7);
    assert.equal(await count('agency=H12.03'), 0);
    assert.equal(await count('to=2020-01-01'), 0);
    assert.equal(await count(`from=${today}`), 7);
    assert.equal((await inspector.get('/v1/inspect/looks?from=2026-02-30')).status, 422);
    assert.equal((await inspector.get('/v1/inspect/looks?staff=x')).status, 422);
    assert.equal((await inspector.get('/v1/inspect/looks?cursor=x')).status, 422);

    const seen = [];
    for (let next = ''; next !== undefined; ) {
      const page = (await inspector.get(`/v1/inspect/looks?limit=3&agency=${agency}${next && `&cursor=${next}`}`)).json;
      seen.push(...page.items.map((one) => one.seq));
      next = page.next;
    }
    assert.deepEqual(seen, [7, 6, 5, 4, 3, 2, 1]);

    const figures = (await inspector.get('/v1/inspect/looks/figures')).json;
    assert.deepEqual([figures.rows, figures.looks], [1, 7]);
    assert.equal(figures.items[0].count, 7);
    assert.equal(figures.items[0].day, today);
    assert.equal(figures.items[0].staff, staff);
    assert.equal((await inspector.get('/v1/inspect/looks/figures?agency=H12.03')).json.rows, 0);
    assert.equal((await inspector.get('/v1/inspect/looks/figures?from=2020-01-01')).status, 422);
  });

  test('many at once take a place each', async () => {
    const replies = await Promise.all(Array.from({ length: 12 }, (_, i) => reveal(officer, report.id, `Cùng lúc ${i} lần`)));
    const shown = replies.filter((one) => one.status === 200).length;
    assert.ok(shown >= 1);
    const looks = (await inspector.get('/v1/inspect/looks?limit=100')).json.items;
    const places = looks.map((one) => one.seq);
    assert.deepEqual(places.sort((a, b) => a - b), Array.from(places, (_, i) => i + 1));
    assert.ok(looks.length >= 7 + shown, 'whoever was shown it is in the log');
  });

  test('the proof holds, and what an earlier one saw is there', async () => {
    const proof = await tramctlJson(server.data, 'looks', 'verify');
    assert.equal(proof.faults, 0);
    assert.equal(proof.items.length, 1);
    assert.ok(proof.items[0].records >= 8);
    assert.equal(proof.items[0].head, proof.items[0].records);
    assert.equal((await reveal(officer, report.id, 'Thêm một lần nữa')).status, 200);
    const later = await withJsonFile(proof, (file) => tramctl(server.data, 'looks', 'verify', '--against', file));
    assert.equal(later.code, 0, later.err);
    assert.match(later.out, /H12\./);

    const other = { items: [{ ...proof.items[0], digest: 'ab'.repeat(32) }, { agency: 'H12.99', head: 3, digest: '01'.repeat(32) }] };
    const cut = await withJsonFile(other, (file) => tramctl(server.data, 'looks', 'verify', '--against', file));
    assert.equal(cut.code, 1, cut.out);
    assert.match(cut.out, /H12\.99 #3: cut/);
    const nonsense = await withJsonFile([], (file) => tramctl(server.data, 'looks', 'verify', '--against', file));
    assert.equal(nonsense.code, 1);
  });
});

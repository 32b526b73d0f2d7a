/* What can be applied for: browsing, searching, one procedure; importing, and files that are wrong. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { ROOT } from './lib/places.mjs';
import { useServer } from './lib/server.mjs';
import { tramctl, tramctlJson, withJsonFile } from './lib/tramctl.mjs';

const server = useServer({ env: { TRAM_HTTP_RATES: '100000' } });
const demo = JSON.parse(fs.readFileSync(path.join(ROOT, 'demo', 'procedures.json'), 'utf8'));
const find = async (text, more = '') =>
  (await server.client().get(`/v1/procedures?q=${encodeURIComponent(text)}${more}`)).json;

/* One that is shown and not filed here. */
const shown = (code, more = {}) => ({
  code,
  name: `Thủ tục thử ${code}`,
  field: 'Thử nghiệm',
  level: 'province',
  place: 'portal',
  scope: 'offline',
  rule: 'department',
  agency: 'H12.01',
  applicants: ['citizen'],
  reason: 'Nộp ở nơi khác.',
  link: 'https://dichvucong.gov.vn/',
  ...more,
});

describe('looking for a procedure', () => {
  test('as people say it, the best match first', async () => {
    const cases = {
      'khai sinh': '1.001193',
      'làm giấy kết hôn': '1.000894',
      'sổ đỏ': '1.012783',
      'so do': '1.012783',
      'cất nhà': '1.013225',
      'mở quán': '1.001612',
      'dang ky ho kinh doanh': '1.001612',
      'tro cap nguoi cao tuoi': '1.001776',
      '1.004194': '1.004194',
      '1.004194.000.00.00.H12': '1.004194',
      ['khai sinh '.normalize('NFD')]: '1.001193',
      ['Đăng ký tạm trú'.normalize('NFD')]: '1.004194',
    };
    for (const [text, code] of Object.entries(cases)) {
      const found = await find(text);
      assert.equal(found.items[0]?.code, code, text);
      assert.ok(found.total >= found.items.length);
    }
  });

  test('what is no word finds nothing and breaks nothing', async () => {
    for (const text of ["' OR 1=1 --", '%_', '.*', '(((', '\\', '🏠', '{"$gt":""}']) {
      const reply = await server.client().get(`/v1/procedures?q=${encodeURIComponent(text)}`);
      assert.equal(reply.status, 200, text);
      assert.equal(reply.json.total, reply.json.items.length + (reply.json.next ? reply.json.total - reply.json.items.length : 0));
    }
    assert.equal((await find('🏠')).total, 0);
    assert.equal((await find('.*')).total, 0);
    const long = await server.client().get(`/v1/procedures?q=${'a'.repeat(10000)}`);
    assert.ok([400, 414, 422].includes(long.status), String(long.status));
  });

  test('by field, level, agency, applicant and scope; together with words', async () => {
    const list = async (query) => (await server.client().get(`/v1/procedures?limit=100&${query}`)).json;
    const all = await list('');
    assert.equal(all.total, demo.length);
    for (const [query, keep] of [
      ['field=ho+tich', (one) => one.field === 'Hộ tịch'],
      ['level=province', (one) => one.level === 'province'],
      ['applicant=household', (one) => one.applicants.includes('household')],
      ['scope=whole', (one) => one.scope === 'whole'],
      ['agency=H12.10', (one) => one.rule === 'department' && one.agency === 'H12.10'],
      ['agency=H12.31825', (one) => one.rule !== 'department'],
      ['field=ho+tich&scope=whole', (one) => one.field === 'Hộ tịch' && one.scope === 'whole'],
    ]) {
      const found = await list(query);
      const wanted = demo.filter(keep).map((one) => one.code).sort();
      assert.deepEqual(found.items.map((one) => one.code), wanted, query);
    }
    assert.equal((await list('agency=H99')).total, 0);
    assert.equal((await list('field=ho+tich&q=ket+hon')).items[0].code, '1.000894');
    assert.equal((await server.client().get('/v1/procedures?level=district')).status, 422);
    const { items: fields } = (await server.client().get('/v1/procedure-fields')).json;
    assert.equal(fields.reduce((sum, one) => sum + one.count, 0), demo.length);
    assert.equal(fields.find((one) => one.name === 'Hộ tịch').name_en, 'Civil status');
  });

  test('page by page, each once; a cursor serves its own list alone', async () => {
    const client = server.client();
    for (const query of ['', 'q=dang+ky&']) {
      const seen = [];
      let cursor = '';
      for (let n = 0; n < 40; n++) {
        const { json } = await client.get(`/v1/procedures?${query}limit=7${cursor && `&cursor=${cursor}`}`);
        seen.push(...json.items.map((one) => one.code));
        cursor = json.next;
        if (!cursor) break;
      }
      const { total, items } = (await client.get(`/v1/procedures?${query}limit=200`)).json;
      assert.equal(seen.length, total);
      assert.deepEqual(seen, items.map((one) => one.code));
    }
    const { next } = (await client.get('/v1/procedures?q=dang+ky&limit=3')).json;
    for (const query of ['q=khac', 'q=dang+ky&level=commune', ''])
      assert.equal((await client.get(`/v1/procedures?${query}&limit=3&cursor=${next}`)).status, 422, query);
    assert.equal((await client.get(`/v1/procedures?q=dang+ky&cursor=${next.slice(0, -2)}AA`)).status, 422);
  });
});

describe('one procedure', () => {
  test('what it needs, takes and costs, and where to go, in words', async () => {
    const { json } = await server.client().get('/v1/procedures/1.001193?commune=31825');
    assert.equal(json.online.here, true);
    assert.deepEqual(json.takes.map((one) => one.words), ['1 ngày làm việc', '1 ngày làm việc', '3 ngày làm việc']);
    assert.deepEqual(json.costs.map((one) => one.words), ['Miễn phí', '8.000 đồng']);
    assert.equal(json.costs[1].when, 'Đã quá 60 ngày kể từ ngày sinh: Có');
    const group = json.needs.find((one) => one.words);
    assert.equal(group.items.length, 3);
    assert.equal(group.words, 'Một trong các giấy tờ sau');
    assert.equal(json.needs[0].items[0].words, 'Tờ khai đăng ký khai sinh (điền trực tuyến): 1 bản điện tử');
    assert.deepEqual(json.where.offices.map((one) => one.code), ['H12.31825']);
    assert.match(json.where.offices[0].address, /Bạc Liêu/);
    assert.ok(json.where.offices[0].hours);
    assert.equal(json.form_schema.type, 'object');
    assert.deepEqual(json.versions, [{ version_no: 20250701, from: '2025-07-01', in_force: true }]);
  });

  test('each of the ten that are written out is complete, in both languages', async () => {
    const full = demo.filter((one) => one.place === 'here');
    assert.equal(full.length, 10);
    const english = server.client({ headers: { 'accept-language': 'en' } });
    for (const { code } of full) {
      for (const client of [server.client(), english]) {
        const { json } = await client.get(`/v1/procedures/${code}`);
        assert.equal(json.online.here, true, code);
        assert.ok(json.takes.length >= 2 && json.needs.length >= 2 && json.results.length >= 1, code);
        assert.ok(json.where.words && json.where.offices.length > 0, code);
        const whens = [...json.costs, ...json.needs.flatMap((one) => one.items)].map((one) => one.when).filter(Boolean);
        const asked = [...(json.fees ?? []), ...json.components].filter((one) => one.when).length;
        assert.equal(whens.length, asked, `${code}: a condition that cannot be told`);
        for (const words of whens) assert.match(words, client === english ? /^[ -~×–]+$/ : /\p{L}/u, `${code}: ${words}`);
      }
    }
  });

  test('in English too, and not mixed up with the other in the cache', async () => {
    const english = server.client({ headers: { 'accept-language': 'en' } });
    for (let n = 0; n < 2; n++) {
      const { json } = await english.get('/v1/procedures/1.001193');
      assert.equal(json.takes[0].words, '1 working day');
      assert.equal(json.needs.find((one) => one.words).words, 'Any one of these');
      assert.equal(json.costs[1].when, 'More than 60 days since the birth: Yes');
      assert.equal((await server.client().get('/v1/procedures/1.001193')).json.takes[0].words, '1 ngày làm việc');
    }
  });

  test('one that is filed elsewhere says where and why', async () => {
    const { json } = await server.client().get('/v1/procedures/1.003650');
    assert.equal(json.online.here, false);
    assert.match(json.online.link, /^https:/);
    assert.ok(json.online.reason);
    assert.deepEqual(json.where.offices, []);
    assert.equal(json.form_schema, undefined);
  });

  test('by its local code; not by what is none', async () => {
    const client = server.client();
    assert.equal((await client.get('/v1/procedures/2.000815.000.00.00.H12')).json.code, '2.000815');
    for (const code of ['9.999999', '%2e%2e', 'x'.repeat(200), encodeURIComponent("'--")])
      assert.equal((await client.get(`/v1/procedures/${code}`)).status, 404, code);
    assert.equal((await client.get('/v1/procedures/1.001193?version=20200101')).status, 404);
    assert.equal((await client.get('/v1/procedures/1.001193?version=1')).status, 422);
  });

  test('types of documents have names in both languages', async () => {
    const { items } = (await server.client().get('/v1/document-types')).json;
    assert.ok(items.length > 20);
    const marital = items.find((one) => one.code === 'giay_xac_nhan_tinh_trang_hon_nhan');
    assert.equal(marital.valid_months, 6);
    assert.deepEqual(marital.subjects, ['citizen']);
  });
});

describe('importing', () => {
  const rows = (list, ...options) =>
    withJsonFile(list, (file) => tramctl(server.data, 'procedures', 'import', file, ...options));

  test('the difference is shown first; --yes applies it, and again changes nothing', async () => {
    const before = (await find('Thử nghiệm')).total;
    const first = await rows([shown('9.000001'), shown('9.000002')]);
    assert.equal(first.code, 0, first.err);
    assert.match(first.out, /9\.000001/);
    assert.match(first.err, /--yes/);
    assert.equal((await find('Thử nghiệm')).total, before, 'nothing is written');
    const applied = await rows([shown('9.000001'), shown('9.000002')], '--yes');
    assert.equal(applied.code, 0, applied.err);
    assert.equal((await find('thử 9.000001')).items[0].code, '9.000001');
    await withJsonFile([shown('9.000001'), shown('9.000002')], async (file) => {
      const { counts, rows: changed } = await tramctlJson(server.data, 'procedures', 'import', file, '--yes');
      assert.equal(counts.unchanged, 2);
      assert.deepEqual(changed, []);
    });
  });

  test('a later version takes over on its day, and the old one can still be read', async () => {
    assert.equal((await rows([shown('9.000003')], '--yes')).code, 0);
    const { json: old } = await server.client().get('/v1/procedures/9.000003');
    const tomorrow = new Date(Date.now() + 31 * 3600e3).toISOString().slice(0, 10); // in +07:00
    const next = shown('9.000003', { name: 'Thủ tục đổi tên', from: tomorrow });
    const done = await rows([next], '--yes');
    assert.equal(done.code, 0, done.err);
    const page = (await server.client().get('/v1/procedures/9.000003')).json;
    assert.equal(page.name, old.name);
    assert.equal(page.versions.length, 2);
    assert.equal(page.versions[0].in_force, false);
    const later = await server.client().get(`/v1/procedures/9.000003?version=${tomorrow.replaceAll('-', '')}`);
    assert.equal(later.json.name, 'Thủ tục đổi tên');
    assert.equal(later.json.online.here, false);
  });

  test('every bad row is told by its pointer, and none of the file is loaded', async () => {
    const bad = [];
    for (let i = 0; i < 60; i++) bad.push(shown(`8.${String(600 - i).padStart(6, '0')}`, i % 2 ? { link: 'http://x' } : {}));
    bad.push(shown('8.000600'), { code: '8.1' });
    const done = await rows(bad, '--yes');
    assert.notEqual(done.code, 0);
    for (let i = 1; i < 60; i += 2) assert.match(done.err, new RegExp(`/${i}/link:`));
    assert.match(done.err, /\/61\/name:|\/61\/code:/);
    const twice = await rows([shown('8.000001'), shown('8.000002'), shown('8.000001')], '--yes');
    assert.notEqual(twice.code, 0);
    assert.match(twice.err, /\/2\/code:/);
    const listed = await tramctlJson(server.data, 'procedures', 'list');
    assert.ok(!listed.some((one) => one.code.startsWith('8.')));
  });

  test('names in NFD are one with those in NFC', async () => {
    const name = 'Cấp giấy phép thử chữ tổ hợp';
    assert.equal((await rows([shown('9.000010', { name: name.normalize('NFD') })], '--yes')).code, 0);
    assert.equal((await server.client().get('/v1/procedures/9.000010')).json.name, name.normalize('NFC'));
    await withJsonFile([shown('9.000010', { name })], async (file) => {
      const { counts } = await tramctlJson(server.data, 'procedures', 'import', file, '--yes');
      assert.equal(counts.unchanged, 1);
    });
  });

  test('a file larger than a request goes in parts, versions of a code together', async () => {
    const many = [];
    for (let i = 0; i < 1500; i++)
      many.push(shown(`7.${String((i * 7919) % 1500).padStart(6, '0')}`, { guide: 'Hướng dẫn chi tiết. '.repeat(40) }));
    const done = await rows(many, '--yes');
    assert.equal(done.code, 0, done.err.slice(0, 500));
    const found = (await server.client().get('/v1/procedures?q=7.000&limit=1')).json;
    assert.equal(found.total, 1000);
    many.push({ ...many[10] });
    const again = await rows(many);
    assert.match(again.err, /\/1500\/code:/);
  });

  test('conditions deeper than JSON may be are refused before they are read', async () => {
    let when = { field: '/x', is: 1 };
    for (let i = 0; i < 256; i++) when = { not: when };
    const done = await rows([shown('9.000011', { components: [{ code: 'a', name: 'A', copy: 'copy', when }] })], '--yes');
    assert.notEqual(done.code, 0);
    assert.match(done.err, /deep/);
  });

  test('nobody imports who is not signed in', async () => {
    const reply = await server.client().put('/v1/admin/procedures', { json: [shown('9.000012')] });
    assert.equal(reply.status, 401);
  });
});

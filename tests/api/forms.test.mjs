/* Forms 01 to 05 and slips of results: as JSON and as PDF they say the same, and their codes lead somewhere. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { act, file, fileMarital, papers } from './lib/dossiers.mjs';
import { pdfBoxes, pdfCodes, pdfWords } from './lib/pdf.mjs';
import { advanceClock, signInStaff } from './lib/people.mjs';
import { Provider, eidClient } from './lib/provider.mjs';
import { Server } from './lib/server.mjs';

const NAME = 'Công Tằng Tôn Nữ Ngọc Huỳnh Hoa Quỳnh Phượng Uyển Khương Nhã Trân Thị Bích Đào';
let provider, server, an, binh, officer, leader, inspector;

async function staff() {
  officer = await signInStaff(server, 'officer.demo');
  leader = await signInStaff(server, 'leader.demo');
  inspector = await signInStaff(server, 'inspector.demo');
}

before(async () => {
  provider = await Provider.start({ redirects: ['https://app.tram.example/eid'] });
  server = new Server({ env: { ...provider.config(), TRAM_HTTP_RATES: '1000000', TRAM_AUTH_ACCESS: '1h', TRAM_AUTH_ISSUER: 'https://tram.example' } });
  await server.start();
  provider.people.set('an', { card_no: '096190000123', name: NAME, birthdate: '1990-05-17', assurance: 'two' });
  provider.people.set('binh', { card_no: '096085000456', name: 'Trần Văn Bình', birthdate: '1985-01-02', assurance: 'two' });
  an = await eidClient(server, provider, 'an');
  binh = await eidClient(server, provider, 'binh');
  await staff();
});
after(async () => {
  await server.stop();
  await provider.stop();
});

const PDF = { accept: 'application/pdf' };
const words = (text) => text.split(/\s+/).filter(Boolean);

/* Every text of the content in the order in which it is printed. */
function printed(sheet) {
  const texts = [...sheet.issuer, ...sheet.nation, sheet.number, sheet.dated, sheet.title];
  for (const block of sheet.blocks) {
    if (block.kind === 'line') texts.push(`${block.label}: ${block.text}`);
    else if (block.kind === 'text') texts.push(block.text);
    else if (block.kind === 'list') texts.push(`${block.label}:`, ...block.items.map((item, i) => `${i + 1}. ${item}`));
    else texts.push(...block.columns, ...block.rows.flat());
  }
  for (const signer of sheet.signers) texts.push(signer.title, signer.note, signer.name);
  return [...texts, ...(sheet.qr?.words ?? [])].filter(Boolean);
}

const sorted = (list) => [...list].sort();

/* The form by both ways; that they say the same, and that nothing leaves the page. Returns its content. */
async function check(client, url) {
  const json = await client.get(url);
  assert.equal(json.status, 200, json.text);
  const pdf = await client.get(url, { headers: PDF });
  assert.equal(pdf.status, 200, pdf.text);
  assert.equal(pdf.headers['content-type'], 'application/pdf');
  assert.match(pdf.headers['content-disposition'], /^inline; filename="[A-Za-z0-9.-]+\.pdf"$/);
  assert.equal(pdf.headers['cache-control'], 'no-store');
  const sheet = json.json;
  const wanted = printed(sheet).flatMap(words);
  const found = pdfWords(pdf.body).filter((word, i, all) => !(word === 'Trang' || all[i - 1] === 'Trang'));
  assert.deepEqual(sorted(found), sorted(wanted));
  const boxes = pdfBoxes(pdf.body);
  const last = boxes.filter((box) => box.page === boxes.at(-1).page);
  if (sheet.signers.length && sheet.qr) assert.ok(last.length > words(sheet.qr.words.join(' ')).length + 2, 'the code stands with who signs');
  for (const box of boxes) {
    assert.ok(box.xMin >= 30 && box.xMax <= box.page.width - 30, JSON.stringify(box));
    assert.ok(box.yMin >= 10 && box.yMax <= box.page.height - 25, JSON.stringify(box));
  }
  assert.deepEqual(pdfCodes(pdf.body), sheet.qr ? [sheet.qr.text] : []);
  return sheet;
}

const textOf = (sheet, key) => sheet.blocks.find((block) => block.key === key)?.text;
const formOf = (dossier, form) => `/v1/dossiers/${dossier.id}/forms/${form}`;

describe('forms', () => {
  let dossier;

  test('there is none before the dossier is received but the control sheet, which is for offices', async () => {
    dossier = await file(an);
    assert.deepEqual((await an.get(`/v1/dossiers/${dossier.id}/forms`)).json.items, []);
    for (const form of ['01', '02', '03', '04', '05', '06', 'slip'])
      assert.equal((await an.get(formOf(dossier, form))).status, 404, form);
    assert.deepEqual((await officer.get(`/v1/dossiers/${dossier.id}/forms`)).json.items.map((one) => one.form), ['05']);
    await check(inspector, formOf(dossier, '05'));
  });

  test('01: the receipt, with appointment, papers and a code that shows how far it is', async () => {
    await act(officer, dossier, 'receive');
    const sheet = await check(an, formOf(dossier, '01'));
    assert.equal(textOf(sheet, 'code'), dossier.number);
    assert.equal(textOf(sheet, 'applicant'), NAME);
    assert.match(textOf(sheet, 'appointment'), /^\d\d giờ \d\d phút, ngày \d\d tháng \d\d năm \d{4}$/);
    assert.match(sheet.blocks.find((block) => block.key === 'components').items[0], /, 1 tệp$/);
    assert.equal(sheet.signers[1].name, 'Trần Quốc Huy');
    assert.deepEqual(await check(officer, formOf(dossier, '01')), sheet, 'the desk prints the same');
    const url = new URL(sheet.qr.text);
    assert.equal(url.origin, 'https://tram.example');
    const shown = await server.client().get(url.pathname + url.search);
    assert.deepEqual(shown.json, { number: dossier.number, percent: 25 });
    const page = await server.client().get(url.pathname + url.search, { headers: { accept: 'text/html,*/*;q=0.8' } });
    assert.match(page.headers['content-type'], /^text\/html/);
    assert.match(page.text, /25%/);
  });

  test('they are for whose dossier it is and who handles it; looks are recorded', async () => {
    for (const form of ['forms', 'forms/01', 'forms/05']) {
      assert.equal((await binh.get(`/v1/dossiers/${dossier.id}/${form}`)).status, 404);
      assert.equal((await (await signInStaff(server, 'health.demo')).get(`/v1/dossiers/${dossier.id}/${form}`)).status, 404);
    }
    assert.equal((await inspector.get(formOf(dossier, '01'))).status, 404, 'it has name and telephone');
    assert.equal((await an.get(formOf(dossier, '05'))).status, 404);
    const looks = (await an.get('/v1/me/looks')).json.items;
    assert.ok(looks.some((look) => look.number === dossier.number), JSON.stringify(looks));
  });

  test('02: what is asked for, also after it came', async () => {
    await act(officer, dossier, 'take');
    await act(officer, dossier, 'supplement', {
      note: 'Giấy chứng sinh chụp mờ, không đọc được ngày sinh & số giấy <1>.',
      components: [{ code: 'giay_chung_sinh', verdict: 'unclear', note: 'Chụp lại rõ bốn góc' }, { code: 'ket_hon', verdict: 'fit' }],
    });
    const sheet = await check(an, formOf(dossier, '02'));
    const items = sheet.blocks.find((block) => block.key === 'components').items;
    assert.equal(items.length, 1);
    assert.match(items[0], /Mờ, không đọc được: Chụp lại rõ bốn góc$/);
    const [paper] = await papers(an, 1);
    await act(an, dossier, 'supply', { components: [{ code: 'giay_chung_sinh', files: [paper] }] });
    assert.deepEqual(await check(an, formOf(dossier, '02')), sheet);
  });

  test('the slip of a result says whether it holds, for ever', async () => {
    const [first, second] = await papers(leader, 2);
    const slip = (file) => `/v1/dossiers/${dossier.id}/results/${file}/slip`;
    const anybody = server.client();
    const state = async (sheet) => (await anybody.get(new URL(sheet.qr.text).pathname)).json;
    await act(leader, dossier, 'finish', { note: 'Đăng ký khai sinh', results: [{ file: first, code: 'khai_sinh', number: '128/2026' }] });
    const sheet = await check(an, slip(first));
    assert.equal(textOf(sheet, 'result_number'), '128/2026');
    assert.equal((await binh.get(slip(first))).status, 404);
    assert.equal((await an.get(slip(second))).status, 404);
    const valid = await state(sheet);
    assert.equal(valid.state, 'valid');
    assert.equal(valid.procedure, '1.001193');
    assert.deepEqual(Object.keys(valid).sort(), ['issued_at', 'procedure', 'procedure_name', 'state', 'words']);
    await act(leader, dossier, 'replace', { note: 'Sai chính tả', results: [{ file: second, code: 'khai_sinh' }] });
    const better = await check(an, slip(second));
    assert.equal((await state(sheet)).state, 'replaced');
    assert.ok((await state(sheet)).ended_at);
    assert.equal((await state(better)).state, 'valid');
    await act(leader, dossier, 'revoke', { note: 'Cấp không đúng' });
    assert.equal((await state(sheet)).state, 'replaced');
    assert.equal((await state(better)).state, 'revoked');
    const page = await anybody.get(new URL(better.qr.text).pathname, { headers: { accept: 'text/html' } });
    assert.match(page.text, /Đã thu hồi/);
    await act(officer, dossier, 'hand_over', { note: 'Bà An' }, 409);
    await act(an, dossier, 'collect', {}, 409);
    assert.deepEqual((await an.get(`/v1/dossiers/${dossier.id}/forms`)).json.items.map((one) => one.form), ['01', '02', 'slip', 'slip']);
  });

  test('a slip goes with its result: whose it is gets both once nothing is due any more', async () => {
    const unpaid = await fileMarital(an);
    await act(officer, unpaid, 'receive');
    await act(officer, unpaid, 'take');
    const [result] = await papers(leader, 1);
    const { owed } = await act(leader, unpaid, 'finish', { results: [{ file: result, code: 'giay_xac_nhan', number: '77/2026' }] });
    assert.ok(owed > 0);
    const at = `/v1/dossiers/${unpaid.id}/results/${result}/slip`;
    const slips = async () => (await an.get(`/v1/dossiers/${unpaid.id}/forms`)).json.items.filter((one) => one.form === 'slip').length;
    assert.equal((await an.get(at)).status, 404);
    assert.equal(await slips(), 0);
    assert.equal((await leader.get(at)).status, 200);
    for (const [who, verb, body] of [[officer, 'hand_over', { note: 'Bà An' }], [officer, 'post', { reference: 'EB1' }], [an, 'collect', {}]])
      assert.match((await act(who, unpaid, verb, body, 409)).detail, /chưa nộp/, verb);
    await act(officer, unpaid, 'pay', { amount: owed, reference: 'BL 1' });
    assert.equal((await an.get(at)).status, 200);
    assert.equal(await slips(), 1);
  });

  test('a code that was not given out is unknown, however near it comes', async () => {
    const file = (await an.get(`/v1/dossiers/${dossier.id}`)).json.results[0].file;
    const code = new URL((await an.get(`/v1/dossiers/${dossier.id}/results/${file}/slip`)).json.qr.text).pathname.split('/').pop();
    const anybody = server.client();
    const state = async (text) => (await anybody.get(`/v1/public/results/${text}`)).json.state;
    assert.equal(await state(code), 'replaced');
    assert.equal(await state(code.toLowerCase().replace(/(.{5})/g, '$1-')), 'replaced');
    for (let i = 0; i < code.length; i++)
      assert.equal(await state(code.slice(0, i) + (code[i] === '7' ? '8' : '7') + code.slice(i + 1)), 'unknown', `digit ${i}`);
    for (const wrong of ['x', code.slice(1), `${code}0`, '0'.repeat(40), 'U'.repeat(40), '%00'])
      assert.notEqual(await state(wrong), 'valid');
  });

  test('03: refused at the desk, with reason and words', async () => {
    const other = await file(an);
    await act(officer, other, 'refuse', { note: 'Nơi cư trú không thuộc phường.', reason: 'not_competent' });
    const sheet = await check(an, formOf(other, '03'));
    assert.equal(textOf(sheet, 'reason'), 'Không thuộc thẩm quyền giải quyết');
    assert.equal(textOf(sheet, 'note'), 'Nơi cư trú không thuộc phường.');
    assert.equal((await an.get(formOf(other, '01'))).status, 404);
  });

  test('however long it is, the code stands with who signs', async () => {
    const pages = new Set();
    for (const sentences of [8, 16, 24, 32, 40]) {
      const other = await file(an);
      await act(officer, other, 'refuse', { note: 'Nơi cư trú không thuộc phường. '.repeat(sentences).trim(), reason: 'not_competent' });
      await check(an, formOf(other, '03'));
      const { body } = await an.get(formOf(other, '03'), { headers: PDF });
      pages.add(new Set(pdfBoxes(body).map((box) => box.page)).size);
    }
    assert.ok(pages.has(1) && pages.has(2), 'some go on to a second page');
  });
});

describe('late', () => {
  test('04: an apology with a new appointment, once, a day before; 05 tells all of it', async () => {
    const dossier = await fileMarital(an);
    await act(officer, dossier, 'receive');
    const before = (await check(an, formOf(dossier, '01'))).blocks.find((block) => block.key === 'appointment').text;
    await act(officer, dossier, 'take');
    await act(leader, dossier, 'pause', { note: 'Mất kết nối trục liên thông' });
    await act(officer, dossier, 'resume');
    const now = (await an.get(`/v1/dossiers/${dossier.id}`)).json;
    const sorry = await act(leader, dossier, 'apologise', { note: 'Chờ xác minh nơi cư trú', days: 3 });
    assert.ok(sorry.appointment > now.appointment);
    assert.match((await act(leader, dossier, 'apologise', { note: 'Lần hai', days: 3 }, 409)).detail, /một lần, chậm nhất một ngày/);
    const sheet = await check(an, formOf(dossier, '04'));
    assert.equal(textOf(sheet, 'appointment'), before);
    assert.notEqual(textOf(sheet, 'new_appointment'), before);
    assert.equal(textOf(await check(an, formOf(dossier, '01')), 'appointment'), before, 'the receipt stays as it was given');
    const control = await check(officer, formOf(dossier, '05'));
    const steps = control.blocks.find((block) => block.key === 'steps').items;
    assert.ok(steps.some((step) => step.includes('Lý do: Mất kết nối trục liên thông')), 'a pause, by whom and why');
    const stages = control.blocks.find((block) => block.key === 'stages').rows;
    assert.equal(stages.length, 2);
    const [result] = await papers(leader, 1);
    await act(leader, dossier, 'finish', { note: 'Xong', results: [{ file: result, code: 'giay_xac_nhan' }] });
    await act(officer, dossier, 'pay', { amount: 15000, reference: 'BL 07' });
    await act(officer, dossier, 'post', {}, 422);
    const posted = await act(officer, dossier, 'post', { reference: 'RM 123 456 789 VN' });
    assert.equal(posted.posted, 'RM 123 456 789 VN');
    assert.equal(posted.state, 'returned');
    const told = async () => (await an.get('/v1/notices?limit=100')).json.items.find((one) => one.what === 'post' && one.number === posted.number)?.text_vi;
    for (let i = 0; !(await told()); i++) assert.ok(i < 300, 'nobody was told');
    assert.match(await told(), /mã vận đơn RM 123 456 789 VN/, 'whom it is sent to can follow it');
  });

  test('on the last day no apology is made any more; a result that nobody takes is reminded of', async () => {
    const tight = await file(an);
    const { appointment } = await act(officer, tight, 'receive');
    const waits = await file(an);
    await act(officer, waits, 'receive');
    await act(officer, waits, 'take');
    const [result] = await papers(leader, 1);
    await act(leader, waits, 'finish', { note: 'Xong', results: [{ file: result, code: 'khai_sinh' }] });
    await advanceClock(server, Math.ceil((new Date(appointment) - Date.now()) / 1000) - 12 * 3600);
    await staff();
    await act(leader, tight, 'apologise', { note: 'Chờ xác minh', days: 1 }, 409);
    await advanceClock(server, 31 * 24 * 3600);
    await staff();
    let now;
    for (let i = 0; i < 200 && !now?.reminders; i++) {
      now = (await officer.get(`/v1/dossiers/${waits.id}`)).json;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.ok(now.reminders >= 1, 'no reminder');
    assert.equal(now.state, 'finished');
    await act(officer, waits, 'hand_over', { note: 'Bà An, CCCD 096190000123' });
  });
});

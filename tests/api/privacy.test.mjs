/*
 * Canaries in every private field; every route is called as every role; and every byte that was
 * answered, logged or stored is searched for them, in whatever spelling.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { act } from './lib/dossiers.mjs';
import { makeJpeg } from './lib/make-jpeg.mjs';
import { makePdf } from './lib/make-pdf.mjs';
import { fileReport, fresh, sendPhoto, signInCitizen, signInStaff, step } from './lib/people.mjs';
import { Provider, eidClient } from './lib/provider.mjs';
import { pagesFolder } from './lib/pages.mjs';
import { useServer } from './lib/server.mjs';

const provider = await Provider.start({ redirects: ['https://app.tram.example/eid'] });
const server = useServer({ env: { ...provider.config(), TRAM_HTTP_PAGES: pagesFolder() } });
after(() => provider.stop());

const NAME = 'Lê Chim Hoàng Yến';
const PHONE = '+84912349111';
const CARD = '096187654321';
const BIRTH = '1987-03-09';
const KEEPER = 'Vương Thị Cò Trắng'; // of a household business
const KEEPER_CARD = '096187650001';
const HOUSEHOLD = 'Hộ kinh doanh Quán Cò Lửa';
const HOUSEHOLD_AT = 'Ấp Sếu Đầu Đỏ số 7';
const CHILD = 'Vương Bé Chích Chòe'; // recorded by the keeper
const CHILD_CARD = '096315650002';
const CHILD_BIRTH = '2015-11-23';
const APPLICANT = 'Đào Thị Hải Âu'; // files a dossier, and begins another
const APPLICANT_CARD = '096193650003';
const COMPLAINT = 'Chim cuốc kêu mãi không ai trả lời'; // to who leads the desk, about the dossier
const FORM = 'Đặng Bồ Nông Con'; // what the dossier's form says
const DRAFT = 'Đặng Cú Mèo Nháp';
const DOCUMENT = { number: 'GKH-7788-KIM-OANH', issuer: 'UBND phường Gõ Kiến', holder: 'Đào Thị Bạch Yến' }; // stands on a paper of theirs
const HELD = 'Lời viết trước khi có mã, chim sâu';
const TEXT = 'Chuyện riêng vàng anh chưa công khai';
const REASON = 'Lý do xem tên chim khướu';
const PAPER = 'Giấy tờ riêng của cò lửa';
const PAPER_NAME = 'đơn của sếu đầu đỏ.pdf';
const QUESTION = 'Câu hỏi sơn ca';
const REPLY = 'Câu trả lời chào mào';
const PIN = { lat: 9.176923, lon: 105.150317 };
const CAMERA = { lat: 9.123457, lon: 105.654323, takenAt: '2026:11:20 07:31:47' };

/* A secret, in the spellings in which it might slip out. */
function spellings(text) {
  const folded = text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/đ/g, 'd').replace(/Đ/g, 'D');
  const bytes = Buffer.from(text);
  return [
    text,
    text.normalize('NFD'),
    text.toLowerCase(),
    folded,
    folded.toLowerCase(),
    encodeURIComponent(text),
    JSON.stringify(text).slice(1, -1),
    bytes.toString('hex'),
    bytes.toString('base64').replace(/.{2}=*$/, ''),
    bytes.toString('base64url').replace(/.{2}$/, ''),
  ].map((spelling) => Buffer.from(spelling));
}

const SECRETS = {
  name: spellings(NAME),
  phone: [...spellings(PHONE), ...spellings(PHONE.slice(1)), ...spellings('0912349111'), ...spellings('912349111')],
  card: [...spellings(CARD), ...spellings(`${CARD.slice(0, 3)} ${CARD.slice(3)}`), ...spellings(CARD.slice(3))],
  birth: [...spellings(BIRTH), ...spellings('09/03/1987'), ...spellings('19870309')],
  household: [KEEPER, KEEPER_CARD, HOUSEHOLD, HOUSEHOLD_AT].flatMap(spellings),
  child: [CHILD, CHILD_CARD, CHILD_CARD.slice(3), CHILD_BIRTH, '23/11/2015'].flatMap(spellings),
  applicant: [APPLICANT, APPLICANT_CARD, APPLICANT_CARD.slice(3)].flatMap(spellings),
  form: spellings(FORM),
  document: Object.values(DOCUMENT).flatMap(spellings),
  draft: spellings(DRAFT),
  held: spellings(HELD),
  text: spellings(TEXT),
  reason: spellings(REASON),
  paper: [...spellings(PAPER), ...spellings(PAPER_NAME), Buffer.from(PAPER_NAME).toString('base64')],
  question: spellings(QUESTION),
  reply: spellings(REPLY),
  complaint: spellings(COMPLAINT),
  pin: [...spellings('9.176923'), ...spellings('105.150317'), ...spellings('9.17692'), ...spellings('105.15031')],
  camera: [...spellings('9.123457'), ...spellings('105.654323'), ...spellings('2026:11:20 07:31'), ...spellings('2026-11-20T00:31')],
};

/* What no office may see either, unless it asks for the reporter, and then not the card. */
const OF_PERSON = ['paper', 'name', 'phone', 'card', 'birth', 'held', 'camera', 'draft'];
/* Of a dossier: seen by the agency that has it alone. */
const OF_APPLICANT = ['applicant', 'form', 'document'];

function find(bytes, kinds) {
  return kinds.filter((kind) => SECRETS[kind].some((spelling) => bytes.includes(spelling)));
}

/* Every path of the interface with what is there put into it. */
function addresses(document, things) {
  const all = [];
  for (const [template, methods] of Object.entries(document.paths)) {
    for (const method of Object.keys(methods)) {
      const names = [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const choices = names.map((name) => {
        assert.ok(name in things, `${template}: nothing is planted for {${name}}`);
        return things[name];
      });
      const combine = (at, url) =>
        at === names.length
          ? all.push({ method: method.toUpperCase(), url })
          : choices[at].forEach((value) => combine(at + 1, url.replace(`{${names[at]}}`, encodeURIComponent(value))));
      combine(0, template);
    }
  }
  return all;
}

/* Filed at the desk that the officer of the demonstration serves, and granted; and a draft that is not filed. */
async function plantDossier() {
  provider.people.set('applicant', { card_no: APPLICANT_CARD, birthdate: '1993-06-01', name: APPLICANT, assurance: 'two' });
  const applicant = await eidClient(server, provider, 'applicant');
  const begin = async (child) => {
    const begun = await applicant.post('/v1/dossier-drafts', { json: { procedure: '1.001193' }, headers: fresh() });
    const paper = () => sendPhoto(applicant, makeJpeg({ width: 50, height: 40 }));
    const parent = (name) => ({ name, birth: '1990-05-17', nationality: 'vn' });
    const saved = await applicant.request('PUT', `/v1/dossier-drafts/${begun.json.id}`, {
      json: {
        form: {
          applicant_name: APPLICANT, applicant_card: APPLICANT_CARD, relation: 'mother', child_name: child, child_birth: '2026-11-02',
          child_sex: 'male', child_birthplace: 'Cà Mau', late: false, married: true,
          mother: parent(APPLICANT), father: parent('Đặng Văn Cha'), commune: '32025',
        },
        components: [{ code: 'giay_chung_sinh', files: [await paper()] }, { code: 'ket_hon', files: [await paper()] }],
        fetch: 'download',
      },
      headers: { 'if-match': `"${begun.json.revision}"` },
    });
    assert.equal(saved.status, 200, saved.text);
    return begun.json.id;
  };
  const filed = await applicant.post('/v1/dossiers', { json: { draft: await begin(FORM) }, headers: fresh() });
  assert.equal(filed.status, 201, filed.text);
  const [officer, leader] = [await signInStaff(server, 'officer.demo'), await signInStaff(server, 'leader.demo')];
  await act(officer, filed.json, 'receive');
  const [paper] = (await applicant.get('/v1/documents?type=giay_chung_nhan_ket_hon')).json.items;
  const described = await officer.request('PUT', `/v1/desk/documents/${paper.id}`, { json: DOCUMENT });
  assert.equal(described.status, 200, described.text);
  await act(officer, filed.json, 'take');
  await act(officer, filed.json, 'ask_fee', { amount: 8000 });
  const complained = await applicant.post(`/v1/dossiers/${filed.json.id}/complaints`, { json: { about: 'delay', text: COMPLAINT }, headers: fresh() });
  assert.equal(complained.status, 201, complained.text);
  const [{ id: paid }] = (await act(officer, filed.json, 'pay', { amount: 8000, reference: 'BL 01' })).payments;
  assert.equal((await applicant.get(`/v1/dossiers/${filed.json.id}/receipts/${paid}`)).json.payer, APPLICANT);
  const result = await sendPhoto(leader, makeJpeg({ width: 52, height: 40 }));
  await act(leader, filed.json, 'finish', { note: 'Đủ điều kiện', results: [{ file: result, code: 'khai_sinh' }] });
  const slip = await applicant.get(`/v1/dossiers/${filed.json.id}/results/${result}/slip`);
  assert.ok(slip.text.includes(APPLICANT));
  return { ...filed.json, draft: await begin(DRAFT), complaint: complained.json.id, paper: paper.id, paid, result, code: slip.json.qr.text.split('/').pop() };
}

describe('privacy', () => {
  let citizen, report, photo, paperId, document;
  const known = {};

  test('what is private is planted', async () => {
    citizen = await signInCitizen(server, PHONE, { name: NAME });
    provider.people.set('canary', { card_no: CARD, birthdate: BIRTH, name: NAME, phone_number: PHONE, assurance: 'two' });
    await eidClient(server, provider, 'canary', { client: citizen });
    assert.equal((await citizen.get('/v1/me/identity')).json.card, CARD);
    const writer = server.client();
    const asked = await writer.post('/v1/auth/otp', { json: { phone: '+84912349333', file_first: true } });
    writer.token = asked.json.tokens.access_token;
    const held = await writer.post('/v1/reports', {
      json: { category: 'dien_chieu_sang', text: HELD, commune: '32025', answers: { danger: false }, consent: true },
      headers: fresh(),
    });
    assert.equal(held.json.state, 'held');
    provider.people.set('keeper', { card_no: KEEPER_CARD, birthdate: BIRTH, name: KEEPER, assurance: 'two' });
    const keeper = await eidClient(server, provider, 'keeper');
    const household = await keeper.post('/v1/me/organisations', {
      json: { kind: 'household', tax_code: KEEPER_CARD, name: HOUSEHOLD, address: HOUSEHOLD_AT, commune: '32025' },
    });
    assert.equal(household.status, 201, household.text);
    const mandate = await keeper.post('/v1/me/mandates', {
      json: { kind: 'parent', scope: ['reports'], commune: '32025', dependant: { name: CHILD, birth: CHILD_BIRTH, card: CHILD_CARD } },
      headers: fresh(),
    });
    assert.equal(mandate.status, 201, mandate.text);
    const officer = await signInStaff(server, 'officer.demo');
    photo = await sendPhoto(citizen, makeJpeg({ width: 640, height: 480, ...CAMERA }));
    report = await fileReport(citizen, { text: TEXT, point: PIN, photos: [photo] });
    const paper = await citizen.post('/v1/uploads', {
      body: makePdf({ catalog: `/Note (${PAPER})` }),
      headers: { 'tus-resumable': '1.0.0', 'content-type': 'application/offset+octet-stream', 'upload-length': String(makePdf({ catalog: `/Note (${PAPER})` }).length), 'upload-metadata': `filename ${Buffer.from(PAPER_NAME).toString('base64')}` },
    });
    assert.equal(paper.status, 201, paper.text);
    paperId = paper.headers.location.split('/').pop();
    assert.ok((await citizen.get(`/v1/media/${paperId}/original`)).body.includes(PAPER));
    await step(officer, report.id, 'receive');
    await step(officer, report.id, 'ask', { note: QUESTION });
    await step(citizen, report.id, 'supply', { note: REPLY });
    const dossier = await plantDossier();
    const shown = await officer.post(`/v1/reports/${report.id}/reporter`, { json: { note: REASON }, headers: fresh() });
    assert.equal(shown.status, 200, shown.text);
    document = (await server.client().get('/openapi.json')).json;
    const notices = (await citizen.get('/v1/notices')).json.items;
    const sessions = (await citizen.get('/v1/me/sessions')).json.items;
    const media = (await citizen.get(`/v1/media/${photo}`)).json;
    assert.ok(notices.length > 0 && sessions.length > 0);
    Object.assign(known, {
      flow: [report.id],
      id: [report.id, held.json.id, photo, paperId, notices[0].id, sessions[0].id, household.json.id, mandate.json.id, dossier.id, dossier.complaint, dossier.draft, dossier.paper],
      photo: [photo],
      member: [household.json.members[0].id],
      number: [report.number, dossier.number],
      name: ['large', 'small', 'original'],
      verb: ['dispatch', 'transfer', 'reveal', 'rate', 'answer', 'receive', 'supply'],
      slug: ['invalid'],
      code: ['1.001193', dossier.code],
      form: ['01', '02', '05'],
      file: [dossier.result],
      module: ['desk.mjs'],
      page: ['desk'],
      item: ['1'],
      part: ['1'],
      officer: [report.id],
      agency: ['H12.32025'],
      challenge: [report.id],
      payment: [dossier.paid],
      date: ['2026-11-28'],
      category: ['dien_chieu_sang'],
      commune: ['32025'],
    });
    assert.ok(media.large);
  });

  /* What each may learn of another's report; everything else is searched for. */
  const roles = {
    nobody: { client: () => server.client(), hidden: Object.keys(SECRETS) },
    'another citizen': { client: () => signInCitizen(server, '+84912349222'), hidden: Object.keys(SECRETS) },
    'an officer of another agency': { client: () => signInStaff(server, 'health.demo'), hidden: Object.keys(SECRETS) },
    'the officer who has it': { client: () => signInStaff(server, 'officer.demo'), hidden: [...OF_PERSON, 'complaint'] },
    'the leader of the agency': { client: () => signInStaff(server, 'leader.demo'), hidden: OF_PERSON },
    'the inspector': { client: () => signInStaff(server, 'inspector.demo'), hidden: [...OF_PERSON, ...OF_APPLICANT, 'household', 'child'] },
    'the dispatcher': { client: () => signInStaff(server, 'dispatcher.demo'), hidden: [...OF_PERSON, ...OF_APPLICANT, 'complaint'] },
    'an administrator': { client: () => signInStaff(server, 'admin.demo'), hidden: Object.keys(SECRETS) },
  };

  for (const [who, { client, hidden }] of Object.entries(roles)) {
    test(`${who} learns nothing of ${hidden.join(', ')}`, async () => {
      const me = await client();
      let asked = 0;
      for (const { method, url } of addresses(document, known)) {
        if (url === '/v1/events') continue; // below: it does not end
        const body = ['POST', 'PUT', 'PATCH'].includes(method) ? { json: {}, headers: fresh() } : {};
        if (method === 'DELETE') continue; // would end our own session first
        const reply = await me.raw(method, url, body);
        asked++;
        const bytes = Buffer.concat([Buffer.from(JSON.stringify(reply.headers)), reply.body]);
        assert.deepEqual(find(bytes, hidden), [], `${method} ${url} answered ${reply.status}: ${reply.text.slice(0, 500)}`);
      }
      assert.ok(asked > 40, `${asked} addresses`);
    });
  }

  test('once published, the public sees words and picture, a rounded place, and nobody', async () => {
    const officer = await signInStaff(server, 'officer.demo');
    const published = await step(officer, report.id, 'publish', { photos: [photo] });
    assert.equal(published.status, 200, published.text);
    const anybody = server.client();
    const hidden = [...OF_PERSON, 'pin', 'question', 'reply', 'reason'];
    for (let i = 0; ; i++) {
      const shown = await anybody.get(`/v1/public/reports/${report.number}`);
      if (shown.status === 200) {
        assert.ok(shown.text.includes(TEXT));
        break;
      }
      assert.ok(i < 200, 'it appears');
      await new Promise((done) => setTimeout(done, 50));
    }
    for (const url of [
      `/v1/public/reports/${report.number}`,
      `/r/${report.number}`,
      '/v1/public/reports',
      '/v1/public/reports.geojson',
      `/v1/public/reports?q=${encodeURIComponent('vàng anh')}`,
      `/v1/public/media/${photo}/large`,
      `/v1/public/media/${photo}/small`,
    ]) {
      const reply = await anybody.get(url);
      assert.equal(reply.status, 200, url);
      assert.deepEqual(find(reply.body, hidden), [], url);
    }
    for (const secret of [NAME, PHONE, REPLY]) {
      const found = await anybody.get(`/v1/public/reports?q=${encodeURIComponent(secret)}`);
      assert.equal(found.json.items.length, 0, `${secret} finds nothing`);
    }
  });

  test('the log has neither words nor persons, codes, tokens nor addresses', () => {
    const log = Buffer.from(server.lines.filter((line) => !line.startsWith('{"sms"')).join('\n'));
    assert.deepEqual(find(log, Object.keys(SECRETS)), []);
    for (const one of server.sms) {
      const [code] = /\b\d{6}\b/.exec(one.text);
      assert.doesNotMatch(log.toString(), new RegExp(`\\b${code}\\b`));
    }
    for (const token of [citizen.token, provider.made, citizen.refresh, report.id, report.number, '127.0.0.1:'])
      assert.ok(!log.includes(token), token);
  });

  test('on the disk, persons and originals are sealed', () => {
    const files = fs.readdirSync(server.data, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    assert.ok(files.length > 3);
    for (const file of files) {
      const bytes = fs.readFileSync(path.join(file.parentPath ?? file.path, file.name));
      assert.deepEqual(find(bytes, ['name', 'phone', 'card', 'birth', 'camera', 'household', 'child', 'applicant', 'form', 'draft', 'document']), [], file.name);
    }
  });
});

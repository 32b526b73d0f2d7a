/* Papers of a dossier: handed in as PDFs, opened at the desk with a record of it, answered with a signed one. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { makePdf } from './lib/make-pdf.mjs';
import { fresh, sendPhoto, signInStaff } from './lib/people.mjs';
import { Provider, eidClient } from './lib/provider.mjs';
import { Server } from './lib/server.mjs';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tram-roots-'));
const roots = path.join(folder, 'roots');
const SIGNER = 'Đặng Chim Sẻ Ký Tên';
let provider, server, an, binh, officer, leader, health;

const openssl = (...args) => execFileSync('openssl', args, { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] });

/* A root in the folder of roots, and a leader whom it vouches for. */
function makeSigners() {
  fs.mkdirSync(roots);
  openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'root.key', '-out', 'roots/root.pem', '-days', '30', '-subj', '/CN=Goc thu nghiem', '-addext', 'keyUsage=critical,keyCertSign,cRLSign');
  openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'thanh.key', '-out', 'thanh.csr', '-utf8', '-subj', `/CN=${SIGNER}`);
  fs.writeFileSync(path.join(folder, 'leaf.cnf'), 'basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\n');
  openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'self.key', '-out', 'self.pem', '-days', '30', '-subj', '/CN=Tu ky');
  openssl('x509', '-req', '-in', 'thanh.csr', '-CA', 'roots/root.pem', '-CAkey', 'root.key', '-CAcreateserial', '-days', '20', '-extfile', 'leaf.cnf', '-out', 'thanh.pem');
}

/* A PDF whose signature covers all of it but /Contents (ISO 32000-2 §12.8.1); or half of what comes behind that. */
function signPdf({ signer = 'thanh', half = false } = {}) {
  const room = 12000;
  const pdf = makePdf({
    catalog: '/AcroForm << /SigFlags 3 /Fields [5 0 R] >>',
    extra: ['<< /FT /Sig /T (s) /V 6 0 R >>', `<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange [${' '.repeat(40)}] /Contents <${'0'.repeat(room)}> >>`],
  });
  const from = pdf.indexOf('/Contents <') + 10;
  const to = from + room + 2;
  const covered = half ? (pdf.length - to) >> 1 : pdf.length - to;
  pdf.write(`0 ${from} ${to} ${covered}`, pdf.indexOf('/ByteRange [') + 12);
  fs.writeFileSync(path.join(folder, 'covered'), Buffer.concat([pdf.subarray(0, from), pdf.subarray(to, to + covered)]));
  const cms = openssl('cms', '-sign', '-binary', '-in', 'covered', '-signer', `${signer}.pem`, '-inkey', `${signer}.key`, '-md', 'sha256', '-outform', 'DER', '-nosmimecap');
  pdf.write(cms.toString('hex'), from + 1);
  return pdf;
}

before(async () => {
  makeSigners();
  provider = await Provider.start({ redirects: ['https://app.tram.example/eid'] });
  server = new Server({ env: { ...provider.config(), TRAM_HTTP_RATES: '1000000', TRAM_AUTH_ACCESS: '1h', TRAM_MEDIA_SIGNATURE_ROOTS: roots } });
  await server.start();
  provider.people.set('an', { card_no: '096190000123', name: 'Lê Thị An', birthdate: '1990-05-17', assurance: 'two' });
  provider.people.set('binh', { card_no: '096085000456', name: 'Trần Văn Bình', birthdate: '1985-01-02', assurance: 'two' });
  an = await eidClient(server, provider, 'an');
  binh = await eidClient(server, provider, 'binh');
  officer = await signInStaff(server, 'officer.demo');
  leader = await signInStaff(server, 'leader.demo');
  health = await signInStaff(server, 'health.demo');
});
after(async () => {
  await server?.stop();
  await provider?.stop();
  fs.rmSync(folder, { recursive: true });
});

async function save(birth, marriage) {
  const draft = (await an.post('/v1/dossier-drafts', { json: { procedure: '1.001193' }, headers: fresh() })).json;
  const saved = await an.request('PUT', `/v1/dossier-drafts/${draft.id}`, {
    headers: { 'if-match': `"${draft.revision}"` },
    json: {
      form: {
        applicant_name: 'Lê Thị An', relation: 'mother', child_name: 'Trần Minh Khang', child_birth: '2026-11-02', child_sex: 'male',
        child_birthplace: 'Bệnh viện Sản - Nhi Cà Mau', late: false, married: true, commune: '32025',
        mother: { name: 'Lê Thị An', birth: '1990-05-17', nationality: 'vn' }, father: { name: 'Trần Văn Cảnh', birth: '1988-03-04', nationality: 'vn' },
      },
      components: [{ code: 'to_khai', files: [await sendPhoto(an, makePdf())] }, { code: 'giay_chung_sinh', files: birth }, { code: 'ket_hon', files: marriage }],
      fetch: 'download',
    },
  });
  assert.equal(saved.status, 200, saved.text);
  return draft;
}

const submit = (draft) => an.post('/v1/dossiers', { json: { draft: draft.id }, headers: fresh() });
const file = async (birth, marriage) => submit(await save(birth, marriage));

async function act(client, dossier, verb, json = {}) {
  const reply = await client.post(`/v1/dossiers/${dossier.id}/steps/${verb}`, { json, headers: fresh() });
  assert.equal(reply.status, 200, `${verb}: ${reply.text}`);
  return reply.json;
}

describe('papers of a dossier', () => {
  test('are read by who handles it, each look recorded, and by nobody else', async () => {
    const pdf = makePdf({ pages: 2, pad: 200_000 });
    const [birth, marriage] = [await sendPhoto(an, pdf), await sendPhoto(an, makePdf())];
    assert.equal((await officer.get(`/v1/media/${birth}`)).status, 404, 'before it is filed');
    const filed = await file([birth], [marriage]);
    assert.equal(filed.status, 201, filed.text);
    const dossier = filed.json;

    const media = await officer.get(`/v1/media/${birth}`);
    assert.equal(media.status, 200, media.text);
    assert.equal(media.json.pages, 2);
    const looks = async () => (await an.get('/v1/me/looks')).json.items.filter((one) => one.what.includes('original'));
    assert.equal((await looks()).length, 0);
    const original = await officer.get(media.json.original);
    assert.equal(original.status, 200);
    assert.ok(original.body.equals(pdf));
    const [look, ...rest] = await looks();
    assert.equal(rest.length, 0);
    assert.equal(look.number, dossier.number);
    assert.equal(look.words, 'Tệp gốc');
    assert.equal((await officer.get(media.json.original, { headers: { range: 'bytes=5-' } })).status, 206);
    assert.equal((await looks()).length, 2, 'a part is a look too');
    assert.equal((await an.get(media.json.original)).status, 200);
    assert.equal((await looks()).length, 2, 'her own is none');
    for (const [who, client] of [['another citizen', binh], ['another agency', health]]) {
      assert.equal((await client.get(`/v1/media/${birth}`)).status, 404, who);
      assert.equal((await client.get(`/v1/media/${birth}/original`)).status, 404, who);
    }
  });

  test('belong to one case, and no file of it is taken if one cannot be', async () => {
    const [one, two, free] = [await sendPhoto(an, makePdf()), await sendPhoto(an, makePdf()), await sendPhoto(an, makePdf())];
    const [first, second] = [await save([one], [two]), await save([free, one], [await sendPhoto(an, makePdf())])];
    assert.equal((await submit(first)).status, 201);
    const again = await submit(second);
    assert.equal(again.status, 422, again.text);
    assert.deepEqual(again.json.errors.map((error) => error.pointer), ['/components/1/files/1']);
    assert.equal((await file([free], [await sendPhoto(an, makePdf())])).status, 201, 'it stayed free');
  });

  test('that answer it tell who signed them', async () => {
    const filed = await file([await sendPhoto(an, makePdf())], [await sendPhoto(an, makePdf())]);
    const dossier = filed.json;
    await act(officer, dossier, 'receive');
    await act(officer, dossier, 'take');
    await act(officer, dossier, 'propose', { note: 'Đủ điều kiện, trình ký' });
    const signed = signPdf();
    const result = await sendPhoto(leader, signed);
    const mine = (await leader.get(`/v1/media/${result}`)).json;
    assert.equal(mine.signed, 'valid', JSON.stringify(mine));
    const finished = await act(leader, dossier, 'finish', { note: 'Đồng ý', results: [{ file: result, code: 'khai_sinh', number: '123/GKS' }] });
    assert.equal(finished.results[0].signature, 'valid');
    const media = (await an.get(`/v1/media/${result}`, { headers: { 'accept-language': 'vi' } })).json;
    assert.equal(media.signatures.length, 1);
    assert.deepEqual(
      { ...media.signatures[0], serial: undefined, signed_at: undefined },
      { verdict: 'valid', flaw: 'none', words: 'Chữ ký hợp lệ', signer: SIGNER, issuer: 'Goc thu nghiem', stamped: false, whole: true, timestamp: false, revocation: 'unknown', serial: undefined, signed_at: undefined },
    );
    assert.ok(Math.abs(Date.parse(media.signatures[0].signed_at) - Date.now()) < 3_600_000);
    assert.ok((await an.get(media.original)).body.equals(signed));
    const changed = Buffer.from(signed);
    changed[signed.indexOf('1 0 0 rg')] = 0x30;
    const forged = (await leader.get(`/v1/media/${await sendPhoto(leader, changed)}`, { headers: { 'accept-language': 'vi' } })).json;
    assert.equal(forged.signed, 'invalid');
    assert.equal(forged.signatures[0].words, 'Tài liệu bị sửa sau khi ký');
    /* Who signed lies sealed in the store. */
    for (const name of fs.readdirSync(server.data).filter((one) => one.startsWith('tram.db')))
      assert.equal(fs.readFileSync(path.join(server.data, name)).indexOf(SIGNER), -1, name);
  });

  test('that answer it are signed by somebody who is vouched for, unless the procedure does without', async () => {
    const filed = await officer.post('/v1/desk/dossiers', {
      json: {
        procedure: '1.001612', channel: 'in_person', receive: true, commune: '32025', fetch: 'counter',
        applicant: { card: '096190000123', name: 'Lê Thị An' }, components: [{ code: 'giay_de_nghi', copies: 1 }],
      },
      headers: fresh(),
    });
    assert.equal(filed.status, 201, filed.text);
    const shop = filed.json;
    await act(officer, shop, 'take');
    const finish = async (dossier, file, verb = 'finish') =>
      leader.post(`/v1/dossiers/${dossier.id}/steps/${verb}`, { json: { note: 'Đồng ý', results: [{ file }] }, headers: { ...fresh(), 'accept-language': 'vi' } });
    const changed = signPdf();
    changed[changed.indexOf('1 0 0 rg')] = 0x30;
    const wrong = [
      [makePdf(), /phải có chữ ký số/],
      [signPdf({ signer: 'self' }), /Không rõ ai bảo đảm/],
      [signPdf({ half: true }), /không hợp lệ/],
      [changed, /không hợp lệ/],
    ];
    const files = [];
    for (const [bytes, words] of wrong) {
      files.push(await sendPhoto(leader, bytes));
      const refused = await finish(shop, files.at(-1));
      assert.equal(refused.status, 422, refused.text);
      assert.deepEqual(refused.json.errors.map((one) => one.pointer), ['/results/0/file']);
      assert.match(refused.json.errors[0].detail, words);
    }
    const finished = await finish(shop, await sendPhoto(leader, signPdf()));
    assert.equal(finished.status, 200, finished.text);
    assert.equal((await finish(shop, files[0], 'replace')).status, 422, 'nor in place of one that is');

    /* A certificate that is signed on paper may go out as its scan; a broken signature never. */
    const birth = (await file([await sendPhoto(an, makePdf())], [await sendPhoto(an, makePdf())])).json;
    await act(officer, birth, 'receive');
    await act(officer, birth, 'take');
    assert.equal((await finish(birth, files[2])).status, 422);
    const scanned = await finish(birth, files[0]);
    assert.equal(scanned.status, 200, scanned.text);
    assert.equal(scanned.json.results[0].signature, 'none');
  });
});

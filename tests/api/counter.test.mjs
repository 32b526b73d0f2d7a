/* Dossiers at the counter and by post: filed by an officer for who stands there, and found in the app later. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BIRTH, MARITAL, act, form, maritalForm, papers } from './lib/dossiers.mjs';
import { until } from './lib/payments.mjs';
import { fresh, signInStaff } from './lib/people.mjs';
import { Provider, eidClient } from './lib/provider.mjs';
import { Server } from './lib/server.mjs';

const CARD = '096190000123';
const SCAN = `${CARD}|381234567|Lê Thị An|17051990|Nữ|Khóm 3, phường Tân Thành, Cà Mau|28042021`;
let provider, server, officer, leader, health;

before(async () => {
  provider = await Provider.start({ redirects: ['https://app.tram.example/eid'] });
  server = new Server({ env: { ...provider.config(), TRAM_HTTP_RATES: '1000000', TRAM_AUTH_ACCESS: '1h' } });
  await server.start();
  officer = await signInStaff(server, 'officer.demo');
  leader = await signInStaff(server, 'leader.demo');
  health = await signInStaff(server, 'health.demo');
});
after(async () => {
  await server.stop();
  await provider.stop();
});

const body = (more = {}) => ({
  procedure: MARITAL,
  channel: 'in_person',
  applicant: { scan: SCAN },
  components: [{ code: 'to_khai', copies: 1 }],
  commune: '32025',
  fetch: 'counter',
  ...more,
});
const handIn = (json, client = officer, headers = fresh()) => client.post('/v1/desk/dossiers', { json, headers });
const pointers = (reply) => reply.json.errors.map((one) => one.pointer);

async function signIn(name, card, assurance = 'two') {
  provider.people.set(name, { card_no: card, name: 'Lê Thị An', birthdate: '1990-05-17', assurance });
  return eidClient(server, provider, name);
}

describe('at the counter', () => {
  let dossier;

  test('one request files and receives it, with the card scanned and the form on paper', async () => {
    const headers = fresh();
    const reply = await handIn(body({ receive: true, applicant: { scan: SCAN, phone: '0912 345 678' } }), officer, headers);
    assert.equal(reply.status, 201, reply.text);
    dossier = reply.json;
    assert.equal(dossier.state, 'received');
    assert.equal(dossier.channel, 'in_person');
    assert.ok(dossier.appointment);
    assert.deepEqual(dossier.applicant, {
      name: 'Lê Thị An', card: CARD, birth: '1990-05-17', address: 'Khóm 3, phường Tân Thành, Cà Mau', phone: '+84912345678',
    });
    assert.equal(dossier.form, undefined);
    assert.deepEqual(dossier.history.map((step) => [step.verb, step.party]), [['file', 'desk'], ['receive', 'officer']]);
    const again = await handIn(body({ receive: true, applicant: { scan: SCAN, phone: '0912 345 678' } }), officer, headers);
    assert.equal(again.status, 201, again.text);
    assert.equal(again.json.id, dossier.id);
    assert.equal(again.json.history.length, 2, 'nothing twice');
    const other = await handIn(body({ fetch: 'post' }), officer, headers);
    assert.equal(other.status, 422);
    assert.equal(other.json.type, '/problems/idempotency-key-reused');
    const told = async (client, what) => (await client.get('/v1/notices?limit=100')).json.items.some((one) => one.number === dossier.number && one.what === what);
    await until(() => told(leader, 'receive'), (is) => is, 'the leader is told that it is to be assigned');
    assert.equal(await told(officer, 'file'), false, 'nobody is told to receive what was received');
    const receipt = await officer.get(`/v1/dossiers/${dossier.id}/forms/01`, { headers: { accept: 'application/pdf' } });
    assert.equal(receipt.headers['content-type'], 'application/pdf');
  });

  test('they see it once signed in at level 2 with that number; nobody else does', async () => {
    const one = await signIn('an-one', CARD, 'one');
    assert.equal((await one.get('/v1/dossiers')).status, 403);
    const an = await signIn('an', CARD);
    const mine = (await an.get('/v1/dossiers')).json.items;
    assert.deepEqual(mine.map((item) => item.id), [dossier.id]);
    const shown = (await an.get(`/v1/dossiers/${dossier.id}`)).json;
    assert.ok(shown.check);
    assert.equal((await an.get('/v1/me')).json.name, 'Lê Thị An', 'as the e-ID says');
    const told = (await an.get('/v1/notices')).json.items.filter((notice) => notice.number === dossier.number);
    assert.ok(told.some((notice) => notice.what === 'receive'));
    assert.ok((await an.get('/v1/me/looks')).json.items.some((look) => look.number === dossier.number));
    const binh = await signIn('binh', '096190000124');
    assert.equal((await binh.get(`/v1/dossiers/${dossier.id}`)).status, 404);
    assert.deepEqual((await binh.get('/v1/dossiers')).json.items, []);
  });

  test('who has an account already gets it there at once', async () => {
    const cuc = await signIn('cuc', '096190000999');
    const reply = await handIn(body({ applicant: { card: '096190000999', name: 'Trần Thị Cúc', birth: '1990-01-02' } }));
    assert.equal(reply.status, 201, reply.text);
    assert.equal(reply.json.state, 'submitted');
    await until(async () => (await officer.get('/v1/notices?limit=100')).json.items.some((one) => one.number === reply.json.number && one.what === 'file'), (is) => is, 'the office is told to receive it');
    assert.deepEqual((await cuc.get('/v1/dossiers')).json.items.map((item) => item.id), [reply.json.id]);
    assert.equal((await act(cuc, reply.json, 'withdraw')).state, 'stopped', 'it is theirs like any other');
  });

  test('many for one card at once are of one person', async () => {
    const card = '096190000777';
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => handIn(body({ applicant: { card, name: 'Lý Văn Đông', birth: '1990-02-03' } }))),
    );
    for (const reply of replies) assert.equal(reply.status, 201, reply.text);
    const dong = await signIn('dong', card);
    assert.equal((await dong.get('/v1/dossiers')).json.items.length, 8);
  });

  test('the same request twice at once files one dossier', async () => {
    const headers = fresh();
    const replies = await Promise.all([1, 2, 3, 4].map(() => handIn(body({ receive: true }), officer, headers)));
    for (const reply of replies) assert.equal(reply.status, 201, reply.text);
    assert.equal(new Set(replies.map((reply) => reply.json.id)).size, 1);
    assert.equal((await officer.get(`/v1/dossiers/${replies[0].json.id}`)).json.history.length, 2);
  });

  test('scans are the officer’s uploads; a form that is typed is checked', async () => {
    const [birth, marriage] = await papers(officer);
    const [theirs] = await papers(leader, 1);
    const birthBody = (more) =>
      body({
        procedure: BIRTH,
        form: form(),
        components: [{ code: 'giay_chung_sinh', files: [birth], copies: 1 }, { code: 'ket_hon', files: [marriage] }],
        commune: undefined,
        ...more,
      });
    const stolen = await handIn(birthBody({ components: [{ code: 'giay_chung_sinh', files: [theirs] }, { code: 'ket_hon', copies: 1 }] }));
    assert.deepEqual(pointers(stolen), ['/components/0/files/0']);
    const wrong = await handIn(birthBody({ form: form({ child_sex: 'other' }) }));
    assert.ok(pointers(wrong).some((pointer) => pointer.startsWith('/form/child_sex')), wrong.text);
    const filed = await handIn(birthBody({}));
    assert.equal(filed.status, 201, filed.text);
    assert.equal(filed.json.form.child_name, 'Trần Minh Khang');
    assert.equal((await officer.get(`/v1/media/${birth}`)).status, 200);
    assert.equal((await health.get(`/v1/media/${birth}`)).status, 404);
  });

  test('everything that is not right is told at once, and nothing is filed', async () => {
    const listed = async () => (await officer.get('/v1/desk/dossiers?limit=100')).json.items.length;
    const before = await listed();
    const rows = [
      [{ procedure: '9.999999' }, ['/procedure']],
      [{ procedure: '1.004884', components: [] }, ['/procedure']], // at the national portal
      [{ applicant: { scan: 'xin chào' } }, ['/applicant/scan']],
      [{ applicant: { scan: SCAN, card: '096190000124' } }, ['/applicant/card']],
      [{ applicant: { card: '096190000123', name: 'Lê Thị An', birth: '1991-05-17' } }, ['/applicant/card']],
      [{ applicant: { card: '999990000123', name: 'Lê Thị An' } }, ['/applicant/card']],
      [{ applicant: { scan: SCAN, phone: 'không có số' } }, ['/applicant/phone']],
      [{ commune: undefined }, ['/commune']],
      [{ components: [] }, ['/components']],
      [{ components: [{ code: 'to_khai', copies: 1 }, { code: 'la' , copies: 1 }] }, ['/components/1/code']],
      [{ fetch: undefined }, ['/fetch']],
      [{ fetch: undefined, components: [], commune: undefined }, ['/components', '/commune', '/fetch']],
      [{ applicant: { scan: SCAN, organisation: { kind: 'enterprise', name: 'Công ty Ba Khía', tax_code: '0300588569' } } }, ['/procedure']],
    ];
    for (const [more, wanted] of rows) {
      const reply = await handIn(body(more));
      assert.equal(reply.status, 422, JSON.stringify(more) + reply.text);
      assert.deepEqual(pointers(reply), wanted, JSON.stringify(more));
    }
    const huge = await handIn(body({ form: { name: 'x'.repeat(40000) } }));
    assert.equal(huge.status, 422);
    assert.equal(await listed(), before);
  });

  test('a review says the same without filing', async () => {
    const ask = (json) => officer.post('/v1/desk/dossiers/review', { json });
    const lacking = (await ask(body({ components: [] }))).json;
    assert.equal(lacking.review.complete, false);
    assert.equal(lacking.review.problems[0].pointer, '/components');
    assert.equal(lacking.applicant.name, 'Lê Thị An');
    const whole = (await ask(body())).json;
    assert.equal(whole.review.complete, true, JSON.stringify(whole));
    assert.equal(whole.review.total, 15000);
    assert.equal(whole.review.decider.code, 'H12.32025');
    const typed = (await ask(body({ form: maritalForm({ commune: '32014' }), components: [], commune: undefined }))).json;
    assert.equal(typed.review.complete, true, JSON.stringify(typed));
    assert.equal(typed.review.decider.code, 'H12.32014');
  });
});

describe('whatever the place', () => {
  test('any commune’s desk receives it and hands it to the agency that decides', async () => {
    const reply = await handIn(body({ commune: '32014', receive: true }));
    assert.equal(reply.status, 201, reply.text);
    assert.equal(reply.json.desk, 'H12.32025');
    assert.equal(reply.json.decider, 'H12.32014');
    assert.equal(reply.json.agency, 'H12.32014', 'it is theirs now');
    const here = (await officer.get('/v1/desk/dossiers/filed-here?state=received')).json.items;
    assert.ok(here.some((item) => item.id === reply.json.id));
    assert.equal((await officer.get(`/v1/dossiers/${reply.json.id}/forms/01`)).status, 200, 'the desk prints the receipt');
    await act(officer, reply.json, 'take', {}, 403);
  });

  test('a department’s own desk takes what it decides, and nothing else', async () => {
    const reply = await handIn(body(), health);
    assert.equal(reply.status, 422);
    assert.deepEqual(pointers(reply), ['/desk']);
    const land = await officer.get('/v1/procedures/1.012783');
    const components = land.json.components.filter((one) => one.required && !one.when).map((one) => ({ code: one.code, copies: 1 }));
    const filed = await handIn(body({ procedure: '1.012783', components, commune: undefined, receive: true }));
    assert.equal(filed.status, 201, filed.text);
    assert.equal(filed.json.agency, 'H12.02');
  });
});

describe('for an organisation', () => {
  const land = (more) => body({ procedure: '1.012783', components: [{ code: 'don', copies: 1 }, { code: 'giay_cu', copies: 1 }], commune: undefined, ...more });
  const company = { kind: 'enterprise', name: 'Công ty TNHH Ba Khía Rạch Gốc', tax_code: '0300588569' };

  test('it is the organisation’s where an office confirmed it, else of who stands there', async () => {
    const card = '096190000555';
    const applicant = { card, name: 'Đỗ Thị Em', birth: '1990-03-04', organisation: company };
    const em = await signIn('em', card);
    const before = await handIn(land({ applicant }));
    assert.equal(before.status, 201, before.text);
    assert.equal(before.json.subject, 'enterprise');
    assert.deepEqual(before.json.applicant, { name: company.name, tax_code: company.tax_code, by: 'Đỗ Thị Em', card, birth: '1990-03-04' });
    assert.deepEqual((await em.get('/v1/dossiers')).json.items.map((item) => item.id), [before.json.id]);
    const made = await em.post('/v1/me/organisations', { json: { ...company, address: '12 Lý Thường Kiệt', commune: '32025' } });
    assert.equal(made.status, 201, made.text);
    const confirmed = await officer.post(`/v1/desk/organisations/${made.json.id}/steps/confirm`, { json: { note: 'Giấy chứng nhận bản chính' } });
    assert.equal(confirmed.status, 200, confirmed.text);
    const after = await handIn(land({ applicant }));
    assert.equal(after.status, 201, after.text);
    const own = (await em.get('/v1/dossiers')).json.items.map((item) => item.id);
    assert.deepEqual(own, [before.json.id]);
    const theirs = await em.get('/v1/dossiers', { headers: { 'acting-for': made.json.id } });
    assert.deepEqual(theirs.json.items.map((item) => item.id), [after.json.id]);
    const receipt = (await officer.get(`/v1/dossiers/${after.json.id}/forms/05`)).json;
    assert.equal(receipt.form, '05');
  });

  test('a tax code that is none is said so', async () => {
    const reply = await handIn(land({ applicant: { scan: SCAN, organisation: { ...company, tax_code: '0300588560' } } }));
    assert.equal(reply.status, 422);
    assert.deepEqual(pointers(reply), ['/applicant/organisation/tax_code']);
  });
});

describe('by post', () => {
  test('it has the time and the channel of the post', async () => {
    const reply = await handIn(body({ channel: 'post', fetch: 'post', receive: true, applicant: { scan: SCAN, by: 'Bưu điện Tân Thành' } }));
    assert.equal(reply.status, 201, reply.text);
    assert.equal(reply.json.channel, 'post');
    assert.equal(reply.json.applicant.by, 'Bưu điện Tân Thành');
    const receipt = (await officer.get(`/v1/dossiers/${reply.json.id}/forms/01`)).json;
    const text = (key) => receipt.blocks.find((block) => block.key === key).text;
    assert.equal(text('time'), '5 ngày làm việc');
    assert.match(text('fetch'), /bưu chính/);
  });
});

describe('who has no card', () => {
  const PASSPORT = { country: 'AUS', number: 'N1234567' };
  const foreigner = (more = {}) => ({ passport: PASSPORT, name: 'Mary Ann O’Neill', birth: '1985-03-09', phone: '+61412345678', ...more });

  test('is filed for by the passport: name, number and birth are the applicant’s, the agency’s alone', async () => {
    const reply = await handIn(body({ applicant: foreigner(), receive: true }));
    assert.equal(reply.status, 201, reply.text);
    assert.equal(reply.json.state, 'received');
    assert.deepEqual(reply.json.applicant, { name: 'Mary Ann O’Neill', passport: 'AUS N1234567', birth: '1985-03-09', phone: '+61412345678' });
    assert.equal((await health.get(`/v1/dossiers/${reply.json.id}`)).status, 404);
    const inspector = await signInStaff(server, 'inspector.demo');
    assert.ok(!(await inspector.get(`/v1/dossiers/${reply.json.id}`)).text.includes('N1234567'), 'inspectors are not shown it');
    const form01 = await officer.get(`/v1/dossiers/${reply.json.id}/forms/01`);
    assert.equal(form01.status, 200, form01.text);
    assert.ok(form01.text.includes('Mary Ann'));
    assert.equal(form01.json.blocks.find((block) => block.key === 'passport').text, 'AUS N1234567');
  });

  test('comes again with the same passport, ten at once, and each is filed once', async () => {
    const replies = await Promise.all(Array.from({ length: 10 }, () => handIn(body({ applicant: foreigner({ passport: { country: 'AUS', number: 'N7654321' } }) }))));
    assert.deepEqual([...new Set(replies.map((one) => one.status))], [201], replies[0].text);
    assert.equal(new Set(replies.map((one) => one.json.number)).size, 10);
  });

  test('what is no passport is told at its field; a card and a passport are not taken together', async () => {
    const at = async (applicant) => pointers(await handIn(body({ applicant })));
    assert.deepEqual(await at(foreigner({ passport: { country: 'Úc', number: 'N1234567' } })), ['/applicant/passport/country']);
    assert.deepEqual(await at(foreigner({ passport: { country: 'AUS', number: 'n12' } })), ['/applicant/passport/number']);
    for (const applicant of [foreigner({ birth: undefined }), foreigner({ name: undefined }), foreigner({ card: CARD }), foreigner({ scan: SCAN })]) {
      const reply = await handIn(body({ applicant }));
      assert.equal(reply.status, 422, reply.text);
      assert.ok(pointers(reply)[0].startsWith('/applicant'), reply.text);
    }
    const bare = await handIn(body({ applicant: { name: 'Mary Ann O’Neill' } }));
    assert.deepEqual(pointers(bare), ['/applicant']);
    assert.match(bare.json.errors[0].detail, /hộ chiếu, họ tên và ngày sinh|passport, the name and the day of birth/);
  });

  test('a permit for stored papers is not given to a passport', async () => {
    const reply = await handIn(body({ applicant: foreigner(), permit: 'a'.repeat(152) }));
    assert.deepEqual(pointers(reply), ['/permit']);
  });
});

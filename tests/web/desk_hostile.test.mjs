/*
 * Whatever a stranger may write is words on every page of the desk: names, addresses, answers, form values, notes,
 * organisations, offices, categories, procedures and their forms, titles of officials, shifts. Each role walks all its pages with such a province.
 */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { act, file, form } from '../api/lib/dossiers.mjs';
import { makeJpeg } from '../api/lib/make-jpeg.mjs';
import { fileReport, fresh, sendPhoto, signInCitizen, step } from '../api/lib/people.mjs';
import { useDesk } from './lib/desk.mjs';
import { EVIL, MARK, PROSE, importHostile, inert } from './lib/hostile.mjs';

const desk = await useDesk({ identity: true });
const LARGE = { width: 1440, height: 900 };

describe('hostile words', () => {
  let report, dossier, counter;

  before(async () => {
    const { server } = desk;
    await importHostile(server.data);
    const citizen = await signInCitizen(server, '+84912345678', { name: EVIL.slice(0, 60) });
    const photo = await sendPhoto(citizen, makeJpeg({ width: 320, height: 240 }));
    report = await fileReport(citizen, { text: PROSE, address: EVIL, photos: [photo], point: { lat: 9.1769, lon: 105.1524 } });
    await fileReport(citizen, { text: PROSE, emergency: true });
    const officer = await desk.staff('officer.demo');
    const leader = await desk.staff('leader.demo');
    const inspector = await desk.staff('inspector.demo');
    const done = async (who, verb, body) => {
      const reply = await step(who, report.id, verb, body);
      assert.equal(reply.status, 200, `${verb}: ${reply.text}`);
    };
    await done(officer, 'receive', {});
    await done(inspector, 'urge', { note: PROSE, days: 2 });
    await done(officer, 'ask', { note: PROSE });
    await done(citizen, 'supply', { note: PROSE });

    const an = await desk.verified(EVIL.slice(0, 60), '096190000123');
    dossier = await file(an, { form: form({ applicant_name: EVIL, child_name: EVIL, child_birthplace: PROSE.slice(0, 190), mother: { name: EVIL, birth: '1990-05-17', nationality: 'vn', residence: EVIL } }) });
    await act(officer, dossier, 'receive', { note: PROSE });
    await act(officer, dossier, 'take');
    await act(officer, dossier, 'supplement', { note: PROSE, components: [{ code: 'giay_chung_sinh', verdict: 'unclear', note: PROSE }] });
    const filed = await officer.post('/v1/desk/dossiers', {
      headers: fresh(),
      json: { procedure: '1.004873', channel: 'in_person', applicant: { card: '096085000456', name: EVIL.slice(0, 60), by: EVIL.slice(0, 60), address: PROSE.slice(0, 190) }, components: [{ code: 'to_khai', copies: 1 }], commune: '32025', fetch: 'counter' },
    });
    assert.equal(filed.status, 201, filed.text);
    counter = filed.json;

    const { shifts } = (await leader.get('/v1/desk/roster')).json;
    assert.equal((await leader.put('/v1/desk/roster', { json: { shifts: shifts.map((one) => ({ ...one, name: EVIL })) } })).status, 200);
    const me = (await officer.get('/v1/me')).json.id;
    const begun = await leader.post('/v1/desk/handovers', { json: { from: me, reason: PROSE.slice(0, 240) }, headers: fresh() });
    assert.equal(begun.status, 201, begun.text);
    const admin = await desk.staff('unit.demo');
    const made = await admin.post('/v1/staff', { json: { user: 'xau.tinh', name: EVIL.slice(0, 60), title: EVIL.slice(0, 60), role: 'officer' }, headers: fresh() });
    assert.equal(made.status, 201, made.text);
  });

  const pages = () => ({
    'dispatcher.demo': ['reports?view=all', `reports/${report.id}`, 'figures'],
    'officer.demo': ['reports', `reports/${report.id}`, 'dossiers?view=agency', `dossiers/${dossier.id}`, `dossiers/${counter.id}`, 'counter', 'staff/roster', 'notices', 'me'],
    'leader.demo': ['reports?view=late', `dossiers/${dossier.id}`, 'figures?kind=dossiers&by=procedure', 'staff', 'staff/deputies', 'staff/handover'],
    'inspector.demo': ['reports', `reports/${report.id}`, 'dossiers?view=all', `dossiers/${dossier.id}`, 'figures?by=category', 'dossiers?view=refunds'],
    'unit.demo': ['staff', 'staff/roster'],
  });

  for (const user of ['dispatcher.demo', 'officer.demo', 'leader.demo', 'inspector.demo', 'unit.demo'])
    test(`are words to ${user}, on every page`, async () => {
      const { page, complaints, context } = await desk.tab(user, LARGE);
      let seen = 0;
      for (const at of pages()[user]) {
        await page.goto(`${desk.origin}/desk/${at}`);
        await page.locator('main h1').waitFor();
        await page.locator('main .loading').first().waitFor({ state: 'detached' });
        await inert(page, `${user} ${at}`);
        seen += (await page.locator('main').innerText()).includes(MARK);
      }
      assert.ok(seen >= pages()[user].length / 3, `${user} was shown them on ${seen} pages`);
      assert.deepEqual(complaints, []);
      await context.close();
    });

  test('nor in forms, dialogs, messages and what is typed oneself', async () => {
    const { page, complaints, context } = await desk.tab('officer.demo', { ...LARGE, at: `/desk/reports/${report.id}` });
    await desk.step(page, 'Chuyển trả');
    await page.locator('.act-form select').first().waitFor();
    await page.locator('.act-form textarea').fill(PROSE);
    await page.reload();
    await page.locator('.act-form textarea').waitFor();
    assert.equal(await page.locator('.act-form textarea').inputValue(), PROSE);
    await inert(page, 'a form');
    await page.getByRole('searchbox').fill(EVIL.slice(0, 40));
    await page.keyboard.press('Enter');
    await page.locator('.finder-fault').waitFor();
    await inert(page, 'what was looked for');
    await page.goto(`${desk.origin}/desk/reports?view=${encodeURIComponent(EVIL)}&category=${encodeURIComponent(EVIL)}`);
    await page.locator('main h1').waitFor();
    await inert(page, 'an address');
    await page.goto(`${desk.origin}/desk/${encodeURIComponent(EVIL)}`);
    await page.getByRole('heading', { name: 'Không tìm thấy' }).waitFor();
    await inert(page, 'a page that is not there');
    await page.goto(`${desk.origin}/desk/reports/${report.id}`);
    await page.getByRole('button', { name: 'Xem người gửi' }).click();
    await page.getByLabel('Vì sao cần xem').fill(PROSE.slice(0, 200));
    await page.locator('form').getByRole('button', { name: 'Xem người gửi' }).click();
    await page.getByText('+84912345678').waitFor();
    await inert(page, 'who sent it');
    assert.ok((await page.locator('main').innerText()).includes(EVIL.slice(0, 40)));
    assert.deepEqual(complaints, []);
    await context.close();
  });
});

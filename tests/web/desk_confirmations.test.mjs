/*
 * Who asks to be believed, on the desk: organisations and who acts for somebody are listed, opened with their papers,
 * confirmed, refused, ended, replaced and handed on. Names are hostile; held against axe at both sizes and in large type.
 */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { makeJpeg } from '../api/lib/make-jpeg.mjs';
import { makePdf } from '../api/lib/make-pdf.mjs';
import { fresh, sendPhoto } from '../api/lib/people.mjs';
import { DESKTOP } from './lib/app.mjs';
import { useDesk } from './lib/desk.mjs';
import { holder } from './lib/hold.mjs';
import { EVIL, MARK, PROSE, inert } from './lib/hostile.mjs';

const desk = await useDesk({ identity: true });
const COMMUNE = '32025'; // of officer.demo
const NAME = EVIL.slice(0, 60);
const CARDS = { lan: '096190000123', minh: '096090000456', bao: '096318000789' };
const SEEN = 'Giấy chứng nhận đăng ký, bản chính';
const done = (reply, status = 200) => (assert.equal(reply.status, status, reply.text), reply.json);

describe('who asks to be confirmed', () => {
  let lan, minh, officer, page, complaints, context, hold, org, other, child, second;
  const register = async (client, json) => done(await client.post('/v1/me/organisations', { json: { kind: 'enterprise', address: PROSE.slice(0, 190), commune: COMMUNE, ...json } }), 201).id;
  const record = async (client, json) => done(await client.post('/v1/me/mandates', { json: { kind: 'parent', scope: ['reports', 'dossiers'], commune: COMMUNE, ...json }, headers: fresh() }), 201);
  const button = (name) => page.getByRole('button', { name, exact: true });
  const act = (name) => page.locator('.act-buttons').getByRole('button', { name, exact: true }).click();
  const standing = (words) => page.locator('.state').getByText(words).waitFor();
  const looks = async (client) => done(await client.get('/v1/me/looks')).items.length;
  const held = async (name) => {
    await hold(`desk-${name}`);
    await inert(page, name);
    await page.setViewportSize(DESKTOP);
  };

  before(async () => {
    [lan, minh] = [await desk.verified(NAME, CARDS.lan), await desk.verified('Trần Văn Minh', CARDS.minh)];
    org = await register(lan, { tax_code: '0300588569', name: EVIL, photos: [await sendPhoto(lan, makeJpeg({ width: 640, height: 480 })), await sendPhoto(lan, makePdf({ pages: 2 }))] });
    other = await register(minh, { tax_code: '0300588569-001', name: 'Công ty Cua Năm Căn' });
    child = await record(lan, { dependant: { name: NAME, birth: '2018-05-17', card: CARDS.bao }, photos: [await sendPhoto(lan, makeJpeg({ width: 320, height: 240 }))] });
    second = await record(minh, { dependant: { name: 'Trần Gia Huy', birth: '2019-01-02' } });
    officer = await desk.staff('officer.demo');
    ({ page, complaints, context } = await desk.tab('officer.demo', DESKTOP));
    hold = holder(page, complaints);
  });

  test('those that wait stand in two lists, the longest waiting first', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('x');
    await page.getByRole('heading', { name: 'Xác nhận tư cách' }).waitFor();
    await page.locator('.line').nth(1).waitFor();
    assert.deepEqual(await page.locator('.line-link').evaluateAll((all) => all.map((one) => one.pathname.split('/').pop())), [org, other]);
    assert.ok((await page.locator('.line').first().innerText()).includes(MARK));
    await held('confirmations');
    await page.getByRole('link', { name: 'Uỷ quyền, giám hộ' }).click();
    await page.locator('.line').filter({ hasText: 'Cha, mẹ' }).nth(1).waitFor();
    assert.ok(!(await page.locator('main').innerText()).includes('Trần Gia Huy'), 'no names in the list');
    await held('confirmations-mandates');
    await page.getByLabel('Tình trạng').selectOption({ label: 'Đã chấm dứt' });
    await page.getByText('Không có mục nào.').waitFor();
    await held('confirmations-empty');
  });

  test('an organisation is opened with its papers, which is one look, and is confirmed', async () => {
    const before = await looks(lan);
    await page.goto(`${desk.origin}/desk/confirmations`);
    await page.locator('.line').nth(1).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByText('0300588569', { exact: true }).waitFor();
    await page.getByText('PDF · 2 trang').waitFor();
    await page.locator('.photos img').nth(1).waitFor();
    await page.locator('.facts').getByText(NAME).first().waitFor();
    await held('organisation');
    await page.locator('.photos button').first().click();
    await page.getByRole('dialog').locator('img').first().waitFor();
    await page.keyboard.press('Escape');
    await act('Xác nhận');
    await page.locator('.act-form [type=submit]').click();
    await page.locator('.act-form .error').waitFor();
    await held('organisation-confirm');
    await page.getByLabel('Đã xem giấy tờ nào').fill(SEEN);
    await page.locator('.act-form [type=submit]').click();
    await standing('Đã xác nhận');
    await page.locator('.timeline').getByText(SEEN).waitFor();
    assert.equal((await looks(lan)) - before, 1, 'she was looked at once');
    const mine = done(await lan.get(`/v1/organisations/${org}`));
    assert.deepEqual([mine.state, mine.seen], ['confirmed', SEEN]);
  });

  test('its representative is replaced by who shows a card; a wrong number is said at its field', async () => {
    await act('Thay người đại diện');
    await page.getByLabel('Số căn cước người đại diện mới').fill('096085999998');
    await page.getByLabel('Đã xem giấy tờ nào').fill('Quyết định bổ nhiệm');
    await page.locator('.act-form [type=submit]').click();
    await page.locator('.act-form .error').waitFor();
    await held('organisation-replace');
    await page.getByLabel('Số căn cước người đại diện mới').fill('0960 9000 0456');
    await page.locator('.act-form [type=submit]').click();
    await page.locator('.facts').getByText('Trần Văn Minh').waitFor();
    assert.equal(done(await minh.get(`/v1/organisations/${org}`)).role, 'represents');
  });

  test('what another decided meanwhile is not written over; what was refused says why', async () => {
    await page.goto(`${desk.origin}/desk/confirmations/${other}`);
    await act('Không xác nhận');
    await page.getByLabel('Lý do').fill('Mã số thuế không khớp');
    done(await officer.post(`/v1/desk/organisations/${other}/steps/refuse`, { json: { note: PROSE.slice(0, 400) } }));
    await page.locator('.act-form [type=submit]').click();
    await page.locator('.act-form').getByRole('alert').waitFor();
    await standing('Không được xác nhận');
    assert.equal(await page.getByLabel('Lý do').inputValue(), 'Mã số thuế không khớp', 'what was written stays');
    await button('Thôi').click();
    await page.getByText('Bạn không có việc phải làm').waitFor();
    assert.ok((await page.locator('.timeline').innerText()).includes(MARK));
    await held('organisation-refused');
  });

  test('a child is opened with names and papers, and confirmed; another is refused', async () => {
    await page.goto(`${desk.origin}/desk/confirmations/${child.id}?view=mandates`);
    await page.getByText(CARDS.bao).waitFor();
    await page.getByText('17/05/2018').waitFor();
    await page.locator('.photos img').first().waitFor();
    await held('mandate');
    await act('Xác nhận');
    await page.getByLabel('Đã xem giấy tờ nào').fill('Giấy khai sinh, bản chính');
    await held('mandate-confirm');
    await page.locator('.act-form [type=submit]').click();
    await standing('Đang có hiệu lực');
    assert.equal(done(await lan.get(`/v1/me/mandates/${child.id}`)).seen, 'Giấy khai sinh, bản chính');

    await page.goto(`${desk.origin}/desk/confirmations/${second.id}?view=mandates`);
    await act('Không xác nhận');
    await page.getByLabel('Lý do').fill('Không phải con đẻ');
    await page.locator('.act-form [type=submit]').click();
    await standing('Không được xác nhận');
    await page.locator('.timeline').getByText('Không phải con đẻ').waitFor();
    assert.equal(done(await minh.get(`/v1/me/mandates/${second.id}`)).reason, 'Không phải con đẻ');
  });

  test('ended, the child is given to another, by the card that they show', async () => {
    await page.goto(`${desk.origin}/desk/confirmations/${child.id}?view=mandates`);
    await act('Chấm dứt');
    await page.getByLabel('Lý do').fill('Người mẹ đi xa');
    await page.locator('.act-form [type=submit]').click();
    await standing('Đã chấm dứt');
    await act('Cử người thay');
    await page.locator('.act-form [type=submit]').click();
    await page.locator('.act-form .error').nth(2).waitFor();
    await held('mandate-successor');
    await page.getByLabel('Người giám hộ').check();
    await page.getByLabel('Số căn cước người làm thay mới').fill(CARDS.minh);
    await page.getByLabel('Đã xem giấy tờ nào').fill('Quyết định cử người giám hộ số 12');
    await page.locator('.act-form [type=submit]').click();
    await page.getByRole('heading', { name: 'Người giám hộ: Trần Văn Minh' }).waitFor();
    await standing('Đang có hiệu lực');
    await held('mandate-handed-on');
    const mine = done(await minh.get('/v1/me/mandates')).items.find((one) => one.kind === 'guardian');
    assert.deepEqual([mine.state, mine.subject], ['active', child.subject]);
  });

  test('what a person signed on paper is recorded, and who lost their phone is signed out, by the card that is shown', async () => {
    await page.goto(`${desk.origin}/desk/confirmations`);
    await page.getByRole('link', { name: 'Đồng ý trên giấy' }).click();
    await button('Ghi nhận').click();
    await page.locator('.error').nth(3).waitFor();
    await held('consent-on-paper');
    await page.getByLabel('Về việc gì').selectOption({ label: 'Nhận thông báo bằng tin nhắn SMS' });
    await page.getByText('Tôi đồng ý nhận tin nhắn SMS').waitFor();
    await page.getByLabel('Đồng ý', { exact: true }).check();
    await page.getByLabel(/^Số định danh/).fill(`${CARDS.minh}||Trần Văn Minh|01011990|Nam|Khóm 1|01012022`);
    assert.equal(await page.getByLabel(/^Số định danh/).inputValue(), CARDS.minh, 'of what a scanner reads, the number');
    await page.getByLabel('Giấy lưu ở đâu').fill('Phiếu số 12');
    await button('Ghi nhận').click();
    await page.getByText('Đã ghi vào sổ đồng ý').waitFor();
    assert.equal(done(await minh.get('/v1/me/consents')).items.find((one) => one.purpose === 'notices.sms').given, true);
    await page.getByRole('link', { name: 'Mất điện thoại' }).click();
    await page.getByLabel(/^Số định danh/).fill(CARDS.minh);
    await page.getByLabel('Ghi chú').fill('Mất');
    await button('Đăng xuất mọi thiết bị').click();
    await page.getByText('Ít nhất 5 ký tự.').waitFor();
    await held('lost-phone');
    await page.getByLabel('Ghi chú').fill('Mất điện thoại');
    await page.getByLabel(/^Số định danh/).fill('096099000777');
    await button('Đăng xuất mọi thiết bị').click();
    await page.getByText('Không có tài khoản nào mang số định danh này.').waitFor();
    await page.getByLabel(/^Số định danh/).fill(CARDS.minh);
    await button('Đăng xuất mọi thiết bị').click();
    await page.getByText(/^Đã đăng xuất \d+ phiên/).waitFor();
    assert.equal((await minh.get('/v1/me')).status, 401);
  });

  test('who has no part in it finds no such place; another office sees none of it', async () => {
    await context.close();
    const inspector = await desk.tab('inspector.demo', { ...DESKTOP, at: '/desk/confirmations' });
    await inspector.page.getByRole('heading', { name: 'Không tìm thấy' }).waitFor();
    await inspector.context.close();
    const health = await desk.tab('health.demo', { ...DESKTOP, at: '/desk/confirmations' });
    await health.page.getByText('Không có ai chờ xác nhận.').waitFor();
    await health.page.goto(`${desk.origin}/desk/confirmations/${org}`);
    await health.page.getByRole('heading', { name: 'Không tìm thấy' }).waitFor();
    assert.deepEqual([...inspector.complaints, ...health.complaints, ...complaints], []);
    await health.context.close();
  });
});

/* A complaint about a dossier on the desk: the leader is told, finds it by its clock, takes it on and answers; its words stay words. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { act, file } from '../api/lib/dossiers.mjs';
import { advanceClock, fresh } from '../api/lib/people.mjs';
import { useDesk } from './lib/desk.mjs';
import { holder } from './lib/hold.mjs';
import { MARK, PROSE, inert } from './lib/hostile.mjs';

const desk = await useDesk({ identity: true });
const LARGE = { width: 1440, height: 900 };
const WORDS = 'Hồ sơ quá hẹn, hỏi nhiều lần không ai trả lời.';
const ANSWER = 'Đã nhắc bộ phận chuyên môn, trả kết quả trong ngày; xin lỗi bà.';

describe('complaints about a dossier', () => {
  let citizen, dossier, hostile, plain, page, complaints, hold;

  async function complain(json) {
    const reply = await citizen.post(`/v1/dossiers/${dossier.id}/complaints`, { json, headers: fresh() });
    assert.equal(reply.status, 201, reply.text);
    return reply.json;
  }
  const line = (one) => page.locator('.line').filter({ hasText: one.number });
  const cutOff = () => page.locator('.rail .way').evaluateAll((ways) => ways.filter((one) => one.scrollWidth > one.clientWidth || one.getBoundingClientRect().right > innerWidth).map((one) => one.textContent));
  const numbers = async () => (await page.locator('.line .number').allInnerTexts()).map((one) => one.trim());

  before(async () => {
    citizen = await desk.verified('Lê Thị An', '096190000123');
    dossier = await file(citizen);
    const received = await act(await desk.staff('officer.demo'), dossier, 'receive');
    const { seq } = received.history.find((one) => one.verb === 'receive');
    hostile = await complain({ about: 'conduct', text: PROSE, step: seq });
    ({ page, complaints } = await desk.tab('leader.demo', LARGE));
    hold = holder(page, complaints);
  });

  test('are one way of the leader’s, and come to the list while it is looked at', async () => {
    await page.locator('.rail').getByText('Phản ánh hồ sơ').click();
    await line(hostile).waitFor();
    plain = await complain({ about: 'delay', text: WORDS });
    await line(plain).waitFor();
    await line(plain).getByText('Mới gửi').waitFor();
    assert.match(await line(plain).locator('.due').innerText(), /^còn /);
    assert.ok((await line(hostile).innerText()).includes(MARK));
    await inert(page, 'the list');
    await hold('desk-complaints');
    await page.locator('.who summary').click(); // on a phone, whose ways are narrow, the language stands in the menu
    await page.locator('.menu').getByText('English').click();
    await page.locator('.rail').getByText('Complaints').waitFor();
    assert.deepEqual(await cutOff(), []);
    await page.locator('.menu').getByText('Tiếng Việt').click();
    await page.keyboard.press('Escape');
    await page.setViewportSize(LARGE);
  });

  test('one is taken on by its key, and then stands below what is due before it', async () => {
    await line(plain).click();
    await page.getByRole('heading', { name: plain.number }).waitFor();
    await page.getByText(WORDS).waitFor();
    await page.locator('.act-buttons').getByRole('button', { name: 'Thụ lý', exact: true }).waitFor();
    await page.locator('body').press('1');
    await page.locator('.state').getByText('Đang xem xét').waitFor();
    await page.locator('.timeline').getByText('Thụ lý').waitFor();
    await hold('desk-complaint');
    await page.setViewportSize(LARGE);
    await page.locator('.rail').getByText('Phản ánh hồ sơ').click();
    await line(plain).getByText('Đang xem xét').waitFor();
    assert.deepEqual(await numbers(), [hostile.number, plain.number]);
  });

  test('it is answered in words, without photographs, and the citizen reads them', async () => {
    await line(plain).click();
    await page.locator('.act-buttons').getByRole('button', { name: 'Trả lời', exact: true }).click();
    await page.locator('.act-form textarea').waitFor();
    assert.equal(await page.locator('.act-form input[type=file]').count(), 0);
    await page.locator('.act-form [type=submit]').click();
    await page.locator('.act-form .error').waitFor();
    await hold('desk-complaint-answer');
    await page.setViewportSize(LARGE);
    await page.locator('.act-form textarea').fill(ANSWER);
    await page.locator('.act-form [type=submit]').click();
    await page.locator('.state').getByText('Đã trả lời').waitFor();
    await page.locator('[aria-labelledby=answer-title]').getByText(ANSWER).waitFor();
    const { json } = await citizen.get(`/v1/complaints/${plain.id}`);
    assert.deepEqual([json.outcome, json.answer], ['answered', ANSWER]);
    const rated = await citizen.post(`/v1/complaints/${plain.id}/steps/rate`, { json: { rating: 2, note: PROSE }, headers: fresh() });
    assert.equal(rated.status, 200, rated.text);
    await page.getByText('Người gửi đánh giá 2/5').waitFor();
    await inert(page, 'what was rated');
  });

  test('what is closed stands in a tab of its own, which the address keeps', async () => {
    await page.locator('.rail').getByText('Phản ánh hồ sơ').click();
    await page.locator('.tabs').getByText('Đã kết thúc').click();
    await line(plain).waitFor();
    await page.reload();
    await line(plain).waitFor();
    assert.deepEqual(await numbers(), [plain.number]);
  });

  test('from the dossier, and back to it; words of strangers are words, also those of a refusal', async () => {
    await page.goto(`${desk.origin}/desk/dossiers/${dossier.id}`);
    await page.locator('[aria-labelledby=complaints-title]').getByText(hostile.number).click();
    await page.getByRole('heading', { name: hostile.number }).waitFor();
    await page.locator('.state').getByText(/^Tiếp nhận/).waitFor(); // the step that it names
    assert.ok((await page.locator('[aria-labelledby=text-title]').innerText()).includes(MARK));
    await inert(page, 'a complaint');
    await desk.step(page, 'Không thụ lý');
    await page.locator('.act-form select').selectOption('formal');
    await page.locator('.act-form textarea').fill(PROSE);
    await hold('desk-complaint-hostile');
    await page.setViewportSize(LARGE);
    await page.locator('.act-form [type=submit]').click();
    await page.locator('.state').getByText('Không thụ lý').waitFor();
    await page.locator('[aria-labelledby=answer-title]').getByText('nộp tại Ban Tiếp công dân').waitFor();
    await inert(page, 'a refused one');
    await page.locator('.state').getByRole('link', { name: dossier.number }).click();
    await page.getByRole('heading', { name: dossier.number }).waitFor();
    await page.locator('.rail').getByText('Phản ánh hồ sơ').click();
    await page.getByText('Không có phản ánh nào chờ trả lời.').waitFor();
    await hold('desk-complaints-none');
    assert.deepEqual(complaints, []);
  });

  test('a notice of one leads to it; who handles the dossier has no such way, nor finds it', async () => {
    await page.setViewportSize(LARGE);
    await page.goto(`${desk.origin}/desk/notices`);
    await page.locator('.told').filter({ hasText: `Phản ánh mới ${plain.number}` }).click();
    await page.getByRole('heading', { name: plain.number }).waitFor();
    await page.goto(`${desk.origin}/desk/complaints`);
    await page.getByRole('searchbox', { name: 'Tìm mã số' }).fill(plain.number.toLowerCase());
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: plain.number }).waitFor();
    const officer = await desk.tab('officer.demo', { ...LARGE, at: `/desk/complaints/${plain.id}` });
    await officer.page.locator('main .empty').waitFor();
    assert.equal(await officer.page.locator('.rail').getByText('Phản ánh hồ sơ').count(), 0);
    assert.ok(!(await officer.page.locator('main').innerText()).includes(WORDS));
    await officer.page.goto(`${desk.origin}/desk/dossiers/${dossier.id}`);
    await officer.page.getByRole('heading', { name: dossier.number }).waitFor();
    assert.equal(await officer.page.locator('[aria-labelledby=complaints-title]').count(), 0);
    assert.deepEqual([...complaints, ...officer.complaints], []);
    await officer.context.close();
  });

  test('one that was not taken on in time is said to be late, to inspectors too, of the agency that they choose', async () => {
    const late = await complain({ about: 'fee', text: WORDS });
    await advanceClock(desk.server, 6 * 24 * 3600);
    const inspector = await desk.tab('inspector.demo', { ...LARGE, at: '/desk/complaints' });
    const row = inspector.page.locator('.line.urgent').filter({ hasText: late.number });
    await row.locator('.due.bad').getByText(/^trễ /).waitFor();
    await inspector.page.getByLabel('Cơ quan').selectOption('H12.32025');
    await inspector.page.waitForURL(/agency=H12\.32025/);
    await row.waitFor();
    await holder(inspector.page, inspector.complaints)('desk-complaints-late');
    await inspector.context.close();
  });
});

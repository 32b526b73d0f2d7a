/* Reports on the desk: live, by keyboard, several at once; one report told to its end; two officers; hostile words. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { makeJpeg } from '../api/lib/make-jpeg.mjs';
import { advanceClock, fileReport, sendPhoto, signInCitizen, step } from '../api/lib/people.mjs';
import { axe, overflow, until } from './lib/app.mjs';
import { useDesk } from './lib/desk.mjs';

const desk = await useDesk();
const EVIL = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>"><svg onload=window.hit=1> {{7*7}} javascript:alert(1)';

describe('reports on the desk', () => {
  let citizen, first, page, complaints;
  const line = (report) => page.locator('.line').filter({ hasText: report.number });

  before(async () => {
    citizen = await signInCitizen(desk.server, '+84912345678', { name: EVIL.slice(0, 60) });
    const photo = await sendPhoto(citizen, makeJpeg({ width: 640, height: 480 }));
    first = await fileReport(citizen, { photos: [photo], point: { lat: 9.1769, lon: 105.1524 }, address: EVIL.slice(0, 90) });
    ({ page, complaints } = await desk.tab('officer.demo', { width: 1440, height: 900 }));
    await line(first).waitFor();
  });

  test('what is new stands there without a reload, and an emergency makes itself heard', async () => {
    const second = await fileReport(citizen, { text: 'Cống thoát nước bị nghẹt trước chợ' });
    await line(second).waitFor();
    assert.equal(await page.locator('.alarm').count(), 0);
    const urgent = await fileReport(citizen, { text: 'Dây điện đứt rơi xuống đường', emergency: true });
    await page.locator('.alarm').filter({ hasText: urgent.number }).waitFor();
    await desk.shot(page, 'inbox-1440');
    await page.getByRole('button', { name: 'Mở ngay' }).click();
    await page.getByRole('heading', { name: urgent.number }).waitFor();
    assert.equal(await page.locator('.alarm').count(), 0, 'it was looked at');
    assert.deepEqual(complaints, []);
  });

  test('filters stand in the address and hold when the page is loaded anew', async () => {
    await page.goto(`${desk.origin}/desk/reports`);
    await line(first).waitFor();
    await page.getByLabel('Tình trạng').selectOption('closed');
    await page.getByText('Không còn việc nào ở đây.').waitFor();
    await page.reload();
    await page.getByText('Không còn việc nào ở đây.').waitFor();
    assert.match(page.url(), /state=closed/);
    assert.equal(await page.getByLabel('Tình trạng').inputValue(), 'closed');
    await page.getByLabel('Tình trạng').selectOption('');
    await line(first).waitFor();
    assert.deepEqual(await axe(page), []);
  });

  test('keys walk and choose; one step is taken for all that were chosen', async () => {
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('Chọn, bỏ chọn').waitFor();
    await desk.shot(page, 'keys-1440');
    await page.keyboard.press('Escape');
    for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key);
    await page.getByRole('region', { name: 'Đã chọn 2' }).getByRole('button', { name: 'Tiếp nhận' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Tiếp nhận' }).click();
    await page.locator('.tag').filter({ hasText: 'Đã tiếp nhận' }).nth(1).waitFor();
    assert.equal(await page.locator('.tag').filter({ hasText: 'Đã tiếp nhận' }).count(), 2);
    assert.deepEqual(complaints, []);
  });

  test('what a stranger wrote is words, in every place of the page', async () => {
    const evil = await fileReport(citizen, { text: EVIL });
    await line(evil).waitFor();
    await page.goto(`${desk.origin}/desk/reports/${evil.id}`);
    await page.locator('.act-buttons').waitFor();
    assert.ok((await page.locator('.case-said').innerText()).includes('<img src=x onerror='));
    await page.goto(`${desk.origin}/desk/reports/${first.id}`);
    await page.getByText('<script>').first().waitFor();
    await page.getByRole('button', { name: 'Xem người gửi' }).click();
    await page.getByLabel('Vì sao cần xem').fill('Cần hỏi đường vào hẻm');
    await page.locator('form').getByRole('button', { name: 'Xem người gửi' }).click();
    await page.getByText('+84912345678').waitFor();
    assert.equal(await page.evaluate(() => window.hit), undefined);
    assert.deepEqual(complaints, []);
  });

  test('words that were not sent survive a reload; what another did meanwhile is said, and nothing is written over', async () => {
    await page.locator('.act-buttons').waitFor();
    await desk.step(page, 'Từ chối');
    await page.locator('.act-form textarea').fill('Ngoài phạm vi của phường');
    await page.locator('.act-form select').selectOption({ index: 1 });
    await page.reload();
    await page.locator('.act-form textarea').waitFor();
    assert.equal(await page.locator('.act-form textarea').inputValue(), 'Ngoài phạm vi của phường');

    const leader = await desk.staff('leader.demo');
    const now = (await leader.get(`/v1/reports/${first.id}`)).json;
    const colleagues = (await leader.get('/v1/desk/colleagues')).json.items;
    const done = await step(leader, first.id, 'assign', { officer: colleagues.find((one) => one.role === 'officer').id }, { 'if-match': `"${now.revision}"` });
    assert.equal(done.status, 200, done.text);
    await page.locator('.state').getByText('Đang xử lý').waitFor();
    await page.locator('.case-head .note').waitFor();
    await page.locator('.act-form [type=submit]').click();
    await page.getByText('chữ bạn viết vẫn còn đây').waitFor();
    await desk.shot(page, 'report-conflict-1440');
    assert.equal((await leader.get(`/v1/reports/${first.id}`)).json.state, 'in_progress', 'it was not rejected');
    assert.equal(await page.locator('.act-form textarea').inputValue(), 'Ngoài phạm vi của phường');
    await page.getByRole('button', { name: 'Thôi' }).click();
  });

  test('an answer goes out with a photograph of what was done; a leader publishes it photo by photo', async () => {
    await desk.step(page, 'Trả lời');
    await page.locator('.act-form textarea').fill('Đã thay bóng đèn mới, đường đã sáng.');
    await page.locator('.act-form [type=file]').setInputFiles({ name: 'xong.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(makeJpeg({ width: 900, height: 700, grain: 20 })) });
    await page.locator('.act-form .photo img').waitFor();
    await desk.shot(page, 'report-answer-1440');
    await page.locator('.act-form [type=submit]').click();
    await page.locator('.act-form').waitFor({ state: 'detached' });
    const { json } = await citizen.get(`/v1/reports/${first.id}`);
    assert.ok(['approval', 'answered'].includes(json.state), json.state);

    const chief = await desk.tab('leader.demo', { width: 1440, height: 900, at: `/desk/reports/${first.id}` });
    if (json.state === 'approval') await chief.page.getByRole('button', { name: 'Duyệt' }).click();
    await chief.page.locator('.state').getByText('Đã xử lý').waitFor();
    await desk.step(chief.page, 'Công khai');
    await chief.page.locator('.pick img').nth(1).waitFor();
    await chief.page.locator('.pick [type=checkbox]').nth(1).check();
    await desk.shot(chief.page, 'report-publish-1440');
    await chief.page.locator('.act-form [type=submit]').click();
    await chief.page.locator('.state').getByText('Đã công khai').waitFor();
    const shown = (await chief.page.request.get(`${desk.origin}/v1/public/reports/${first.number}`)).json;
    assert.ok(shown);
    await desk.shot(chief.page, 'report-1440');
    assert.deepEqual(await axe(chief.page), []);
    await chief.page.locator('.case-said .evidence-picture').click();
    await chief.page.getByRole('button', { name: 'Phóng to ảnh' }).click();
    const wide = await chief.page.locator('.viewer img').evaluate((img) => img.clientWidth / img.parentElement.clientWidth);
    assert.ok(wide > 2, `${wide} times as wide as the screen`);
    await chief.page.keyboard.press('Escape');
    await chief.page.locator('.viewer').waitFor({ state: 'detached' });
    assert.deepEqual(chief.complaints, []);
    await chief.context.close();
  });

  test('what no rule routes goes out in one act, each report where it is offered; the list is walked through', async () => {
    const wild = [];
    for (const commune of ['32025', '31825']) wild.push(await fileReport(citizen, { category: 'linh_vuc_khac', answers: {}, text: `Ghe neo đậu cản bến đò ở ${commune}`, commune }));
    const { page, complaints, context } = await desk.tab('dispatcher.demo', { width: 1440, height: 900 });
    for (const one of wild) await page.locator('.line').filter({ hasText: one.number }).waitFor();
    await page.getByLabel('Chọn cả 2 việc đang hiện').check();
    await page.getByRole('region', { name: 'Đã chọn 2' }).getByRole('button', { name: 'Phân phối' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: /^Mỗi phản ánh đến nơi được gợi ý/ }).check();
    await desk.shot(page, 'bulk-dispatch-1440');
    assert.deepEqual(await axe(page), []);
    await dialog.getByRole('button', { name: 'Phân phối' }).click();
    await page.getByText('Không còn việc nào ở đây.').waitFor();
    assert.deepEqual(await Promise.all(wild.map(async ({ id }) => (await citizen.get(`/v1/reports/${id}`)).json.agency)), ['H12.32025', 'H12.31825']);
    await page.goto(`${desk.origin}/desk/reports?view=all`);
    await page.locator('.line-link').first().click();
    await page.locator('.walk').getByText(/^1\/\d+$/).waitFor();
    await page.keyboard.press('j');
    await page.locator('.walk').getByText(/^2\/\d+$/).waitFor();
    await page.getByRole('button', { name: 'Việc trước trong danh sách' }).click();
    await page.locator('.walk').getByText(/^1\/\d+$/).waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test('what an inspector asks stands in the list of who owes the answer, and is gone once it is answered', async () => {
    const asked = await fileReport(citizen, { text: 'Cầu ván mục, xe không qua được' });
    const [inspector, officer] = [await desk.staff('inspector.demo'), await desk.staff('officer.demo')];
    for (const [verb, note, days] of [['explain', 'Vì sao ba ngày chưa ai đến?', 3], ['urge', 'Làm ngay trong hôm nay.', 1]]) assert.equal((await step(inspector, asked.id, verb, { note, days })).status, 200);
    await page.goto(`${desk.origin}/desk/reports?view=demands`);
    await line(asked).getByText('Đôn đốc: Làm ngay trong hôm nay.').waitFor();
    assert.equal(await page.locator('.line').count(), 1, 'nothing else is owed');
    await desk.shot(page, 'demands-1440');
    await line(asked).click();
    const told = async () => (await officer.get('/v1/notices?limit=100')).json.items.filter((one) => one.about === asked.id);
    await until('who has it before them is told of it no more', async () => (await told()).length >= 3 && (await told()).every((one) => one.read_at));
    const owed = page.locator('[aria-labelledby=demands-title]');
    assert.deepEqual(await owed.locator('.said').allInnerTexts(), ['Làm ngay trong hôm nay.', 'Vì sao ba ngày chưa ai đến?'], 'what is due first stands first');
    await desk.step(page, 'Trả lời đôn đốc');
    await page.getByRole('radio', { name: 'Yêu cầu giải trình' }).check();
    const phrase = page.getByRole('group', { name: 'Câu viết sẵn' }).getByRole('button').first();
    const words = await phrase.innerText();
    await page.locator('.act-form textarea').fill('Đã cử thợ.');
    await phrase.click();
    assert.equal(await page.locator('.act-form textarea').inputValue(), `Đã cử thợ.\n${words}`, 'put below what was written');
    assert.equal(await page.getByRole('button', { name: words }).count(), 0, 'offered once');
    assert.deepEqual(await axe(page), []);
    await desk.shot(page, 'demand-answer-1440');
    await page.locator('.act-form [type=submit]').click();
    await owed.getByText('Đã trả lời (1)').click();
    await owed.locator('details').getByText('Đã cử thợ.').waitFor();
    await owed.locator('details').getByText(/^Trần Quốc Huy · /).waitFor();
    await owed.getByText('Làm ngay trong hôm nay.').waitFor();
    const [explained] = (await inspector.get(`/v1/reports/${asked.id}`)).json.demands;
    assert.ok(explained.kind === 'explain' && explained.answered_at);
    assert.deepEqual(complaints, []);
  });

  test('who is late is told by name, and opens the list', async () => {
    await advanceClock(desk.server, 3 * 86_400);
    const chief = await desk.tab('leader.demo', { width: 1440, height: 900, at: '/desk/figures' });
    await chief.page.locator('#late-now').waitFor();
    await chief.page.locator('.due.bad').first().waitFor();
    await desk.shot(chief.page, 'late-1440');
    await chief.page.getByRole('link', { name: 'Xem danh sách' }).click();
    await chief.page.locator('.line .due.bad').first().waitFor();
    assert.match(await chief.page.locator('.line .due.bad').first().innerText(), /trễ \d+ (giờ|ngày)/);
    await desk.shot(chief.page, 'late-list-1440');
    assert.deepEqual(chief.complaints, []);
    await chief.context.close();
  });

  test('on a phone, in the dark, at twice the size: nothing is cut off', async () => {
    const small = await desk.tab('dispatcher.demo', { width: 390, height: 844, colorScheme: 'dark' });
    for (const at of ['/desk/reports?view=all', `/desk/reports/${first.id}`]) {
      await small.page.goto(desk.origin + at);
      await small.page.locator('.line, .case').first().waitFor();
      for (const width of [390, 320]) {
        await small.page.setViewportSize({ width, height: 844 });
        assert.equal(await overflow(small.page), 0, `${at} at ${width} px`);
      }
      await small.page.setViewportSize({ width: 390, height: 844 });
      await desk.shot(small.page, `dark-390-${at.includes(first.id) ? 'report' : 'inbox'}`);
      assert.deepEqual(await axe(small.page), []);
    }
    await small.page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
    const find = small.page.getByRole('searchbox', { name: 'Tìm mã số' }); // a button, until it is used
    const width = () => find.evaluate((one) => one.clientWidth);
    const before = await width();
    await find.click();
    assert.ok((await width()) > 3 * before, `${before} px wide, then ${await width()}`);
    assert.equal(await overflow(small.page), 0, 'while one searches');
    await find.fill('PA-000000-0000');
    await find.press('Enter');
    await small.page.getByRole('alert').filter({ hasText: 'PA-000000-0000' }).waitFor();
    await find.fill(first.number);
    await find.press('Enter');
    await small.page.getByRole('heading', { name: first.number }).waitFor();
    assert.deepEqual(small.complaints, []);
  });

  test('an answer that was sent back is changed, not written twice; approving it is offered first', async () => {
    const operator = desk.server.operator();
    const { questions_form: _, ...order } = (await operator.get('/v1/admin/categories')).json.items.find((one) => one.code === 'an_ninh_trat_tu');
    assert.equal((await operator.put('/v1/admin/categories', { json: [{ ...order, approval: true }] })).status, 200);
    const loud = await fileReport(await signInCitizen(desk.server, '+84912345679'), { category: 'an_ninh_trat_tu', answers: {}, text: 'Loa kẹo kéo sau 22 giờ' });
    const [officer, leader] = [await desk.staff('officer.demo'), await desk.staff('leader.demo')];
    const proof = await sendPhoto(officer, makeJpeg({ width: 320, height: 240 }));
    for (const [who, verb, body] of [[officer, 'receive', {}], [officer, 'answer', { note: 'Đã nhắc nhở.', photos: [proof] }], [leader, 'send_back', { note: 'Nhắc ai, khi nào?' }]]) assert.equal((await step(who, loud.id, verb, body)).status, 200, verb);
    const clerk = await desk.tab('officer.demo', { width: 1440, height: 900, at: `/desk/reports/${loud.id}` });
    await desk.step(clerk.page, 'Trả lời');
    assert.equal(await clerk.page.locator('.act-form textarea').inputValue(), 'Đã nhắc nhở.');
    await clerk.page.locator('.act-form .photo img').waitFor(); // its photograph is offered again
    await clerk.page.locator('.act-form textarea').fill('Đã nhắc nhở chủ hộ lúc 22 giờ 15.');
    await clerk.page.locator('.act-form [type=submit]').click();
    await clerk.page.locator('.state').getByText('Chờ duyệt').waitFor();
    const chief = await desk.tab('leader.demo', { width: 1440, height: 900, at: `/desk/reports/${loud.id}` });
    await chief.page.locator('.act-buttons').waitFor();
    assert.match(await chief.page.locator('.act-buttons button').first().innerText(), /^Duyệt/);
    await chief.page.keyboard.press('0'); // what is not likely is folded
    await chief.page.getByRole('button', { name: 'Yêu cầu giải trình' }).waitFor();
    assert.deepEqual((await leader.get(`/v1/reports/${loud.id}`)).json.history.at(-1).media.map((one) => one.id), [proof]);
    for (const [verb, body] of [['send_back', { note: 'Để tôi trả lời.' }], ['answer', { note: 'Đã nhắc nhở hai lần.', photos: [proof] }]]) assert.equal((await step(leader, loud.id, verb, body)).status, 200, verb); // a colleague's serves, too
    assert.deepEqual([...clerk.complaints, ...chief.complaints], []);
    for (const one of [clerk, chief]) await one.context.close();
  });
});

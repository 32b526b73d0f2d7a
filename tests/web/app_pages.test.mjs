/*
 * Every page of the app at both sizes, in large type and by keyboard: nothing cut off, nothing serious by axe, no
 * complaint of the console or of the content policy; hostile words are inert; in English, in the dark.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { makeJpeg } from '../api/lib/make-jpeg.mjs';
import { ROOT } from '../api/lib/places.mjs';
import { fileReport, sendPhoto, signInCitizen, signInStaff, step } from '../api/lib/people.mjs';
import { tramctl, withJsonFile } from '../api/lib/tramctl.mjs';
import { DESKTOP, axe, shot, until, useApp } from './lib/app.mjs';
import { holder } from './lib/hold.mjs';

const app = await useApp();
const NUMBER = '+84912345921';
const HOSTILE = `"><img src=x onerror="window.hacked=1"><script>window.hacked=2</script>{{7*7}}<svg onload=window.hacked=3>'`;
const FIRST_LOAD_MAX = 120 * 1024;

let report, signedIn;

/* Pages with what is on them once they are there. */
const open = () => ({
  home: ['/', 'Thấy việc chưa ổn?'],
  around: ['/app/around', /^1 phản ánh trong khung/],
  list: ['/app/around?view=list', 'Quanh tôi'],
  nothing: ['/app/around?view=list&q=khongcogi', 'Không có phản ánh nào như vậy'],
  published: [`/r/${report.number}`, 'Ảnh hiện trường'],
  services: ['/app/services', 'Thủ tục'],
  found: ['/app/services?q=khai%20sinh', 'Thủ tục'],
  procedure: ['/app/procedure/1.001193', 'Cần có'],
  lookup: ['/app/lookup', 'Tra cứu hồ sơ'],
  commune: ['/app/commune/32025', 'Xã tôi làm ra sao'],
  nowhere: ['/app/nowhere', 'Không tìm thấy'],
  'sign-in': ['/app/mine', 'Của tôi'],
});
const own = () => ({
  mine: ['/app/mine', 'Điện, chiếu sáng'],
  dossiers: ['/app/mine?tab=dossiers', 'Xác thực để xem hồ sơ'],
  'my-report': [`/app/reports/${report.id}`, 'Diễn biến'],
  notices: ['/app/notices', 'Thông báo'],
  account: ['/app/account', 'Tài khoản'],
  consents: ['/app/account/consents', 'Tôi đã đồng ý những gì'],
  looks: ['/app/account/looks', 'Ai đã xem thông tin của tôi'],
  devices: ['/app/account/devices', 'Nơi đang đăng nhập'],
  copy: ['/app/account/copy', 'Bản sao dữ liệu của tôi'],
});

async function fill() {
  const citizen = await signInCitizen(app.server, NUMBER, { name: HOSTILE.slice(0, 90) });
  const photo = await sendPhoto(citizen, makeJpeg({ width: 640, height: 480, lat: 9.18, lon: 105.15 }));
  report = await fileReport(citizen, { text: HOSTILE, address: HOSTILE.slice(0, 90), photos: [photo], point: { lat: 9.1769, lon: 105.1524 } });
  const officer = await signInStaff(app.server, 'officer.demo');
  for (const [verb, body] of [
    ['receive', {}],
    ['ask', { note: HOSTILE }],
  ])
    assert.equal((await step(officer, report.id, verb, body)).status, 200);
  assert.equal((await step(citizen, report.id, 'supply', { note: HOSTILE })).status, 200);
  const proof = await sendPhoto(officer, makeJpeg({ width: 640, height: 480 }));
  assert.equal((await step(officer, report.id, 'answer', { note: HOSTILE, photos: [proof] })).status, 200);
  const now = (await officer.get(`/v1/reports/${report.id}`)).json;
  assert.equal((await step(officer, report.id, 'publish', { photos: now.photos.map((one) => one.id) })).status, 200);
  await until('the projection', async () => (await app.server.client().get(`/v1/public/reports/${report.number}`)).status === 200);
  signedIn = await app.phone();
  await signedIn.page.goto(`${app.origin}/app/mine`);
  await app.signIn(signedIn.page, NUMBER);
  await signedIn.page.getByRole('heading', { name: 'Điện, chiếu sáng' }).waitFor();
}

/* Goes to each page, waits until it is there, and holds it against everything that holds for each page. */
async function holdAll({ page, complaints }, rows) {
  const hold = holder(page, complaints);
  for (const [name, [at, words]] of Object.entries(rows)) {
    await page.goto(app.origin + at);
    await page.getByText(words).first().waitFor();
    await until('what is loaded', async () => (await page.locator('.spinner').count()) === 0);
    assert.equal(await page.locator('main h1').count(), 1, `${name} has one heading of the first rank`);
    await hold(name);
  }
}

describe('every page', () => {
  before(fill);

  test('that is open to all', async () => {
    const visitor = await app.phone();
    await holdAll(visitor, open());
    await visitor.context.close();
  });

  test('of whoever is signed in', () => holdAll(signedIn, own()));

  test('around me: what lies close together is one mark; filters stand in the address; words need no accents', async () => {
    const [citizen, officer] = [await signInCitizen(app.server, '+84912345922'), await signInStaff(app.server, 'officer.demo')];
    for (const text of ['Cống nghẹt trước chợ', 'Nắp cống bể']) {
      const { id } = await fileReport(citizen, { text, point: { lat: 9.1769, lon: 105.1525 } });
      for (const [verb, body] of [['receive', {}], ['publish', { photos: [] }]]) assert.equal((await step(officer, id, verb, body)).status, 200);
    }
    await until('all three', async () => (await app.server.client().get('/v1/public/reports')).json.items.length === 3);
    const { page, context, complaints } = await app.phone();
    await page.goto(`${app.origin}/app/around`);
    await page.getByRole('button', { name: '3 phản ánh ở đây' }).click();
    assert.equal(await page.locator('.report-row').count(), 3);
    await page.getByRole('button', { name: 'Lọc', exact: true }).click();
    await page.getByLabel('Lĩnh vực').selectOption({ label: 'Y tế, sức khỏe' });
    await page.getByText('Không có phản ánh nào như vậy').waitFor();
    assert.match(page.url(), /\?category=/);
    await page.getByRole('button', { name: 'Bỏ lọc' }).click();
    await page.getByRole('button', { name: '3 phản ánh ở đây' }).waitFor();
    await page.getByRole('button', { name: 'Danh sách' }).click();
    await page.getByLabel('Tìm, không cần dấu').fill('cong nghet');
    await until('the one', async () => (await page.locator('.report-row').count()) === 1);
    await page.getByText('Cống nghẹt trước chợ').click();
    await page.waitForURL(`${app.origin}/r/*`);
    const shared = page.url();
    await page.getByRole('button', { name: 'Quay lại' }).click();
    await page.waitForURL('**/app/around?view=list&q=cong+nghet');
    /* Opened from a message there is nothing of the app to go back to. */
    await page.goto('about:blank');
    await page.goto(shared);
    await page.getByRole('button', { name: 'Quay lại' }).click();
    await page.waitForURL(`${app.origin}/app/around`);
    /* Borders that were imported are drawn in place of the rounded land. */
    const { items } = (await app.server.client().get('/v1/communes')).json;
    const corner = ({ code, lon, lat }, d = 0.02) => ({ type: 'Feature', properties: { code }, geometry: { type: 'Polygon', coordinates: [[[lon, lat], [lon + d, lat], [lon + d, lat + d], [lon, lat]]] } });
    await withJsonFile({ type: 'FeatureCollection', features: items.map((one) => corner(one)) }, (file) => tramctl(app.server.data, 'areas', 'import', file));
    await page.reload();
    await until('borders', async () => (await page.locator('.map path.outline').count()) === items.length);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test('how my commune does: months as bars and in words, too few are not told', async () => {
    const { page, context, complaints } = await app.phone();
    const some = { received: 8, on_time: 6, late: 2, satisfied_percent: 75 };
    await page.route('**/v1/public/communes/32025/figures?*', (route) => route.fulfill({ json: { commune: '32025', items: [{ month: 202611, reports: some, dossiers: { few: true } }, { month: 202610, reports: { received: 4, on_time: 4, late: 0 }, dossiers: { few: false } }] } }));
    await page.goto(`${app.origin}/app/commune/32025`);
    await page.getByText('nhận 8 · đúng hạn 6 · trễ 2 · hài lòng 75%').waitFor();
    await page.getByText('ít, không nêu số').waitFor();
    const widths = await page.locator('.bar-fill').evaluateAll((all) => all.slice(0, 4).map((one) => one.style.width));
    assert.deepEqual(widths, ['75%', '25%', '100%', '0%']);
    assert.equal(await page.locator('.bar-track').nth(1).evaluate((one) => one.style.width), '50%', 'half as many as in the other month');
    await shot(page, 'commune-months-360', true);
    assert.deepEqual(await axe(page), []);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  /* A heading says where one is, and something leads on. */
  async function leadsOn(page, rows) {
    for (const [at, words] of rows) {
      await page.goto(app.origin + at);
      await page.getByText(words).first().waitFor();
      assert.equal(await page.locator('main h1').count(), 1, `${at} has one heading of the first rank`);
      assert.ok((await page.locator('main').getByRole('button').or(page.locator('main').getByRole('link')).count()) > 0, `${at} leads on`);
    }
  }

  test('that could not be loaded, or wants a sign-in, has its heading and leads on', async () => {
    const nobody = await app.phone();
    const asks = 'Số điện thoại của bạn';
    await leadsOn(nobody.page, [
      ['/app/procedure/9.999999', 'Không tìm thấy'],
      ['/app/report/gone', 'Bản viết này không còn trên máy'],
      [`/app/reports/${report.id}`, asks],
      ['/app/dossiers/one', asks],
      ['/app/drafts/one', asks],
      ['/app/receipt/one/two', asks],
    ]);
    assert.deepEqual(nobody.complaints, []);
    await nobody.context.close();
    const { page, complaints } = signedIn;
    await leadsOn(page, [['/app/reports/gone', 'Không tìm thấy']]);
    assert.deepEqual(complaints, []);
  });

  test('is opened anew when a part of it is gone, once', async () => {
    const { page, context, complaints } = await app.phone({ serviceWorkers: 'block' });
    let gone = 1;
    await page.route('**/assets/lookup-*.js', (route) => (gone-- > 0 ? route.fulfill({ status: 404 }) : route.continue()));
    const lookUp = async () => {
      await page.goto(app.origin);
      await page.evaluate(() => (window.asBefore = true));
      await page.getByRole('link', { name: 'Tra cứu hồ sơ' }).click();
    };
    await lookUp();
    await page.getByRole('heading', { name: 'Tra cứu hồ sơ' }).waitFor();
    assert.equal(await page.evaluate(() => window.asBefore), undefined);
    await page.evaluate(() => sessionStorage.clear());
    gone = Infinity;
    await lookUp();
    await page.getByRole('heading', { name: 'Chưa mở được trang này' }).waitFor();
    gone = 0;
    await page.getByRole('button', { name: 'Thử lại' }).click();
    await page.getByRole('heading', { name: 'Tra cứu hồ sơ' }).waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test('in the dark', async () => {
    const { page, context, complaints } = await app.phone({ colorScheme: 'dark' });
    for (const name of ['home', 'published', 'procedure', 'sign-in']) {
      const [at, words] = open()[name];
      await page.goto(app.origin + at);
      await page.getByText(words).first().waitFor();
      await until('what is loaded', async () => (await page.locator('.spinner').count()) === 0);
      await shot(page, `${name}-dark-360`, true);
      assert.deepEqual(await axe(page), [], name);
    }
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test('in English, which is kept', async () => {
    const { page, context, complaints } = await app.phone();
    await page.goto(app.origin);
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Something wrong?' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Something wrong?' }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
    await page.goto(`${app.origin}/app/procedure/1.001193`);
    await page.getByRole('heading', { name: 'Registration of a birth' }).waitFor();
    await shot(page, 'procedure-en-360', true);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test('by keyboard alone: the way to a report, and the words in it', async () => {
    const { page, context, complaints } = await app.phone({ size: DESKTOP });
    await page.goto(app.origin);
    await page.getByRole('heading', { name: 'Thấy việc chưa ổn?' }).waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() || document.activeElement?.getAttribute('aria-label'));
    const tabTo = async (words) => {
      for (let i = 0; i < 60; i++) {
        await page.keyboard.press('Tab');
        if (((await focused()) ?? '').includes(words)) return;
      }
      assert.fail(`${words} is not reached by Tab`);
    };
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'Đến nội dung chính');
    await tabTo('Gửi phản ánh');
    assert.ok(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle !== 'none'), 'the focus is seen');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Ảnh hiện trường' }).waitFor();
    await tabTo('Tiếp tục');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Ở đâu?' }).waitFor();
    await page.getByLabel('Xã, phường').focus();
    await page.keyboard.type('Phường Tân Thành');
    await tabTo('Tiếp tục');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Việc gì?' }).waitFor();
    await page.getByLabel('An ninh trật tự').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await page.getByLabel('Kể ngắn gọn').focus();
    await page.keyboard.type('Ổ gà lớn giữa đường');
    await tabTo('Tiếp tục');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Xem lại và gửi' }).waitFor();
    await tabTo('Gửi phản ánh');
    await page.keyboard.press('Enter');
    await page.getByLabel('Số điện thoại của bạn').waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });
});

describe('weight', () => {
  test('the first load is at most 120 KiB compressed, and the map is no part of it', async () => {
    const { page, context } = await app.phone();
    const devtools = await context.newCDPSession(page);
    await devtools.send('Network.enable');
    const names = new Map();
    let bytes = 0;
    devtools.on('Network.responseReceived', ({ requestId, response }) => names.set(requestId, response.url));
    devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      const url = names.get(requestId) ?? '';
      if (new URL(url).pathname === '/' || url.includes('/assets/')) bytes += encodedDataLength;
    });
    await page.addInitScript(() => Object.defineProperty(navigator.serviceWorker, 'register', { value: () => new Promise(() => undefined) }));
    await page.goto(app.origin, { waitUntil: 'networkidle' });
    const map = [...names.values()].filter((url) => /\/map-/.test(url));
    console.log(`first load: ${(bytes / 1024).toFixed(1)} KiB of ${FIRST_LOAD_MAX / 1024}`);
    fs.writeFileSync(path.join(ROOT, 'out/web/first-load.txt'), `${bytes}\n`);
    assert.deepEqual(map, []);
    assert.ok(bytes > 5000 && bytes <= FIRST_LOAD_MAX, `${bytes} bytes`);
    await context.close();
  });
});

describe('foreign scripts', () => {
  test('do not run, whichever way they are brought in', async () => {
    const { page, context } = await app.phone();
    const reply = await page.goto(app.origin);
    const policy = reply.headers()['content-security-policy'];
    assert.ok(!/unsafe|\*/.test(policy), policy);
    await page.getByRole('heading', { name: 'Thấy việc chưa ổn?' }).waitFor();
    const ran = await page.evaluate(() => {
      const tried = [
        () => (document.body.innerHTML = '<img src=x onerror="window.hacked=1">'),
        () => document.head.append(Object.assign(document.createElement('script'), { textContent: 'window.hacked=2' })),
        () => document.head.append(Object.assign(document.createElement('script'), { src: 'https://evil.example/x.js' })),
        () => document.body.setAttribute('onclick', 'window.hacked=4'),
      ];
      return tried.map((attempt) => {
        try {
          attempt();
          return 'let in';
        } catch {
          return 'refused';
        }
      });
    });
    assert.deepEqual(ran, ['refused', 'refused', 'refused', 'refused']);
    assert.equal(await page.evaluate(() => window.hacked), undefined);
    await context.close();
  });
});

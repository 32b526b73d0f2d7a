/* The desk in a real browser, with a real (if virtual) authenticator, against the real tramd. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { advanceClock } from '../api/lib/people.mjs';
import { account, useDesk } from './lib/desk.mjs';

const desk = await useDesk();
const { browser, freshCode, origin, server, shot } = desk;

/* As the account's page, where the keys are. */
async function signIn(page, user) {
  await desk.signIn(page, user, '/desk/me');
  await page.locator('#keys-title').waitFor();
}

const signOut = async (page) => {
  await page.locator('.who summary').click();
  await page.locator('.menu').getByRole('button', { name: 'Đăng xuất' }).click();
  await page.locator('#sign-in').waitFor();
};

const byKey = (page) => page.getByRole('button', { name: 'Đăng nhập bằng khoá' }).click();

async function addKey(page, name) {
  await page.getByRole('button', { name: 'Thêm khoá' }).click();
  await page.locator('#key-name').fill(name);
  await page.getByRole('button', { name: 'Tiếp tục' }).click();
  await page.getByText(`Đã thêm khoá “${name}”.`).waitFor();
}

describe('the desk', () => {
  let mine; // the tab of the leader

  before(async () => {
    mine = await browser.tab();
  });

  test('signs in by password and code, says who I am, keeps nothing in the page', async () => {
    const { page, complaints } = mine;
    await page.goto(`${origin}/desk`);
    await page.locator('#passkey-hint').waitFor();
    await shot(page, 'sign-in-1280');
    await page.locator('#password-form [type=submit]').click();
    assert.equal(await page.locator('#user-error').innerText(), 'Hãy điền ô này.');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'user');
    await page.getByLabel('Tên đăng nhập').fill('leader.demo');
    await page.locator('#password').fill('wrong');
    await page.locator('#code').fill('123456');
    await page.locator('#password-form [type=submit]').click();
    await page.getByRole('alert').filter({ hasText: 'không đúng' }).waitFor();
    await signIn(page, 'leader.demo');
    assert.equal(await page.locator('#who-role').innerText(), 'Lãnh đạo');
    assert.ok((await page.locator('#who-agency').innerText()).length > 8, 'the agency by its name');
    await page.getByText('Bạn chưa có khoá nào.').waitFor();
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
    assert.deepEqual(await page.evaluate(() => Object.keys(sessionStorage)), []);
    assert.equal(await page.evaluate(() => document.cookie), '', 'no script sees the refresh token');
    assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1', 'a screen reader is told where it is');
    await shot(page, 'inside-empty-1280');
    assert.deepEqual(complaints, []);
  });

  test('adds a passkey, and signs in by it without a user name', async () => {
    const { page, keys, complaints } = mine;
    await addKey(page, 'Máy ở quầy');
    const [made] = await keys.list();
    assert.equal(made.isResidentCredential, true);
    assert.equal(made.rpId, 'localhost');
    await shot(page, 'inside-1280');
    await signOut(page);
    await page.getByText('Bạn đã đăng xuất.').waitFor();
    assert.deepEqual(await page.evaluate(() => Object.keys(sessionStorage)), []);
    await byKey(page);
    await page.locator('#inside').waitFor();
    await page.goto(`${origin}/desk/me`);
    await page.locator('#keys').getByText('Máy ở quầy').waitFor();
    assert.match(await page.locator('#keys').innerText(), /Máy ở quầy[\s\S]*dùng lần cuối/);
    assert.deepEqual(complaints, []);
  });

  test('a device that has a key of the account makes no second one', async () => {
    const { page, keys } = mine;
    await page.getByRole('button', { name: 'Thêm khoá' }).click();
    await page.locator('#key-name').fill('Hai lần');
    await page.getByRole('button', { name: 'Tiếp tục' }).click();
    await page.getByText('Thiết bị này đã có một khoá của tài khoản.').waitFor();
    assert.equal((await keys.list()).length, 1);
    assert.equal(await page.locator('dialog').count(), 0);
  });

  test('a reload goes on where it was; so does another tab, and both are left together', async () => {
    const { page, context } = mine;
    await page.reload();
    await page.locator('#inside').waitFor();
    const other = await context.newPage();
    await other.goto(`${origin}/desk`);
    await other.locator('#inside').waitFor();
    await signOut(other);
    await page.locator('#sign-in').waitFor();
    await other.close();
    await byKey(page);
    await page.locator('#inside').waitFor();
  });

  test('who shows neither finger nor face does not get in', async () => {
    const { page, keys } = mine;
    await signOut(page);
    await keys.verifies(false);
    await byKey(page);
    await page.getByText('bạn đã huỷ, hoặc thiết bị chờ quá lâu').waitFor();
    await keys.verifies(true);
    await byKey(page);
    await page.locator('#inside').waitFor();
  });

  test('a copy of the key that counts less is refused, and its owner is told', async () => {
    const { page, keys } = mine;
    const [key] = await keys.list();
    assert.ok(key.signCount > 1);
    const thief = await browser.tab();
    await thief.page.goto(`${origin}/desk`);
    await thief.page.locator('#sign-in').waitFor();
    await thief.keys.add({ ...key, signCount: 0 });
    await byKey(thief.page);
    await thief.page.getByText('Khoá đăng nhập không được chấp nhận').waitFor();
    await thief.context.close();
    await page.goto(`${origin}/desk/me`);
    await page.getByText('Có thể đã bị sao chép').waitFor();
    await shot(page, 'suspect-1280');
  });

  test('after ten minutes it asks who is there, and takes the key for it', async () => {
    const { page, complaints } = mine;
    await advanceClock(server, 11 * 60);
    await page.getByRole('button', { name: /^Đổi tên khoá/ }).click();
    await page.locator('#key-name').fill('Máy tính ở quầy');
    await page.getByRole('button', { name: 'Tiếp tục' }).click();
    await page.getByText('Đã đổi tên.').waitFor();
    await page.getByRole('button', { name: 'Thêm khoá' }).click();
    await page.locator('#confirm-password').waitFor();
    await shot(page, 'confirm-1280');
    await page.getByRole('button', { name: 'Xác nhận bằng khoá' }).click();
    await page.locator('#key-name').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    assert.deepEqual(complaints, []);
  });

  test('or password and code; then the key is removed, and no longer signs in', async () => {
    const { page } = mine;
    await advanceClock(server, 11 * 60);
    await page.getByRole('button', { name: /^Xoá khoá/ }).click();
    await shot(page, 'remove-1280');
    await page.locator('dialog').getByRole('button', { name: 'Xoá' }).click();
    await page.locator('#confirm-password').waitFor();
    await page.locator('#confirm-password').fill('wrong');
    await page.locator('#confirm-code').fill('123456');
    await page.getByRole('button', { name: 'Xác nhận', exact: true }).click();
    await page.locator('dialog [role=alert]').filter({ hasText: 'không đúng' }).waitFor();
    await page.locator('#confirm-password').fill(account('leader.demo').password);
    await page.locator('#confirm-code').fill(await freshCode('leader.demo'));
    await page.keyboard.press('Enter');
    await page.getByText('Đã xoá khoá “Máy tính ở quầy”.').waitFor();
    await signOut(page);
    await byKey(page);
    await page.getByText('Khoá đăng nhập không được chấp nhận').waitFor();
  });

  test('left idle it locks, keeps nothing of the account in the page, and opens by the key or the password', async () => {
    const { page, complaints } = await browser.tab();
    await signIn(page, 'officer.demo');
    await addKey(page, 'Máy ở quầy');
    await advanceClock(server, 17 * 60);
    await page.getByRole('button', { name: /^Đổi tên khoá/ }).click();
    await page.locator('#key-name').fill('Bỏ quên');
    await page.getByRole('button', { name: 'Tiếp tục' }).click();
    await page.getByRole('heading', { name: 'Phiên làm việc đã khoá' }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.id), 'locked-title');
    assert.match(await page.locator('#locked').innerText(), /Trần Quốc Huy/);
    assert.equal(await page.locator('#keys li').count(), 0);
    await shot(page, 'locked-1280');
    await page.locator('#unlock-password').fill('wrong');
    await page.getByRole('button', { name: 'Mở lại' }).click();
    await page.locator('#locked [role=alert]').filter({ hasText: 'không đúng' }).waitFor();
    await page.getByRole('button', { name: 'Mở bằng khoá đăng nhập' }).click();
    await page.locator('#keys').getByText('Máy ở quầy').waitFor();

    await advanceClock(server, 17 * 60);
    await page.reload();
    await page.getByRole('heading', { name: 'Phiên làm việc đã khoá' }).waitFor();
    await page.locator('#unlock-password').fill(account('officer.demo').password);
    await page.keyboard.press('Enter');
    await page.locator('#inside').waitFor();

    await advanceClock(server, 17 * 60);
    await page.reload();
    await page.getByRole('button', { name: 'Đăng nhập bằng tài khoản khác' }).click();
    await page.locator('#sign-in').waitFor();
    assert.deepEqual(await page.evaluate(() => Object.keys(sessionStorage)), []);
    assert.deepEqual(complaints, []);
  });

  test('in English by choice, which is kept; problems come in it too', async () => {
    const { page, complaints } = await browser.tab();
    await page.goto(`${origin}/desk`);
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
    await page.reload();
    await page.getByLabel('User name').fill('officer.demo');
    await page.locator('#password').fill('wrong');
    await page.locator('#password-form [type=submit]').click();
    await page.getByText('The code or password is wrong or has expired').waitFor();
    assert.deepEqual(complaints, []);
  });

  test('by keyboard alone, on a phone: everything is reached, nothing is cut off', async () => {
    const { page, complaints } = await browser.tab({ width: 390, height: 844 });
    await page.goto(`${origin}/desk`);
    await page.locator('#passkey-hint').waitFor();
    await shot(page, 'sign-in-390');
    const reached = [];
    for (let i = 0; i < 8; i++) {
      await page.keyboard.press('Tab');
      reached.push(await page.evaluate(() => document.activeElement.id || document.activeElement.className || document.activeElement.type));
    }
    assert.deepEqual(reached, ['skip', 'language', 'passkey-sign-in', 'user', 'password', 'peek', 'code', 'button main wide']);
    await page.locator('#user').focus();
    await page.keyboard.type('officer.demo');
    await page.keyboard.press('Tab');
    await page.keyboard.type(account('officer.demo').password);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.type(await freshCode('officer.demo'));
    await page.keyboard.press('Enter');
    await page.locator('#inside').waitFor();
    await page.goto(`${origin}/desk/me`);
    await addKey(page, 'Điện thoại có tên rất dài để xem nó xuống dòng ra sao');
    await shot(page, 'inside-390');
    for (const width of [320, 390, 768]) {
      await page.setViewportSize({ width, height: 844 });
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(over, 0, `${width} px wide`);
    }
    const small = await page.evaluate(() => [...document.querySelectorAll('button')].filter((b) => b.offsetParent && b.offsetHeight < 38).length);
    assert.equal(small, 0, 'buttons that a thumb hits');
    assert.deepEqual(complaints, []);
  });

  test('every control has a name, every field its label, ids are one of a kind', async () => {
    const { page } = await browser.tab();
    await page.goto(`${origin}/desk`);
    await page.locator('#sign-in').waitFor();
    const faults = await page.evaluate(() => {
      const wrong = [];
      for (const input of document.querySelectorAll('input')) if (!input.labels.length) wrong.push(`no label: ${input.id}`);
      for (const button of document.querySelectorAll('button')) if (!button.textContent.trim()) wrong.push(`no name: ${button.id}`);
      const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
      for (const id of new Set(ids)) if (ids.filter((one) => one === id).length > 1) wrong.push(`twice: ${id}`);
      for (const one of document.querySelectorAll('[aria-labelledby], [aria-describedby], [aria-controls]'))
        for (const name of ['aria-labelledby', 'aria-describedby', 'aria-controls'])
          for (const id of (one.getAttribute(name) ?? '').split(' ').filter(Boolean)) if (!document.getElementById(id)) wrong.push(`points nowhere: ${id}`);
      for (const one of document.querySelectorAll('[style], [onclick], script:not([src])')) wrong.push(`stands in the page: ${one.outerHTML.slice(0, 60)}`);
      return wrong;
    });
    assert.deepEqual(faults, []);
  });

  test('no script but its own runs, and nobody frames it', async () => {
    const { page } = await browser.tab();
    const reply = await page.goto(`${origin}/desk`);
    const policy = reply.headers()['content-security-policy'];
    for (const part of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"]) assert.ok(policy.includes(part), part);
    assert.ok(!/unsafe|\*/.test(policy));
    const ran = await page.evaluate(() => {
      const script = document.createElement('script');
      try {
        script.textContent = 'window.ran = true';
        document.head.append(script);
      } catch {
        return false; // trusted types
      }
      return window.ran === true;
    });
    assert.equal(ran, false);
  });
});

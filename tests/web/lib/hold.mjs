/*
 * What holds for every page of the app, whatever stands on it: nothing is wider than the screen, at both sizes and
 * in type of twice the size; nothing serious by axe; all that can be pressed is reached by Tab, and the focus is
 * seen; no stranger's words ran; no complaint. A picture is left at both sizes.
 *
 *   const hold = holder(page, complaints);
 *   await hold('organisation-members');
 */
import assert from 'node:assert/strict';
import { DESKTOP, PHONE, axe, shot, tooWide } from './app.mjs';

/* 200 % of the browser's zoom is half the width; large type is twice the size of the root. */
const ZOOMED = { width: 640, height: 512 };

/* In the page: what can be pressed or filled in now, and is not reached by Tab. */
function unreached(reached) {
  const inside = document.querySelector('dialog[open]') ?? document.querySelector('main');
  const isShown = (one) => one.checkVisibility() && !one.disabled && one.tabIndex >= 0;
  const isTurned = (one) => one.type === 'radio' && one.name && [...document.getElementsByName(one.name)].some((other) => reached.includes(other)); // one of a group is reached, arrows do the rest
  return [...inside.querySelectorAll('a[href], button, input, select, textarea, summary')].filter((one) => isShown(one) && !reached.includes(one) && !isTurned(one)).map((one) => one.outerHTML.slice(0, 120));
}

export async function byKeyboard(page, name) {
  await page.evaluate(() => {
    window.reached = [];
    window.unseen = [];
    const begin = document.querySelector('dialog[open]') ?? document.querySelector('main');
    begin.setAttribute('tabindex', '-1');
    begin.focus();
  });
  for (let i = 0; i < 120; i++) {
    await page.keyboard.press('Tab');
    const isBack = await page.evaluate(() => {
      const now = document.activeElement;
      const inside = document.querySelector('dialog[open]') ?? document.querySelector('main');
      if (!inside.contains(now)) return !document.querySelector('dialog[open]');
      if (window.reached.includes(now)) return now === window.reached[0] && window.reached.length > 1; // the parts of a date are one field
      window.reached.push(now);
      const marked = now.closest('.choice, .stars label') ?? now;
      if ([now, marked].every((one) => getComputedStyle(one).outlineStyle === 'none')) window.unseen.push(now.outerHTML.slice(0, 120));
      return false;
    });
    if (isBack) break;
  }
  assert.deepEqual(await page.evaluate(`(${unreached})(window.reached)`), [], `${name}: not reached by Tab`);
  assert.deepEqual(await page.evaluate('window.unseen'), [], `${name}: the focus is not seen`);
}

export function holder(page, complaints) {
  const narrow = async (what) => assert.deepEqual(await tooWide(page), [], `${what} is too wide`);
  return async function hold(name) {
    for (const size of [DESKTOP, ZOOMED, PHONE]) {
      await page.setViewportSize(size);
      await narrow(`${name} at ${size.width} px`);
      if (size === ZOOMED) continue;
      await shot(page, `${name}-${size.width}`, size === PHONE);
      assert.deepEqual(await axe(page), [], `${name} at ${size.width} px`);
    }
    await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
    await narrow(`${name} in large type`).finally(() => page.evaluate(() => (document.documentElement.style.fontSize = '')));
    await byKeyboard(page, name);
    assert.equal(await page.evaluate(() => window.hacked), undefined, `${name}: a stranger's words ran`);
    assert.deepEqual(complaints, []);
  };
}

/* The desk's first page: signing in, unlocking, who I am, my passkeys, signing out. */
import './desk.css';
import { Problem, askUnlock, call, callOpen, forgetTokens, hasSession, keepTokens, sessionIsLocked, sessionIsOver, unlock } from './api.mjs';
import { canPasskeys, faultWord, makeKey, useKey } from './passkey.mjs';
import { dateWord, roleWord, sayAll, switchLanguage, word } from './words.mjs';

const at = (id) => document.getElementById(id);
const DEVICE = 'Bàn làm việc trên web';

let me; // the account; undefined while nobody is signed in
let agencies = new Map(); // code -> names
let keys = [];
let passkeysWork = false; // here, in this browser, at this address

/* --- saying ------------------------------------------------------------------------------------ */

function say(id, text, bad = false) {
  const place = at(id);
  place.hidden = !text;
  place.classList.toggle('bad', bad);
  place.textContent = text ?? '';
}

/* Whatever went wrong, in words that a person can act on. */
const wordsOf = (error) => {
  const name = faultWord(error);
  if (name) return word(name);
  if (error instanceof Problem) return error.message;
  throw error;
};

/* Runs while the button cannot be pressed again. */
async function busy(button, work) {
  if (button.disabled) return;
  button.disabled = true;
  button.setAttribute('aria-busy', 'true');
  try {
    await work();
  } finally {
    button.disabled = false;
    button.removeAttribute('aria-busy');
  }
}

const HEADS = { 'sign-in': 'sign-in-title', locked: 'locked-title', inside: 'who-name' };

function show(view, focus = true) {
  for (const id of ['loading', ...Object.keys(HEADS)]) at(id).hidden = id !== view;
  at('sign-out').hidden = view !== 'inside';
  if (focus) at(HEADS[view]).focus();
}

/* Nothing of an account stays in the page. */
function clear() {
  me = undefined;
  keys = [];
  at('keys').replaceChildren();
  at('who-name').textContent = '';
  for (const dialog of document.querySelectorAll('dialog[open]')) dialog.close();
  for (const form of document.querySelectorAll('form')) form.reset();
  for (const id of ['password', 'unlock-password', 'confirm-password']) at(id).type = 'password';
}

function showSignIn(text, bad = false) {
  forgetTokens();
  clear();
  at('with-passkey').hidden = !passkeysWork;
  show('sign-in', text !== undefined);
  say('sign-in-notice', text, bad);
}

/* --- signing in -------------------------------------------------------------------------------- */

function markField(id, text) {
  const input = at(id);
  at(`${id}-error`).hidden = !text;
  at(`${id}-error`).textContent = text ?? '';
  if (text) input.setAttribute('aria-invalid', 'true');
  else input.removeAttribute('aria-invalid');
}

function checkFilled(ids) {
  const empty = ids.filter((id) => at(id).value.trim() === '');
  for (const id of ids) markField(id, empty.includes(id) ? word('needed') : undefined);
  if (empty.length) at(empty[0]).focus();
  return empty.length === 0;
}

/* Fields that the server names get its words; true if there were any. */
function markErrors(problem) {
  let marked = false;
  for (const { pointer, detail } of problem.errors ?? []) {
    const id = String(pointer).slice(1);
    if (!at(`${id}-error`)) continue;
    markField(id, detail);
    if (!marked) at(id).focus();
    marked = true;
  }
  return marked;
}

async function enter(tokens) {
  keepTokens(tokens);
  say('sign-in-notice');
  at('password-form').reset();
  await open();
}

async function signInByPassword(event) {
  event.preventDefault();
  markField('code');
  if (!checkFilled(['user', 'password'])) return;
  await busy(event.submitter ?? at('password-form').querySelector('[type=submit]'), async () => {
    say('sign-in-notice');
    const code = at('code').value.trim();
    try {
      await enter(await callOpen('POST', '/v1/auth/staff', { user: at('user').value.trim(), password: at('password').value, ...(code && { code }), device: DEVICE }));
    } catch (error) {
      const text = wordsOf(error);
      if (!markErrors(error)) say('sign-in-notice', text, true);
    }
  });
}

async function signInByKey() {
  await busy(at('passkey-sign-in'), async () => {
    say('sign-in-notice');
    try {
      const asked = await callOpen('POST', '/v1/auth/passkey/options');
      const credential = await useKey(asked.public_key);
      await enter(await callOpen('POST', '/v1/auth/passkey', { ticket: asked.ticket, credential, device: DEVICE }));
    } catch (error) {
      say('sign-in-notice', wordsOf(error), true);
    }
  });
}

async function signOut() {
  await busy(at('sign-out'), async () => {
    try {
      await call('POST', '/v1/auth/sign-out');
    } catch (error) {
      wordsOf(error); // the session is over, or ends by itself: this tab forgets it either way
    }
    showSignIn(word('signedOut'));
  });
}

/* --- a session that was left idle -------------------------------------------------------------- */

let lockedName; // of whose it is; undefined after a reload

function sayLocked() {
  at('locked-lead').textContent = lockedName ? word('lockedLeadOf', lockedName) : word('lockedLead');
}

function showLocked() {
  lockedName = me?.name;
  const keyless = me && keys.length === 0;
  clear();
  at('unlock-with-passkey').hidden = !passkeysWork || keyless;
  markField('unlock-password');
  say('locked-notice');
  sayLocked();
  show('locked');
}

/* What became of a session, where that is why something failed; false if it is not. */
function showLost(error) {
  if (sessionIsLocked(error)) showLocked();
  else if (sessionIsOver(error)) showSignIn(word('ended'));
  else return false;
  return true;
}

async function unlockBy(button, prove) {
  await busy(button, async () => {
    say('locked-notice');
    try {
      await unlock(await prove());
    } catch (error) {
      const text = wordsOf(error);
      if (sessionIsOver(error)) showSignIn(word('ended'));
      else say('locked-notice', error.status === 404 ? word('noKeyYet') : text, true);
      return;
    }
    at('unlock-form').reset();
    await open();
  });
}

const unlockByKey = () =>
  unlockBy(at('passkey-unlock'), async () => {
    const asked = await askUnlock();
    return { ticket: asked.ticket, credential: await useKey(asked.public_key) };
  });

function unlockByPassword(event) {
  event.preventDefault();
  if (checkFilled(['unlock-password'])) unlockBy(at('unlock-form').querySelector('[type=submit]'), () => ({ password: at('unlock-password').value }));
}

/* --- inside ------------------------------------------------------------------------------------ */

async function loadAgencies() {
  if (agencies.size) return;
  const list = await callOpen('GET', '/v1/agencies');
  agencies = new Map(list.items.map((one) => [one.code, one]));
}

function renderWho() {
  const agency = agencies.get(me.agency);
  at('who-name').textContent = me.name;
  at('who-title').textContent = me.title ?? '—';
  at('who-role').textContent = roleWord(me.role);
  at('who-agency').textContent = (document.documentElement.lang === 'en' && agency?.name_en) || agency?.name || me.agency || '—';
}

function renderKeys() {
  const rows = keys.map((key) => {
    const row = at('key-row').content.firstElementChild.cloneNode(true);
    const find = (name) => row.querySelector(`.${name}`);
    find('name').textContent = key.name;
    const facts = [word('made', dateWord(key.created_at)), key.used_at ? word('used', dateWord(key.used_at)) : word('neverUsed')];
    if (key.backed_up) facts.push(word('synced'));
    find('when').textContent = facts.join(' · ');
    find('warn').hidden = !key.suspect_at;
    find('warn').textContent = word('suspect');
    for (const act of ['rename', 'remove']) {
      find(act).textContent = word(act);
      find(act).setAttribute('aria-label', word(`${act}Of`, key.name));
    }
    find('rename').addEventListener('click', () => renameKey(key));
    find('remove').addEventListener('click', () => removeKey(key));
    return row;
  });
  at('keys').replaceChildren(...rows);
  at('keys-empty').hidden = keys.length > 0;
  at('add-key').hidden = !passkeysWork;
  at('keys-unable').hidden = passkeysWork;
}

async function loadKeys() {
  keys = (await call('GET', '/v1/me/passkeys')).items;
  renderKeys();
}

async function open() {
  try {
    me = await call('GET', '/v1/me');
    if (me.kind !== 'staff') return showSignIn(word('notStaff'), true);
    await Promise.all([loadAgencies(), loadKeys()]);
  } catch (error) {
    const text = wordsOf(error);
    if (!showLost(error)) showSignIn(text, true);
    return;
  }
  renderWho();
  say('keys-notice');
  show('inside');
}

/* --- dialogs ----------------------------------------------------------------------------------- */

/*
 * Opens a dialog. begin(finish) is called first and returns what is done when its form is sent;
 * finish(answer) ends it. null: closed without an answer.
 */
function ask(id, begin) {
  const dialog = at(id);
  const form = dialog.querySelector('form');
  return new Promise((resolve) => {
    let answer = null;
    const sent = begin((value) => {
      answer = value;
      dialog.close();
    });
    const onSubmit = (event) => {
      event.preventDefault();
      sent(event);
    };
    const onClose = () => {
      form.removeEventListener('submit', onSubmit);
      resolve(answer);
    };
    form.addEventListener('submit', onSubmit);
    dialog.addEventListener('close', onClose, { once: true });
    dialog.showModal();
  });
}

function askName(title, name) {
  at('name-title').textContent = word(title);
  at('key-name').value = name;
  markField('key-name');
  return ask('name-dialog', (finish) => () => checkFilled(['key-name']) && finish(at('key-name').value.trim()));
}

/* Who it is, shown once more; true once that was done. */
async function confirmAgain() {
  const byKey = at('confirm-passkey');
  const attempt = (button, finish, prove) =>
    busy(button, async () => {
      say('confirm-notice');
      try {
        await call('POST', '/v1/auth/confirm', await prove());
        finish(true);
      } catch (error) {
        const text = wordsOf(error);
        if (!showLost(error)) say('confirm-notice', text, true);
      }
    });
  const proveByKey = async () => {
    const asked = await call('POST', '/v1/auth/confirm/options');
    return { ticket: asked.ticket, credential: await useKey(asked.public_key) };
  };
  const proveByPassword = () => {
    const code = at('confirm-code').value.trim();
    return { password: at('confirm-password').value, ...(code && { code }) };
  };
  at('confirm-form').reset();
  say('confirm-notice');
  byKey.hidden = at('confirm-or').hidden = !passkeysWork || keys.length === 0;
  const confirmed = await ask('confirm-dialog', (finish) => {
    byKey.onclick = () => attempt(byKey, finish, proveByKey);
    return () => attempt(at('confirm-form').querySelector('[type=submit]'), finish, proveByPassword);
  });
  at('confirm-form').reset();
  return confirmed === true;
}

/* Does it; and once more after a confirmation, if it wants who it is to be fresh. null: given up. */
async function fresh(work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Problem) || error.slug !== 'fresh-sign-in-needed') throw error;
  }
  return (await confirmAgain()) ? work() : null;
}

/* --- my passkeys ------------------------------------------------------------------------------- */

/* Runs a change of the list and says what became of it. */
async function change(button, work) {
  await busy(button, async () => {
    say('keys-notice');
    try {
      const text = await work();
      if (text) say('keys-notice', text);
    } catch (error) {
      const text = wordsOf(error);
      if (!showLost(error)) say('keys-notice', text, true);
    }
  });
}

async function addKey() {
  await change(at('add-key'), async () => {
    const asked = await fresh(() => call('POST', '/v1/me/passkeys/options'));
    const name = asked && (await askName('newTitle', ''));
    if (!name) return null;
    const credential = await makeKey(asked.public_key);
    const made = await call('POST', '/v1/me/passkeys', { ticket: asked.ticket, credential, name });
    await loadKeys();
    return word('added', made.name);
  });
}

async function renameKey(key) {
  await change(at('add-key'), async () => {
    const name = await askName('renameTitle', key.name);
    if (!name || name === key.name) return null;
    await call('PATCH', `/v1/me/passkeys/${key.id}`, { name });
    await loadKeys();
    at('keys-title').focus();
    return word('renamed');
  });
}

async function removeKey(key) {
  await change(at('add-key'), async () => {
    at('remove-words').textContent = word('removeWords', key.name);
    if (!(await ask('remove-dialog', (finish) => () => finish(true)))) return null;
    if ((await fresh(async () => (await call('DELETE', `/v1/me/passkeys/${key.id}`)) ?? true)) === null) return null;
    await loadKeys();
    at('keys-title').focus();
    return word('removed', key.name);
  });
}

/* --- beginning --------------------------------------------------------------------------------- */

function sayEverything() {
  sayAll();
  const other = at('language');
  other.textContent = word('other');
  other.lang = document.documentElement.lang === 'vi' ? 'en' : 'vi';
  for (const button of document.querySelectorAll('[data-peek]')) button.textContent = word(at(button.dataset.peek).type === 'password' ? 'show' : 'hide');
  sayLocked();
  if (!me) return;
  renderWho();
  renderKeys();
}

function peek(button) {
  const input = at(button.dataset.peek);
  const shown = input.type === 'password';
  input.type = shown ? 'text' : 'password';
  button.setAttribute('aria-pressed', String(shown));
  button.textContent = word(shown ? 'hide' : 'show');
}

at('language').addEventListener('click', () => {
  switchLanguage();
  for (const id of ['sign-in-notice', 'locked-notice', 'keys-notice', 'confirm-notice']) say(id);
  sayEverything();
});
at('password-form').addEventListener('submit', signInByPassword);
at('passkey-sign-in').addEventListener('click', signInByKey);
at('unlock-form').addEventListener('submit', unlockByPassword);
at('passkey-unlock').addEventListener('click', unlockByKey);
at('other-account').addEventListener('click', () => showSignIn());
at('sign-out').addEventListener('click', signOut);
at('add-key').addEventListener('click', addKey);
for (const button of document.querySelectorAll('[data-close]')) button.addEventListener('click', () => button.closest('dialog').close());
for (const button of document.querySelectorAll('[data-peek]')) button.addEventListener('click', () => peek(button));

/* The server wants them at all, and for the domain that this page stands on. */
async function findPasskeys() {
  if (!canPasskeys()) return;
  try {
    const { on, rp_id: domain } = await callOpen('GET', '/v1/auth/passkey');
    passkeysWork = on && (location.hostname === domain || location.hostname.endsWith(`.${domain}`));
  } catch (error) {
    wordsOf(error); // a password still does
  }
}

sayEverything();
await findPasskeys();
if (hasSession()) await open();
else showSignIn();

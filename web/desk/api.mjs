/*
 * The interface, as this page calls it. The access token lives in memory, the refresh token in this tab
 * alone: closing the tab forgets both. Whatever is not a success is thrown as a Problem.
 */
import { language, word } from './words.mjs';

const KEPT = 'tram.desk.refresh';

let access;
let renewing; // one renewal at a time: a refresh token is used once

export class Problem extends Error {
  /* body: an RFC 9457 problem, in the language that was asked for. */
  constructor(status, body) {
    const fields = (body.errors ?? []).map((one) => one.detail).filter(Boolean);
    super(fields.length ? fields.join(' ') : (body.detail ?? body.title ?? word('offline')));
    this.status = status;
    this.slug = String(body.type ?? '').replace('/problems/', '');
    this.errors = body.errors ?? [];
  }
}

async function send(method, path, body, token) {
  const headers = { 'accept-language': language };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (token) headers.authorization = `Bearer ${token}`;
  let reply;
  try {
    /* No cookie is set or sent; but without them the browser would not heed Clear-Site-Data. */
    reply = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), cache: 'no-store', credentials: 'same-origin' });
  } catch {
    throw new Problem(0, { detail: word('offline') });
  }
  if (reply.status === 204) return null;
  const json = await reply.json().catch(() => ({}));
  if (!reply.ok) throw new Problem(reply.status, json);
  return json;
}

export function keepTokens(tokens) {
  access = tokens.access_token;
  sessionStorage.setItem(KEPT, tokens.refresh_token);
}

export function forgetTokens() {
  access = undefined;
  sessionStorage.removeItem(KEPT);
}

export const hasSession = () => access !== undefined || sessionStorage.getItem(KEPT) !== null;

function renew() {
  renewing ??= send('POST', '/v1/auth/refresh', { refresh_token: sessionStorage.getItem(KEPT) ?? '-' })
    .then(keepTokens)
    .finally(() => (renewing = undefined));
  return renewing;
}

const isStale = (problem) => problem instanceof Problem && problem.status === 401 && (problem.slug === 'token-invalid' || problem.slug === 'sign-in-needed');

/* In the session; a token that has expired is renewed once. */
export async function call(method, path, body) {
  if (!access) await renew();
  try {
    return await send(method, path, body, access);
  } catch (problem) {
    if (!isStale(problem)) throw problem;
  }
  await renew();
  return send(method, path, body, access);
}

/* As nobody in particular. */
export const callOpen = (method, path, body) => send(method, path, body);

/* Of the session that this tab keeps: what it is unlocked by. */
export const unlock = async (how) => keepTokens(await send('POST', '/v1/auth/unlock', { refresh_token: sessionStorage.getItem(KEPT) ?? '-', ...how }));
export const askUnlock = () => send('POST', '/v1/auth/unlock/options', { refresh_token: sessionStorage.getItem(KEPT) ?? '-' });

export const sessionIsOver = isStale;
export const sessionIsLocked = (problem) => problem instanceof Problem && problem.slug === 'session-locked';

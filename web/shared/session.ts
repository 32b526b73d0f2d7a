/*
 * Who is signed in. The access token is in this module's memory and lives minutes; the refresh token is an
 * HttpOnly cookie that /v1/auth alone is sent, only with the header below (see handlers/identity/auth_cookie.h). So
 * nothing that a stranger's script could carry away outlives the page.
 */
import type { Tokens } from '../api';
import { exchange, readProblem, useBearer } from './call';

const EARLY_MS = 30_000; // a token that ends so soon is renewed first

export interface Kept {
  get(): Promise<boolean>; // whether somebody signed in here, and not out again
  set(signedIn: boolean): Promise<void>;
  account?(id: string): Promise<void>; // whose tokens came last
}

let access: { token: string; until: number } | undefined;
let renewing: Promise<string | undefined> | undefined;
let kept: Kept;
let page: 'app' | 'desk';
const listeners = new Set<(signedIn: boolean) => void>();
const lockListeners = new Set<() => void>();

export const sessionHeaders = (): Record<string, string> => ({ 'tram-session': page });

export function onSession(listener: (signedIn: boolean) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/* Called when the session was left idle: it goes on once /v1/auth/unlock was shown who is there. */
export function onLocked(listener: () => void): () => void {
  lockListeners.add(listener);
  return () => void lockListeners.delete(listener);
}

/* Other tabs, and the worker, sign in and out too. */
const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('tram-session') : undefined;

function hear(signedIn: boolean): void {
  if (!signedIn) access = undefined;
  for (const listener of listeners) listener(signedIn);
}
channel?.addEventListener('message', (event: MessageEvent<{ page: string; signedIn: boolean }>) => event.data.page === page && hear(event.data.signedIn));

async function tell(signedIn: boolean): Promise<void> {
  await kept.set(signedIn);
  hear(signedIn);
  channel?.postMessage({ page, signedIn });
}

/* Whose token it is: its subject (RFC 9068), read and not checked, for the page trusts its server. */
export function accountOf(token: string): string {
  const claims = (token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/');
  return String((JSON.parse(atob(claims)) as { sub: unknown }).sub);
}

function take(tokens: Tokens): string {
  access = { token: tokens.access_token, until: Date.now() + tokens.expires_in * 1000 };
  void kept.account?.(accountOf(access.token));
  return access.token;
}

/* One tab at a time: a refresh token is used once. */
const alone = <T>(work: () => Promise<T>): Promise<T> => ('locks' in navigator ? (navigator.locks.request('tram-session', work) as Promise<T>) : work());

async function refresh(): Promise<string | undefined> {
  const reply = await exchange('/v1/auth/refresh', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json', ...sessionHeaders() } });
  if (reply.ok) return take((await reply.json()) as Tokens);
  const problem = await readProblem(reply);
  if (problem.passes) throw problem;
  access = undefined;
  if (problem.slug === 'session-locked') {
    for (const listener of lockListeners) listener();
    throw problem;
  }
  await tell(false);
  return undefined;
}

async function token(): Promise<string | undefined> {
  if (access && access.until - EARLY_MS > Date.now()) return access.token;
  if (!(await kept.get())) return undefined;
  renewing ??= alone(refresh).finally(() => (renewing = undefined));
  return renewing;
}

async function renew(old: string): Promise<string | undefined> {
  if (access?.token === old) access = undefined;
  return token();
}

export function beginSession(which: 'app' | 'desk', keep: Kept): void {
  page = which;
  kept = keep;
  useBearer({ token, renew });
}

export const isSignedIn = (): Promise<boolean> => kept.get();
export const accessToken = token;

export async function signedIn(tokens: Tokens): Promise<void> {
  take(tokens);
  await tell(true);
}

/* The page knows nobody any more; the session itself goes on where it is. */
export async function forgetSession(): Promise<void> {
  access = undefined;
  await tell(false);
}

/* The session ends here whatever the server says; it forgets the cookie if it can be reached. */
export async function signOut(): Promise<void> {
  const bearer = await token().catch(() => undefined);
  if (bearer) await exchange('/v1/auth/sign-out', { method: 'POST', headers: sessionHeaders() }, bearer);
  await tell(false);
}

/*
 * The API as the pages call it, typed by its own OpenAPI document. Whatever is not a success is thrown as a
 * Problem, whose message is words for people in the language that was asked for.
 */
import type { Deletes, Gets, Patches, Posts, Puts } from '../api';
import { language, say } from './words';

export class Problem extends Error {
  readonly status: number; // 0: no network
  readonly slug: string; // "not-found" of /problems/not-found
  readonly errors: Array<{ pointer: string; detail: string }>;
  readonly body: Record<string, unknown>;
  readonly retrySeconds: number | undefined;

  constructor(status: number, body: Record<string, unknown> = {}, retry?: string | null) {
    const errors = (body.errors ?? []) as Array<{ pointer: string; detail: string }>;
    const words = errors.map((one) => one.detail).filter(Boolean);
    super(words.length ? words.join(' ') : String(body.detail ?? body.title ?? say(status === 0 ? 'noNetwork' : 'somethingWrong')));
    this.status = status;
    this.slug = String(body.type ?? '').replace('/problems/', '');
    this.errors = errors;
    this.body = body;
    this.retrySeconds = retry ? Number(retry) || undefined : undefined;
  }

  /* Trying again later may help. */
  get passes(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export interface Extra {
  query?: Record<string, string | number | boolean | undefined>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}
export interface Answer<T> {
  data: T;
  headers: Headers;
}

/* How a request gets its access token: set by session.ts. */
interface Bearer {
  token(): Promise<string | undefined>;
  renew(old: string): Promise<string | undefined>;
}
let bearer: Bearer | undefined;
export const useBearer = (one: Bearer): void => void (bearer = one);

const fill = (path: string, params: Record<string, string>): string => path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));

export function address(path: string, params: Record<string, string> = {}, query: Extra['query'] = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return fill(path, params) + (search ? `?${search}` : '');
}

/* One exchange, without a word about who asks unless a token is given. */
export async function exchange(url: string, init: RequestInit, token?: string): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('accept-language', language());
  if (token) headers.set('authorization', `Bearer ${token}`);
  try {
    return await fetch(url, { cache: 'no-store', credentials: 'same-origin', ...init, headers });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Problem(0);
  }
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

export async function readProblem(reply: Response): Promise<Problem> {
  const text = await reply.text().catch(() => '');
  const plain = reply.headers.get('content-type')?.startsWith('text/plain'); // how tus is answered
  const body = plain ? { detail: text } : parsed(text);
  return new Problem(reply.status, body, reply.headers.get('retry-after'));
}

/* For whom it is asked, where that is not the caller: by default of what can be another's. A request may name
 * somebody itself, or nobody (""). */
let principal: string | undefined;
const ANOTHERS = /^\/v1\/(reports|dossiers|dossier-drafts|documents|complaints|media|uploads)(\/|\?|$)/;
export const actFor = (id: string | undefined): void => void (principal = id);

function forWhom(url: string, init: RequestInit): RequestInit {
  const headers = new Headers(init.headers);
  const said = headers.get('acting-for');
  if (said === '') headers.delete('acting-for');
  else if (said === null && principal && ANOTHERS.test(url)) headers.set('acting-for', principal);
  return { ...init, headers };
}

/* As whoever is signed in; a token that has expired is renewed once. */
export async function authorised(url: string, asked: RequestInit = {}): Promise<Response> {
  const init = forWhom(url, asked);
  const token = await bearer?.token();
  const reply = await exchange(url, init, token);
  if (reply.status !== 401 || !token || !bearer) return reply;
  const next = await bearer.renew(token);
  return next ? exchange(url, init, next) : reply;
}

async function send<T>(method: string, path: string, params: Record<string, string>, body: unknown, extra: Extra): Promise<Answer<T>> {
  const headers: Record<string, string> = { ...extra.headers };
  if (body !== undefined) headers['content-type'] = 'application/json';
  const init: RequestInit = { method, headers, body: body === undefined ? null : JSON.stringify(body), signal: extra.signal ?? null };
  const reply = await authorised(address(path, params, extra.query), init);
  if (!reply.ok) throw await readProblem(reply);
  const data = (reply.status === 204 ? null : await reply.json()) as T;
  return { data, headers: reply.headers };
}

type Params = Record<string, string>;

export const get = async <P extends keyof Gets>(path: P, params: Params = {}, query: Gets[P]['query'] = undefined as never, extra: Extra = {}): Promise<Gets[P]['reply']> =>
  (await send<Gets[P]['reply']>('GET', path, params, undefined, { ...extra, query: query as Extra['query'] })).data;

export const getWhole = <P extends keyof Gets>(path: P, params: Params = {}): Promise<Answer<Gets[P]['reply']>> => send('GET', path, params, undefined, {});

export const post = async <P extends keyof Posts>(path: P, params: Params, body: Posts[P]['body'], extra: Extra = {}): Promise<Posts[P]['reply']> =>
  (await send<Posts[P]['reply']>('POST', path, params, body, extra)).data;

export const put = <P extends keyof Puts>(path: P, params: Params, body: Puts[P]['body'], extra: Extra = {}): Promise<Answer<Puts[P]['reply']>> => send('PUT', path, params, body, extra);

export const patch = async <P extends keyof Patches>(path: P, params: Params, body: Patches[P]['body'], extra: Extra = {}): Promise<Patches[P]['reply']> =>
  (await send<Patches[P]['reply']>('PATCH', path, params, body, extra)).data;

export const remove = async <P extends keyof Deletes>(path: P, params: Params, extra: Extra = {}): Promise<void> => void (await send('DELETE', path, params, undefined, extra));

/* An Idempotency-Key that no other request has. */
export const freshKey = (): { 'idempotency-key': string } => ({ 'idempotency-key': crypto.randomUUID() });

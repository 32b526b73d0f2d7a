/*
 * What is kept on the phone: reports that are being written or wait to be sent, their pictures, and small
 * things that make the app work without a network (categories, communes, my lists as they were seen last).
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { OwnReportRow, ReportNewBody } from '../../api';

export interface DraftPhoto {
  id: string;
  width: number;
  height: number;
  size: number;
  upload?: string; // where it is sent to, /v1/uploads/{id}
  sent: number; // bytes that have arrived
  media?: string; // its id, once all has and it was found sound
  added?: boolean; // the report has it
  agencyOnly?: boolean; // offices alone may see it: it cannot be published
  lost?: boolean; // what had arrived was gone once: it was sent anew
  problem?: string; // why it was not taken, in words
  video?: { type: string; seconds: number }; // it is one; seconds 0: the phone cannot tell
  costs?: boolean; // a large video, which is to go over mobile data too
}

/* Following: the report is filed, photos of it are still to be sent. Adding: so too, and they wait until that is asked for. */
export type DraftState = 'writing' | 'waiting' | 'adding' | 'following' | 'refused' | 'filed';

/* Whom the app acts for (lib/acting.ts). */
export interface Principal {
  id: string;
  name: string;
}

export interface ReportDraft {
  id: string; // also its Idempotency-Key: made with the draft, so that it is never filed twice
  startedAt: number;
  changedAt: number;
  state: DraftState;
  category?: string;
  answers: Record<string, unknown>;
  text: string;
  point?: { lat: number; lon: number };
  commune?: string;
  address?: string;
  consent: boolean;
  emergency: boolean;
  photos: DraftPhoto[];
  by?: string; // the account that it is sent from; absent: nobody said yet that it is theirs
  for?: Principal; // for whom it is sent; absent: for who writes it
  body?: ReportNewBody; // what is sent, from the first attempt on: under one key only the same may go
  problem?: string; // why it was refused, in words
  number?: string; // once it is filed
  report?: string;
}

interface Schema extends DBSchema {
  drafts: { key: string; value: ReportDraft };
  files: { key: string; value: Blob };
  kept: { key: string; value: unknown };
}

let opened: Promise<IDBPDatabase<Schema>> | undefined;

function db(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>('tram', 1, {
    upgrade(store) {
      store.createObjectStore('drafts', { keyPath: 'id' });
      store.createObjectStore('files');
      store.createObjectStore('kept');
    },
    terminated: () => (opened = undefined),
  });
  return opened;
}

const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('tram-drafts') : undefined;
const listeners = new Set<() => void>();
channel?.addEventListener('message', () => listeners.forEach((listener) => listener()));

/* Called when a draft changed, in whichever tab or worker. */
export function onDrafts(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function told(): void {
  channel?.postMessage('changed');
  listeners.forEach((listener) => listener());
}

export const isFiled = (draft: ReportDraft): boolean => draft.state === 'filed' || draft.state === 'following';

/* Begun, and nothing said yet. */
export const isBlank = (draft: ReportDraft): boolean => !draft.text.trim() && !draft.category && draft.photos.length === 0;

/* To be sent, and written while nobody was signed in: it goes once somebody says that it is theirs. */
export const isUnclaimed = (draft: ReportDraft): boolean => draft.state === 'waiting' && !draft.by;

export const isUnsent = (photo: DraftPhoto): boolean => !photo.added && !photo.problem;

export const newDraft = (): ReportDraft => ({
  id: crypto.randomUUID(),
  startedAt: Date.now(),
  changedAt: Date.now(),
  state: 'writing',
  answers: {},
  text: '',
  consent: true,
  emergency: false,
  photos: [],
});

export const listDrafts = async (): Promise<ReportDraft[]> => (await (await db()).getAll('drafts')).sort((a, b) => b.changedAt - a.changedAt);
export const getDraft = async (id: string): Promise<ReportDraft | undefined> => (await db()).get('drafts', id);

export async function saveDraft(draft: ReportDraft): Promise<void> {
  await (await db()).put('drafts', { ...draft, changedAt: Date.now() });
  told();
}

/* Changes what is kept now; nothing if it was removed meanwhile. */
export async function changeDraft(id: string, change: (draft: ReportDraft) => void): Promise<ReportDraft | undefined> {
  const tx = (await db()).transaction('drafts', 'readwrite');
  const draft = await tx.store.get(id);
  if (draft) {
    change(draft);
    await tx.store.put(draft);
  }
  await tx.done;
  told();
  return draft;
}

export async function removeDraft(id: string): Promise<void> {
  const store = await db();
  const draft = await store.get('drafts', id);
  await Promise.all((draft?.photos ?? []).map((photo) => store.delete('files', photo.id)));
  await store.delete('drafts', id);
  told();
}

export const putFile = async (id: string, file: Blob): Promise<void> => void (await (await db()).put('files', file, id));
export const getFile = async (id: string): Promise<Blob | undefined> => (await db()).get('files', id);
export const removeFile = async (id: string): Promise<void> => (await db()).delete('files', id);

export const keep = async (key: string, value: unknown): Promise<void> => void (await (await db()).put('kept', value, key));
export const recall = async <T>(key: string): Promise<T | undefined> => (await (await db()).get('kept', key)) as T | undefined;
export const forget = async (key: string): Promise<void> => (await db()).delete('kept', key);

/* Who is signed in here, for pages and worker. */
export const appSession = {
  get: async (): Promise<boolean> => (await recall<boolean>('signedIn')) === true,
  set: (signedIn: boolean): Promise<void> => keep('signedIn', signedIn),
  account: (id: string): Promise<void> => keep('account', id),
};

/* What only whoever is signed in may see is not left to the next one. */
export async function forgetMine(): Promise<void> {
  await Promise.all(['reports', 'dossiers', 'notices', 'me', 'acting', 'step-up'].map(forget));
  for (const draft of await listDrafts()) if (draft.state === 'filed' || draft.state === 'adding') await removeDraft(draft.id);
}

/* As it was before it was to be sent; the next one does not send it in their own name. */
const reopened = (kept: ReportDraft): void => {
  kept.state = 'writing';
  delete kept.body;
  delete kept.by;
};

/* It was to be sent by another than who is signed in now. */
export const giveBack = (id: string, problem: string) => changeDraft(id, (kept) => void (reopened(kept), (kept.problem = problem)));

/* Whoever is signed in has looked at it, and sends it as their own. */
export async function claim(id: string): Promise<void> {
  const by = await recall<string>('account');
  await changeDraft(id, (kept) => {
    if (by && isUnclaimed(kept)) kept.by = by;
  });
}

/* Who signs out themselves leaves what waits as it is being written. */
export async function holdWaiting(): Promise<void> {
  for (const draft of await listDrafts()) if (draft.state === 'waiting') await changeDraft(draft.id, reopened);
}

/* What is sent of a draft at first: its photos follow. */
export function bodyOf(draft: ReportDraft): ReportNewBody {
  return {
    category: draft.category ?? '',
    text: draft.text.trim(),
    consent: draft.consent,
    awaited: draft.photos.length,
    ...(Object.keys(draft.answers).length > 0 && { answers: draft.answers }),
    ...(draft.point && { point: draft.point }),
    ...(draft.commune && { commune: draft.commune }),
    ...(draft.address && { address: draft.address }),
    ...(draft.emergency && { emergency: true }),
  };
}

export type MyReportRow = OwnReportRow;

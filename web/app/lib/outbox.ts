/*
 * Sending what waits, from the page or from the service worker, one at a time: photographs by tus, then the
 * report under the key that was made with its draft. Whatever breaks off goes on where it was; what was filed
 * already is answered with the same report.
 */
import type { OwnReport } from '../../api';
import { Problem, post } from '../../shared/call';
import { accessToken } from '../../shared/session';
import { bodyOf, changeDraft, getDraft, getFile, listDrafts, removeFile, type DraftPhoto, type ReportDraft } from './db';
import { sendFile } from '../../shared/tus';

export type Outcome = 'done' | 'later' | 'sign-in';

const setPhoto = (draft: string, photo: string, change: (one: DraftPhoto) => void) =>
  changeDraft(draft, (kept) => {
    const one = kept.photos.find(({ id }) => id === photo);
    if (one) change(one);
  });

async function sendPhoto(draft: ReportDraft, photo: DraftPhoto): Promise<void> {
  if (photo.media) return;
  const file = await getFile(photo.id);
  if (!file) {
    await changeDraft(draft.id, (kept) => void (kept.photos = kept.photos.filter(({ id }) => id !== photo.id)));
    return;
  }
  const media = await sendFile(file, `${photo.id}.jpg`, {
    upload: photo.upload,
    begun: async (upload) => void (await setPhoto(draft.id, photo.id, (one) => void ((one.upload = upload), (one.sent = 0)))),
    progress: async (sent) => void (await setPhoto(draft.id, photo.id, (one) => void (one.sent = sent))),
  });
  await setPhoto(draft.id, photo.id, (one) => void ((one.media = media), (one.sent = one.size)));
}

async function fileReport(id: string): Promise<void> {
  const draft = await getDraft(id);
  if (!draft) return;
  const report = (await post('/v1/reports', {}, bodyOf(draft), { headers: { 'idempotency-key': draft.id } })) as OwnReport;
  await changeDraft(id, (kept) => void ((kept.state = 'filed'), (kept.number = report.number ?? ''), (kept.report = report.id), delete kept.problem));
  await Promise.all(draft.photos.map((photo) => removeFile(photo.id)));
}

/* An upload that is gone is sent anew; anything else that will not pass is the sender's to mend. */
async function refused(draft: ReportDraft, problem: Problem): Promise<void> {
  const lostPhotos = problem.errors.filter((one) => one.pointer.startsWith('/photos'));
  await changeDraft(draft.id, (kept) => {
    kept.state = 'refused';
    kept.problem = problem.message;
    if (lostPhotos.length > 0 || problem.status === 410) for (const photo of kept.photos) (delete photo.upload, delete photo.media, (photo.sent = 0));
  });
}

async function sendDraft(draft: ReportDraft): Promise<Outcome> {
  try {
    for (const photo of draft.photos) await sendPhoto(draft, photo);
    await fileReport(draft.id);
    return 'done';
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.status === 401) return 'sign-in';
    if (error.passes) return 'later';
    await refused(draft, error);
    return 'done';
  }
}

async function sendAll(): Promise<Outcome> {
  const waiting = (await listDrafts()).filter((draft) => draft.state === 'waiting').reverse();
  if (waiting.length === 0) return 'done';
  try {
    if (!(await accessToken())) return 'sign-in';
  } catch (error) {
    if (error instanceof Problem) return 'later';
    throw error;
  }
  for (const draft of waiting) {
    const outcome = await sendDraft(draft);
    if (outcome !== 'done') return outcome;
  }
  return 'done';
}

/* Of all tabs and the worker one sends. */
export async function sendWaiting(): Promise<Outcome> {
  if (!('locks' in navigator)) return sendAll();
  return (await navigator.locks.request('tram-outbox', { ifAvailable: true }, async (lock) => (lock ? sendAll() : 'later'))) as Outcome;
}

interface SyncRegistration extends ServiceWorkerRegistration {
  sync?: { register(tag: string): Promise<void> };
}

/* Sends now; what cannot go now is sent by the browser when there is a network, where it can do that. */
export async function sendSoon(): Promise<Outcome> {
  const outcome = await sendWaiting();
  if (outcome === 'later' && 'serviceWorker' in navigator) {
    const registration = (await navigator.serviceWorker.getRegistration()) as SyncRegistration | undefined;
    await registration?.sync?.register('outbox').catch(() => undefined); // not allowed: it is sent when the app is opened
  }
  return outcome;
}

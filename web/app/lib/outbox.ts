/*
 * Sending what waits, from the page or from the service worker, one at a time: first every report, in a few
 * kilobytes and under the key that was made with its draft; then photographs by tus, each given to its report
 * when it has arrived and was found sound. Whatever breaks off goes on where it was; what was filed or given
 * already is answered as it was the first time.
 */
import type { OwnReport } from '../../api';
import { Problem, get, post } from '../../shared/call';
import { accessToken, accountOf } from '../../shared/session';
import { sayFrom } from '../../shared/words';
import { bodyOf, changeDraft, getDraft, getFile, giveBack, isUnclaimed, isUnsent, listDrafts, removeFile, type DraftPhoto, type ReportDraft } from './db';
import { sendFile } from '../../shared/tus';
import { waitsForNetwork } from './videos';

export type Outcome = 'done' | 'later' | 'sign-in';

const own = sayFrom({
  anothers: ['Phản ánh này chờ gửi bằng tài khoản khác. Nếu là của bạn, hãy xem lại rồi gửi.', 'This report waited to be sent from another account. If it is yours, look it through and send it.'],
  unreadable: ['Không đọc được tệp này nữa: trên máy tệp đã bị xoá hoặc bị sửa.', 'This file can be read no more: it was deleted or changed on this phone.'],
});

/* For whom it was sent, whoever the app acts for by now. */
const as = (draft: ReportDraft): { 'acting-for': string } => ({ 'acting-for': draft.for?.id ?? '' });

/* --- the report ------------------------------------------------------------------------------- */

async function fileReport(draft: ReportDraft): Promise<void> {
  const begun = await changeDraft(draft.id, (kept) => void (kept.body ??= bodyOf(kept)));
  if (!begun) return;
  const report = (await post('/v1/reports', {}, begun.body!, { headers: { 'idempotency-key': draft.id, ...as(begun) } })) as OwnReport;
  await changeDraft(draft.id, (kept) => {
    kept.state = kept.photos.length > 0 ? 'following' : 'filed';
    kept.number = report.number ?? '';
    kept.report = report.id;
    delete kept.problem;
  });
}

/* What will not pass is its writer's to mend; nothing was filed, so another body may go under the key. */
const refuse = (draft: ReportDraft, problem: Problem) =>
  changeDraft(draft.id, (kept) => {
    kept.state = 'refused';
    kept.problem = problem.message;
    delete kept.body;
  });

/* --- its photographs -------------------------------------------------------------------------- */

const setPhoto = (draft: string, photo: string, change: (one: DraftPhoto) => void) =>
  changeDraft(draft, (kept) => {
    const one = kept.photos.find(({ id }) => id === photo);
    if (one) change(one);
  });

/* What was chosen stays where it was on the phone, where its owner may delete or change it. */
const isReadable = (file: Blob): Promise<boolean> =>
  file.slice(0, 1).arrayBuffer().then(
    () => true,
    () => false,
  );

async function upload(draft: ReportDraft, photo: DraftPhoto): Promise<string | undefined> {
  if (photo.media) return photo.media;
  const file = await getFile(photo.id);
  if (!file) {
    await changeDraft(draft.id, (kept) => void (kept.photos = kept.photos.filter(({ id }) => id !== photo.id)));
    return undefined;
  }
  if (!(await isReadable(file))) {
    await setPhoto(draft.id, photo.id, (one) => void (one.problem = own('unreadable')));
    return undefined;
  }
  const steps = {
    upload: photo.upload,
    headers: as(draft),
    begun: async (at: string) => void (await setPhoto(draft.id, photo.id, (one) => void ((one.upload = at), (one.sent = 0)))),
    progress: async (sent: number) => void (await setPhoto(draft.id, photo.id, (one) => void (one.sent = sent))),
  };
  const media = await sendFile(file, photo.video ? 'video' : `${photo.id}.jpg`, steps, photo.video?.type);
  await setPhoto(draft.id, photo.id, (one) => void ((one.media = media), (one.sent = one.size)));
  return media;
}

/* The server keeps what no report took for a day: then it goes once more from the beginning. */
const lost = (photo: DraftPhoto, problem: Problem): boolean => !photo.lost && problem.errors.some((one) => one.pointer.startsWith('/photos'));

/* Why a video was found unsound since it arrived; undefined: it was not. */
async function unsound(draft: ReportDraft, media: string | undefined): Promise<string | undefined> {
  const found = media ? await get('/v1/media/{id}/state', { id: media }, undefined, { headers: as(draft) }).catch(() => undefined) : undefined;
  return found?.state === 'refused' ? found.words : undefined;
}

async function refusePhoto(draft: ReportDraft, photo: DraftPhoto, problem: Problem): Promise<void> {
  const why = photo.video && (await unsound(draft, (await getDraft(draft.id))?.photos.find(({ id }) => id === photo.id)?.media));
  await setPhoto(draft.id, photo.id, (one) => {
    delete one.upload;
    delete one.media;
    one.sent = 0;
    if (!why && lost(photo, problem)) one.lost = true;
    else one.problem = why || problem.message;
  });
}

async function sendPhoto(draft: ReportDraft, photo: DraftPhoto): Promise<void> {
  try {
    const media = await upload(draft, photo);
    if (!media) return;
    await post('/v1/reports/{id}/steps/{verb}', { id: draft.report!, verb: 'add' }, { photos: [media], ...(photo.agencyOnly && { agency_only: [media] }) }, { headers: { 'idempotency-key': photo.id, ...as(draft) } });
  } catch (error) {
    if (!(error instanceof Problem) || error.passes || [401, 404].includes(error.status)) throw error;
    return refusePhoto(draft, photo, error);
  }
  await setPhoto(draft.id, photo.id, (one) => void (one.added = true));
  await removeFile(photo.id);
}

/* Those that can not come are not waited for. */
async function forgoRest(draft: ReportDraft): Promise<void> {
  try {
    await post('/v1/reports/{id}/steps/{verb}', { id: draft.report!, verb: 'forgo' }, {}, { headers: { 'idempotency-key': `forgo-${draft.id}`, ...as(draft) } });
  } catch (error) {
    if (!(error instanceof Problem) || error.passes || error.status === 401) throw error; // else: nothing is awaited any more
  }
}

/* Videos last: they are large, and the rest says what it is about. */
const unsent = (draft: ReportDraft): DraftPhoto[] => draft.photos.filter(isUnsent).sort((a, b) => Number(Boolean(a.video)) - Number(Boolean(b.video)));
const sendable = (draft: ReportDraft): DraftPhoto | undefined => unsent(draft).find((photo) => !waitsForNetwork(photo));

/* From another account than filed it only if that has the report: it may be the same person's by now. */
async function sendPhotos(id: string, account: string): Promise<void> {
  let draft = await getDraft(id);
  if (draft && draft.by !== account) {
    await get('/v1/reports/{id}', { id: draft.report! }, undefined, { headers: as(draft) });
    draft = await changeDraft(id, (kept) => void (kept.by = account));
  }
  for (let next = draft && sendable(draft); draft && next; next = draft && sendable(draft)) {
    await sendPhoto(draft, next);
    draft = await getDraft(id);
  }
  if (!draft || draft.state !== 'following' || unsent(draft).length > 0) return;
  if (draft.photos.length < (draft.body?.awaited ?? 0) || draft.photos.some((photo) => photo.problem)) await forgoRest(draft);
  await changeDraft(id, (kept) => void (kept.state = 'filed'));
}

/* --- all of it -------------------------------------------------------------------------------- */

/* 404: it is another's than who is signed in now; theirs waits until they are. */
async function attempt(work: () => Promise<void>, refused: (problem: Problem) => Promise<unknown>): Promise<Outcome> {
  try {
    await work();
    return 'done';
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.status === 401) return 'sign-in';
    if (error.passes) return 'later';
    await refused(error);
    return 'done';
  }
}

async function sendAll(): Promise<Outcome> {
  const drafts = (await listDrafts()).reverse();
  const waiting = drafts.filter((draft) => draft.state === 'waiting' && !isUnclaimed(draft));
  if (waiting.length === 0 && !drafts.some((draft) => draft.state === 'following')) return 'done';
  if (!navigator.onLine) return 'later';
  let account: string;
  try {
    const token = await accessToken();
    if (!token) return 'sign-in';
    account = accountOf(token);
  } catch (error) {
    if (error instanceof Problem) return 'later';
    throw error;
  }
  for (const draft of waiting) {
    if (draft.by !== account) {
      await giveBack(draft.id, own('anothers'));
      continue;
    }
    const outcome = await attempt(() => fileReport(draft), (problem) => refuse(draft, problem));
    if (outcome !== 'done') return outcome;
  }
  for (const draft of (await listDrafts()).reverse().filter(({ state }) => state === 'following')) {
    const outcome = await attempt(() => sendPhotos(draft.id, account), async () => undefined);
    if (outcome !== 'done') return outcome;
  }
  return 'done';
}

interface SyncRegistration extends ServiceWorkerRegistration {
  sync?: { register(tag: string): Promise<void> };
}

/*
 * The browser goes on with it when this page is gone or the network returns, where it can do that. Each report
 * asks under a name of its own: one that failed before is tried again minutes later, and would hold up the others.
 */
async function askBrowser(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const registration = (await navigator.serviceWorker.getRegistration()) as SyncRegistration | undefined;
  for (const draft of await listDrafts()) {
    if ((draft.state === 'waiting' && !isUnclaimed(draft)) || draft.state === 'following') await registration?.sync?.register(`outbox ${draft.id}`).catch(() => undefined); // not allowed: it is sent when the app is opened
  }
}

/* Of all tabs and the worker one sends; work is what it does. */
const alone = (options: LockOptions, work: (isOurs: boolean) => Promise<Outcome>): Promise<Outcome> =>
  'locks' in navigator ? (navigator.locks.request('tram-outbox', options, (lock) => work(lock !== null)) as Promise<Outcome>) : work(true);

/* From a page, which is asked again later. */
export const sendSoon = (): Promise<Outcome> =>
  alone({ ifAvailable: true }, async (isOurs) => {
    await askBrowser();
    return isOurs ? sendAll() : 'later';
  });

/* From the worker, which waits for its turn: the page that has it may be closed in the middle. */
export const sendInTurn = (): Promise<Outcome> => alone({}, sendAll);

/* Photos of a report that is filed: those that are still on this phone, and more of them. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { OwnReport } from '../../api';
import { Button, Note } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';
import { changeDraft, isUnsent, listDrafts, onDrafts, removeDraft, saveDraft, newDraft, type DraftPhoto, type ReportDraft } from '../lib/db';
import { acting } from '../lib/acting';
import { sendNow } from '../lib/sender';
import { say } from '../lib/words';
import { PhotoGrid } from './photo-grid';
import { keepPhotos, PHOTOS_MAX } from './photo-step';
import { Progress } from './progress';

const own = sayFrom({
  title: ['Ảnh trên máy này', 'Photos on this phone'],
  awaited: ['Còn {0} ảnh chưa đến. Ảnh được gửi từ máy đã viết phản ánh; hãy mở ứng dụng ở máy đó khi có mạng.', '{0} photos have not arrived. They are sent from the phone that the report was written on; open the app there when there is a network.'],
  add: ['Thêm ảnh', 'Add photos'],
  stop: ['Không gửi ảnh còn lại', 'Do not send the rest'],
  send: ['Gửi ảnh đã chọn ({0})', 'Send what was chosen ({0})'],
  none: ['Bỏ chọn', 'Send none'],
  clear: ['Xoá ảnh không gửi được', 'Remove what was not taken'],
});

/* Drafts of this report whose photos are not all there. */
export function useUnsent(report: string): ReportDraft[] {
  const [drafts, set] = useState<ReportDraft[]>([]);
  useEffect(() => {
    const load = () => void listDrafts().then((all) => set(all.filter((one) => one.report === report && (one.state === 'following' || one.photos.some((photo) => photo.problem)))));
    load();
    return onDrafts(load);
  }, [report]);
  return drafts;
}

async function stop(draft: ReportDraft): Promise<void> {
  await changeDraft(draft.id, (kept) => void (kept.photos = kept.photos.filter((photo) => !isUnsent(photo))));
  await sendNow();
}

export function Unsent({ draft }: { draft: ReportDraft }) {
  return (
    <>
      <Progress draft={draft} />
      <div class="row">
        {draft.state === 'following' ? (
          <>
            <Button onClick={() => void sendNow()}>{say('again')}</Button>
            <Button look="quiet" onClick={() => void stop(draft)}>
              {own('stop')}
            </Button>
          </>
        ) : (
          <Button look="quiet" icon="trash" onClick={() => void removeDraft(draft.id)}>
            {own('clear')}
          </Button>
        )}
      </div>
    </>
  );
}

/* What was chosen for it and not sent yet: a draft of its own, so that a reload loses none. */
async function chosenFor(report: OwnReport): Promise<ReportDraft> {
  const kept = (await listDrafts()).find((one) => one.state === 'adding' && one.report === report.id);
  return kept ?? { ...newDraft(), state: 'adding', report: report.id, number: report.number ?? '', category: report.category ?? '', text: report.text ?? '', ...(acting.get() && { for: acting.get()! }) };
}

export function useChosen(report: string): DraftPhoto[] {
  const [photos, set] = useState<DraftPhoto[]>([]);
  useEffect(() => {
    const load = () => void listDrafts().then((all) => set(all.find((one) => one.state === 'adding' && one.report === report)?.photos ?? []));
    load();
    return onDrafts(load);
  }, [report]);
  return photos;
}

async function choose(report: OwnReport, photos: DraftPhoto[]): Promise<void> {
  const draft = await chosenFor(report);
  await (photos.length > 0 ? saveDraft({ ...draft, photos }) : removeDraft(draft.id));
}

export async function sendChosen(report: OwnReport): Promise<void> {
  const draft = await chosenFor(report);
  if (draft.photos.length === 0) return;
  await saveDraft({ ...draft, state: 'following' });
  await sendNow();
}

/* Choosing photos, covering them, keeping one for the agency: what happens before they are sent. */
export function ChoosePhotos({ report }: { report: OwnReport }) {
  const input = useRef<HTMLInputElement>(null);
  const photos = useChosen(report.id);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const add = async (files: File[]) => {
    setBusy(true);
    const before = (await chosenFor(report)).photos;
    const { photos: more, problem: trouble } = await keepPhotos(files, PHOTOS_MAX - before.length, undefined, before.some((one) => one.video));
    setProblem(trouble);
    if (more.length > 0) await choose(report, [...(await chosenFor(report)).photos, ...more]); // some may have been taken out meanwhile
    setBusy(false);
  };
  return (
    <>
      <input
        ref={input}
        class="sr"
        type="file"
        accept="image/*,video/mp4,video/quicktime,video/webm"
        multiple
        tabIndex={-1}
        aria-hidden="true"
        data-add
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = '';
          void add(files);
        }}
      />
      <Button icon="camera" busy={busy} onClick={() => input.current?.click()}>
        {own('add')}
      </Button>
      {problem && (
        <Note tone="bad" icon="warn" live>
          {problem}
        </Note>
      )}
      <PhotoGrid photos={photos} set={(next) => void choose(report, next)} />
    </>
  );
}

function AddPhotos({ report }: { report: OwnReport }) {
  const { length } = useChosen(report.id);
  return (
    <section class={length > 0 ? 'card' : 'stack'}>
      <ChoosePhotos report={report} />
      {length > 0 && (
        <div class="row">
          <Button look="main" onClick={() => void sendChosen(report)}>
            {own('send', length)}
          </Button>
          <Button look="quiet" onClick={() => void choose(report, [])}>
            {own('none')}
          </Button>
        </div>
      )}
    </section>
  );
}

export function OwnPhotos({ report }: { report: OwnReport }) {
  const drafts = useUnsent(report.id);
  const mayAdd = report.steps.some((step) => step.verb === 'add');
  const elsewhere = (report.awaited ?? 0) > 0 && drafts.length === 0;
  if (drafts.length === 0 && !mayAdd && !elsewhere) return null;
  return (
    <>
      {elsewhere && <Note tone="warn">{own('awaited', report.awaited ?? 0)}</Note>}
      {drafts.length > 0 && (
        <section class="card">
          <h2>{own('title')}</h2>
          {drafts.map((draft) => (
            <Unsent key={draft.id} draft={draft} />
          ))}
        </section>
      )}
      {mayAdd && <AddPhotos report={report} />}
    </>
  );
}

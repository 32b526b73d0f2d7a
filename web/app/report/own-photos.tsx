/* Photos of a report that is filed: those that are still on this phone, and more of them. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { OwnReport } from '../../api';
import { Button, Check, Note } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';
import { changeDraft, isUnsent, listDrafts, onDrafts, removeDraft, saveDraft, newDraft, type ReportDraft } from '../lib/db';
import { acting } from '../lib/acting';
import { sendNow } from '../lib/sender';
import { say } from '../lib/words';
import { keepPhotos, PHOTOS_MAX } from './photo-step';
import { Progress } from './progress';

const own = sayFrom({
  title: ['Ảnh trên máy này', 'Photos on this phone'],
  awaited: ['Còn {0} ảnh chưa đến. Ảnh được gửi từ máy đã viết phản ánh; hãy mở ứng dụng ở máy đó khi có mạng.', '{0} photos have not arrived. They are sent from the phone that the report was written on; open the app there when there is a network.'],
  add: ['Thêm ảnh', 'Add photos'],
  stop: ['Không gửi ảnh còn lại', 'Do not send the rest'],
  agencyOnly: ['Ảnh thêm chỉ cho cơ quan xem, không bao giờ công khai', 'What I add is for the agency only, never public'],
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

function AddPhotos({ report }: { report: OwnReport }) {
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [agencyOnly, setAgencyOnly] = useState(false);
  const add = async (files: File[]) => {
    setBusy(true);
    const { photos, problem: trouble } = await keepPhotos(files, PHOTOS_MAX);
    setProblem(trouble);
    if (photos.length > 0) await saveDraft({ ...newDraft(), state: 'following', report: report.id, number: report.number ?? '', category: report.category ?? '', text: report.text ?? '', photos: photos.map((one) => (agencyOnly ? { ...one, agencyOnly } : one)), ...(acting.get() && { for: acting.get()! }) });
    setBusy(false);
    await sendNow();
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
      <Check id="agency-only" checked={agencyOnly} onChange={setAgencyOnly}>
        {own('agencyOnly')}
      </Check>
      <Button icon="camera" busy={busy} onClick={() => input.current?.click()}>
        {own('add')}
      </Button>
      {problem && (
        <Note tone="bad" icon="warn" live>
          {problem}
        </Note>
      )}
    </>
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

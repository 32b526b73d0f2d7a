/*
 * Reporting: photographs, place, what it is, look through and send. Each touch is kept on the phone at once, so
 * that a call, a flat battery or no network loses nothing.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { sayFrom } from '../../shared/words';
import { useCatalogue } from '../lib/catalogue';
import { changeDraft, getDraft, isBlank, isFiled, listDrafts, newDraft, saveDraft, type ReportDraft } from '../lib/db';
import { go, type Where } from '../../shared/router';
import { say } from '../lib/words';
import { Button, Empty, Loading, Note, Title, ButtonLink, useFlow } from '../../shared/parts/ui';
import { PhotoStep } from '../report/photo-step';
import { PlaceStep } from '../report/place-step';
import { WhatStep } from '../report/what-step';
import { SendStep, useKept } from '../report/send-step';
import { faultsOf, type Faults } from '../report/faults';

const own = sayFrom({
  photos: ['Ảnh hiện trường', 'Photos'],
  place: ['Ở đâu?', 'Where is it?'],
  what: ['Việc gì?', 'What is it?'],
  send: ['Xem lại và gửi', 'Look through and send'],
  sent: ['Đã gửi', 'Sent'],
  step: ['Bước {0}/4', 'Step {0} of 4'],
  gone: ['Bản viết này không còn trên máy', 'This draft is no longer on this phone'],
  filedAlready: ['Phản ánh này đã gửi', 'This report has been sent'],
  see: ['Xem phản ánh', 'See it'],
  goOn: ['Bạn đang viết dở một phản ánh.', 'You have an unfinished report.'],
  goOnIt: ['Viết tiếp', 'Go on with it'],
  kept: ['Đã lưu trên máy', 'Kept on this phone'],
});

/* What changes, or how, from what is there by then: preparing a photo lasts, and others are covered meanwhile. */
export type Change = (change: Partial<ReportDraft> | ((now: ReportDraft) => Partial<ReportDraft>)) => void;
export interface StepProps {
  draft: ReportDraft;
  change: Change;
  faults: Faults;
}

const STEPS = ['photos', 'place', 'what', 'send'] as const;
type Step = (typeof STEPS)[number];
const shown = { photos: PhotoStep, place: PlaceStep, what: WhatStep, send: SendStep };

/* A new draft takes the place of "/app/report" among the addresses, so that going back does not make another. */
function Begin() {
  const [left, setLeft] = useState<ReportDraft | null>();
  const begin = async () => {
    const draft = newDraft();
    await saveDraft(draft);
    go(`/app/report/${draft.id}`, true);
  };
  useEffect(() => {
    listDrafts().then((drafts) => {
      const last = drafts.find((one) => one.state === 'writing' && !isBlank(one));
      const blank = drafts.find((one) => one.state === 'writing' && isBlank(one));
      if (last) setLeft(last);
      else if (blank) go(`/app/report/${blank.id}`, true);
      else void begin();
    }, begin);
  }, []);
  if (!left) return <Loading />;
  return (
    <>
      <Title>{say('report')}</Title>
      <Note tone="warn" icon="clock">
        {own('goOn')} {left.text && <q>{left.text.slice(0, 80)}</q>}
      </Note>
      <ButtonLink href={`/app/report/${left.id}`} look="main" wide>
        {own('goOnIt')}
      </ButtonLink>
      <Button wide onClick={() => void begin()}>
        {say('newReport')}
      </Button>
    </>
  );
}

function useDraft(id: string): { draft: ReportDraft | null | undefined; kept: boolean; change: Change } {
  const [draft, set] = useState<ReportDraft | null>();
  const [kept, setKept] = useState(false);
  const now = useRef<ReportDraft>();
  useEffect(() => {
    getDraft(id).then((found) => ((now.current = found), set(found ?? null)), () => set(null));
  }, [id]);
  const change: Change = (some) => {
    if (!now.current) return;
    const changed = typeof some === 'function' ? some(now.current) : some;
    now.current = { ...now.current, ...changed };
    set(now.current);
    setKept(false);
    void changeDraft(id, (one) => void Object.assign(one, changed, { changedAt: Date.now() })).then(() => setKept(true)); // the outbox may have changed the rest
  };
  return { draft, kept, change };
}

function Writing({ draft, kept, change, where }: { draft: ReportDraft; kept: boolean; change: Change; where: Where }) {
  useFlow();
  const catalogue = useCatalogue();
  const now = useKept(draft);
  const isSent = isFiled(now);
  const step = (STEPS.find((one) => one === where.parts[2]) ?? 'photos') as Step;
  const at = STEPS.indexOf(step);
  const [asked, ask] = useState<Partial<Record<Step, boolean>>>({});
  useEffect(() => ask({}), [draft.category]); // another category asks other things: nobody has passed over them yet
  const faults = faultsOf(draft, catalogue.data);
  const isAsked = step === 'send' || asked[step];
  const Shown = shown[step];
  /* What waits may be sent at any moment: to change it one takes it back first, where it waits. */
  const isQueued = now.state === 'waiting' && step !== 'send';
  useEffect(() => void (isQueued && go(`/app/report/${draft.id}/send`, true)), [isQueued]);
  const mine = Object.keys(faults).filter((key) => faults[key]!.step === step);
  const next = () => {
    if (mine.length > 0) {
      ask({ ...asked, [step]: true });
      requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-invalid=true], .error')?.closest<HTMLElement>('.field, fieldset, section')?.scrollIntoView({ block: 'center' }));
      return;
    }
    go(`/app/report/${draft.id}/${STEPS[at + 1]}`);
  };
  return (
    <>
      <div class="stack tight">
        {isSent ? (
          <Title key="sent" up="/app/mine">
            {own('sent')}
          </Title>
        ) : (
          <>
            <Title key={step} up={at > 0 ? `/app/report/${draft.id}/${STEPS[at - 1]}` : '/'}>
              {own(step)}
            </Title>
            <div class="steps" role="img" aria-label={own('step', at + 1)}>
              {STEPS.map((one, i) => (
                <span key={one} class={i <= at ? 'done' : ''} />
              ))}
            </div>
          </>
        )}
      </div>
      <Shown draft={draft} change={change} faults={isAsked ? faults : {}} />
      {step !== 'send' && (
        <div class="foot said">
          <p class="saved" role="status">
            {kept && own('kept')}
          </p>
          <Button look="main" onClick={next}>
            {say('next')}
          </Button>
        </div>
      )}
    </>
  );
}

export default function Report({ where }: { where: Where }) {
  const id = where.parts[1];
  if (!id) return <Begin />;
  return <Opened key={id} id={id} where={where} />;
}

function Opened({ id, where }: { id: string; where: Where }) {
  const { draft, kept, change } = useDraft(id);
  if (draft === undefined) return <Loading />;
  if (draft === null)
    return (
      <>
        <Title up="/">{say('report')}</Title>
        <Empty icon="search" title={own('gone')}>
          <ButtonLink href="/app/report">{say('newReport')}</ButtonLink>
        </Empty>
      </>
    );
  if (isFiled(draft) && where.parts[2] !== 'send')
    return (
      <>
        <Title up="/app/mine">{say('report')}</Title>
        <Empty icon="check" title={own('filedAlready')}>
          <ButtonLink href={`/app/reports/${draft.report}`}>{own('see')}</ButtonLink>
        </Empty>
      </>
    );
  return <Writing draft={draft} kept={kept} change={change} where={where} />;
}

/* The form of one step. What is typed survives a reload; what another officer changed meanwhile is not written over. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Problem, get } from '../../shared/call';
import { placed, placedWords } from '../../shared/faults';
import { Note } from '../../shared/parts/ui';
import type { Schema, Value } from '../../shared/schema';
import { sayFrom } from '../../shared/words';
import { useWriting } from '../lib/presence';
import { useUnsent } from '../lib/unsent';
import { ChangeLines } from '../parts/changed';
import { FormEnd } from '../parts/form-end';
import type { Entry } from '../parts/history';
import { say, stateWord } from '../words';
import { act, fieldsOf, type Acted, type Body, type Case, type Step } from './act';
import { PlainFields } from './fields';
import { Proof } from './proof';
import { PublishPhotos } from './publish';
import { WhichDemand } from './which-demand';

const own = sayFrom({
  conflict: ['Người khác vừa thay đổi việc này; chữ bạn viết vẫn còn đây. Hãy xem lại rồi gửi.', 'Somebody else has just changed this; your words are still here. Look again, then send.'],
  notNow: ['Bước này không còn làm được: nay là “{0}”.', 'This can no longer be done: it is now “{0}”.'],
  noPhoto: ['Hãy thêm ít nhất một ảnh.', 'Please add one photo at least.'],
  noResult: ['Hãy tải lên kết quả đã ký.', 'Please upload the signed result.'],
  noChoice: ['Hãy chọn một mục.', 'Please choose one.'],
  unknownNumber: ['Không có phản ánh mang mã này.', 'There is no report of this number.'],
});

export interface FormParts {
  body: Body;
  set: (next: Body) => void;
  fault: (field: string) => string | undefined;
  faults: (below: string) => Record<string, string>; // by their pointers below that one
  refusal: Problem | undefined; // why it was not taken when it was sent last
}
interface Props {
  of: Case;
  step: Step;
  onDone: (now: Acted) => void;
  onCancel: () => void;
  changed?: Entry[]; // by others, since it was looked at
  onConflict: () => void;
  send?: (body: Body) => Promise<Acted>; // otherwise it is posted as the step
  several?: string[]; // reports that it is sent for
  schema?: Schema | undefined; // of the form that some steps fill in again
  children?: (parts: FormParts) => ComponentChildren; // fields of this kind of case
}

/* With its heading, and as much of it as there is room for; where it moves beside the page, the page stays where it is read. */
function toSight(section: Element | null | undefined): void {
  const side = section?.closest('.case-side');
  if (!section || !side || getComputedStyle(side).overflowY === 'visible') section?.scrollIntoView({ block: 'start' });
  else side.scrollTop += section.getBoundingClientRect().top - side.getBoundingClientRect().top;
}

/* Of which what is wrong is said at the field, and there alone. */
const AT_FIELDS = new Set(['note', 'reason', 'agency', 'officer', 'minutes', 'days', 'amount', 'other', 'reference', 'photos']);

/* What is missing, in words of what one would do about it. */
const EMPTY: Record<string, 'noPhoto' | 'noResult' | 'noChoice'> = { photos: 'noPhoto', results: 'noResult', reason: 'noChoice', agency: 'noChoice', officer: 'noChoice', minutes: 'noChoice' };
function missing(name: string): string {
  const words = EMPTY[name];
  return words ? own(words) : say('needed');
}

const given = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : value !== undefined && String(value).trim() !== '');

/* A number as people know it becomes the id that the step wants. */
async function resolved(body: Body): Promise<Body> {
  if (!body.other) return body;
  return { ...body, other: (await get('/v1/desk/numbers/{number}', { number: body.other.trim() })).id };
}

const trimmed = (body: Body): Body => Object.fromEntries(Object.entries(body).filter(([name, value]) => given(value) || name === 'photos'));

/* The answer that the leader wanted changed, to be changed: nobody writes it, or sends its photos, twice. */
function sentBack(history: Entry[]): Body {
  const told = history.filter((one) => one.verb === 'answer' || one.verb === 'send_back');
  const answer = told.at(-1)?.verb === 'send_back' ? told.at(-2) : undefined;
  return answer ? { note: answer.note, photos: (answer.media ?? []).map((one) => one.id!) } : {};
}

/* What a form begins with, where it is known what is most likely meant. */
function beginningOf({ kind, of }: Case, { verb }: Step): Body {
  if (kind === 'report' && verb === 'publish') return { photos: (of.photos ?? []).filter((one) => one.public).map((one) => one.id!) };
  if (kind === 'dossier' && verb === 'pay' && of.owed > 0) return { amount: of.owed };
  if (kind === 'report' && verb === 'answer') return sentBack(of.history ?? []);
  return {};
}

export function ActForm({ of, step, onDone, onCancel, changed, onConflict, send, several, schema, children }: Props) {
  const first = beginningOf(of, step);
  const [body, keep] = useUnsent<Body>(`${of.kind}.${of.of.id}.${step.verb}`, first);
  const [faults, setFaults] = useState<Record<string, string>>({});
  const [said, setSaid] = useState<{ words: string; conflict?: boolean }>();
  const [refusal, setRefusal] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const set = (next: Body) => {
    if (Object.keys(faults).length) setFaults({});
    if (refusal) setRefusal(undefined); // it is being mended
    keep(next);
  };
  useWriting(Object.values(body).some(given));
  const fields = fieldsOf(step, of.kind);
  const looked = useRef<number | undefined>(of.of.revision); // what the officer saw when beginning; undefined: as it is now
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('input:not([hidden]), select, textarea, button')?.focus({ preventScroll: true });
    toSight(form.current?.closest('section'));
  }, []);
  useEffect(() => {
    if (Object.keys(faults).length) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [faults]);

  function fail(error: unknown): void {
    if (!(error instanceof Problem)) throw error;
    setRefusal(error);
    if (error.status === 412) {
      looked.current = undefined;
      setSaid({ words: own('conflict'), conflict: true });
      onConflict();
    } else if (error.slug === 'wrong-state') {
      setSaid({ words: error.body.detail ? error.message : own('notNow', stateWord(String(error.body.state ?? ''), of.kind)), conflict: true });
      onConflict();
    } else {
      const form = (body.form ?? {}) as Value;
      const errors = schema ? error.errors.map((one) => placed(one, schema, form)) : error.errors;
      const topOf = (pointer: string): string => pointer.split('/')[1]?.replace('media', 'photos') ?? '';
      const exact = errors.map((one) => [one.pointer, one.detail]); // and by the member on top
      setFaults(Object.fromEntries([...exact, ...errors.map((one) => [topOf(one.pointer), one.detail])]));
      const standsThere = errors.length > 0 && errors.every((one) => AT_FIELDS.has(topOf(one.pointer)) && fields.includes(topOf(one.pointer)));
      if (!standsThere) setSaid({ words: placedWords(error.errors, schema, form) ?? error.message });
    }
  }

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    setSaid(undefined);
    setRefusal(undefined);
    const stands = (name: string) => given(body[name as keyof Body]) || (name === 'components' && (given(body.fields) || given(body.form))); // papers, or answers of the form
    const empty = step.needs.filter((name) => !stands(name));
    setFaults(Object.fromEntries(empty.map((name) => [name, missing(name)])));
    if (empty.length) return;
    setBusy(true);
    try {
      const whole = trimmed(await resolved(body));
      const now = await (send ? send(whole) : act(of.kind, of.of.id, looked.current ?? of.of.revision, step.verb, whole));
      keep(undefined);
      onDone(now);
    } catch (error) {
      if (error instanceof Problem && error.status === 404 && body.other) setFaults({ other: own('unknownNumber') });
      else fail(error);
    } finally {
      setBusy(false);
    }
  }
  const cancel = () => {
    keep(undefined);
    onCancel();
  };
  const fault = (field: string) => faults[field];
  const below = (pointer: string) => Object.fromEntries(Object.entries(faults).flatMap(([at, words]) => (at.startsWith(`${pointer}/`) ? [[at.slice(pointer.length), words]] : [])));
  return (
    <form ref={form} class="stack act-form" noValidate aria-label={step.label} onSubmit={(event) => void submit(event)}>
      {of.kind === 'report' && step.verb === 'publish' && <PublishPhotos report={of.of} chosen={body.photos ?? []} set={(photos) => set({ ...body, photos })} />}
      {children?.({ body, set, fault, faults: below, refusal })}
      {step.verb === 'respond' && <WhichDemand demands={of.of.demands} history={of.of.history} chosen={body.demand} choose={(demand) => set({ ...body, demand })} />}
      <PlainFields fields={fields} kind={of.kind} step={step} value={body} set={set} fault={fault} reports={of.kind === 'report' ? (several ?? [of.of.id]) : []} />
      {fields.includes('photos') && step.verb !== 'publish' && <Proof ids={body.photos ?? []} set={(photos) => set({ ...body, photos })} error={faults.photos} needed={step.needs.includes('photos')} />}
      {said && (
        <Note tone="bad" live>
          <p>{said.words}</p>
          {said.conflict && changed && changed.length > 0 && <ChangeLines entries={changed} kind={of.kind} />}
        </Note>
      )}
      <FormEnd onLeave={cancel} busy={busy}>{step.label}</FormEnd>
    </form>
  );
}

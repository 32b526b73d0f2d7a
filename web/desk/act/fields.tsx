/* The fields of a step: which of them are shown is told by the step. */
import { useEffect, useRef } from 'preact/hooks';
import type { Agency, ReportOffers } from '../../api';
import { get } from '../../shared/call';
import { distance } from '../../shared/format';
import { Choices, Field } from '../../shared/parts/ui';
import { useLoaded } from '../../shared/store';
import { named, sayFrom } from '../../shared/words';
import { useCatalogue, useColleagues } from '../lib/catalogue';
import { roleWord, say, type Kind } from '../words';
import type { Body, Step } from './act';
import { phrasesOf, withPhrase } from './phrases';

const own = sayFrom({
  minutes: ['Thêm bao lâu', 'How much longer'],
  days: ['Hẹn thêm bao nhiêu ngày', 'How many days later'],
  daysHelp: ['Ngày làm việc, trừ khi thủ tục này tính theo ngày lịch.', 'Working days, unless this procedure counts by the calendar.'],
  answerDaysHelp: ['Từ 1 đến 30 ngày.', '1 to 30 days.'],
  answerDays: ['Phải trả lời trong mấy ngày làm việc', 'Working days for the answer'],
  amount: ['Số tiền (đồng)', 'Amount (đồng)'],
  receipt: ['Số biên lai', 'Receipt number'],
  tracking: ['Mã vận đơn', 'Tracking number'],
  other: ['Mã phản ánh đã có', 'Number of the earlier report'],
  otherHelp: ['Phản ánh gửi trước mà phản ánh này lặp lại, ví dụ PA-261128-0001.', 'The earlier one that this repeats, such as PA-261128-0001.'],
  offered: ['Gợi ý', 'Offered'],
  another: ['Cơ quan', 'Agency'],
  each: ['Mỗi phản ánh đến nơi được gợi ý', 'Each where it is offered'],
  eachHint: ['{0} cơ quan', '{0} agencies'],
  offeredFor: ['gợi ý cho {0} trong {1} phản ánh', 'offered for {0} of {1}'],
  rule: ['theo quy tắc phân phối', 'by the rules'],
  commune: ['của xã, phường này', 'of this commune'],
  near: ['gần nhất', 'nearest'],
  category: ['nhận lĩnh vực này ở nơi khác', 'takes such reports elsewhere'],
  cameBack: ['đã chuyển trả', 'sent it back'],
  departments: ['Sở, ngành', 'Departments'],
  communes: ['Xã, phường', 'Communes'],
  hours: ['{0} giờ', '{0} h'],
  daysOf: ['{0} ngày', '{0} d'],
  phrases: ['Câu viết sẵn', 'Ready phrases'],
});

type Offer = ReportOffers['items'][number];
const OFFERS_SHOWN = 5;
const NOTE_MAX = 1500;
const DEMANDS = new Set(['urge', 'direct', 'explain']); // in which the days are of who answers

export const offersOf = async (report: string): Promise<Offer[]> => (await get('/v1/reports/{id}/offers', { id: report })).items;
export const EACH_ITS_OWN = '*'; // of several: each goes where it is offered first

export interface FieldProps {
  step: Step;
  value: Body;
  set: (next: Body) => void;
  fault: (field: string) => string | undefined;
}

function Note({ step, value, set, fault, kind }: FieldProps & { kind: Kind }) {
  const id = `act-${step.verb}-note`;
  const note = value.note ?? '';
  const phrases = phrasesOf(step.verb, kind).filter((words) => !note.includes(words) && withPhrase(note, words).length <= NOTE_MAX);
  const put = (words: string) => {
    set({ ...value, note: withPhrase(note, words) });
    document.getElementById(id)?.focus();
  };
  return (
    <div class="stack tight">
      <Field id={id} label={say('note')} optional={!step.needs.includes('note')} error={fault('note')}>
        {(named) => <textarea {...named} rows={4} maxLength={NOTE_MAX} value={note} onInput={(event) => set({ ...value, note: event.currentTarget.value })} />}
      </Field>
      {phrases.length > 0 && (
        <div class="row" role="group" aria-label={own('phrases')}>
          {phrases.map((words) => (
            <button key={words} type="button" class="phrase" onClick={() => put(words)}>
              {words}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

function Reason({ step, value, set, fault }: FieldProps) {
  return (
    <Field id={`act-${step.verb}-reason`} label={say('reason')} error={fault('reason')}>
      {(named) => (
        <select {...named} value={value.reason ?? ''} onChange={(event) => set({ ...value, reason: event.currentTarget.value })}>
          <option value="">{say('choose')}</option>
          {step.reasons?.map((one) => (
            <option key={one.code} value={one.code}>
              {one.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

const Options = ({ of }: { of: Agency[] }) => (
  <>
    {of.map((one) => (
      <option key={one.code} value={one.code}>
        {named(one)}
      </option>
    ))}
  </>
);

const offerHint = (one: Offer): string => [own(one.why), one.distance_m !== undefined && one.why === 'near' && distance(one.distance_m), one.came_back && own('cameBack')].filter(Boolean).join(' · ');

type Choice = readonly [agency: string, name: string, hint: string];

/* Of several reports: each to its own, if each has one; then those that are offered most often. */
async function choicesOf(reports: string[]): Promise<Choice[]> {
  const all = await Promise.all(reports.map(offersOf));
  if (all.length < 2) return (all[0] ?? []).slice(0, OFFERS_SHOWN).map((one) => [one.agency, one.name, offerHint(one)]);
  const firsts = new Map<string, { name: string; n: number }>();
  for (const [first] of all) if (first) firsts.set(first.agency, { name: first.name, n: (firsts.get(first.agency)?.n ?? 0) + 1 });
  const often = [...firsts].sort((a, b) => b[1].n - a[1].n).map(([agency, { name, n }]): Choice => [agency, name, own('offeredFor', n, all.length)]);
  const each: Choice[] = firsts.size > 1 && all.every((offers) => offers.length > 0) ? [[EACH_ITS_OWN, own('each'), own('eachHint', firsts.size)]] : [];
  return [...each, ...often.slice(0, OFFERS_SHOWN)];
}

/* Those that are likely, in one click; below them all there are. */
function AgencyField({ step, value, set, fault, reports }: FieldProps & { reports: string[] }) {
  const agencies = (useCatalogue().data?.agencies ?? []).filter((one) => one.active && one.kind !== 'dispatcher');
  const offers = useLoaded(() => choicesOf(reports), `offers ${reports.join()}`).data ?? [];
  const choose = (agency: string) => set({ ...value, agency });
  const field = useRef<HTMLDivElement>(null);
  const offered = offers.length > 0;
  useEffect(() => { // they come after the form, which has put the keyboard into the long list
    if (offered && document.activeElement?.id === `act-${step.verb}-agency` && !value.agency) field.current?.querySelector('input')?.focus();
  }, [offered]);
  const groups: Array<[string, Agency[]]> = [
    [own('departments'), agencies.filter((one) => one.kind === 'department')],
    [own('communes'), agencies.filter((one) => one.kind === 'commune')],
  ];
  return (
    <div ref={field} class="stack tight">
      {offered && <Choices compact name={`act-${step.verb}-offer`} legend={own('offered')} options={offers} value={value.agency} onChange={choose} />}
      <Field id={`act-${step.verb}-agency`} label={offered ? own('another') : say('agency')} error={fault('agency')}>
        {(labelled) => (
          <select {...labelled} value={value.agency === EACH_ITS_OWN ? '' : (value.agency ?? '')} onChange={(event) => choose(event.currentTarget.value)}>
            <option value="">{say('choose')}</option>
            {groups
              .filter(([, list]) => list.length > 0)
              .map(([label, list]) => (
                <optgroup key={label} label={label}>
                  <Options of={list} />
                </optgroup>
              ))}
          </select>
        )}
      </Field>
    </div>
  );
}

function Officer({ step, value, set, fault }: FieldProps) {
  const people = (useColleagues().data ?? []).filter((one) => one.role === 'officer' || one.role === 'leader');
  return (
    <Field id={`act-${step.verb}-officer`} label={say('officer')} error={fault('officer')}>
      {(labelled) => (
        <select {...labelled} value={value.officer ?? ''} onChange={(event) => set({ ...value, officer: event.currentTarget.value })}>
          <option value="">{say('choose')}</option>
          {people.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name} · {one.title ?? roleWord(one.role)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

const SPANS = [60, 120, 240, 480, 1440, 2880, 4320, 7200];
const spanWords = (minutes: number): string => (minutes < 1440 ? own('hours', minutes / 60) : own('daysOf', minutes / 1440));

function Minutes({ step, value, set, fault }: FieldProps) {
  return (
    <Field id={`act-${step.verb}-minutes`} label={own('minutes')} error={fault('minutes')}>
      {(labelled) => (
        <select {...labelled} value={value.minutes ?? ''} onChange={(event) => set({ ...value, minutes: Number(event.currentTarget.value) || undefined })}>
          <option value="">{say('choose')}</option>
          {SPANS.map((one) => (
            <option key={one} value={one}>
              {spanWords(one)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function NumberField({ name, step, value, set, fault }: FieldProps & { name: 'amount' | 'days' }) {
  const [label, help] = name === 'amount' ? (['amount', undefined] as const) : DEMANDS.has(step.verb) ? (['answerDays', 'answerDaysHelp'] as const) : (['days', 'daysHelp'] as const);
  return (
    <Field id={`act-${step.verb}-${name}`} label={own(label)} help={help && own(help)} error={fault(name)}>
      {(labelled) => <input {...labelled} type="number" min={1} step={1} inputMode="numeric" value={value[name] ?? ''} onInput={(event) => set({ ...value, [name]: event.currentTarget.value === '' ? undefined : Math.round(Number(event.currentTarget.value)) })} />}
    </Field>
  );
}

function TextField({ name, step, value, set, fault }: FieldProps & { name: 'other' | 'reference' }) {
  return (
    <Field id={`act-${step.verb}-${name}`} label={own(name === 'other' ? name : step.verb === 'post' ? 'tracking' : 'receipt')} help={name === 'other' ? own('otherHelp') : undefined} optional={!step.needs.includes(name)} error={fault(name)}>
      {(labelled) => <input {...labelled} type="text" maxLength={80} value={value[name] ?? ''} onInput={(event) => set({ ...value, [name]: event.currentTarget.value })} />}
    </Field>
  );
}

/* Fields in the order in which one thinks: to whom, why, how much, and in words. */
export function PlainFields({ fields, kind, reports, ...rest }: FieldProps & { fields: string[]; kind: Kind; reports: string[] }) {
  const has = (name: string) => fields.includes(name);
  return (
    <>
      {has('reason') && <Reason {...rest} />}
      {has('agency') && <AgencyField {...rest} reports={reports} />}
      {has('officer') && <Officer {...rest} />}
      {has('minutes') && <Minutes {...rest} />}
      {has('days') && <NumberField {...rest} name="days" />}
      {has('amount') && <NumberField {...rest} name="amount" />}
      {has('other') && <TextField {...rest} name="other" />}
      {has('reference') && <TextField {...rest} name="reference" />}
      {has('note') && <Note {...rest} kind={kind} />}
    </>
  );
}

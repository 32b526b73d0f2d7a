/* What a person signed on paper at the desk: a consent, or that it is taken back. It goes into their ledger, and they are told. */
import { useState } from 'preact/hooks';
import type { ConsentPurposes } from '../../api';
import { get, post } from '../../shared/call';
import { Choices, Failed, Field, Loading, Note } from '../../shared/parts/ui';
import { useLoaded } from '../../shared/store';
import { language, sayFrom } from '../../shared/words';
import { CardField, cardIn, nobodyHas, orNobody } from '../counter/card-field';
import { useSending } from '../lib/sending';
import { FormEnd } from '../parts/form-end';
import { say } from '../words';

const own = sayFrom({
  title: ['Ghi nhận đồng ý ký trên giấy', 'Record a consent signed on paper'],
  lead: ['Người dân ký trên giấy tại quầy; cơ quan giữ tờ giấy ấy. Họ được báo ngay, và rút lại được bất cứ lúc nào.', 'The person signs on paper at the desk, and the office keeps that paper. They are told at once, and may take it back at any time.'],
  purpose: ['Về việc gì', 'About what'],
  words: ['Nội dung trên giấy phải đúng như sau:', 'The words on the paper must be these:'],
  given: ['Người dân', 'The person'],
  yes: ['Đồng ý', 'Consents'],
  no: ['Rút lại đồng ý', 'Takes it back'],
  report: ['Mã phản ánh', 'Number of the report'],
  reportHelp: ['Phản ánh cơ quan bạn đang giữ.', 'One that your agency has.'],
  noReport: ['Không có phản ánh mang mã này.', 'There is no report with this number.'],
  note: ['Giấy lưu ở đâu', 'Where the paper is kept'],
  noteHelp: ['Ví dụ: Phiếu đồng ý số 12, tập 2026-11. Người dân đọc được.', 'Such as: sheet 12, volume 2026-11. The person reads it.'],
  short: ['Ít nhất 5 ký tự.', 'At least 5 characters.'],
  send: ['Ghi nhận', 'Record it'],
  done: ['Đã ghi vào sổ đồng ý của người dân; họ đã được báo.', 'It stands in their ledger of consents, and they were told.'],
});

type Purpose = ConsentPurposes['items'][number];
type Typed = { purpose: string; given: 'yes' | 'no' | undefined; report: string; card: string; note: string };

/* By its number, as it stands on a receipt or in the list. */
const reportOf = async (number: string): Promise<string | undefined> => (await orNobody(() => get('/v1/desk/numbers/{number}', { number: number.trim() })))?.id;

function wrongOf(typed: Typed, purpose: Purpose | undefined): Record<string, string> {
  const note = typed.note.trim();
  return {
    ...(!purpose && { purpose: say('needed') }),
    ...(!typed.given && { given: say('needed') }),
    ...(purpose?.of_report ? !typed.report.trim() && { report: say('needed') } : !typed.card.trim() && { card: say('needed') }),
    ...(note.length < 5 && { note: note ? own('short') : say('needed') }),
  };
}

function Form({ purposes, number }: { purposes: Purpose[]; number: string }) {
  const blank: Typed = { purpose: number ? (purposes.find((one) => one.of_report)?.purpose ?? '') : '', given: undefined, report: number, card: '', note: '' };
  const [typed, set] = useState(blank);
  const [done, setDone] = useState(false);
  const sending = useSending();
  const purpose = purposes.find((one) => one.purpose === typed.purpose);
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    setDone(false);
    const wrong = wrongOf(typed, purpose);
    if (Object.keys(wrong).length) return sending.wrong(wrong);
    let unknown: Record<string, string> | undefined;
    void sending
      .run(async () => {
        const report = purpose!.of_report ? await reportOf(typed.report) : undefined;
        if (purpose!.of_report && !report) return void (unknown = { report: own('noReport') });
        const { version, language: written } = purpose!;
        const recorded = await orNobody(() => post('/v1/desk/consents', {}, { purpose: typed.purpose, version, language: written, given: typed.given === 'yes', note: typed.note.trim(), ...(report && { report }), ...(typed.card.trim() && { card: cardIn(typed.card) }) }));
        if (!recorded) return void (unknown = nobodyHas());
        set({ ...blank, report: '' });
        setDone(true);
      })
      .then(() => unknown && sending.wrong(unknown));
  };
  return (
    <form class="card narrow-page" noValidate onInput={sending.edited} onSubmit={send} aria-labelledby="consent-title">
      <h2 id="consent-title">{own('title')}</h2>
      <p class="soft">{own('lead')}</p>
      <Field id="consent-purpose" label={own('purpose')} error={sending.fault('purpose')}>
        {(labelled) => (
          <select {...labelled} value={typed.purpose} onChange={(event) => set({ ...typed, purpose: event.currentTarget.value })}>
            <option value="">{say('choose')}</option>
            {purposes.map((one) => (
              <option key={one.purpose} value={one.purpose}>
                {one.title}
              </option>
            ))}
          </select>
        )}
      </Field>
      {purpose && (
        <div class="stack tight">
          <p class="small soft">{own('words')}</p>
          <blockquote class="lines said" lang={purpose.language}>
            {purpose.text}
          </blockquote>
        </div>
      )}
      <Choices compact name="consent-given" legend={own('given')} options={[['yes', own('yes')], ['no', own('no')]]} value={typed.given} onChange={(given) => set({ ...typed, given })} error={sending.fault('given')} />
      {purpose?.of_report && (
        <Field id="consent-report" label={own('report')} help={own('reportHelp')} error={sending.fault('report')}>
          {(labelled) => <input {...labelled} type="text" maxLength={40} autoComplete="off" value={typed.report} onInput={(event) => set({ ...typed, report: event.currentTarget.value })} />}
        </Field>
      )}
      <CardField id="consent-card" value={typed.card} set={(card) => set({ ...typed, card })} error={sending.fault('card')} optional={Boolean(purpose?.of_report)} />
      <Field id="consent-note" label={own('note')} help={own('noteHelp')} error={sending.fault('note')}>
        {(labelled) => <textarea {...labelled} rows={2} maxLength={200} value={typed.note} onInput={(event) => set({ ...typed, note: event.currentTarget.value })} />}
      </Field>
      {done && (
        <Note tone="good" icon="check" live>
          {own('done')}
        </Note>
      )}
      {sending.words && (
        <Note tone="bad" live>
          {sending.words}
        </Note>
      )}
      <FormEnd onLeave={() => (set(blank), setDone(false), sending.wrong({}))} busy={sending.busy}>
        {own('send')}
      </FormEnd>
    </form>
  );
}

export function PaperConsent({ number }: { number: string }) {
  const found = useLoaded(async () => (await get('/v1/consents/purposes')).items.filter((one) => !one.of_dossier), `consent purposes ${language()}`);
  if (found.error) return <Failed error={found.error} again={found.again} />;
  return found.data ? <Form key={number} purposes={found.data} number={number} /> : <Loading />;
}

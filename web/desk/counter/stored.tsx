/* Papers of the document store, for who stands at the counter: opened by a code that they read out, or a slip that they sign. */
import { useState } from 'preact/hooks';
import type { DeskDossierNewBody, ProcedureDetail } from '../../api';
import { post } from '../../shared/call';
import { dateOf, timeOf } from '../../shared/format';
import { Button, Check, Field, Note } from '../../shared/parts/ui';
import { useLoaded } from '../../shared/store';
import { named, sayFrom } from '../../shared/words';
import { useSending } from '../lib/sending';
import { say } from '../words';

const own = sayFrom({
  title: ['Giấy tờ đã có trong kho', 'Papers of their store'],
  lead: ['Người dân cho phép thì giấy tờ đã nộp trước đây được dùng lại, không phải nộp nữa.', 'With their permission what was given before serves again.'],
  send: ['Gửi mã đến điện thoại của họ', 'Send a code to their telephone'],
  slip: ['Họ ký phiếu đồng ý', 'They sign a slip'],
  code: ['Mã họ đọc từ tin nhắn (số cuối {0})', 'The code that they read (number ends in {0})'],
  note: ['Phiếu đã ký được lưu ở đâu', 'Where the signed slip is kept'],
  noteHelp: ['Ví dụ: sổ lưu quầy 3, tờ 128. Người dân được báo.', 'Such as: file of counter 3, sheet 128. They are told.'],
  open: ['Mở kho giấy tờ', 'Open the store'],
  filing: ['Nộp hồ sơ: {0}', 'Filing: {0}'],
  until: ['Được dùng đến {0}.', 'May be used until {0}.'],
  none: ['Kho chưa có giấy tờ nào thủ tục này cần.', 'The store has none that this procedure needs.'],
  use: ['Dùng giấy trong kho: {0}', 'Use the stored one: {0}'],
  holds: ['có giá trị đến {0}', 'valid until {0}'],
  cannot: ['{0} không dùng được: {1}', '{0} will not do: {1}'],
});

/* What a holder permitted, and which papers were chosen by it: of this page alone, never kept. */
export interface Store {
  card: string;
  permit: string;
  until: string;
  documents: Record<string, string>; // by a component's code
}

const NOTE_MAX = 200;

/* Asks the holder, by code or slip. */
function Ask({ card, procedure, onOpen }: { card: string; procedure: ProcedureDetail; onOpen: (store: Store) => void }) {
  const [asked, setAsked] = useState<{ challenge: string; hint: string }>();
  const [slip, setSlip] = useState(false);
  const [text, setText] = useState('');
  const sending = useSending();
  const send = () => void sending.run(async () => (setAsked(await post('/v1/desk/holders/code', {}, { card })), setText('')));
  const open = () => {
    if (!text.trim()) return sending.wrong({ [asked ? 'code' : 'note']: say('needed') });
    void sending.run(async () => {
      const by = asked ? { challenge: asked.challenge, code: text.trim(), note: own('filing', named(procedure)).slice(0, NOTE_MAX) } : { note: text.trim() };
      const { permit, until } = await post('/v1/desk/holders/permit', {}, { card, ...by });
      onOpen({ card, permit, until, documents: {} });
    });
  };
  const name = asked ? 'code' : 'note';
  return (
    <>
      {!asked && !slip ? (
        <div class="row">
          <Button busy={sending.busy} onClick={send}>
            {own('send')}
          </Button>
          <Button look="quiet" onClick={() => setSlip(true)}>
            {own('slip')}
          </Button>
        </div>
      ) : (
        <>
          <Field id={`stored-${name}`} label={asked ? own('code', asked.hint) : own('note')} help={asked ? undefined : own('noteHelp')} error={sending.fault(name)}>
            {(labelled) => <input {...labelled} type="text" inputMode={asked ? 'numeric' : 'text'} autoComplete="off" maxLength={asked ? 6 : NOTE_MAX} value={text} onInput={(event) => (setText(event.currentTarget.value), sending.edited())} />}
          </Field>
          <div class="row">
            <Button busy={sending.busy} onClick={open}>
              {own('open')}
            </Button>
          </div>
        </>
      )}
      {sending.words && (
        <Note tone="bad" live>
          {sending.fault('card') ?? sending.words}
        </Note>
      )}
    </>
  );
}

export function Stored({ card, procedure, store, set, bodyWith }: { card: string; procedure: ProcedureDetail; store: Store | undefined; set: (next: Store) => void; bodyWith: (store: Store) => DeskDossierNewBody }) {
  const found = useLoaded(async () => (store ? ((await post('/v1/desk/dossiers/review', {}, bodyWith({ ...store, documents: {} }))).review.offers ?? []) : undefined), `stored ${store?.permit} ${procedure.code}`);
  if (!procedure.components?.some((one) => one.document)) return null;
  const choose = (code: string, document: string | undefined) => {
    const { [code]: _, ...others } = store!.documents;
    set({ ...store!, documents: document ? { ...others, [code]: document } : others });
  };
  const offers = (found.data ?? []).filter((one) => one.items.length > 0);
  return (
    <section class="card" aria-labelledby="stored-title">
      <h2 id="stored-title">{own('title')}</h2>
      <p class="help">{store ? own('until', timeOf(Date.parse(store.until))) : own('lead')}</p>
      {!store && <Ask card={card} procedure={procedure} onOpen={set} />}
      {store && found.error instanceof Error && (
        <Note tone="bad" live>
          {found.error.message}
        </Note>
      )}
      {store && found.data && offers.length === 0 && <p class="soft">{own('none')}</p>}
      {offers.flatMap((of) =>
        of.items.map((one) => {
          const name = [one.name, one.number].filter(Boolean).join(' ');
          if (!one.fits)
            return (
              <p key={one.id} class="small soft">
                {one.why_words && own('cannot', name, one.why_words)}
              </p>
            );
          return (
            <Check key={one.id} id={`stored-${of.code}-${one.id}`} checked={store?.documents[of.code] === one.id} onChange={(on) => choose(of.code, on ? one.id : undefined)} {...(one.valid_until && { hint: own('holds', dateOf(one.valid_until)) })}>
              {own('use', name)}
            </Check>
          );
        }),
      )}
    </section>
  );
}

/* Money that came too late, twice or too much: what is to be given back, and by which paper it was. */
import { useState } from 'preact/hooks';
import type { Me, StaffMoney } from '../../api';
import { agencyName } from '../../shared/catalogue';
import { freshKey, get, post } from '../../shared/call';
import { momentOf, money } from '../../shared/format';
import { Button, Dialog, Empty, Failed, Field, Loading, Note, Tag } from '../../shared/parts/ui';
import { Link } from '../../shared/router';
import { sayFrom } from '../../shared/words';
import { useCatalogue } from '../lib/catalogue';
import { usePages } from '../lib/pages';
import { useSending } from '../lib/sending';
import { FormEnd } from '../parts/form-end';
import { toast } from '../parts/toast';
import { say } from '../words';
import { PaymentDays } from './payment-days';

const own = sayFrom({
  none: ['Không có khoản nào phải hoàn trả.', 'There is nothing to be given back.'],
  noneRefunded: ['Chưa có khoản nào đã hoàn trả.', 'Nothing was given back yet.'],
  back: ['Hoàn trả {0}', 'Give back {0}'],
  done: ['Đã hoàn trả', 'Given back'],
  record: ['Ghi đã hoàn trả', 'It was given back'],
  recordOf: ['Ghi đã hoàn trả {0} của hồ sơ {1}', '{0} of the dossier {1} was given back'],
  retain: ['Không hoàn trả', 'Do not give back'],
  retainOf: ['Không hoàn trả {0} của hồ sơ {1}', 'Do not give back {0} of the dossier {1}'],
  why: ['Vì sao khoản này vẫn phải nộp', 'Why it is due all the same'],
  whyHelp: ['Người nộp được báo lý do này.', 'Whoever paid is told of it.'],
  retained: ['Đã ghi không hoàn trả {0}.', '{0} recorded as not given back.'],
  reference: ['Số chứng từ hoàn trả', 'By which paper'],
  referenceHelp: ['Ví dụ UNC 0042/2026. Người nộp được báo số này.', 'Such as UNC 0042/2026. Whoever paid is told of it.'],
  no_order: ['Không có khoản phải nộp tương ứng', 'No fee was asked for'],
  ended: ['Hồ sơ đã kết thúc', 'The dossier had ended'],
  unserved: ['Hồ sơ kết thúc mà không được giải quyết', 'The dossier ended without a decision'],
  too_much: ['Nộp thừa hoặc hai lần', 'Too much, or twice'],
  paid: ['Nộp {0} lúc {1}', '{0} paid {1}'],
  recorded: ['Đã ghi hoàn trả {0}.', '{0} recorded as given back.'],
});

interface Chosen {
  one: StaffMoney;
  keeps: boolean; // it is not given back
}

function RefundDialog({ one, keeps, onDone }: Chosen & { onDone: (yes: boolean) => void }) {
  const [reference, setReference] = useState('');
  const [note, setNote] = useState('');
  const [key] = useState(freshKey);
  const sending = useSending();
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    if (!keeps && !reference.trim()) return sending.wrong({ reference: say('needed') });
    if (keeps && !note.trim()) return sending.wrong({ note: say('needed') });
    void sending.run(async () => {
      if (keeps) await post('/v1/desk/payments/{id}/retain', { id: one.id }, { note: note.trim() }, { headers: key });
      else await post('/v1/desk/payments/{id}/refund', { id: one.id }, { reference: reference.trim(), ...(note.trim() && { note: note.trim() }) }, { headers: key });
      toast(own(keeps ? 'retained' : 'recorded', money(one.refund)));
      onDone(true);
    });
  };
  return (
    <Dialog title={keeps ? own('retain') : own('back', money(one.refund))} onClose={() => onDone(false)}>
      <form class="stack" noValidate onInput={sending.edited} onSubmit={send}>
        {!keeps && (
          <Field id="refund-reference" label={own('reference')} help={own('referenceHelp')} error={sending.fault('reference')}>
            {(labelled) => <input {...labelled} type="text" maxLength={80} value={reference} onInput={(event) => setReference(event.currentTarget.value)} />}
          </Field>
        )}
        <Field id="refund-note" label={keeps ? own('why') : say('note')} help={keeps ? own('whyHelp') : undefined} optional={!keeps} error={sending.fault('note')}>
          {(labelled) => <textarea {...labelled} rows={2} maxLength={500} value={note} onInput={(event) => setNote(event.currentTarget.value)} />}
        </Field>
        {sending.words && (
          <Note tone="bad" live>
            {sending.words}
          </Note>
        )}
        <FormEnd onLeave={() => onDone(false)} busy={sending.busy}>{own(keeps ? 'retain' : 'record')}</FormEnd>
      </form>
    </Dialog>
  );
}

function Row({ one, ofAll, settle }: { one: StaffMoney; ofAll: boolean; settle: ((keeps: boolean) => void) | undefined }) {
  const catalogue = useCatalogue().data;
  return (
    <li class="key-row">
      <div class="grow">
        <strong>{money(one.refund)}</strong> {one.reason && <Tag tone="warn">{own(one.reason)}</Tag>}
        <p class="small">
          {one.dossier ? <Link href={`/desk/dossiers/${one.dossier}`}>{one.number}</Link> : one.number} {ofAll && <span class="soft">{agencyName(catalogue, one.agency)}</span>}
        </p>
        <p class="small soft">{[one.paid_at && own('paid', money(one.amount), momentOf(one.paid_at)), one.transaction, one.refund_reference, one.refunded_at && momentOf(one.refunded_at)].filter(Boolean).join(' · ')}</p>
      </div>
      {one.state === 'refunded' ? (
        <Tag tone="good">{own('done')}</Tag>
      ) : (
        settle && (
          <div class="row">
            <Button aria-label={own('recordOf', money(one.refund), one.number ?? '')} onClick={() => settle(false)}>
              {own('record')}
            </Button>
            {one.reason === 'unserved' && (
              <Button look="quiet" aria-label={own('retainOf', money(one.refund), one.number ?? '')} onClick={() => settle(true)}>
                {own('retain')}
              </Button>
            )}
          </div>
        )
      )}
    </li>
  );
}

export function Refunds({ me, agency, given }: { me: Me; agency: string | undefined; given: boolean }) {
  const state = given ? 'refunded' : 'to_refund';
  const list = usePages<StaffMoney>((cursor) => get('/v1/desk/payments', {}, { limit: 50, state, ...(agency && { agency }), ...(cursor && { cursor }) }), `refunds ${state} ${agency}`);
  const [chosen, choose] = useState<Chosen>();
  return (
    <>
      {list.error ? <Failed error={list.error} again={list.again} /> : !list.items && <Loading />}
      {list.items?.length === 0 && <Empty icon="check" title={own(given ? 'noneRefunded' : 'none')} />}
      {list.items && list.items.length > 0 && (
        <ul class="card" aria-label={own('record')}>
          {list.items.map((row) => (
            <Row key={row.id} one={row} ofAll={me.role === 'inspector'} settle={me.role === 'leader' ? (keeps) => choose({ one: row, keeps }) : undefined} />
          ))}
        </ul>
      )}
      {list.more && <Button onClick={list.more}>{say('more')}</Button>}
      {me.role === 'inspector' && <PaymentDays />}
      {chosen && (
        <RefundDialog
          {...chosen}
          onDone={(yes) => {
            choose(undefined);
            if (yes) list.again();
          }}
        />
      )}
    </>
  );
}

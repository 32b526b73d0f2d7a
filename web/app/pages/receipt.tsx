/* The receipt of a payment, to be shown or printed. */
import { get, Problem } from '../../shared/call';
import { momentOf, money } from '../../shared/format';
import { Button, Loading, Title } from '../../shared/parts/ui';
import { useLoaded, useWatched } from '../../shared/store';
import type { Where } from '../../shared/router';
import { sayFrom } from '../../shared/words';
import { signed } from '../lib/state';
import { NotShown } from '../parts/eid-first';
import { SignInPage } from '../parts/sign-in';

const own = sayFrom({
  title: ['Biên lai', 'Receipt'],
  amount: ['Số tiền', 'Amount'],
  words: ['Bằng chữ', 'In words'],
  payer: ['Người nộp', 'Paid by'],
  procedure: ['Thủ tục', 'Procedure'],
  number: ['Mã hồ sơ', 'Dossier'],
  agency: ['Cơ quan thu', 'Collected by'],
  at: ['Lúc', 'At'],
  reference: ['Mã giao dịch', 'Reference'],
  print: ['In', 'Print'],
});

export default function ReceiptPage({ where }: { where: Where }) {
  const [, dossier = '', payment = ''] = where.parts;
  const isSigned = useWatched(signed);
  const found = useLoaded(() => get('/v1/dossiers/{id}/receipts/{payment}', { id: dossier, payment }), `receipt ${payment} ${isSigned}`);
  if (isSigned === false) return <SignInPage title={own('title')} up={`/app/dossiers/${dossier}`} />;
  if (found.error instanceof Problem && !found.data) return <NotShown title={own('title')} up={`/app/dossiers/${dossier}`} error={found.error} again={found.again} />;
  if (!found.data) return <Loading />;
  const one = found.data;
  const rows: Array<readonly [string, string | undefined]> = [
    [own('amount'), money(one.amount)],
    [own('words'), one.amount_words],
    [own('payer'), one.payer],
    [own('procedure'), one.procedure_name ?? one.procedure],
    [own('number'), one.number],
    [own('agency'), one.agency_name ?? one.agency],
    [own('at'), momentOf(one.at)],
    [own('reference'), one.reference],
  ];
  return (
    <>
      <Title up={`/app/dossiers/${dossier}`}>{own('title')}</Title>
      <section class="card">
        <dl class="facts">
          {rows
            .filter(([, value]) => value)
            .map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
        </dl>
      </section>
      <Button onClick={() => print()}>{own('print')}</Button>
    </>
  );
}

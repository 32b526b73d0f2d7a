/* Paying a dossier's fee online: away to the provider, and back; what was paid is asked for, not believed. */
import { useEffect, useState } from 'preact/hooks';
import type { OwnDossier, PaymentList } from '../../api';
import { freshKey, get, post, Problem } from '../../shared/call';
import { momentOf, money } from '../../shared/format';
import { sayFrom } from '../../shared/words';
import { Link } from '../../shared/router';
import { useLoaded } from '../../shared/store';
import { Button, Note, Tag } from '../../shared/parts/ui';

const own = sayFrom({
  title: ['Phí, lệ phí', 'Fees'],
  owed: ['Còn phải nộp {0}', '{0} is to be paid'],
  pay: ['Nộp {0} trực tuyến', 'Pay {0} online'],
  counter: ['Nộp tại bộ phận một cửa.', 'Pay at the counter.'],
  goOn: ['Tiếp tục thanh toán', 'Go on paying'],
  check: ['Tôi đã nộp, kiểm tra', 'I have paid, check'],
  notYet: ['Chưa thấy tiền về. Nếu bạn đã nộp, hãy chờ vài phút rồi kiểm tra lại.', 'Nothing has come yet. If you have paid, wait some minutes and check again.'],
  paid: ['Đã nộp {0} lúc {1}', '{0} paid, {1}'],
  receipt: ['Biên lai', 'Receipt'],
  back: ['Sẽ hoàn lại {0}', '{0} will be given back'],
  looked: ['Đang xem xét hoàn lại {0}', 'Whether {0} are given back is being looked at'],
  given: ['Đã hoàn lại {0}', '{0} were given back'],
  retained: ['Không hoàn lại', 'Not given back'],
});

const KEPT = 'tram.paying'; // of this tab, until it is back

export function takePaying(): string | undefined {
  const dossier = sessionStorage.getItem(KEPT) ?? undefined;
  sessionStorage.removeItem(KEPT);
  return dossier;
}

const isOpen = (order: PaymentList['orders'][number]): boolean => order.state === 'created' || order.state === 'open';

function GoesBack({ money: one }: { money: PaymentList['money'][number] }) {
  if (one.state === 'to_refund') return <Tag tone="warn">{own(one.reason === 'unserved' ? 'looked' : 'back', money(one.refund))}</Tag>;
  if (one.state === 'refunded') return <Tag tone="good">{own('given', money(one.refund))}</Tag>;
  return one.state === 'retained' ? <Tag>{own('retained')}</Tag> : null;
}

export function Payments({ dossier, onChange }: { dossier: OwnDossier; onChange: () => void }) {
  const id = dossier.id;
  const list = useLoaded(() => get('/v1/dossiers/{id}/payments', { id }), `${id} ${dossier.revision}`);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [key, setKey] = useState(freshKey);
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    setProblem(undefined);
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error.message);
    }
    setBusy(false);
  };
  const pay = () =>
    attempt(async () => {
      const begin = (headers: typeof key) => post('/v1/dossiers/{id}/payments', { id }, undefined, { headers });
      let order = await begin(key);
      if (!isOpen(order)) {
        // what this key made can be paid no more: another
        const next = freshKey();
        setKey(next);
        if (order.state !== 'paid') order = await begin(next);
      }
      sessionStorage.setItem(KEPT, id);
      if (isOpen(order) && order.url) location.assign(order.url);
      else list.again();
    });
  const check = (payment: string, told: boolean) =>
    attempt(async () => {
      const order = await post('/v1/dossiers/{id}/payments/{payment}/check', { id, payment }, undefined);
      if (order.state === 'paid') onChange();
      else if (told) setProblem(own('notYet'));
      list.again();
    });
  const order = list.data?.orders.find(isOpen);
  useEffect(() => {
    if (order) void check(order.id, false); // whoever is back from the provider need not press anything
  }, [order?.id]);
  const taken = list.data?.money ?? [];
  if (!list.data || (list.data.owed === 0 && taken.length === 0)) return null;
  return (
    <section class="card">
      <h2>{own('title')}</h2>
      {taken.map((one) => (
        <p key={one.id} class="row spread">
          <span>{own('paid', money(one.amount), one.paid_at ? momentOf(one.paid_at) : '')}</span>
          <Link href={`/app/receipt/${id}/${one.id}`}>{own('receipt')}</Link>
          <GoesBack money={one} />
        </p>
      ))}
      {list.data.owed > 0 && (
        <>
          <p>
            <strong>{own('owed', money(list.data.owed))}</strong>
          </p>
          {order?.url ? (
            <div class="row">
              <a class="button main" href={order.url} onClick={() => sessionStorage.setItem(KEPT, id)}>
                {own('goOn')}
              </a>
              <Button busy={busy} onClick={() => void check(order.id, true)}>
                {own('check')}
              </Button>
            </div>
          ) : list.data.online ? (
            <Button look="main" busy={busy} onClick={() => void pay()}>
              {own('pay', money(list.data.owed))}
            </Button>
          ) : (
            <p>{own('counter')}</p>
          )}
        </>
      )}
      {problem && (
        <Note tone="warn" live>
          {problem}
        </Note>
      )}
    </section>
  );
}

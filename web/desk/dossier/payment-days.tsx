/* Days that the payment provider's list was held against ours, for inspectors; what differed on one is read there. */
import { useState } from 'preact/hooks';
import type { MoneyDay } from '../../api';
import { get } from '../../shared/call';
import { count, money } from '../../shared/format';
import { Button, Dialog, Empty, Failed, Loading, Note, Tag } from '../../shared/parts/ui';
import { useLoaded } from '../../shared/store';
import { sayFrom } from '../../shared/words';
import { usePages } from '../lib/pages';
import { say } from '../words';

const own = sayFrom({
  days: ['Đối soát với nhà cung cấp thanh toán', 'Held against the payment provider'],
  lead: ['Mỗi đêm, giao dịch của ngày hôm trước được đối chiếu với danh sách của nhà cung cấp.', 'Each night the transactions of the day before are held against the provider’s list.'],
  none: ['Chưa có ngày nào được đối soát.', 'No day was held against it yet.'],
  day: ['Ngày', 'Day'],
  ours: ['Ở đây', 'Here'],
  theirs: ['Ở nhà cung cấp', 'There'],
  result: ['Kết quả', 'Result'],
  alike: ['Khớp', 'Alike'],
  differ: ['{0} chỗ khác nhau', '{0} differences'],
  unfinished: ['Chưa đối soát xong', 'Not finished'],
  title: ['Khác nhau ngày {0}', 'What differed on {0}'],
  missing_here: ['Thiếu ở đây', 'Missing here'],
  missing_there: ['Thiếu ở nhà cung cấp', 'Missing there'],
  differs: ['Số tiền khác nhau', 'Another amount'],
  unreadable: ['Dòng không đọc được', 'Unreadable row'],
  taken: ['Đã lấy về từ danh sách', 'Taken from the list now'],
  amounts: ['ở đây {0}, ở nhà cung cấp {1}', 'here {0}, there {1}'],
  noNumber: ['Không rõ hồ sơ', 'No dossier is named'],
  transaction: ['giao dịch {0}', 'transaction {0}'],
  more: ['Chỉ hiện {0} chỗ đầu tiên.', 'Only the first {0} are shown.'],
});

const dayWords = (date: string | undefined): string => (date ?? '').split('-').reverse().join('/');
const differences = (one: MoneyDay): number => one.missing_here + one.missing_there + one.differing + one.unreadable;

type Difference = NonNullable<MoneyDay['differences']>[number];

const One = ({ one }: { one: Difference }) => (
  <li class="difference stack tight">
    <div class="row">
      {one.kind && <Tag tone="warn">{own(one.kind)}</Tag>} <strong>{one.number ?? own('noNumber')}</strong>
      {one.taken && <Tag tone="good">{own('taken')}</Tag>}
    </div>
    <p class="small">{own('amounts', money(one.ours), money(one.theirs))}</p>
    {one.transaction && <p class="small soft wrap-anywhere">{own('transaction', one.transaction)}</p>}
  </li>
);

function DayDialog({ date, onClose }: { date: string; onClose: () => void }) {
  const found = useLoaded(() => get('/v1/desk/payment-days/{date}', { date }), `payment day ${date}`);
  const shown = found.data?.differences ?? [];
  return (
    <Dialog title={own('title', dayWords(date))} onClose={onClose}>
      {found.error ? <Failed error={found.error} again={found.again} /> : !found.data && <Loading />}
      <ul class="differences" tabIndex={0}>
        {shown.map((one, i) => (
          <One key={i} one={one} />
        ))}
      </ul>
      {found.data && differences(found.data) > shown.length && <Note>{own('more', count(shown.length))}</Note>}
    </Dialog>
  );
}

export function PaymentDays() {
  const list = usePages<MoneyDay>((cursor) => get('/v1/desk/payment-days', {}, { limit: 31, ...(cursor && { cursor }) }), 'payment days');
  const [opened, open] = useState<string>();
  return (
    <section class="card" aria-labelledby="days-title">
      <h2 id="days-title">{own('days')}</h2>
      <p class="soft">{own('lead')}</p>
      {list.error ? <Failed error={list.error} again={list.again} /> : !list.items && <Loading />}
      {list.items?.length === 0 && <Empty icon="check" title={own('none')} />}
      {list.items && list.items.length > 0 && (
        <div class="table-frame" tabIndex={0} role="region" aria-label={own('days')}>
          <table class="stacked">
            <thead>
              <tr>
                <th scope="col">{own('day')}</th>
                <th scope="col" class="num">
                  {own('ours')}
                </th>
                <th scope="col" class="num">
                  {own('theirs')}
                </th>
                <th scope="col">{own('result')}</th>
              </tr>
            </thead>
            <tbody>
              {list.items.map((one) => (
                <tr key={one.date}>
                  <th scope="row">{dayWords(one.date)}</th>
                  <td class="num">{money(one.ours_sum)}</td>
                  <td class="num">{money(one.theirs_sum)}</td>
                  <td>
                    <div class="row">
                      {differences(one) > 0 ? <Button onClick={() => open(one.date)}>{own('differ', count(differences(one)))}</Button> : !one.unfinished && <Tag tone="good">{own('alike')}</Tag>}
                      {one.unfinished && <Tag tone="bad">{own('unfinished')}</Tag>}
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {list.more && <Button onClick={list.more}>{say('more')}</Button>}
      {opened && <DayDialog date={opened} onClose={() => open(undefined)} />}
    </section>
  );
}

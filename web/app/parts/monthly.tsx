/* A commune's figures by month, as charts: what came, what of it in time and late, how many were satisfied. */
import type { CommuneFigures } from '../../api';
import { get } from '../../shared/call';
import { count } from '../../shared/format';
import { sayFrom } from '../../shared/words';
import { useLoaded } from '../../shared/store';
import { Empty, Failed, Loading } from '../../shared/parts/ui';

const own = sayFrom({
  reports: ['Phản ánh', 'Reports'],
  dossiers: ['Hồ sơ', 'Dossiers'],
  month: ['Tháng {0}/{1}', '{0}/{1}'],
  received: ['nhận {0}', '{0} received'],
  onTime: ['đúng hạn {0}', '{0} in time'],
  late: ['trễ {0}', '{0} late'],
  satisfied: ['hài lòng {0}%', '{0}% satisfied'],
  few: ['ít, không nêu số', 'too few to tell'],
  none: ['không có', 'none'],
  nothing: ['Chưa có số liệu', 'No figures yet'],
  legend: ['Xanh: đúng hạn. Đỏ: trễ. Xám: đang xử lý.', 'Green: in time. Red: late. Grey: in progress.'],
});

type Part = CommuneFigures['items'][number]['reports'];

function wordsOf(part: Part): string {
  if (part.received === undefined) return part.few ? own('few') : own('none');
  const words = [own('received', count(part.received)), own('onTime', count(part.on_time ?? 0)), own('late', count(part.late ?? 0))];
  if (part.satisfied_percent !== undefined) words.push(own('satisfied', part.satisfied_percent));
  return words.join(' · ');
}

const monthWord = (month: number): string => own('month', month % 100, Math.floor(month / 100));

const isSome = ({ part }: { part: Part }): boolean => part.received !== undefined || part.few;

function Chart({ title, rows: all }: { title: string; rows: Array<{ month: number; part: Part }> }) {
  const rows = all.filter(isSome);
  const most = Math.max(1, ...rows.map(({ part }) => part.received ?? 0));
  return (
    <section class="card">
      <h2>{title}</h2>
      {rows.length === 0 && <p class="soft">{own('nothing')}</p>}
      <ul class="bars">
        {rows.map(({ month, part }) => (
          <li key={month} class="bar-row">
            <div class="row spread small">
              <strong>{monthWord(month)}</strong>
              <span class="soft">{wordsOf(part)}</span>
            </div>
            {part.received !== undefined && (
              <div class="bar-track" aria-hidden="true" style={{ width: `${Math.max(4, (100 * part.received) / most)}%` }}>
                <div class="bar-fill" style={{ width: `${(100 * (part.on_time ?? 0)) / Math.max(1, part.received)}%` }} />
                <div class="bar-fill late" style={{ width: `${(100 * (part.late ?? 0)) / Math.max(1, part.received)}%` }} />
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

export function MonthlyFigures({ code }: { code: string }) {
  const found = useLoaded(() => get('/v1/public/communes/{code}/figures', { code }, { months: 6 }), code);
  if (found.error && !found.data) return <Failed error={found.error} again={found.again} />;
  if (!found.data) return <Loading />;
  const { items } = found.data;
  if (items.length === 0) return <Empty icon="chart" title={own('nothing')} />;
  return (
    <>
      <p class="small soft">{own('legend')}</p>
      {(['reports', 'dossiers'] as const).map((kind) => (
        <Chart key={kind} title={own(kind)} rows={items.map((one) => ({ month: one.month, part: one[kind] }))} />
      ))}
    </>
  );
}

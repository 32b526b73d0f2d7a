/* How a commune does: its figures by month, and what is published there; of the province, what is published. */
import { useMemo } from 'preact/hooks';
import type { PublicReport } from '../../api';
import { get } from '../../shared/call';
import { count, percent } from '../../shared/format';
import { sayFrom } from '../../shared/words';
import { categoryName, useCatalogue, type Catalogue } from '../lib/catalogue';
import { go, type Where } from '../../shared/router';
import { useLoaded } from '../../shared/store';
import { say } from '../lib/words';
import { MonthlyFigures } from '../parts/monthly';
import { Bars } from '../../shared/parts/bars';
import { ReportRow } from '../parts/report-row';
import { ButtonLink, Empty, Failed, Field, Loading, Title } from '../../shared/parts/ui';

const own = sayFrom({
  title: ['Xã tôi làm ra sao', 'How my commune does'],
  published: ['Phản ánh đã công khai', 'Published reports'],
  from: ['Tính từ {0} phản ánh đã công khai gần đây nhất.', 'From the latest {0} published reports.'],
  received: ['Phản ánh', 'Reports'],
  answered: ['Đã xử lý', 'Answered'],
  open: ['Đang xử lý', 'In progress'],
  rating: ['Hài lòng (4–5 sao)', 'Satisfied (4–5 stars)'],
  byCategory: ['Theo lĩnh vực', 'By category'],
  none: ['Chưa có phản ánh nào được công khai ở đây', 'Nothing is published here yet'],
  latest: ['Mới nhất', 'Latest'],
  all: ['Xem trên bản đồ', 'See on the map'],
});
const SAMPLE = 200;
const isDone = (one: PublicReport): boolean => one.state === 'answered' || one.state === 'closed';

function Figures({ items, catalogue }: { items: PublicReport[]; catalogue: Catalogue | undefined }) {
  const done = items.filter(isDone).length;
  const rated = items.filter((one) => one.rating);
  const categories = useMemo(() => {
    const groups = new Map<string, PublicReport[]>();
    for (const one of items) groups.set(one.category ?? '', [...(groups.get(one.category ?? '') ?? []), one]);
    return [...groups].sort((a, b) => b[1].length - a[1].length);
  }, [items]);
  const facts = [
    [own('received'), count(items.length)],
    [own('answered'), percent(done, items.length)],
    [own('open'), count(items.length - done)],
    [own('rating'), percent(rated.filter((one) => one.rating! >= 4).length, rated.length)],
  ] as const;
  return (
    <>
      <div class="stack tight">
        <h2>{own('published')}</h2>
        <p class="small soft">{own('from', count(items.length))}</p>
      </div>
      <dl class="tiles">
        {facts.map(([words, value]) => (
          <div key={words} class="card">
            <dt class="small soft">{words}</dt>
            <dd class="figure">{value}</dd>
          </div>
        ))}
      </dl>
      <section class="card">
        <h3>{own('byCategory')}</h3>
        <Bars rows={categories.map(([code, group]) => ({ label: categoryName(catalogue, code), whole: group.length, part: group.filter(isDone).length }))} partWord={own('answered')} />
      </section>
      <section class="stack tight">
        <h3>{own('latest')}</h3>
        {items.slice(0, 5).map((report) => (
          <ReportRow key={report.number} report={report} catalogue={catalogue} href={`/r/${report.number}`} published />
        ))}
      </section>
    </>
  );
}

export default function Commune({ where }: { where: Where }) {
  const code = where.parts[1] ?? '';
  const catalogue = useCatalogue();
  const list = useLoaded(() => get('/v1/public/reports', {}, { ...(code && { commune: code }), limit: SAMPLE } as never), code);
  return (
    <>
      <Title up="/">{own('title')}</Title>
      <Field id="commune" label={say('commune')}>
        {(described) => (
          <select {...described} value={code} onChange={(event) => go(`/app/commune${event.currentTarget.value ? `/${event.currentTarget.value}` : ''}`, true)}>
            <option value="">{say('anyCommune')}</option>
            {catalogue.data?.communes.map((one) => (
              <option key={one.code} value={one.code}>
                {one.full_name}
              </option>
            ))}
          </select>
        )}
      </Field>
      {code && <MonthlyFigures code={code} />}
      {list.error && !list.data ? <Failed error={list.error} again={list.again} /> : !list.data && <Loading />}
      {list.data?.items.length === 0 && <Empty icon="chart" title={own('none')} />}
      {list.data && list.data.items.length > 0 && <Figures items={list.data.items} catalogue={catalogue.data} />}
      <ButtonLink href={`/app/around${code ? `?commune=${code}` : ''}`} icon="map">
        {own('all')}
      </ButtonLink>
    </>
  );
}

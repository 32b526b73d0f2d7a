/* What officials did behind the cases, for inspectors: each look at people's data, how often each looked on each day, and what was changed of accounts and the set-up. */
import type { InspectedLook, LookFigures, Me } from '../../api';
import { agencyName, type Catalogue } from '../../shared/catalogue';
import { get } from '../../shared/call';
import { count, momentOf } from '../../shared/format';
import { Button, ButtonLink, Empty, Failed, Loading, Title } from '../../shared/parts/ui';
import { go, Link, type Where } from '../../shared/router';
import { useLoaded } from '../../shared/store';
import { named, sayFrom } from '../../shared/words';
import { Acts } from '../admin/log';
import { useCatalogue } from '../lib/catalogue';
import { usePages } from '../lib/pages';
import { Filter, Tabs } from '../parts/filters';
import { roleWord, say } from '../words';

const own = sayFrom({
  lead: ['Mỗi lần cán bộ xem dữ liệu của người dân. Người dân cũng thấy lần xem của mình.', 'Each look of an official at people’s data. Whose data it is sees it, too.'],
  figuresLead: ['Ai xem nhiều nhất trong một ngày đứng trước. Bấm vào số lần để đọc từng lần xem. Không chọn ngày: 30 ngày qua.', 'Who looked most in a day comes first. A figure opens the looks that it counts. Without days: the last 30.'],
  each: ['Từng lần xem', 'Each look'],
  counts: ['Theo cán bộ và ngày', 'By official and day'],
  acts: ['Nhật ký quản trị', 'Administration'],
  none: ['Không có lần xem nào.', 'Nobody looked.'],
  number: ['{0} · {1}', '{0} · {1}'],
  from: ['Từ ngày', 'From'],
  to: ['Đến ngày', 'To'],
  officer: ['Cán bộ', 'Official'],
  day: ['Ngày', 'Day'],
  looks: ['Lần xem', 'Looks'],
  total: ['{0} lần xem.', '{0} looks.'],
  first: ['{0} lần xem; {1} dòng nhiều nhất trong {2}.', '{0} looks; the first {1} rows of {2}.'],
  ofOne: ['Chỉ của {0}', 'Only of {0}'],
  oneOfficial: ['một cán bộ', 'one official'],
  everybody: ['Của mọi cán bộ', 'Of all officials'],
  gone: ['(tài khoản không còn)', '(the account is gone)'],
});

const NAMES = ['agency', 'staff', 'from', 'to'] as const;
type Asked = Partial<Record<(typeof NAMES)[number], string>>;
const askedOf = (query: URLSearchParams): Asked => Object.fromEntries(NAMES.flatMap((name) => (query.get(name) ? [[name, query.get(name)!]] : [])));
type View = 'each' | 'figures' | 'acts';
const at = (asked: Asked, view: View): string => {
  const query = new URLSearchParams({ ...(view !== 'each' && { view }), ...Object.fromEntries(Object.entries(asked).filter(([, value]) => value)) });
  return `/desk/looks${query.size ? `?${query}` : ''}`;
};
const dayWords = (date: string): string => date.split('-').reverse().join('/');

function One({ look, catalogue }: { look: InspectedLook; catalogue: Catalogue | undefined }) {
  return (
    <li class="letter">
      <div class="grow stack tight">
        <p>
          <strong>{look.number ? own('number', look.words, look.number) : look.words}</strong>
        </p>
        {look.reason && <p class="lines said">{look.reason}</p>}
        <p class="soft small">{[look.officer, look.title ?? roleWord(look.role), agencyName(catalogue, look.agency)].filter(Boolean).join(' · ')}</p>
      </div>
      {look.at && <time class="soft small">{momentOf(look.at)}</time>}
    </li>
  );
}

function Each({ asked, catalogue }: { asked: Asked; catalogue: Catalogue | undefined }) {
  const list = usePages<InspectedLook>((cursor) => get('/v1/inspect/looks', {}, { limit: 50, ...asked, ...(cursor && { cursor }) }), `looks ${JSON.stringify(asked)}`);
  return (
    <>
      {asked.staff && (
        <div class="row">
          <span>{own('ofOne', list.items?.find((one) => one.officer)?.officer ?? own('oneOfficial'))}</span>
          <ButtonLink href={at({ ...asked, staff: '' }, 'each')} look="quiet">
            {own('everybody')}
          </ButtonLink>
        </div>
      )}
      {list.error ? <Failed error={list.error} again={list.again} /> : !list.items && <Loading />}
      {list.items?.length === 0 && <Empty icon="eye" title={own('none')} />}
      {list.items && list.items.length > 0 && (
        <ul class="lines-list">
          {list.items.map((one) => (
            <One key={one.id} look={one} catalogue={catalogue} />
          ))}
        </ul>
      )}
      {list.more && <Button onClick={list.more}>{say('more')}</Button>}
    </>
  );
}

function FigureTable({ found, asked, catalogue }: { found: LookFigures; asked: Asked; catalogue: Catalogue | undefined }) {
  if (found.items.length === 0) return <Empty icon="eye" title={own('none')} />;
  return (
    <section class="card" aria-label={own('counts')}>
      <p class="soft">{found.rows > found.items.length ? own('first', count(found.looks), count(found.items.length), count(found.rows)) : own('total', count(found.looks))}</p>
      <div class="table-frame" tabIndex={0} role="region" aria-label={own('counts')}>
        <table class="stacked">
          <thead>
            <tr>
              <th scope="col">{own('officer')}</th>
              <th scope="col">{say('agency')}</th>
              <th scope="col">{own('day')}</th>
              <th scope="col" class="num">
                {own('looks')}
              </th>
            </tr>
          </thead>
          <tbody>
            {found.items.map((one) => (
              <tr key={`${one.staff} ${one.day}`}>
                <th scope="row">
                  {one.officer ?? own('gone')} {one.title && <small class="soft">{one.title}</small>}
                </th>
                <td>{agencyName(catalogue, one.agency)}</td>
                <td>{dayWords(one.day)}</td>
                <td class="num">
                  <Link href={at({ ...(asked.agency && { agency: asked.agency }), staff: one.staff, from: one.day, to: one.day }, 'each')}>{count(one.count)}</Link>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Figures({ asked: { staff: _, ...asked }, catalogue }: { asked: Asked; catalogue: Catalogue | undefined }) {
  const found = useLoaded(() => get('/v1/inspect/looks/figures', {}, asked), `look figures ${JSON.stringify(asked)}`);
  if (found.error) return <Failed error={found.error} again={found.again} />;
  return found.data ? <FigureTable found={found.data} asked={asked} catalogue={catalogue} /> : <Loading />;
}

export default function LooksPage({ where }: { where: Where; me: Me }) {
  const catalogue = useCatalogue().data;
  const asked = askedOf(where.query);
  const view = (['figures', 'acts'] as const).find((one) => one === where.query.get('view')) ?? 'each';
  const set = (name: string, value: string) => go(at({ ...asked, [name]: value }, view), true);
  const day = (name: 'from' | 'to') => (
    <label class="day-filter">
      <span class="soft small">{own(name)}</span>
      <input type="date" class={asked[name] ? 'filter on' : 'filter'} value={asked[name] ?? ''} onChange={(event) => set(name, event.currentTarget.value)} />
    </label>
  );
  return (
    <div class="stack">
      <Title>{say('looks')}</Title>
      <Tabs
        tabs={[
          { code: 'each', words: own('each'), href: at(asked, 'each') },
          { code: 'figures', words: own('counts'), href: at({ ...asked, staff: '' }, 'figures') },
          { code: 'acts', words: own('acts'), href: at({ ...(asked.agency && { agency: asked.agency }) }, 'acts') },
        ]}
        now={view}
      />
      {view === 'acts' ? (
        <Acts at={(agency) => at(agency ? { agency } : {}, 'acts')} />
      ) : (
        <>
          <p class="soft">{own(view === 'figures' ? 'figuresLead' : 'lead')}</p>
          <div class="narrowing">
            <Filter name="agency" label={say('agency')} any={say('anyAgency')} value={asked.agency} set={set} options={(catalogue?.agencies ?? []).map((one) => [one.code!, named(one)])} />
            {day('from')}
            {day('to')}
          </div>
          {view === 'figures' ? <Figures asked={asked} catalogue={catalogue} /> : <Each asked={asked} catalogue={catalogue} />}
        </>
      )}
    </div>
  );
}

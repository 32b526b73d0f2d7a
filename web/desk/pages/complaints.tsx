/* Complaints about dossiers, for who leads the desk and for inspectors: what is due first stands first. */
import { useMemo } from 'preact/hooks';
import type { ComplaintPage, ComplaintRow, Me } from '../../api';
import { agencyName } from '../../shared/catalogue';
import { get } from '../../shared/call';
import { momentOf } from '../../shared/format';
import { Button, Empty, Failed, Loading, Title } from '../../shared/parts/ui';
import { procedureNames } from '../../shared/procedures';
import { go, type Where } from '../../shared/router';
import { useLoaded } from '../../shared/store';
import { named, sayFrom } from '../../shared/words';
import { aboutWord, StandTag, timed } from '../complaint/parts';
import { useCatalogue } from '../lib/catalogue';
import { usePages } from '../lib/pages';
import { Due } from '../parts/due';
import { Filter, Tabs } from '../parts/filters';
import { Lines, type Shown } from '../parts/lines';
import { say } from '../words';

const own = sayFrom({
  title: ['Phản ánh về hồ sơ', 'Complaints about dossiers'],
  open: ['Chưa trả lời', 'To be answered'],
  closed: ['Đã kết thúc', 'Closed'],
  none: ['Không có phản ánh nào chờ trả lời.', 'No complaints wait for an answer.'],
  noneClosed: ['Chưa có phản ánh nào đã kết thúc.', 'No complaints were closed yet.'],
  noneWords: ['Phản ánh mới hiện ra ngay khi có. Phản ánh về chính bạn không hiện ở đây.', 'New ones show at once. One that is about you is not shown here.'],
  of: ['Hồ sơ {0}', 'Dossier {0}'],
  filed: ['Gửi {0}', 'Filed {0}'],
});

const AT_ONCE = 100;
const PAGES_MOST = 5;

/* What was filed first is due first, and the server gives it last: the open ones are read together. */
async function openOnes(agency: string | undefined, from: string | undefined): Promise<ComplaintPage> {
  const items: ComplaintRow[] = [];
  let next = from;
  for (let i = 0; i < PAGES_MOST; i++) {
    const page: ComplaintPage = await get('/v1/desk/complaints', {}, { open: 'true', limit: AT_ONCE, ...(agency && { agency }), ...(next && { cursor: next }) });
    items.push(...page.items);
    next = page.next;
    if (!next) break;
  }
  return { items, ...(next && { next }) };
}

const loadOf = (closed: boolean, agency: string | undefined) => (cursor: string | undefined) => (closed ? get('/v1/desk/complaints', {}, { open: 'false', limit: 50, ...(agency && { agency }), ...(cursor && { cursor }) }) : openOnes(agency, cursor));

export default function ComplaintsPage({ where, me }: { where: Where; me: Me }) {
  const closed = where.query.get('view') === 'closed';
  const overseesAll = me.role === 'inspector';
  const agency = (overseesAll && where.query.get('agency')) || undefined;
  const list = usePages<ComplaintRow>(loadOf(closed, agency), `complaints ${closed} ${agency}`);
  const catalogue = useCatalogue().data;
  const rows = useMemo(() => (closed ? (list.items ?? []) : [...(list.items ?? [])].sort((a, b) => (a.due_at ?? '').localeCompare(b.due_at ?? ''))), [list.items, closed]);
  const codes = [...new Set(rows.map((one) => one.procedure ?? ''))].filter(Boolean).sort();
  const names = useLoaded(() => procedureNames(codes), codes.join()).data;
  const lines: Shown[] = useMemo(
    () =>
      rows.map((one) => ({
        id: one.id,
        href: `/desk/complaints/${one.id}`,
        due: <Due of={timed(one)} />,
        number: one.number ?? '',
        urgent: one.late && one.open,
        title: <strong>{aboutWord(one.about)}</strong>,
        text: one.text,
        where: [own('of', one.dossier_number ?? ''), names?.[one.procedure ?? ''] ?? one.procedure],
        state: [<StandTag of={one} />, overseesAll ? agencyName(catalogue, one.agency) : one.filed_at && own('filed', momentOf(one.filed_at))],
      })),
    [rows, names, catalogue],
  );
  const at = (changes: Record<string, string | undefined>): string => {
    const next = new URLSearchParams(where.query);
    for (const [name, value] of Object.entries(changes)) if (value) next.set(name, value);
      else next.delete(name);
    return `/desk/complaints${next.size ? `?${next}` : ''}`;
  };
  return (
    <div class="stack">
      <Title>{own('title')}</Title>
      <Tabs
        tabs={[
          { code: 'open', words: own('open'), href: at({ view: undefined }) },
          { code: 'closed', words: own('closed'), href: at({ view: 'closed' }) },
        ]}
        now={closed ? 'closed' : 'open'}
      />
      {overseesAll && (
        <div class="narrowing">
          <Filter name="agency" label={say('agency')} any={say('anyAgency')} value={agency} set={(name, value) => go(at({ [name]: value }), true)} options={(catalogue?.agencies ?? []).map((one) => [one.code!, named(one)])} />
        </div>
      )}
      {list.error ? <Failed error={list.error} again={list.again} /> : !list.items && <Loading />}
      {list.items && rows.length === 0 && (
        <Empty icon="check" title={own(closed ? 'noneClosed' : 'none')}>
          <p>{own('noneWords')}</p>
        </Empty>
      )}
      <Lines label={own('title')} rows={lines} />
      {list.more && <Button onClick={list.more}>{say('more')}</Button>}
    </div>
  );
}

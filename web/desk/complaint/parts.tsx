/* What several pages say of complaints about a dossier: what they are about, and those of one dossier. */
import type { ComplaintRow } from '../../api';
import { get } from '../../shared/call';
import { momentOf } from '../../shared/format';
import { Tag } from '../../shared/parts/ui';
import { Link } from '../../shared/router';
import { sayFrom, type Words } from '../../shared/words';
import { usePages } from '../lib/pages';
import { Due, type Timed } from '../parts/due';
import { outcomeWord, stateWord, toneOfState } from '../words';

const own = sayFrom({ title: ['Phản ánh về hồ sơ này', 'Complaints about this dossier'] });

const abouts = {
  delay: ['Chậm trễ', 'Delay'],
  papers: ['Đòi thêm giấy tờ', 'More papers are asked for'],
  conduct: ['Thái độ, nhũng nhiễu', 'Conduct'],
  refusal: ['Từ chối không đúng', 'A wrong refusal'],
  fee: ['Phí, lệ phí', 'Fees'],
  result: ['Kết quả sai sót', 'A faulty result'],
  other: ['Nội dung khác', 'Something else'],
} as const satisfies Words;
export const aboutWord = (about: ComplaintRow['about']): string => (about ? sayFrom(abouts)(about) : '');

type Shown = Pick<ComplaintRow, 'open' | 'late' | 'late_by_ms' | 'due_at' | 'closed_at' | 'state' | 'outcome'>;

/* While it is open its handler always owes something. */
export const timed = <T extends Shown>(one: T): T & Timed => ({ ...one, duty: one.open });

export const StandTag = ({ of }: { of: Shown }) => (of.outcome ? <Tag tone={of.outcome === 'answered' ? 'good' : 'plain'}>{outcomeWord(of.outcome)}</Tag> : <Tag tone={toneOfState(of.state)}>{stateWord(of.state, 'complaint')}</Tag>);

export function ComplaintsOf({ dossier }: { dossier: string }) {
  const { items } = usePages<ComplaintRow>((cursor) => get('/v1/dossiers/{id}/complaints', { id: dossier }, cursor ? { cursor } : {}), `complaints of ${dossier}`);
  if (!items?.length) return null;
  return (
    <section class="card" aria-labelledby="complaints-title">
      <h2 id="complaints-title">{own('title')}</h2>
      <ul class="stack tight">
        {items.map((one) => (
          <li key={one.id} class="stack tight">
            <Link href={`/desk/complaints/${one.id}`}>
              {one.number} · {aboutWord(one.about)}
            </Link>
            <span class="row small">
              <StandTag of={one} />
              {one.open ? <Due of={timed(one)} /> : <span class="soft">{one.closed_at && momentOf(one.closed_at)}</span>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

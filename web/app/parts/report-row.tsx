/* One report in a list. */
import { ago } from '../../shared/format';
import type { Catalogue } from '../lib/catalogue';
import { categoryName, communeName } from '../lib/catalogue';
import { Link } from '../../shared/router';
import { stateTone, stateWord } from '../lib/words';
import { Tag } from '../../shared/parts/ui';

export interface RowReport {
  category?: string;
  commune?: string;
  state?: string;
  text?: string;
  filed_at?: string;
  number?: string;
  photos?: Array<{ id?: string; proof?: boolean }>;
}

export function ReportRow({ report, catalogue, href, published = false, headed = 'h3' }: { report: RowReport; catalogue: Catalogue | undefined; href: string; published?: boolean; headed?: 'h2' | 'h3' }) {
  const photo = published ? report.photos?.[0]?.id : undefined;
  const Heading = headed;
  return (
    <Link href={href} class="card report-row">
      <div class="grow stack tight">
        <Heading>{categoryName(catalogue, report.category)}</Heading>
        <p>{report.text}</p>
        <div class="row small soft">
          <Tag tone={stateTone(report.state)}>{stateWord(report.state)}</Tag>
          <span>{[communeName(catalogue, report.commune), report.filed_at && ago(report.filed_at)].filter(Boolean).join(' · ')}</span>
        </div>
      </div>
      {photo && <img class="thumb" src={`/v1/public/media/${photo}/small`} alt="" loading="lazy" width="88" height="88" />}
    </Link>
  );
}

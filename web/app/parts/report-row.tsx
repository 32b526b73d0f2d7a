/* One report in a list. */
import { ago } from '../../shared/format';
import type { Catalogue } from '../lib/catalogue';
import { communeName } from '../lib/catalogue';
import { Link } from '../../shared/router';
import { stateTone, stateWord } from '../lib/words';
import { Tag } from '../../shared/parts/ui';
import { OfCategory } from './of-category';

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
        <Heading>
          <OfCategory code={report.category} catalogue={catalogue} />
        </Heading>
        <p>{report.text}</p>
        <div class="row small soft">
          <Tag tone={stateTone(report.state)}>{stateWord(report.state)}</Tag>
          <span>{communeName(catalogue, report.commune)}</span>
          {report.filed_at && <span>{ago(report.filed_at)}</span>}
        </div>
      </div>
      {photo && <img class="thumb" src={`/v1/public/media/${photo}/small`} alt="" loading="lazy" width="88" height="88" onError={(event) => event.currentTarget.remove()} />}
    </Link>
  );
}

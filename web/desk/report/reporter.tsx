/*
 * Who sent a report: shown only when it is asked for with a reason, which the reporter is told; then it stands here
 * until the page is left, and nowhere else.
 */
import { useState } from 'preact/hooks';
import type { Reporter as Person, StaffReport } from '../../api';
import { post } from '../../shared/call';
import { Icon } from '../../shared/parts/icon';
import { Note } from '../../shared/parts/ui';
import { Link } from '../../shared/router';
import { sayFrom } from '../../shared/words';
import type { Step } from '../act/act';
import { me } from '../session/state';
import { AskWhy } from './ask-why';
import { ConsentProof } from './consent-proof';

const own = sayFrom({
  title: ['Người gửi', 'The reporter'],
  noConsent: ['Người gửi không đồng ý cho xem họ tên và số điện thoại.', 'The reporter does not let you see name and phone.'],
  onPaper: ['Họ đã ký đồng ý trên giấy? Ghi nhận', 'Did they consent on paper? Record it'],
  notNow: ['Ở bước này không xem được họ tên và số điện thoại.', 'Name and phone cannot be seen at this point.'],
  hidden: ['Họ tên và số điện thoại được giữ kín. Mỗi lần xem đều ghi lại, và người gửi được báo kèm lý do.', 'Name and phone are kept. Each look is recorded, and the reporter is told why.'],
  why: ['Vì sao cần xem', 'Why you need it'],
  whyHelp: ['Người gửi đọc được câu này.', 'The reporter reads this.'],
  look: ['Xem người gửi', 'See the reporter'],
  name: ['Họ tên', 'Name'],
  phone: ['Điện thoại', 'Phone'],
  none: ['chưa khai', 'not given'],
});

export function Reporter({ report, step, onReveal }: { report: StaffReport; step: Step | undefined; onReveal: () => void }) {
  const [person, setPerson] = useState<Person>();
  if (me()?.role === 'inspector') return <ConsentProof report={report} />; // who looks on only never sees them
  return (
    <section class="card" aria-labelledby="reporter-title">
      <h2 id="reporter-title">{own('title')}</h2>
      {person ? (
        <dl class="facts">
          <div>
            <dt>{own('name')}</dt>
            <dd>{person.name ?? own('none')}</dd>
          </div>
          <div>
            <dt>{own('phone')}</dt>
            <dd>{person.phone ? <a href={`tel:${person.phone}`}>{person.phone}</a> : own('none')}</dd>
          </div>
        </dl>
      ) : !report.consent ? (
        <>
          <p class="soft">{own('noConsent')}</p>
          <p class="small">
            <Link href={`/desk/confirmations?view=consent&report=${encodeURIComponent(report.number ?? '')}`}>{own('onPaper')}</Link>
          </p>
        </>
      ) : !step ? (
        <p class="soft">{own('notNow')}</p>
      ) : (
        <>
          <p class="small soft">
            <Icon name="eye" size={16} /> {own('hidden')}
          </p>
          <AskWhy
            id="reveal-note"
            kept={`report.${report.id}.reveal`}
            label={own('why')}
            help={own('whyHelp')}
            look={own('look')}
            ask={async (note) => {
              setPerson(await post('/v1/reports/{id}/reporter', { id: report.id }, { note }));
              onReveal();
            }}
          />
        </>
      )}
      {person && <Note tone="info">{own('hidden')}</Note>}
    </section>
  );
}

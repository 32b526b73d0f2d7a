/* The first page: report, look something up, what is going on. */
import { get } from '../../shared/call';
import { sayFrom } from '../../shared/words';
import { useCatalogue } from '../lib/catalogue';
import { isBlank, isUnclaimed, keep, listDrafts, onDrafts, recall, type ReportDraft } from '../lib/db';
import { Link } from '../../shared/router';
import { useLoaded } from '../../shared/store';
import { say } from '../lib/words';
import { useEffect, useState } from 'preact/hooks';
import type { PublicReport } from '../../api';
import { Icon } from '../../shared/parts/icon';
import { ReportRow } from '../parts/report-row';
import { ButtonLink, Empty, Loading, Note } from '../../shared/parts/ui';

const own = sayFrom({
  title: ['Thấy việc chưa ổn?', 'Something wrong?'],
  words: ['Chụp ảnh, chọn nơi, gửi đi. Cơ quan phụ trách nhận ngay, bạn theo dõi đến khi xong. Chưa cần tài khoản.', 'Take a photo, pick the place, send. The agency in charge gets it, and you follow it to the end. No account needed yet.'],
  report: ['Gửi phản ánh', 'Report it'],
  do: ['Làm việc khác', 'Other things'],
  procedure: ['Làm thủ tục', 'Apply for something'],
  around: ['Xem quanh đây', 'Look around'],
  lookup: ['Tra cứu hồ sơ', 'Look up a dossier'],
  commune: ['Xã tôi làm ra sao', 'How my commune does'],
  recent: ['Mới được công khai', 'Published lately'],
  none: ['Chưa có phản ánh nào được công khai', 'Nothing is published yet'],
  unclaimed: ['{0} phản ánh chờ bạn xem lại và gửi.', 'Reports for you to look through and send: {0}.'],
  waiting: ['{0} phản ánh đang chờ gửi.', 'Reports waiting to be sent: {0}.'],
  following: ['Ảnh của {0} phản ánh đang được gửi.', 'Reports whose photos are on their way: {0}.'],
  writing: ['Bạn đang viết dở {0} phản ánh.', 'Unfinished reports: {0}.'],
  see: ['Xem', 'See'],
});

async function recent(): Promise<PublicReport[]> {
  try {
    const { items } = await get('/v1/public/reports', {}, { limit: 5 });
    await keep('recent', items);
    return items;
  } catch (error) {
    const last = await recall<PublicReport[]>('recent');
    if (last) return last;
    throw error;
  }
}

function Waiting() {
  const [drafts, set] = useState<ReportDraft[]>([]);
  useEffect(() => {
    const load = () => void listDrafts().then(set);
    load();
    return onDrafts(load);
  }, []);
  const waiting = drafts.filter((draft) => draft.state === 'waiting' || draft.state === 'refused').length;
  const following = drafts.filter((draft) => draft.state === 'following').length;
  const writing = drafts.filter((draft) => draft.state === 'writing' && !isBlank(draft)).length;
  if (waiting + following + writing === 0) return null;
  const unclaimed = drafts.filter(isUnclaimed);
  if (unclaimed.length > 0)
    return (
      <Note tone="warn" icon="clock">
        {own('unclaimed', unclaimed.length)} <Link href={unclaimed.length === 1 ? `/app/report/${unclaimed[0]!.id}/send` : '/app/mine'}>{own('see')}</Link>
      </Note>
    );
  return (
    <Note tone="warn" icon="clock">
      {waiting > 0 ? own('waiting', waiting) : following > 0 ? own('following', following) : own('writing', writing)} <Link href="/app/mine">{own('see')}</Link>
    </Note>
  );
}

export function Home() {
  const catalogue = useCatalogue();
  const list = useLoaded(recent, 'recent');
  useEffect(() => void (document.title = 'Trạm · Phản ánh và dịch vụ công'), []);
  return (
    <>
      <section class="hero">
        <h1>{own('title')}</h1>
        <p>{own('words')}</p>
        <ButtonLink href="/app/report" look="main" icon="camera" wide>
          {own('report')}
        </ButtonLink>
      </section>
      <Waiting />
      <section class="stack">
        <h2>{own('do')}</h2>
        <div class="tiles">
          {(
            [
              ['/app/services', 'procedure', 'paper'],
              ['/app/around', 'around', 'map'],
              ['/app/lookup', 'lookup', 'search'],
              ['/app/commune', 'commune', 'chart'],
            ] as const
          ).map(([href, key, icon]) => (
            <Link key={href} href={href} class="tile">
              <Icon name={icon} />
              {own(key)}
            </Link>
          ))}
        </div>
      </section>
      <section class="stack">
        <h2>{own('recent')}</h2>
        {list.data?.map((report) => <ReportRow key={report.number} report={report} catalogue={catalogue.data} href={`/r/${report.number}`} published />)}
        {list.data?.length === 0 && <Empty icon="image" title={own('none')} />}
        {!list.data && (list.error ? <Note tone="warn">{say('noNews')}</Note> : <Loading />)}
        {list.data && list.data.length > 0 && <ButtonLink href="/app/around?view=list">{say('more')}</ButtonLink>}
      </section>
    </>
  );
}

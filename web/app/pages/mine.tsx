/* What is mine: what waits on this phone, my reports, my dossiers and drafts. */
import { useEffect, useState } from 'preact/hooks';
import type { DossierRow, DossierDraftRow, OwnReportRow } from '../../api';
import { get, Problem } from '../../shared/call';
import { ago, dateOf, untilWorkingDays } from '../../shared/format';
import { sayFrom } from '../../shared/words';
import { useCatalogue } from '../lib/catalogue';
import { dossierTone, dossierWord } from '../lib/dossier';
import { isBlank, isFiled, isUnclaimed, keep, listDrafts, onDrafts, recall, type ReportDraft } from '../lib/db';
import { go, Link, type Where } from '../../shared/router';
import { acting } from '../lib/acting';
import { news, signed } from '../lib/state';
import { useLoaded, useWatched } from '../../shared/store';
import { say } from '../lib/words';
import { procedureNames } from '../../shared/procedures';
import { EidFirst, useKnownNumber } from '../parts/eid-first';
import { OfCategory } from '../parts/of-category';
import { ReportRow } from '../parts/report-row';
import { SignInFirst } from '../parts/sign-in';
import { DropDraft } from '../parts/sure';
import { ButtonLink, Empty, Failed, Loading, Note, Tag, Title } from '../../shared/parts/ui';
import { Unsent } from '../report/own-photos';
import { Progress } from '../report/progress';

const own = sayFrom({
  onPhone: ['Trên máy này', 'On this phone'],
  unfinished: ['Đang viết dở', 'Unfinished'],
  waits: ['Chờ gửi', 'Waits to be sent'],
  following: ['Đã gửi, ảnh đang gửi', 'Sent, photos under way'],
  refused: ['Chưa được nhận', 'Not taken'],
  photosRefused: ['Có ảnh không gửi được', 'Some photos were not taken'],
  toSend: ['Xem lại và gửi', 'Look through and send'],
  noWords: ['Chưa có nội dung', 'Nothing written yet'],
  reports: ['Phản ánh', 'Reports'],
  dossiers: ['Hồ sơ', 'Dossiers'],
  none: ['Bạn chưa gửi phản ánh nào', 'You have not sent a report'],
  noDossiers: ['Bạn chưa có hồ sơ nào', 'You have no dossier'],
  begin: ['Tìm thủ tục', 'Find a procedure'],
  drafts: ['Hồ sơ đang soạn', 'Drafts'],
  saved: ['Lưu {0}', 'Saved {0}'],
  filed: ['Nộp {0}', 'Filed {0}'],
  due: ['Hẹn trả {0} ({1})', 'Due {0} ({1})'],
  acting: ['Làm thay người khác', 'Acting for others'],
  account: ['Tài khoản và quyền của tôi', 'Account and my rights'],
});

interface Lists {
  reports: OwnReportRow[];
  dossiers: DossierRow[];
  drafts: DossierDraftRow[];
  needsEid: boolean; // dossiers are there for whoever showed an e-ID
  names: Record<string, string>;
  old: boolean;
}

/* As they were seen last where there is no network. */
async function lists(): Promise<Lists> {
  try {
    let needsEid = false;
    const orNone = <T,>(list: Promise<{ items: T[] }>): Promise<T[]> =>
      list.then(
        ({ items }) => items,
        (error: unknown) => {
          if (!(error instanceof Problem) || error.status !== 403) throw error;
          needsEid ||= error.slug.includes('level');
          return [];
        },
      );
    const [reports, dossiers, drafts] = await Promise.all([orNone(get('/v1/reports', {}, { limit: 50 })), orNone(get('/v1/dossiers', {}, { limit: 50 })), orNone(get('/v1/dossier-drafts', {}, { limit: 20 }))]);
    const names = await procedureNames([...dossiers, ...drafts].map((one) => one.procedure ?? ''));
    const seen = { reports, dossiers, drafts, needsEid, names };
    if (!acting.get()) await keep('reports', seen);
    return { ...seen, old: false };
  } catch (error) {
    const last = error instanceof Problem && error.status === 0 && !acting.get() ? await recall<Omit<Lists, 'old'>>('reports') : undefined;
    if (last) return { ...last, old: true };
    throw error;
  }
}

const addressOf = (draft: ReportDraft): string => (isFiled(draft) ? `/app/reports/${draft.report}` : `/app/report/${draft.id}${draft.state === 'writing' ? '' : '/send'}`);

function OnPhone() {
  const catalogue = useCatalogue();
  const [drafts, set] = useState<ReportDraft[]>([]);
  useEffect(() => {
    const load = () => void listDrafts().then((all) => set(all.filter((one) => one.state !== 'adding' && (one.state !== 'filed' || one.photos.some((photo) => photo.problem)) && (!isBlank(one) || one.state !== 'writing'))));
    load();
    return onDrafts(load);
  }, []);
  if (drafts.length === 0) return null;
  const tags = { writing: ['plain', 'unfinished'], waiting: ['warn', 'waits'], following: ['good', 'following'], adding: ['plain', 'unfinished'], refused: ['bad', 'refused'], filed: ['bad', 'photosRefused'] } as const;
  return (
    <section class="stack tight">
      <h2>{own('onPhone')}</h2>
      {drafts.map((draft) => (
        <div key={draft.id} class="card">
          <Link href={addressOf(draft)}>
            <h3>{draft.category ? <OfCategory code={draft.category} catalogue={catalogue.data} /> : say('newReport')}</h3>
          </Link>
          <p>{draft.text.slice(0, 120) || <span class="soft">{own('noWords')}</span>}</p>
          {draft.state === 'waiting' && draft.by && <Progress draft={draft} />}
          {isFiled(draft) && <Unsent draft={draft} />}
          {isUnclaimed(draft) && (
            <ButtonLink href={addressOf(draft)} look="main">
              {own('toSend')}
            </ButtonLink>
          )}
          {draft.problem && <p class="error">{draft.problem}</p>}
          <div class="row spread">
            <Tag tone={tags[draft.state][0]}>{own(tags[draft.state][1])}</Tag>
            {!isFiled(draft) && <DropDraft draft={draft} words={say('remove')} />}
          </div>
        </div>
      ))}
    </section>
  );
}

const Drafts = ({ drafts, names }: { drafts: DossierDraftRow[]; names: Record<string, string> }) => (
  <>
    {drafts.map((draft) => (
      <Link key={draft.id} href={`/app/drafts/${draft.id}`} class="card">
        <h3>{names[draft.procedure ?? ''] ?? draft.procedure}</h3>
        <div class="row small soft">
          <Tag>{own('unfinished')}</Tag>
          {draft.changed_at && own('saved', ago(draft.changed_at))}
        </div>
      </Link>
    ))}
  </>
);

const Dossiers = ({ dossiers, names, off }: { dossiers: DossierRow[]; names: Record<string, string>; off: string[] | undefined }) => (
  <>
    {dossiers.map((one) => (
      <Link key={one.id} href={`/app/dossiers/${one.id}`} class="card">
        <h3>{names[one.procedure ?? ''] ?? one.procedure}</h3>
        <div class="row small soft">
          <Tag tone={dossierTone(one.state)}>{dossierWord(one.state)}</Tag>
          <span>{one.number}</span>
          {one.duty && one.appointment ? <span>{own('due', dateOf(one.appointment), untilWorkingDays(one.appointment, off))}</span> : one.filed_at && <span>{own('filed', dateOf(one.filed_at))}</span>}
        </div>
      </Link>
    ))}
  </>
);

function Lists({ tab, known }: { tab: 'reports' | 'dossiers'; known: boolean }) {
  const catalogue = useCatalogue();
  const turn = useWatched(news);
  const whom = useWatched(acting)?.id;
  const found = useLoaded(lists, `lists ${turn} ${whom}`);
  const [last, setLast] = useState<Lists>();
  useEffect(() => void (found.data && setLast(found.data)), [found.data]);
  const shown = found.data ?? last;
  if (found.error && !shown) return <Failed error={found.error} again={found.again} />;
  if (!shown) return <Loading />;
  return (
    <div class="stack tight">
      {shown.old && <Note tone="warn">{say('offlineOld')}</Note>}
      {tab === 'reports' ? (
        shown.reports.map((report) => <ReportRow key={report.id} report={report} catalogue={catalogue.data} href={`/app/reports/${report.id}`} />)
      ) : (
        <>
          <Drafts drafts={shown.drafts} names={shown.names} />
          <Dossiers dossiers={shown.dossiers} names={shown.names} off={catalogue.data?.off} />
        </>
      )}
      {tab === 'reports' && shown.reports.length === 0 && (
        <Empty icon="camera" title={own('none')}>
          <ButtonLink href="/app/report" look="main">
            {say('newReport')}
          </ButtonLink>
        </Empty>
      )}
      {tab === 'dossiers' && shown.needsEid && (
        <>
          {!known && <EidFirst back="/app/mine?tab=dossiers" why="dossiers" />}
          <ButtonLink href="/app/services">{own('begin')}</ButtonLink>
        </>
      )}
      {tab === 'dossiers' && !shown.needsEid && shown.dossiers.length + shown.drafts.length === 0 && (
        <Empty icon="paper" title={own('noDossiers')}>
          <ButtonLink href="/app/services" look="main">
            {own('begin')}
          </ButtonLink>
        </Empty>
      )}
    </div>
  );
}

export default function Mine({ where }: { where: Where }) {
  const isSigned = useWatched(signed);
  const known = useKnownNumber();
  const tab = where.query.get('tab') === 'dossiers' ? 'dossiers' : 'reports';
  return (
    <>
      <Title>{say('mine')}</Title>
      <OnPhone />
      {isSigned === false && <SignInFirst />}
      {isSigned && (
        <>
          <div class="segmented" role="group" aria-label={say('mine')}>
            {(['reports', 'dossiers'] as const).map((one) => (
              <button key={one} type="button" aria-pressed={tab === one} onClick={() => go(`/app/mine${one === 'reports' ? '' : '?tab=dossiers'}`, true)}>
                {own(one)}
              </button>
            ))}
          </div>
          {known && <EidFirst back={`/app/mine${tab === 'dossiers' ? '?tab=dossiers' : ''}`} why="known" />}
          <Lists tab={tab} known={known} />
          <ButtonLink href="/app/acting">{own('acting')}</ButtonLink>
          <ButtonLink href="/app/account" icon="person">
            {own('account')}
          </ButtonLink>
        </>
      )}
    </>
  );
}


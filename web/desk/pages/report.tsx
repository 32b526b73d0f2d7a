/* One report: what was said, seen and done on the left, what may be done next on the right. */
import { useEffect } from 'preact/hooks';
import type { StaffReport } from '../../api';
import { agencyName, categoryName, communeName } from '../../shared/catalogue';
import { get } from '../../shared/call';
import { momentOf } from '../../shared/format';
import { LazyMap } from '../../shared/parts/lazy-map';
import { Failed, Loading, Tag, Title } from '../../shared/parts/ui';
import { Link, type Where } from '../../shared/router';
import { sayFrom } from '../../shared/words';
import { ActPanel } from '../act/panel';
import { useCatalogue, useColleagues, nameOf } from '../lib/catalogue';
import { hush } from '../lib/alarms';
import { useToldOf } from '../lib/live';
import { usePresence } from '../lib/presence';
import { useCase } from '../lib/case';
import { Changed } from '../parts/changed';
import { Demands } from '../parts/demands';
import { Here } from '../parts/here';
import { Brief, Due } from '../parts/due';
import { Elsewhere } from '../parts/elsewhere';
import { History } from '../parts/history';
import { Walk } from '../parts/walk';
import { Answers } from '../report/answers';
import { EmergencyState } from '../report/emergency';
import { PerhapsTheSame } from '../report/alike';
import { ReportPhotos } from '../report/photos';
import { Reporter } from '../report/reporter';
import { outcomeWord, say, stateWord, toneOfState } from '../words';

const own = sayFrom({
  proposed: ['Câu trả lời chờ duyệt', 'The answer that waits for approval'],
  answer: ['Câu trả lời', 'The answer'],
  questions: ['Hỏi và trả lời', 'Questions and answers'],
  noAnswerYet: ['Chưa có trả lời.', 'No answer yet.'],
  rating: ['Người gửi đánh giá {0}/5', 'Rated {0} of 5 by the reporter'],
  published: ['Đã công khai {0}', 'Published {0}'],
  unpublished: ['Chưa công khai', 'Not published'],
  duplicateOf: ['Trùng với một phản ánh khác', 'Repeats another report'],
  openIt: ['Mở', 'Open it'],
  reopened: ['Mở lại {0} lần', 'Reopened {0} times'],
  transfers: ['Đã chuyển {0} lần', 'Transferred {0} times'],
  nearest: ['theo điểm gần nhất', 'by the nearest point'],
  notFull: ['Phản ánh này không thuộc bàn làm việc của bạn.', 'This report is not on your desk.'],
  awaited: ['Còn {0} ảnh đang được gửi đến, chờ đến {1}.', '{0} photos are still arriving; awaited until {1}.'],
  missing: ['{0} ảnh người gửi báo trước chưa đến.', '{0} photos that were announced have not come.'],
  closesAt: ['Tự đóng lúc {0} nếu không ai mở lại', 'Closes by itself at {0} unless reopened'],
  resumesAt: ['Tự xử lý tiếp lúc {0} nếu không có trả lời', 'Goes on by itself at {0} without an answer'],
  proofPhotos: ['Ảnh kết quả', 'Photos of the result'],
});

/* People write the commune into the address, too: it is said once. */
const placeOf = ({ address = '' }: StaffReport, commune: string): string => (commune && address.toLowerCase().endsWith(commune.toLowerCase()) ? address : [address, commune].filter(Boolean).join(', '));

function Place({ report }: { report: StaffReport }) {
  const catalogue = useCatalogue().data;
  const point = report.point;
  return (
    <section class="card" aria-labelledby="place-title">
      <h2 id="place-title">{say('place')}</h2>
      <p>
        {placeOf(report, communeName(catalogue, report.commune)) || '–'}
        {report.place === 'nearest' && <span class="soft"> ({own('nearest')})</span>}
      </p>
      {point && <LazyMap center={[point.lat, point.lon]} zoom={15} label={say('place')} picked={point} {...(catalogue && { communes: catalogue.communes })} />}
    </section>
  );
}

function Talk({ report, onChange }: { report: StaffReport; onChange: () => void }) {
  const photos = (kind: 'proof' | 'proposed') => (report.photos ?? []).filter((one) => (kind === 'proposed' ? one.proposed : one.proof && !one.proposed)).map((one) => one.id!);
  return (
    <>
      {report.proposed_answer && (
        <section class="card marked" aria-labelledby="proposed-title">
          <h2 id="proposed-title">{own('proposed')}</h2>
          <p class="lines">{report.proposed_answer}</p>
          {photos('proposed').length > 0 && <ReportPhotos report={report} ids={photos('proposed')} onChange={onChange} />}
        </section>
      )}
      {report.answer && (
        <section class="card" aria-labelledby="answer-title">
          <div class="row spread">
            <h2 id="answer-title">{own('answer')}</h2>
            {report.rating !== undefined && report.rating > 0 && <Tag tone={report.rating >= 4 ? 'good' : report.rating >= 3 ? 'warn' : 'bad'}>{own('rating', report.rating)}</Tag>}
          </div>
          <p class="lines">{report.answer}</p>
          {photos('proof').length > 0 && <ReportPhotos report={report} ids={photos('proof')} onChange={onChange} />}
          {report.rating_note && <p class="lines said">{report.rating_note}</p>}
        </section>
      )}
      {(report.questions ?? []).length > 0 && (
        <section class="card" aria-labelledby="questions-title">
          <h2 id="questions-title">{own('questions')}</h2>
          {report.questions!.map((one) => (
            <div key={one.id} class="stack tight">
              <p class="lines">
                <strong>{one.question}</strong>
              </p>
              <p class="lines said">{one.answer ?? own('noAnswerYet')}</p>
            </div>
          ))}
        </section>
      )}
    </>
  );
}

/* Of what the citizen is waited for, the clock goes on by itself. */
const dueOf = (state: string | undefined, at: string): string => (state === 'answered' ? own('closesAt', at) : state === 'waiting' ? own('resumesAt', at) : say('dueAt', at));

function State({ report }: { report: StaffReport }) {
  const catalogue = useCatalogue().data;
  const staff = useColleagues().data;
  return (
    <section class="card state" aria-label={say('state')}>
      <div class="row">
        <Tag tone={toneOfState(report.state)}>{stateWord(report.state, 'report')}</Tag>
        {report.outcome && <Tag>{outcomeWord(report.outcome)}</Tag>}
        {report.emergency && <Tag tone="bad">{say('emergency')}</Tag>}
      </div>
      <Due of={report} />
      {report.open && report.due_at && <p class="small soft">{dueOf(report.state, momentOf(report.due_at))}</p>}
      <dl class="facts">
        <div>
          <dt>{say('agency')}</dt>
          <dd>{agencyName(catalogue, report.agency)}</dd>
        </div>
        <div>
          <dt>{say('officer')}</dt>
          <dd>{report.officer ? nameOf(staff, report.officer) || say('somebody') : say('nobody')}</dd>
        </div>
        <div>
          <dt>{say('filedAt')}</dt>
          <dd>{report.filed_at && momentOf(report.filed_at)}</dd>
        </div>
      </dl>
      <p class="small soft">
        {[report.published_at ? own('published', momentOf(report.published_at)) : own('unpublished'), report.transfers > 0 && own('transfers', report.transfers), report.reopened > 0 && own('reopened', report.reopened)].filter(Boolean).join(' · ')}
      </p>
      {report.duplicate_of && (
        <p class="small">
          {own('duplicateOf')}: <Link href={`/desk/reports/${report.duplicate_of}`}>{own('openIt')}</Link>
        </p>
      )}
    </section>
  );
}

export default function ReportPage({ where }: { where: Where }) {
  const id = where.parts[1]!;
  useToldOf(id);
  const one = useCase<StaffReport>(`report ${id}`, async () => (await get('/v1/reports/{id}', { id })) as StaffReport);
  const catalogue = useCatalogue().data;
  const staff = useColleagues().data;
  useEffect(() => hush(id), [id]);
  const others = usePresence('report', id, one.data?.steps && one.data.revision, one.again);
  if (one.error && !one.data) return <Failed page error={one.error} again={one.again} />;
  const report = one.data;
  if (!report) return <Loading />;
  if (!report.steps) return <Elsewhere title={own('notFull')} to="/desk/reports" />;
  const found = (report.photos ?? []).filter((photo) => !photo.proof && photo.id).map((photo) => photo.id!);
  return (
    <div class="case">
      <div class="case-head">
        <Title up="/desk/reports" beside={<Walk key={id} id={id} at={(one) => `/desk/reports/${one}`} />}>
          {report.number} <span class="soft">{categoryName(catalogue, report.category)}</span>
        </Title>
        <Brief of={report} kind="report" />
        <Here others={others} />
        {one.changed.length > 0 && <Changed entries={one.changed} kind="report" onSeen={one.seen} />}
      </div>
      <div class="case-said stack">
        <section class="card" aria-label={say('note')}>
          <p class="lines large">{report.text}</p>
          <Answers category={catalogue?.categories.find((c) => c.code === report.category)} answers={report.answers as Record<string, unknown> | undefined} />
          {report.steps.some((step) => step.verb === 'cover') && found.length > 0 && <PerhapsTheSame id={report.id} />}
          {found.length > 0 && <ReportPhotos report={report} ids={found} onChange={one.again} />}
          {report.awaited && <p class="small soft">{report.awaited_until ? own('awaited', report.awaited, momentOf(report.awaited_until)) : own('missing', report.awaited)}</p>}
        </section>
      </div>
      <div class="case-rest stack">
        <Talk report={report} onChange={one.again} />
        <Place report={report} />
        <section class="card" aria-labelledby="history-title">
          <h2 id="history-title">{say('history')}</h2>
          <History entries={report.history ?? []} kind="report" catalogue={catalogue} staff={staff} />
        </section>
      </div>
      <div class="case-side stack">
        <State report={report} />
        <EmergencyState report={report} />
        <Demands demands={report.demands} history={report.history} />
        <ActPanel of={{ kind: 'report', of: report }} steps={report.steps.filter((step) => !step.at)} onChange={(now) => one.set(now as StaffReport)} changed={one.changed} onConflict={one.again} />
        <Reporter report={report} step={report.steps.find((step) => step.verb === 'reveal')} onReveal={one.again} />
      </div>
    </div>
  );
}

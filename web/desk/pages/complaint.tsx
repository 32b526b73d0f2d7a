/* One complaint about a dossier: the citizen's words, the clock, what happened, and what may be done next. */
import type { StaffComplaint } from '../../api';
import { agencyName } from '../../shared/catalogue';
import { get } from '../../shared/call';
import { momentOf } from '../../shared/format';
import { Failed, Loading, Tag, Title } from '../../shared/parts/ui';
import { procedureNames } from '../../shared/procedures';
import { Link, type Where } from '../../shared/router';
import { useLoaded } from '../../shared/store';
import { sayFrom, type Words } from '../../shared/words';
import { ActPanel } from '../act/panel';
import { aboutWord, StandTag, timed } from '../complaint/parts';
import { useCase } from '../lib/case';
import { useCatalogue, useColleagues } from '../lib/catalogue';
import { useToldOf } from '../lib/live';
import { Changed } from '../parts/changed';
import { Demands } from '../parts/demands';
import { Brief, Due } from '../parts/due';
import { Elsewhere } from '../parts/elsewhere';
import { entryWords, History, whoOf, type Entry } from '../parts/history';
import { Walk } from '../parts/walk';
import { say } from '../words';

const own = sayFrom({
  text: ['Người gửi viết', 'What the citizen writes'],
  answer: ['Câu trả lời', 'The answer'],
  rating: ['Người gửi đánh giá {0}/5', 'Rated {0} of 5 by the citizen'],
  dossier: ['Hồ sơ', 'Dossier'],
  step: ['Về bước', 'About the step'],
  dueAt: ['Phải xong trước', 'Due by'],
  private: ['Người đang giải quyết hồ sơ không đọc được phản ánh này. Câu trả lời của bạn được gửi nguyên văn cho người gửi.', 'Whoever handles the dossier does not read this. The citizen is sent your answer word for word.'],
  elsewhere: ['Phản ánh này không thuộc bàn làm việc của bạn.', 'This complaint is not on your desk.'],
});

const reasons = {
  formal: ['Là khiếu nại, tố cáo theo luật: nộp tại Ban Tiếp công dân', 'A formal complaint or denunciation: to be filed with the citizens’ reception office'],
  not_this: ['Không liên quan đến việc giải quyết hồ sơ', 'Not about the dossier'],
  repeated: ['Đã được trả lời trước đó', 'Answered before'],
} as const satisfies Words;
const reasonOf = (complaint: StaffComplaint): string => {
  const code = complaint.history?.find((one) => one.verb === 'refuse')?.reason;
  return code && code in reasons ? sayFrom(reasons)(code as keyof typeof reasons) : (code ?? '');
};

/* The step of the dossier's history that it names. */
function useStep(complaint: StaffComplaint): Entry | undefined {
  const { dossier, step } = complaint;
  const found = useLoaded(async () => (dossier && step ? get('/v1/dossiers/{id}', { id: dossier }) : undefined), `step ${dossier} ${step}`).data;
  return (found?.history as Entry[] | undefined)?.find((one) => one.seq === step);
}

function State({ complaint }: { complaint: StaffComplaint }) {
  const catalogue = useCatalogue().data;
  const staff = useColleagues().data;
  const code = complaint.procedure ?? '';
  const procedure = useLoaded(() => procedureNames([code]), code).data?.[code];
  const step = useStep(complaint);
  return (
    <section class="card state" aria-label={say('state')}>
      <div class="row">
        <StandTag of={complaint} />
      </div>
      <Due of={timed(complaint)} />
      <dl class="facts">
        {complaint.open && complaint.due_at && (
          <div>
            <dt>{own('dueAt')}</dt>
            <dd>{momentOf(complaint.due_at)}</dd>
          </div>
        )}
        <div>
          <dt>{own('dossier')}</dt>
          <dd>
            <Link href={`/desk/dossiers/${complaint.dossier}`}>{complaint.dossier_number}</Link> <span class="soft">{procedure}</span>
          </dd>
        </div>
        {step && (
          <div>
            <dt>{own('step')}</dt>
            <dd>
              {entryWords(step, 'dossier', catalogue, staff)} <span class="soft">{[whoOf(step, catalogue, staff), step.at && momentOf(step.at)].filter(Boolean).join(' · ')}</span>
            </dd>
          </div>
        )}
        <div>
          <dt>{say('agency')}</dt>
          <dd>{agencyName(catalogue, complaint.agency)}</dd>
        </div>
        <div>
          <dt>{say('filedAt')}</dt>
          <dd>{complaint.filed_at && momentOf(complaint.filed_at)}</dd>
        </div>
      </dl>
    </section>
  );
}

function Answer({ complaint }: { complaint: StaffComplaint }) {
  const { rating } = complaint;
  const reason = reasonOf(complaint);
  if (!complaint.answer) return null;
  return (
    <section class="card" aria-labelledby="answer-title">
      <div class="row spread">
        <h2 id="answer-title">{own('answer')}</h2>
        {rating !== undefined && rating > 0 && <Tag tone={rating >= 4 ? 'good' : rating >= 3 ? 'warn' : 'bad'}>{own('rating', rating)}</Tag>}
      </div>
      {reason && (
        <p>
          <strong>{reason}</strong>
        </p>
      )}
      <p class="lines">{complaint.answer}</p>
      {complaint.rating_note && <p class="lines said">{complaint.rating_note}</p>}
    </section>
  );
}

export default function ComplaintPage({ where }: { where: Where }) {
  const id = where.parts[1]!;
  useToldOf(id);
  const one = useCase<StaffComplaint>(`complaint ${id}`, async () => (await get('/v1/complaints/{id}', { id })) as StaffComplaint);
  const catalogue = useCatalogue().data;
  const staff = useColleagues().data;
  if (one.error && !one.data) return <Failed page error={one.error} again={one.again} />;
  const complaint = one.data;
  if (!complaint) return <Loading />;
  if (!complaint.steps) return <Elsewhere title={own('elsewhere')} to="/desk/complaints" />;
  return (
    <div class="case">
      <div class="case-head">
        <Title up="/desk/complaints" beside={<Walk key={id} id={id} at={(one) => `/desk/complaints/${one}`} />}>
          {complaint.number} <span class="soft">{aboutWord(complaint.about)}</span>
        </Title>
        <Brief of={timed(complaint)} kind="complaint" />
        {one.changed.length > 0 && <Changed entries={one.changed} kind="complaint" onSeen={one.seen} />}
      </div>
      <div class="case-said stack">
        <section class="card" aria-labelledby="text-title">
          <h2 id="text-title">{own('text')}</h2>
          <p class="lines large">{complaint.text}</p>
        </section>
        <Answer complaint={complaint} />
      </div>
      <div class="case-rest stack">
        <section class="card" aria-labelledby="history-title">
          <h2 id="history-title">{say('history')}</h2>
          <History entries={complaint.history ?? []} kind="complaint" catalogue={catalogue} staff={staff} />
        </section>
      </div>
      <div class="case-side stack">
        <State complaint={complaint} />
        <Demands demands={complaint.demands} history={complaint.history} />
        <ActPanel of={{ kind: 'complaint', of: complaint }} steps={complaint.steps} onChange={(now) => one.set(now as StaffComplaint)} changed={one.changed} onConflict={one.again} />
        {complaint.open && <p class="small soft">{own('private')}</p>}
      </div>
    </div>
  );
}

/* Beside a dossier: whose it is, how it stands, what is owed, and the papers that are printed of it. */
import type { ProcedureDetail, StaffDossier } from '../../api';
import { agencyName } from '../../shared/catalogue';
import { get } from '../../shared/call';
import { dateOf, deadlineOf, momentOf, money } from '../../shared/format';
import { Button, Tag } from '../../shared/parts/ui';
import { useLoaded } from '../../shared/store';
import { named, sayFrom } from '../../shared/words';
import { nameOf, useCatalogue, useColleagues } from '../lib/catalogue';
import { saveFrom } from '../lib/pdf';
import { Due } from '../parts/due';
import { Fact } from '../parts/fact';
import { saysMore } from '../../shared/states';
import { reasonWords } from '../../shared/reasons';
import { outcomeWord, say, stateWord, toneOfState } from '../words';
import { Files } from './papers';

const own = sayFrom({
  applicant: ['Người nộp', 'The applicant'],
  birth: ['Ngày sinh', 'Born'],
  card: ['Số định danh', 'Card number'],
  phone: ['Điện thoại', 'Phone'],
  passport: ['Hộ chiếu', 'Passport'],
  tax: ['Mã số thuế', 'Tax code'],
  by: ['Người thực hiện thay', 'Acting for them'],
  appointment: ['Hẹn trả', 'Promised for'],
  desk: ['Nơi nộp', 'Filed at'],
  decider: ['Nơi quyết định', 'Decided by'],
  fetch: ['Nhận kết quả', 'How the result is taken'],
  tracking: ['Mã vận đơn', 'Tracking number'],
  supplements: ['Đã yêu cầu bổ sung {0} lần', 'Papers asked for {0} times'],
  askedOnce: ['lần nữa do lãnh đạo yêu cầu', 'a leader asks again, if need be'],
  apologies: ['Đã xin lỗi {0} lần', 'Apologised {0} times'],
  fees: ['Phí, lệ phí', 'Fees'],
  fee: ['Phải nộp', 'Due'],
  owed: ['Còn thiếu', 'Still owed'],
  paid: ['Đã nộp đủ', 'Paid'],
  cash: ['tiền mặt', 'in cash'],
  service: ['trực tuyến', 'online'],
  forms: ['Biểu mẫu', 'Forms'],
  held: ['Kết quả được trao khi đã nộp đủ.', 'The result is handed out once this is paid.'],
  results: ['Kết quả', 'Results'],
  denied: ['Lý do không giải quyết', 'Why it was denied'],
  refused: ['Lý do không tiếp nhận', 'Why it was not received'],
  stopped: ['Lý do dừng xử lý', 'Why it was stopped'],
  replaced: ['Đã thay thế', 'Replaced'],
  revoked: ['Đã thu hồi', 'Revoked'],
  letter: ['Văn bản trả lời', 'Letter'],
  download: ['Tải về', 'Download'],
  post: ['Qua bưu chính', 'By post'],
  desk_fetch: ['Tại quầy', 'At the desk'],
});

const fetches: Record<string, 'download' | 'post' | 'desk_fetch'> = { download: 'download', post: 'post', counter: 'desk_fetch' };

export function Standing({ dossier }: { dossier: StaffDossier }) {
  const catalogue = useCatalogue().data;
  const staff = useColleagues().data;
  const counted = [dossier.supplements > 0 && own('supplements', dossier.supplements), dossier.supplements > 0 && dossier.open && own('askedOnce'), dossier.apologies > 0 && own('apologies', dossier.apologies)].filter(Boolean).join(' · ');
  return (
    <section class="card state" aria-label={say('state')}>
      <div class="row">
        <Tag tone={toneOfState(dossier.state)}>{stateWord(dossier.state, 'dossier')}</Tag>
        {saysMore(dossier.outcome) && <Tag>{outcomeWord(dossier.outcome)}</Tag>}
      </div>
      <Due of={dossier} off={catalogue?.off} />
      {dossier.open && dossier.due_at && dossier.due_at !== dossier.appointment && <p class="small soft">{say('dueAt', deadlineOf(dossier.due_at))}</p>}
      <dl class="facts">
        <Fact label={own('appointment')}>{dossier.appointment && momentOf(dossier.appointment)}</Fact>
        <Fact label={say('agency')}>{agencyName(catalogue, dossier.agency)}</Fact>
        <Fact label={own('desk')}>{dossier.desk !== dossier.agency ? agencyName(catalogue, dossier.desk) : undefined}</Fact>
        <Fact label={own('decider')}>{dossier.decider !== dossier.agency ? agencyName(catalogue, dossier.decider) : undefined}</Fact>
        <Fact label={say('officer')}>{dossier.officer ? nameOf(staff, dossier.officer) || say('somebody') : say('nobody')}</Fact>
        <Fact label={own('fetch')}>{dossier.fetch && (fetches[dossier.fetch] ? own(fetches[dossier.fetch]!) : dossier.fetch)}</Fact>
        <Fact label={own('tracking')}>{dossier.posted}</Fact>
      </dl>
      {counted && <p class="small soft">{counted}</p>}
    </section>
  );
}

export function Applicant({ dossier }: { dossier: StaffDossier }) {
  const person = dossier.applicant;
  if (!person) return null;
  return (
    <section class="card" aria-labelledby="applicant-title">
      <h2 id="applicant-title">{own('applicant')}</h2>
      <dl class="facts across">
        <div>
          <dt class="sr">{own('applicant')}</dt>
          <dd>
            <strong>{person.name}</strong>
          </dd>
        </div>
        <Fact label={own('birth')}>{person.birth && dateOf(`${person.birth}T00:00:00+07:00`)}</Fact>
        <Fact label={own('card')}>{person.card}</Fact>
        <Fact label={own('passport')}>{person.passport}</Fact>
        <Fact label={own('tax')}>{person.tax_code}</Fact>
        <Fact label={own('phone')}>{person.phone}</Fact>
        <Fact label={own('by')}>{person.by}</Fact>
      </dl>
    </section>
  );
}

export function Fees({ dossier }: { dossier: StaffDossier }) {
  const paid = Boolean(dossier.payments?.length);
  if ((!dossier.fee || ['refused', 'stopped'].includes(dossier.state ?? '')) && !paid) return null;
  return (
    <section class="card" aria-labelledby="fees-title">
      <div class="row spread">
        <h2 id="fees-title">{own('fees')}</h2>
        <Tag tone={dossier.owed > 0 ? 'warn' : 'good'}>{dossier.owed > 0 ? `${own('owed')} ${money(dossier.owed)}` : own('paid')}</Tag>
      </div>
      <p>
        {own('fee')}: <strong>{money(dossier.fee)}</strong>
      </p>
      {dossier.owed > 0 && dossier.state === 'finished' && dossier.outcome === 'granted' && <p class="small">{own('held')}</p>}
      <ul class="stack tight small">
        {(dossier.payments ?? []).map((one, i) => (
          <li key={one.id ?? i}>
            {money(one.amount)} · {own(one.way === 'service' ? 'service' : 'cash')} {one.at && `· ${momentOf(one.at)}`} {one.reference && <span class="soft">· {one.reference}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Forms({ dossier }: { dossier: StaffDossier }) {
  const found = useLoaded(async () => (await get('/v1/dossiers/{id}/forms', { id: dossier.id })).items, `${dossier.id} ${dossier.revision}`);
  if (!found.data?.length) return null;
  return (
    <section class="card" aria-labelledby="forms-title">
      <h2 id="forms-title">{own('forms')}</h2>
      <ul class="stack tight printed">
        {found.data.map((one) => (
          <li key={one.href}>
            <Button look="quiet" icon="print" onClick={() => void saveFrom(one.href, `${dossier.number ?? ''}-${one.form}.pdf`, 'application/pdf')}>
              {one.title}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/* What was granted is told as such; of what was not, why. */
function headingOf({ state, outcome }: StaffDossier): 'results' | 'denied' | 'refused' | 'stopped' {
  if (state === 'refused' || state === 'stopped') return state;
  return outcome === 'denied' ? 'denied' : 'results';
}

const DECIDES = new Set(['refuse', 'stop']);

export function ResultsShown({ dossier, procedure }: { dossier: StaffDossier; procedure: ProcedureDetail | undefined }) {
  const results = (dossier.results ?? []).filter((one) => one.file);
  const heading = headingOf(dossier);
  const isGone = results.length > 0 && results.every((one) => one.state === 'revoked' || one.state === 'replaced');
  const reason = heading === 'results' ? undefined : dossier.history?.filter((one) => DECIDES.has(one.verb ?? '')).at(-1)?.reason;
  if (!results.length && !dossier.decision) return null;
  return (
    <section class={`card ${heading === 'results' && !isGone ? 'marked-good' : 'marked'}`} aria-labelledby="results-title">
      <h2 id="results-title">{own(heading)}</h2>
      {reason && (
        <p>
          <strong>{reasonWords(reason, 'dossier')}</strong>
        </p>
      )}
      {dossier.decision && <p class="lines">{dossier.decision}</p>}
      {results.map((one) => (
        <div key={one.file} class="stack tight">
          <p>
            <strong>
              {named(procedure?.results?.find((kind) => kind.code === one.code), one.code ?? own(dossier.outcome === 'denied' ? 'letter' : 'results'))} {one.number}
            </strong>{' '}
            {one.issued_at && <span class="soft">{dateOf(one.issued_at)}</span>}{' '}
            {(one.state === 'replaced' || one.state === 'revoked') && <Tag tone="bad">{[own(one.state), one.ended_at && dateOf(one.ended_at)].filter(Boolean).join(' ')}</Tag>}
          </p>
          <Files ids={[one.file!]} label={own('results')} />
        </div>
      ))}
    </section>
  );
}

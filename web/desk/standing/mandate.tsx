/* One authority to act for somebody: who for whom, in what and until when, beside what an office may decide of it. */
import type { DeskMandate, Me } from '../../api';
import { communeName } from '../../shared/catalogue';
import { get, post } from '../../shared/call';
import { dateOf, momentOf } from '../../shared/format';
import { Failed, Loading } from '../../shared/parts/ui';
import { procedureNames } from '../../shared/procedures';
import { go } from '../../shared/router';
import { useLoaded } from '../../shared/store';
import { sayFrom } from '../../shared/words';
import { useCatalogue } from '../lib/catalogue';
import { Fact } from '../parts/fact';
import { toast } from '../parts/toast';
import { say } from '../words';
import type { Decision } from './decide';
import { ConfirmationFrame } from './frame';
import { useOpened } from './opened';
import type { Happened } from './parts';
import { confirmationAt, kindWord, scopeWord, standingWord } from './words';

const own = sayFrom({
  title: ['{0}: {1}', '{0}: {1}'],
  nobody: ['không còn tên', 'name no longer kept'],
  subject: ['Người được đại diện', 'Who is represented'],
  agent: ['Người làm thay', 'Who acts for them'],
  birth: ['Ngày sinh', 'Born'],
  subjectCard: ['Số định danh', 'Personal number'],
  kind: ['Người làm thay là', 'Acting as'],
  scope: ['Được làm', 'For'],
  procedures: ['Chỉ trong thủ tục', 'Only in the procedures'],
  lasts: ['Thời hạn', 'Lasts'],
  noEnd: ['từ {0}', 'from {0}'],
  created: ['Khai', 'Declared'],
  verify: ['Xác nhận', 'Confirm'],
  refuse: ['Không xác nhận', 'Do not confirm'],
  end: ['Chấm dứt', 'End'],
  handOn: ['Cử người thay', 'Name a successor'],
  cardOf: ['Số định danh người được đại diện', 'Personal number of who is represented'],
  cardOfHelp: ['Như trong giấy tờ, nếu có. Không điền: số đã khai.', 'As the papers have it, if they do. If left out: the one that was declared.'],
  agentCard: ['Số căn cước người làm thay mới', 'Card number of who acts from now on'],
  agentCardHelp: ['Căn cước được xuất trình tại quầy.', 'The card that is shown at the desk.'],
  done: ['Đã ghi: {0}', 'Recorded: {0}'],
});

function lasts(of: DeskMandate): string | undefined {
  if (!of.from) return undefined;
  return of.until ? `${dateOf(of.from)} – ${dateOf(new Date(of.until).getTime() - 1)}` : own('noEnd', dateOf(of.from));
}

function happened(of: DeskMandate): Happened[] {
  const begun = { words: own('created'), at: of.created_at };
  const byOffice = of.ended_at !== undefined && of.decided_at === of.ended_at; // then it is the end that was decided
  const confirmed = { words: own('verify'), at: byOffice ? undefined : of.decided_at, office: byOffice ? undefined : of.decided_office, note: of.seen };
  const refused = { words: standingWord('refused'), at: of.decided_at, office: of.decided_office, note: of.reason };
  const ended = { words: standingWord('ended'), at: of.ended_at, office: byOffice ? of.decided_office : undefined, note: of.reason };
  return [begun, ...(of.seen ? [confirmed] : []), ...(of.state === 'refused' ? [refused] : []), ...(of.state === 'ended' ? [ended] : [])];
}

function useDecisions(of: DeskMandate | undefined, me: Me, decided: (now: Partial<DeskMandate>) => void): Decision[] {
  if (!of?.id) return [];
  const { id } = of;
  const decision = (verb: 'verify' | 'refuse' | 'end', more: Pick<Decision, 'look' | 'words' | 'card'>): Decision => ({
    verb,
    label: own(verb),
    ...more,
    send: async ({ note, card }) => {
      const row = await post('/v1/desk/mandates/{id}/steps/{verb}', { id, verb }, { note, ...(card && { card }) });
      toast(own('done', own(verb)));
      decided({ ...row, ...(me.agency && { decided_office: me.agency }), ...(verb === 'verify' ? { seen: note } : { reason: note }) });
    },
  });
  const successor: Decision = {
    verb: 'successor',
    label: own('handOn'),
    look: 'main',
    words: 'seen',
    card: { label: own('agentCard'), help: own('agentCardHelp'), needed: true },
    hands: true,
    send: async ({ note, card = '', kind = 'guardian', until }) => {
      const made = await post('/v1/desk/mandates/{id}/successor', { id }, { note, card, kind, ...(until && { until }) });
      toast(own('done', own('handOn')));
      go(confirmationAt('mandates', made.id));
    },
  };
  const verify = decision('verify', { look: 'main', words: 'seen', ...(of.recorded && of.state === 'pending' && { card: { label: own('cardOf'), help: own('cardOfHelp'), needed: false } }) });
  const all = [verify, decision('refuse', { look: 'danger', words: 'reason' }), decision('end', { look: 'danger', words: 'reason' }), successor];
  return all.filter((one) => of.verbs?.includes(one.verb));
}

export function MandatePage({ id, me }: { id: string; me: Me }) {
  const one = useOpened<DeskMandate>(() => get('/v1/desk/mandates/{id}', { id }), `mandate ${id}`);
  const catalogue = useCatalogue().data;
  const of = one.data;
  const codes = of?.procedures ?? [];
  const names = useLoaded(() => procedureNames(codes), codes.join()).data;
  const decisions = useDecisions(of, me, one.decided);
  if (one.error && !of) return <Failed page error={one.error} again={one.again} />;
  if (!of) return <Loading />;
  return (
    <ConfirmationFrame view="mandates" id={id} of={of} title={own('title', kindWord(of.kind), of.agent_name ?? own('nobody'))} happened={happened(of)} decisions={decisions} again={one.again}>
      <Fact label={own('subject')}>{of.subject_name ?? own('nobody')}</Fact>
      <Fact label={own('birth')}>{of.subject_birth?.split('-').reverse().join('/')}</Fact>
      <Fact label={own('subjectCard')}>{of.subject_card}</Fact>
      <Fact label={own('agent')}>{of.agent_name ?? own('nobody')}</Fact>
      <Fact label={own('kind')}>{kindWord(of.kind)}</Fact>
      <Fact label={own('scope')}>{(of.scope ?? []).map(scopeWord).join(', ')}</Fact>
      <Fact label={own('procedures')}>{codes.map((code) => names?.[code] ?? code).join(', ')}</Fact>
      <Fact label={own('lasts')}>{lasts(of)}</Fact>
      <Fact label={say('commune')}>{communeName(catalogue, of.commune) || of.commune}</Fact>
      <Fact label={own('created')}>{of.created_at && momentOf(of.created_at)}</Fact>
    </ConfirmationFrame>
  );
}

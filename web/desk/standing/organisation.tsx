/* One organisation: what was declared, who represents it and its papers beside what an office may decide of it. */
import type { DeskOrganisation, Me } from '../../api';
import { communeName } from '../../shared/catalogue';
import { get, post } from '../../shared/call';
import { momentOf } from '../../shared/format';
import { Failed, Loading } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';
import { useCatalogue } from '../lib/catalogue';
import { Fact } from '../parts/fact';
import { toast } from '../parts/toast';
import { say } from '../words';
import type { Decision } from './decide';
import { ConfirmationFrame } from './frame';
import { useOpened } from './opened';
import type { Happened } from './parts';
import { kindWord, standingWord } from './words';

const own = sayFrom({
  kind: ['Loại', 'Kind'],
  tax: ['Mã số thuế', 'Tax code'],
  address: ['Địa chỉ', 'Address'],
  represents: ['Người đại diện', 'Represented by'],
  members: ['Thành viên khác', 'Other members'],
  registered: ['Đăng ký', 'Registered'],
  confirm: ['Xác nhận', 'Confirm'],
  refuse: ['Không xác nhận', 'Do not confirm'],
  replace: ['Thay người đại diện', 'Replace the representative'],
  end: ['Chấm dứt', 'End'],
  card: ['Số căn cước người đại diện mới', 'Card number of the new representative'],
  cardHelp: ['Họ đã đăng nhập bằng định danh điện tử.', 'They have signed in by e-ID before.'],
  done: ['Đã ghi: {0}', 'Recorded: {0}'],
});

const names = (of: DeskOrganisation, isTheir: (role: string | undefined) => boolean): string =>
  (of.members ?? [])
    .filter((one) => isTheir(one.role))
    .map((one) => one.name ?? '–')
    .join(', ');

function happened(of: DeskOrganisation): Happened[] {
  const begun = { words: own('registered'), at: of.registered_at };
  if (of.state === 'pending') return [begun];
  const confirmed = { words: standingWord('confirmed'), at: of.state === 'confirmed' ? of.decided_at : undefined, office: of.state === 'confirmed' ? of.decided_office : undefined, note: of.seen };
  if (of.state === 'confirmed') return [begun, confirmed];
  return [begun, ...(of.seen ? [confirmed] : []), { words: standingWord(of.state), at: of.decided_at, office: of.decided_office, note: of.reason }];
}

export function OrganisationPage({ id, me }: { id: string; me: Me }) {
  const one = useOpened<DeskOrganisation>(() => get('/v1/desk/organisations/{id}', { id }), `organisation ${id}`);
  const catalogue = useCatalogue().data;
  if (one.error && !one.data) return <Failed page error={one.error} again={one.again} />;
  const of = one.data;
  if (!of) return <Loading />;

  const decision = (verb: 'confirm' | 'refuse' | 'end' | 'replace', more: Pick<Decision, 'look' | 'words' | 'card'>): Decision => ({
    verb,
    label: own(verb),
    ...more,
    send: async ({ note, card }) => {
      const row = await post('/v1/desk/organisations/{id}/steps/{verb}', { id, verb }, { note, ...(card && { card }) }, { headers: { 'if-match': `"${of.revision}"` } });
      toast(own('done', own(verb)));
      if (verb === 'replace') one.again(); // with the name of who represents it now
      else one.decided({ ...row, decided_office: me.agency ?? '', ...(verb === 'confirm' ? { seen: note } : { reason: note }) });
    },
  });
  const decisions = [
    decision('confirm', { look: 'main', words: 'seen' }),
    decision('replace', { look: 'second', words: 'seen', card: { label: own('card'), help: own('cardHelp'), needed: true } }),
    decision('refuse', { look: 'danger', words: 'reason' }),
    decision('end', { look: 'danger', words: 'reason' }),
  ].filter((one) => of.verbs?.includes(one.verb));
  return (
    <ConfirmationFrame view="organisations" id={id} of={of} title={of.name} happened={happened(of)} decisions={decisions} again={one.again}>
      <Fact label={own('kind')}>{kindWord(of.kind)}</Fact>
      <Fact label={own('tax')}>{of.tax_code}</Fact>
      <Fact label={own('address')}>{of.address}</Fact>
      <Fact label={say('commune')}>{communeName(catalogue, of.commune) || of.commune}</Fact>
      <Fact label={own('represents')}>{names(of, (role) => role === 'represents')}</Fact>
      <Fact label={own('members')}>{names(of, (role) => role !== 'represents')}</Fact>
      <Fact label={own('registered')}>{of.registered_at && momentOf(of.registered_at)}</Fact>
    </ConfirmationFrame>
  );
}

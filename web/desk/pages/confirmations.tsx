/* What people come to an office for in person: organisations and who acts for somebody, the longest waiting first; a consent on paper, a lost phone. */
import { useMemo } from 'preact/hooks';
import type { DeskMandateRow, DeskOrganisationRow, Me } from '../../api';
import { communeName, type Catalogue } from '../../shared/catalogue';
import { get } from '../../shared/call';
import { ago, dateOf } from '../../shared/format';
import { Icon } from '../../shared/parts/icon';
import { Button, Empty, Failed, Loading, Title } from '../../shared/parts/ui';
import { go, type Where } from '../../shared/router';
import { sayFrom } from '../../shared/words';
import { useCatalogue } from '../lib/catalogue';
import { usePages } from '../lib/pages';
import { Filter, Tabs } from '../parts/filters';
import { Lines, type Shown } from '../parts/lines';
import { PaperConsent } from '../standing/consent';
import { StandingTag } from '../standing/parts';
import { SignOutPerson } from '../standing/sign-out';
import { asked, asks, confirmationAt, kindWord, mandateStates, orgStates, standingWord, type Asked } from '../standing/words';
import { say } from '../words';

const own = sayFrom({
  title: ['Xác nhận tư cách, việc tại quầy', 'Confirmations, and at the desk'],
  organisations: ['Tổ chức', 'Organisations'],
  mandates: ['Uỷ quyền, giám hộ', 'Proxies, guardians'],
  consent: ['Đồng ý trên giấy', 'Consent on paper'],
  phone: ['Mất điện thoại', 'A lost phone'],
  noneWaits: ['Không có ai chờ xác nhận.', 'Nobody waits to be confirmed.'],
  none: ['Không có mục nào.', 'There are none.'],
  noneWords: ['Xã, phường thấy những gì được khai về mình; cổng của tỉnh thấy tất cả.', 'A commune sees what names it; the portal of the province sees all.'],
  declared: ['Khai {0}', 'Declared {0}'],
});

type Row = DeskOrganisationRow | DeskMandateRow;
type OrgState = (typeof orgStates)[number];
type MandateState = (typeof mandateStates)[number];

function lineOf(one: Row, catalogue: Catalogue | undefined): Shown {
  const isMandate = 'recorded' in one;
  const begun = (isMandate ? one.created_at : (one as DeskOrganisationRow).registered_at) ?? '';
  const waits = one.state === 'pending';
  return {
    id: one.id!,
    href: confirmationAt(isMandate ? 'mandates' : 'organisations', one.id!),
    due: (
      <span class={`due ${waits ? 'warn' : 'plain'}`}>
        <Icon name={waits ? 'clock' : 'check'} size={16} />
        {waits ? ago(begun) : dateOf(begun)}
      </span>
    ),
    number: isMandate ? '' : kindWord(one.kind),
    title: <strong>{isMandate ? kindWord(one.kind) : (one as DeskOrganisationRow).name}</strong>,
    text: undefined,
    where: [communeName(catalogue, one.commune) || one.commune, own('declared', dateOf(begun))],
    state: [<StandingTag state={one.state} />, ''],
    urgent: false,
  };
}

/* What is done for who stands there, beside the lists. */
const AT_DESK = ['consent', 'phone'] as const;

export default function ConfirmationsPage({ where }: { where: Where; me: Me }) {
  const atDesk = AT_DESK.find((one) => one === where.query.get('view'));
  const view = asked(where.query);
  const tabs = [...asks.map((code) => ({ code, words: own(code), href: confirmationAt(code) })), ...AT_DESK.map((code) => ({ code, words: own(code), href: `/desk/confirmations?view=${code}` }))];
  return (
    <div class="stack">
      <Title>{own('title')}</Title>
      <Tabs tabs={tabs} now={atDesk ?? view} />
      {atDesk === 'consent' ? <PaperConsent number={where.query.get('report') ?? ''} /> : atDesk === 'phone' ? <SignOutPerson /> : <Waiting view={view} where={where} />}
    </div>
  );
}

function Waiting({ view, where }: { view: Asked; where: Where }) {
  const states: readonly (OrgState | MandateState)[] = view === 'mandates' ? mandateStates : orgStates;
  const state = states.find((one) => one === where.query.get('state')) ?? 'pending';
  const load = (cursor: string | undefined): Promise<{ items: Row[]; next?: string }> => {
    const page = { limit: 50, ...(cursor && { cursor }) };
    return view === 'mandates' ? get('/v1/desk/mandates', {}, { ...page, state: state as MandateState }) : get('/v1/desk/organisations', {}, { ...page, state: state as OrgState });
  };
  const list = usePages<Row>(load, `confirmations ${view} ${state}`);
  const catalogue = useCatalogue().data;
  const lines = useMemo(() => (list.items ?? []).map((one) => lineOf(one, catalogue)), [list.items, catalogue]);
  const at = (code: Asked, of?: string): string => confirmationAt(code, undefined, of);
  return (
    <>
      <div class="narrowing">
        <Filter name="state" label={say('state')} any={standingWord('pending')} value={state === 'pending' ? undefined : state} set={(_, value) => go(at(view, value), true)} options={states.filter((one) => one !== 'pending').map((one) => [one, standingWord(one)])} />
      </div>
      {list.error ? <Failed error={list.error} again={list.again} /> : !list.items && <Loading />}
      {list.items && lines.length === 0 && (
        <Empty icon="check" title={own(state === 'pending' ? 'noneWaits' : 'none')}>
          <p>{own('noneWords')}</p>
        </Empty>
      )}
      <Lines label={own(view)} rows={lines} />
      {list.more && <Button onClick={list.more}>{say('more')}</Button>}
    </>
  );
}

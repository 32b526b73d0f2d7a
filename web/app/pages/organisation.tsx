/* One organisation that I belong to: who its members are and what each may do; inviting, raising, taking out, leaving. */
import { useState } from 'preact/hooks';
import type { Organisation } from '../../api';
import { get, patch, post, Problem, remove } from '../../shared/call';
import { dateOf, momentOf } from '../../shared/format';
import { Button, Choices, Dialog, Empty, FailedPage, Note, Tag, Title } from '../../shared/parts/ui';
import { go, type Where } from '../../shared/router';
import { useLoaded, useWatched } from '../../shared/store';
import { sayFrom, type Words } from '../../shared/words';
import { actAs, acting } from '../lib/acting';
import { agencyName, communeName, useCatalogue, type Catalogue } from '../lib/catalogue';
import { signed } from '../lib/state';
import { Form, Text, useSending } from '../parts/acting-forms';
import { kinds, roles, State, Switch } from '../parts/acting-parts';
import { EidFirst } from '../parts/eid-first';
import { SignInFirst } from '../parts/sign-in';
import { Sure } from '../parts/sure';
import { Whole } from '../parts/whole';

const own = sayFrom({
  title: ['Tổ chức', 'Organisation'],
  tax: ['Mã số thuế', 'Tax code'],
  address: ['Địa chỉ', 'Address'],
  commune: ['Nơi đăng ký', 'Registered in'],
  pending: ['Xã, phường nơi đăng ký đang xem giấy tờ. Khi được xác nhận, bạn mời được thành viên và nộp hồ sơ cho tổ chức.', 'The office of its commune is looking at the papers. Once it is confirmed you can invite members and apply for it.'],
  members: ['Thành viên', 'Members'],
  you: ['bạn', 'you'],
  numbered: ['Số …{0}', 'The number …{0}'],
  nameless: ['Chưa có tên', 'No name given'],
  invited: ['Đã mời, chờ nhận đến {0}', 'Invited, may accept until {0}'],
  since: ['Từ {0}', 'Since {0}'],
  alone: ['Mới có một mình bạn', 'You are its only member'],
  aloneWords: ['Mời kế toán hay nhân viên để họ làm hồ sơ cho tổ chức.', 'Invite who keeps the books or does the paperwork, so that they apply for it.'],
  invite: ['Mời thành viên', 'Invite somebody'],
  by: ['Mời bằng', 'Invite by'],
  phone: ['Số điện thoại', 'Phone number'],
  card: ['Số căn cước', 'Card number'],
  cardHelp: ['12 chữ số.', '12 digits.'],
  inviteWords: ['Họ nhận lời trong ứng dụng này trong 14 ngày; không ai biết số đó đã dùng ứng dụng hay chưa.', 'They accept in this app within 14 days; nobody is told whether the number is in use here.'],
  sendInvite: ['Gửi lời mời', 'Send the invitation'],
  role: ['Được làm gì?', 'What may they do?'],
  represents: ['Làm mọi việc, kể cả mời và đưa người ra', 'Everything, with inviting and removing others'],
  prepares: ['Soạn, nộp hồ sơ và phản ánh, trả lời cơ quan', 'Prepares and files, answers offices'],
  reads: ['Chỉ xem', 'Reads only'],
  change: ['Đổi vai trò', 'Change the role'],
  changeOf: ['Vai trò của {0}', 'What {0} may do'],
  takeOut: ['Đưa ra', 'Remove'],
  takeOutOf: ['Đưa {0} ra khỏi tổ chức?', 'Remove {0} from the organisation?'],
  takeOutWords: ['Người này thôi làm thay tổ chức ngay. Việc đã nộp vẫn là của tổ chức.', 'They stop acting for it at once. What was filed stays the organisation’s.'],
  takeBack: ['Rút lời mời', 'Take it back'],
  leave: ['Rời tổ chức', 'Leave it'],
  leaveTitle: ['Rời {0}?', 'Leave {0}?'],
  leaveWords: ['Bạn không còn xem và làm gì cho tổ chức này. Muốn vào lại phải được mời.', 'You no longer see it nor act for it. To come back you must be invited.'],
  former: ['Trước đây ({0})', 'Former ({0})'],
  history: ['Diễn biến', 'What happened'],
});

const memberStates = sayFrom({
  invited: ['Đã mời', 'Invited'],
  active: ['Thành viên', 'Member'],
  left: ['Đã rời', 'Left'],
  removed: ['Đã đưa ra', 'Removed'],
  declined: ['Không nhận lời', 'Declined'],
  expired: ['Lời mời hết hạn', 'Invitation over'],
} as const satisfies Words);

const verbs = {
  register: ['Đăng ký', 'Registered'],
  confirm: ['{0} xác nhận', 'Confirmed by {0}'],
  refuse: ['{0} không xác nhận', 'Refused by {0}'],
  end: ['{0} chấm dứt', 'Ended by {0}'],
  replace: ['{0} thay người đại diện', '{0} replaced the representative'],
  invite: ['{0} mời {1}', '{0} invited {1}'],
  accept: ['{1} nhận lời mời', '{1} accepted'],
  decline: ['{1} không nhận lời mời', '{1} declined'],
  role: ['{0} đổi vai trò của {1}', '{0} changed what {1} may do'],
  remove: ['{0} đưa {1} ra', '{0} removed {1}'],
  leave: ['{1} rời tổ chức', '{1} left'],
} as const satisfies Words;
const verbWords = sayFrom(verbs);

type Member = NonNullable<Organisation['members']>[number];
type Role = NonNullable<Member['role']>;
const ROLES = ['represents', 'prepares', 'reads'] as const satisfies readonly Role[];

const nameOf = (one: Member): string => one.name || (one.hint ? own('numbered', one.hint) : own('nameless'));
const ifMatch = (org: Organisation) => ({ headers: { 'if-match': `"${org.revision}"` } });

const RoleChoice = ({ value, set }: { value: Role; set: (role: Role) => void }) => <Choices name="role" legend={own('role')} options={ROLES.map((one) => [one, roles(one), own(one)] as const)} value={value} onChange={set} />;

/* --- inviting --------------------------------------------------------------------------------- */

function InviteDialog({ org, onClose, onDone }: { org: Organisation; onClose: () => void; onDone: () => void }) {
  const { faults, busy, send } = useSending(onDone);
  const [by, setBy] = useState<'phone' | 'card'>('phone');
  const [number, setNumber] = useState('');
  const [role, setRole] = useState<Role>('prepares');
  const submit = () => send(() => post('/v1/organisations/{id}/members', { id: org.id! }, by === 'phone' ? { phone: number.trim(), role } : { card: number.trim(), role }));
  return (
    <Dialog title={own('invite')} onClose={onClose}>
      <Form busy={busy} faults={faults} submit={own('sendInvite')} onSend={() => void submit()}>
        <Choices name="by" compact legend={own('by')} options={(['phone', 'card'] as const).map((one) => [one, own(one)] as const)} value={by} onChange={(next) => (setBy(next), setNumber(''))} />
        <Text id="invited" label={own(by)} help={by === 'card' ? own('cardHelp') : undefined} type={by === 'phone' ? 'tel' : 'text'} inputMode={by === 'phone' ? 'tel' : 'numeric'} maxLength={by === 'phone' ? 24 : 12} faults={faults} pointer={`/${by}`} value={number} set={setNumber} />
        <p class="small soft">{own('inviteWords')}</p>
        <RoleChoice value={role} set={setRole} />
      </Form>
    </Dialog>
  );
}

/* --- one member ------------------------------------------------------------------------------- */

function RoleDialog({ org, member, onClose, onDone }: { org: Organisation; member: Member; onClose: () => void; onDone: () => void }) {
  const { faults, busy, send } = useSending(onDone);
  const [role, setRole] = useState<Role>(member.role ?? 'reads');
  const submit = () => send(() => patch('/v1/organisations/{id}/members/{member}', { id: org.id!, member: member.id! }, { role }, ifMatch(org)));
  return (
    <Dialog title={own('changeOf', nameOf(member))} onClose={onClose}>
      <Form busy={busy} faults={faults} onSend={() => void submit()}>
        <RoleChoice value={role} set={setRole} />
      </Form>
    </Dialog>
  );
}

type Asked = { what: 'role' | 'remove'; member: Member } | { what: 'invite' };

function MemberCard({ one, leads, ask }: { one: Member; leads: boolean; ask: (asked: Asked) => void }) {
  const waits = one.state === 'invited';
  return (
    <article class="card">
      <div class="stack tight">
        <h3>
          {nameOf(one)} {one.me && <span class="soft">({own('you')})</span>}
        </h3>
        <div class="row small soft">
          {one.role && <Tag tone={waits ? 'plain' : 'info'}>{roles(one.role)}</Tag>}
          <span>{waits ? one.expires_at && own('invited', dateOf(one.expires_at)) : one.since && own('since', dateOf(one.since))}</span>
        </div>
      </div>
      {leads && !one.me && (
        <div class="row">
          {!waits && (
            <Button onClick={() => ask({ what: 'role', member: one })} aria-label={`${own('change')}: ${nameOf(one)}`}>
              {own('change')}
            </Button>
          )}
          <Button look="quiet" onClick={() => ask({ what: 'remove', member: one })} aria-label={`${own(waits ? 'takeBack' : 'takeOut')}: ${nameOf(one)}`}>
            {own(waits ? 'takeBack' : 'takeOut')}
          </Button>
        </div>
      )}
    </article>
  );
}

function Members({ org, again }: { org: Organisation; again: () => void }) {
  const [asked, ask] = useState<Asked>();
  const members = org.members ?? [];
  const here = members.filter((one) => one.state === 'active' || one.state === 'invited');
  const former = members.filter((one) => !here.includes(one));
  const leads = org.role === 'represents' && org.state === 'confirmed';
  /* Read anew after a refusal, too: it may have been another's change. */
  const close = () => (ask(undefined), again());
  const drop = async (member: Member) => {
    await remove('/v1/organisations/{id}/members/{member}', { id: org.id!, member: member.id! }, ifMatch(org));
    close();
  };
  return (
    <section class="stack tight">
      <h2>{own('members')}</h2>
      {here.map((one) => (
        <MemberCard key={one.id} one={one} leads={leads} ask={ask} />
      ))}
      {here.length === 1 && leads && (
        <Empty icon="people" title={own('alone')}>
          <p>{own('aloneWords')}</p>
        </Empty>
      )}
      {leads && (
        <Button look="main" icon="plus" wide onClick={() => ask({ what: 'invite' })}>
          {own('invite')}
        </Button>
      )}
      {former.length > 0 && (
        <details>
          <summary>{own('former', former.length)}</summary>
          <ul class="small">
            {former.map((one) => (
              <li key={one.id}>
                {nameOf(one)} · {one.state && memberStates(one.state)} {one.until && dateOf(one.until)}
              </li>
            ))}
          </ul>
        </details>
      )}
      {asked?.what === 'invite' && <InviteDialog org={org} onClose={close} onDone={close} />}
      {asked?.what === 'role' && <RoleDialog org={org} member={asked.member} onClose={close} onDone={close} />}
      {asked?.what === 'remove' && (
        <Sure title={asked.member.state === 'invited' ? `${own('takeBack')}: ${nameOf(asked.member)}` : own('takeOutOf', nameOf(asked.member))} words={own('takeOutWords')} yes={own(asked.member.state === 'invited' ? 'takeBack' : 'takeOut')} run={() => drop(asked.member)} onClose={close} />
      )}
    </section>
  );
}

function Leave({ org }: { org: Organisation }) {
  const [asked, ask] = useState(false);
  const leave = async () => {
    await post('/v1/organisations/{id}/leave', { id: org.id! }, undefined);
    if (acting.get()?.id === org.id) await actAs(undefined);
    go('/app/acting', true);
  };
  return (
    <>
      <Button look="danger" onClick={() => ask(true)}>
        {own('leave')}
      </Button>
      {asked && <Sure title={own('leaveTitle', org.name ?? '')} words={own('leaveWords')} yes={own('leave')} run={leave} onClose={() => ask(false)} />}
    </>
  );
}

/* --- what happened ---------------------------------------------------------------------------- */

function History({ org, catalogue }: { org: Organisation; catalogue: Catalogue | undefined }) {
  const members = org.members ?? [];
  const who = (find: (one: Member) => boolean) => {
    const found = members.find(find);
    return found ? nameOf(found) : own('nameless');
  };
  return (
    <section class="stack">
      <h2>{own('history')}</h2>
      <ol class="timeline">
        {[...(org.history ?? [])].reverse().map((one, i) => {
          const by = one.office ? agencyName(catalogue, one.office) : who(({ person }) => Boolean(person) && person === one.by);
          const whom = who(({ id }) => id === one.member);
          return (
            <li key={`${one.at} ${i}`}>
              <strong>{one.verb && one.verb in verbs ? verbWords(one.verb as keyof typeof verbs, by, whom) : one.verb}</strong>
              {one.at && (
                <time dateTime={one.at} class="small soft">
                  {momentOf(one.at)}
                </time>
              )}
              {one.role && <span class="small">{roles(one.role)}</span>}
              {one.note && <p class="lines">{one.note}</p>}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/* --- the page --------------------------------------------------------------------------------- */

function Shown({ org, again }: { org: Organisation; again: () => void }) {
  const catalogue = useCatalogue().data;
  return (
    <>
      <Title up="/app/acting">{org.name ?? own('title')}</Title>
      <section class="card">
        <div class="row small soft">
          <State state={org.state} />
          <span>{org.kind && kinds(org.kind)}</span>
        </div>
        <dl class="facts">
          {(
            [
              ['tax', org.tax_code],
              ['address', org.address],
              ['commune', communeName(catalogue, org.commune)],
            ] as const
          ).map(
            ([key, words]) =>
              words && (
                <div key={key}>
                  <dt>{own(key)}</dt>
                  <dd>{words}</dd>
                </div>
              ),
          )}
        </dl>
        {org.state === 'pending' && <Note tone="warn">{own('pending')}</Note>}
        {org.reason && (
          <Note tone="bad">
            <p class="lines">{org.reason}</p>
          </Note>
        )}
        {org.state === 'confirmed' && (
          <div class="row">
            <Switch id={org.id!} name={org.name ?? ''} />
          </div>
        )}
      </section>
      <Members org={org} again={again} />
      <History org={org} catalogue={catalogue} />
      <Leave org={org} />
    </>
  );
}

export default function OrganisationPage({ where }: { where: Where }) {
  const isSigned = useWatched(signed);
  const id = where.parts[1] ?? '';
  const found = useLoaded(() => get('/v1/organisations/{id}', { id }), `organisation ${id} ${isSigned}`);
  if (isSigned === false || (found.error instanceof Problem && found.error.status === 403))
    return (
      <>
        <Title up="/app/acting">{own('title')}</Title>
        {isSigned === false ? <SignInFirst /> : <EidFirst back={`/app/organisation/${id}`} />}
      </>
    );
  if (found.error && !found.data) return <FailedPage title={own('title')} up="/app/acting" error={found.error} again={found.again} />;
  return <Whole loaded={found}>{(org) => <Shown org={org} again={found.again} />}</Whole>;
}

/* For whom I act and who acts for me: children, those I look after, who lets me, organisations. */
import type { Mandate, Organisation } from '../../api';
import { get, post, Problem } from '../../shared/call';
import { dateOf } from '../../shared/format';
import { Button, ButtonLink, Empty, Note, Title } from '../../shared/parts/ui';
import { go, Link, type Where } from '../../shared/router';
import { useLoaded, useWatched } from '../../shared/store';
import { sayFrom } from '../../shared/words';
import { acting } from '../lib/acting';
import { signed } from '../lib/state';
import { kinds, roles, State, Switch } from '../parts/acting-parts';
import { EidFirst } from '../parts/eid-first';
import { SignInFirst } from '../parts/sign-in';
import { Trouble, useAct, Whole } from '../parts/whole';
import { AgentForm, DependantForm, OrganisationForm } from '../parts/acting-forms';

const own = sayFrom({
  title: ['Làm thay người khác', 'Acting for others'],
  words: ['Cha mẹ làm cho con, người được nhờ, hay tổ chức: bạn nộp phản ánh, hồ sơ thay họ, và việc đó là của họ.', 'For a child, for who asked you, or for an organisation: you report and apply for them, and it is theirs.'],
  mine: ['Tôi làm thay cho', 'I act for'],
  offers: ['Người khác nhờ bạn', 'Offered to you'],
  others: ['Ai làm thay tôi', 'Who acts for me'],
  none: ['Bạn chưa làm thay ai', 'You act for nobody'],
  acts: ['Đang làm thay', 'Acting for them'],
  accept: ['Nhận', 'Accept'],
  decline: ['Không nhận', 'Decline'],
  end: ['Chấm dứt', 'End it'],
  members: ['Thành viên', 'Members'],
  as: ['Vai trò: {0}', 'As: {0}'],
  until: ['đến {0}', 'until {0}'],
  child: ['Thêm con hoặc người tôi giám hộ', 'Add a child or a ward'],
  agent: ['Nhờ người làm thay tôi', 'Let somebody act for me'],
  organisation: ['Đăng ký tổ chức, hộ kinh doanh', 'Register an organisation'],
  invites: ['{0} mời bạn', '{0} invites you'],
  numbered: ['Số điện thoại {0}', 'The number {0}'],
});

type Act = (work: () => Promise<unknown>) => Promise<void>;

function MandateCard({ one, act, again }: { one: Mandate; act: Act; again: () => void }) {
  const step = (verb: string) => act(async () => (await post('/v1/me/mandates/{id}/steps/{verb}', { id: one.id!, verb }, {}), again()));
  const mine = one.side === 'agent';
  const name = mine ? one.subject_name : (one.agent_name ?? (one.hint && own('numbered', `…${one.hint}`)));
  return (
    <article class="card">
      <h3>{name ?? '–'}</h3>
      <div class="row small soft">
        <State state={one.state} />
        <span>{[one.kind && kinds(one.kind), one.until && own('until', dateOf(one.until))].filter(Boolean).join(' · ')}</span>
      </div>
      {one.reason && <p class="small">{one.reason}</p>}
      <div class="row">
        {mine && one.state === 'active' && one.subject && <Switch id={one.subject} name={name ?? ''} />}
        {mine && one.state === 'offered' && (
          <>
            <Button look="main" onClick={() => void step('accept')}>
              {own('accept')}
            </Button>
            <Button look="quiet" onClick={() => void step('decline')}>
              {own('decline')}
            </Button>
          </>
        )}
        {['active', 'pending'].includes(one.state ?? '') || (!mine && one.state === 'offered') ? (
          <Button look="quiet" onClick={() => void step('end')}>
            {own('end')}
          </Button>
        ) : null}
      </div>
    </article>
  );
}

function OrganisationCard({ one, act, again }: { one: Organisation; act: Act; again: () => void }) {
  const role = one.invited_as ?? one.role;
  const answer = (verb: 'accept' | 'decline') => act(async () => (await post(`/v1/organisations/{id}/members/{member}/${verb}`, { id: one.id!, member: one.invitation! }, undefined), again()));
  return (
    <article class="card">
      <h3>{one.invitation ? own('invites', one.name ?? '') : <Link href={`/app/organisation/${one.id}`}>{one.name}</Link>}</h3>
      <div class="row small soft">
        <State state={one.state} />
        <span>{[one.kind && kinds(one.kind), role && own('as', roles(role)), one.invited_until && own('until', dateOf(one.invited_until))].filter(Boolean).join(' · ')}</span>
      </div>
      {one.reason && <p class="small">{one.reason}</p>}
      <div class="row">
        {one.invitation ? (
          <>
            <Button look="main" onClick={() => void answer('accept')}>
              {own('accept')}
            </Button>
            <Button look="quiet" onClick={() => void answer('decline')}>
              {own('decline')}
            </Button>
          </>
        ) : (
          <>
            {one.state === 'confirmed' && <Switch id={one.id!} name={one.name ?? ''} />}
            <ButtonLink href={`/app/organisation/${one.id}`} icon="people">
              {own('members')}
            </ButtonLink>
          </>
        )}
      </div>
    </article>
  );
}

const load = async (): Promise<{ mandates: Mandate[]; organisations: Organisation[] }> => {
  const [mandates, organisations] = await Promise.all([get('/v1/me/mandates'), get('/v1/me/organisations')]);
  return { mandates: mandates.items, organisations: organisations.items };
};

const forms = { child: DependantForm, agent: AgentForm, organisation: OrganisationForm } as const;
type Form = keyof typeof forms;

function Lists() {
  const now = useWatched(acting);
  const found = useLoaded(load, 'acting');
  const [problem, act] = useAct();
  if (found.error instanceof Problem && found.error.status === 403) return <EidFirst back="/app/acting" />;
  return (
    <Whole loaded={found}>
      {({ mandates, organisations }) => {
        const offered = mandates.filter((one) => one.side === 'agent' && one.state === 'offered');
        const mine = mandates.filter((one) => one.side === 'agent' && one.state !== 'offered');
        const others = mandates.filter((one) => one.side === 'subject');
        const invited = organisations.filter((one) => one.invitation);
        const member = organisations.filter((one) => !one.invitation);
        const ours = { act, again: found.again };
        return (
          <>
            {now && (
              <Note tone="warn">
                {own('acts')}: <strong>{now.name}</strong>
              </Note>
            )}
            <Trouble words={problem} />
            {offered.length + invited.length > 0 && (
              <section class="stack tight">
                <h2>{own('offers')}</h2>
                {offered.map((one) => (
                  <MandateCard key={one.id} one={one} {...ours} />
                ))}
                {invited.map((one) => (
                  <OrganisationCard key={one.id} one={one} {...ours} />
                ))}
              </section>
            )}
            <section class="stack tight">
              <h2>{own('mine')}</h2>
              {mine.length + member.length === 0 && <Empty icon="person" title={own('none')} />}
              {mine.map((one) => (
                <MandateCard key={one.id} one={one} {...ours} />
              ))}
              {member.map((one) => (
                <OrganisationCard key={one.id} one={one} {...ours} />
              ))}
            </section>
            {others.length > 0 && (
              <section class="stack tight">
                <h2>{own('others')}</h2>
                {others.map((one) => (
                  <MandateCard key={one.id} one={one} {...ours} />
                ))}
              </section>
            )}
            <nav class="stack tight" aria-label={own('title')}>
              {(Object.keys(forms) as Form[]).map((one) => (
                <ButtonLink key={one} href={`/app/acting/${one}`} wide>
                  {own(one)}
                </ButtonLink>
              ))}
            </nav>
          </>
        );
      }}
    </Whole>
  );
}

export default function Acting({ where }: { where: Where }) {
  const isSigned = useWatched(signed);
  const part = where.parts[1] as Form | undefined;
  const Shown = part && part in forms ? forms[part] : undefined;
  return (
    <>
      <Title up={part ? '/app/acting' : '/app/account'}>{own(part && Shown ? part : 'title')}</Title>
      {isSigned === false ? <SignInFirst /> : isSigned && (Shown ? <Shown onDone={() => go('/app/acting', true)} /> : <><p class="soft">{own('words')}</p><Lists /></>)}
    </>
  );
}

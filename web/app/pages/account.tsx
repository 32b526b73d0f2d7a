/* My account: who I am here, what I agreed to, who looked, where I am signed in, a copy of it all, signing out. */
import { useState } from 'preact/hooks';
import type { ConsentRecord } from '../../api';
import { freshKey, get, patch, post, remove } from '../../shared/call';
import { ago, dateOf, momentOf, phoneOf, size } from '../../shared/format';
import { signOut } from '../../shared/session';
import { sayFrom } from '../../shared/words';
import { go, Link, type Where } from '../../shared/router';
import { actAs } from '../lib/acting';
import { holdWaiting } from '../lib/db';
import { forgetTyped } from '../lib/typed';
import { news, signed } from '../lib/state';
import { useLoaded, useWatched } from '../../shared/store';
import { say } from '../lib/words';
import { EidFirst, useKnownNumber } from '../parts/eid-first';
import { Documents } from '../parts/documents';
import { Erasure, Purposes } from '../parts/rights';
import { Trouble, useAct, Whole } from '../parts/whole';
import { Icon } from '../../shared/parts/icon';
import { SignInFirst } from '../parts/sign-in';
import { Button, Empty, Field, Tag, Title } from '../../shared/parts/ui';

const own = sayFrom({
  phone: ['Số điện thoại', 'Phone'],
  name: ['Họ và tên', 'Name'],
  nameHelp: ['Cơ quan chỉ thấy khi bạn đồng ý.', 'Agencies see it only if you agree.'],
  kept: ['Đã lưu.', 'Saved.'],
  level: ['Mức định danh', 'Level of identification'],
  level0: ['Số điện thoại', 'Phone number'],
  level1: ['Đã xác thực bằng VNeID mức {0}', 'Shown by e-ID, level {0}'],
  documents: ['Kho giấy tờ của tôi', 'My papers'],
  consents: ['Tôi đã đồng ý những gì', 'What I agreed to'],
  looks: ['Ai đã xem thông tin của tôi', 'Who looked at my data'],
  devices: ['Nơi đang đăng nhập', 'Where I am signed in'],
  copy: ['Bản sao dữ liệu của tôi', 'A copy of my data'],
  erasure: ['Xoá dữ liệu của tôi', 'Erase my data'],
  acting: ['Làm thay người khác', 'Acting for others'],
  given: ['Đã đồng ý {0}', 'Agreed {0}'],
  withdrawn: ['Đã rút {0}', 'Withdrawn {0}'],
  withdraw: ['Rút lại', 'Withdraw'],
  noConsents: ['Bạn chưa đồng ý điều gì', 'You have not agreed to anything'],
  noLooks: ['Chưa có cán bộ nào xem thông tin của bạn', 'No official has looked at your data'],
  here: ['máy này', 'this one'],
  seen: ['đăng nhập {0}, dùng {1}', 'signed in {0}, used {1}'],
  end: ['Đăng xuất máy đó', 'Sign that one out'],
  copyWords: ['Mọi thứ được lưu về bạn, trong một tệp nén. Làm xong sẽ có thông báo; tệp giữ 7 ngày.', 'Everything that is kept about you, in one archive. You are told when it is ready; it is kept for 7 days.'],
  ask: ['Yêu cầu bản sao', 'Ask for a copy'],
  making: ['Đang làm', 'Being made'],
  makingOf: ['Đang làm, {0}/{1}', 'Being made, {0} of {1}'],
  ready: ['Tải về ({0}, đến {1})', 'Download ({0}, until {1})'],
  failed: ['Không làm được, hãy yêu cầu lại.', 'It failed; ask again.'],
  signOut: ['Đăng xuất', 'Sign out'],
  forNumber: ['Hồ sơ, phản ánh {0}', 'For {0}'],
});

const PARTS = ['documents', 'consents', 'looks', 'devices', 'copy', 'erasure'] as const;
type Part = (typeof PARTS)[number];

function Me() {
  const me = useLoaded(() => get('/v1/me'), 'me');
  const [name, setName] = useState<string>();
  const [done, setDone] = useState(false);
  const [problem, act] = useAct();
  const known = useKnownNumber();
  return (
    <Whole loaded={me}>
      {(data) => (
        <>
          <section class="card">
            <dl class="facts">
              <div>
                <dt>{own('phone')}</dt>
                <dd>{data.phone ? phoneOf(data.phone) : '–'}</dd>
              </div>
              <div>
                <dt>{own('level')}</dt>
                <dd>{(data.level ?? 0) > 0 ? own('level1', data.level ?? 0) : own('level0')}</dd>
              </div>
            </dl>
            <form class="stack" onSubmit={(event) => (event.preventDefault(), void act(async () => (await patch('/v1/me', {}, { name: (name ?? data.name ?? '').trim() }), setDone(true))))}>
              <Field id="name" label={own('name')} help={own('nameHelp')} optional>
                {(described) => <input {...described} type="text" autocomplete="name" maxLength={60} value={name ?? data.name ?? ''} onInput={(event) => (setName(event.currentTarget.value), setDone(false))} />}
              </Field>
              <div class="row">
                <Button type="submit">{say('save')}</Button>
                {done && <span role="status">{own('kept')}</span>}
              </div>
            </form>
            <Trouble words={problem} />
          </section>
          {(data.level ?? 0) < 1 && <EidFirst back="/app/account" {...(known && { why: 'known' })} />}
        </>
      )}
    </Whole>
  );
}

function Consents() {
  const list = useLoaded(() => get('/v1/me/consents', {}, { limit: 100 }), 'consents');
  const [problem, act] = useAct();
  const withdraw = (one: ConsentRecord) => act(async () => (await post('/v1/me/consents/{id}/withdraw', { id: one.id }, undefined, { headers: freshKey() }), list.again()));
  return (
    <Whole loaded={list}>
      {({ items }) => (
        <>
          <Trouble words={problem} />
          {items.length === 0 && <Empty icon="check" title={own('noConsents')} />}
          {items.map((one) => (
            <article key={one.id} class="card">
              <h2>{one.title}</h2>
              <p class="small">{one.text}</p>
              <div class="row spread">
                <Tag tone={one.stands ? 'good' : 'plain'}>{own(one.given ? 'given' : 'withdrawn', one.at ? dateOf(one.at) : '')}</Tag>
                {one.stands && (
                  <Button look="quiet" onClick={() => void withdraw(one)}>
                    {own('withdraw')}
                  </Button>
                )}
              </div>
            </article>
          ))}
          <Purposes standing={items.filter((one) => one.stands).map((one) => one.purpose ?? '')} onChange={list.again} />
        </>
      )}
    </Whole>
  );
}

function Looks() {
  const list = useLoaded(() => get('/v1/me/looks', {}, { limit: 50 }), 'looks');
  return (
    <Whole loaded={list}>
      {({ items }) => (
        <>
          {items.length === 0 && <Empty icon="person" title={own('noLooks')} />}
          {items.map((one) => (
            <article key={one.id} class="card">
              <p>
                <strong>{[one.title, one.office].filter(Boolean).join(' · ')}</strong>
              </p>
              <p>{one.words}</p>
              {one.reason && <p class="soft">{one.reason}</p>}
              <p class="small soft">{[one.at && momentOf(one.at), one.number && own('forNumber', one.number)].filter(Boolean).join(' · ')}</p>
            </article>
          ))}
        </>
      )}
    </Whole>
  );
}

function Devices() {
  const list = useLoaded(() => get('/v1/me/sessions'), 'sessions');
  const [problem, act] = useAct();
  return (
    <Whole loaded={list}>
      {({ items }) => (
        <>
          <Trouble words={problem} />
          {items.map((one) => (
            <article key={one.id} class="card">
              <p>
                <strong>{one.device ?? '–'}</strong> {one.this && <Tag tone="good">{own('here')}</Tag>}
              </p>
              <div class="row spread">
                <span class="small soft">{own('seen', momentOf(one.created_at), ago(one.seen_at))}</span>
                {!one.this && (
                  <Button onClick={() => void act(async () => (await remove('/v1/me/sessions/{id}', { id: one.id }), list.again()))}>
                    {own('end')}
                  </Button>
                )}
              </div>
            </article>
          ))}
        </>
      )}
    </Whole>
  );
}

function Copy() {
  const list = useLoaded(() => get('/v1/me/exports'), `exports ${useWatched(news)}`); // that it is ready is told
  const [problem, act] = useAct();
  const ask = () => act(async () => (await post('/v1/me/exports', {}, undefined, { headers: freshKey() }), list.again()));
  return (
    <>
      <p>{own('copyWords')}</p>
      <Trouble words={problem} />
      <Button look="main" onClick={() => void ask()}>
        {own('ask')}
      </Button>
      <Whole loaded={list}>
        {({ items }) => (
          <>
            {items
              .filter((one) => one.state !== 'removed')
              .map((one) => (
                <div key={one.id} class="card row spread">
                  <span class="small soft">{one.asked_at && momentOf(one.asked_at)}</span>
                  {one.state === 'ready' && one.url ? (
                    <a class="button second" href={one.url} download>
                      <Icon name="download" size={20} />
                      {own('ready', size(one.size ?? 0), one.expires ? dateOf(one.expires) : '')}
                    </a>
                  ) : (
                    <span>{one.state === 'failed' ? own('failed') : one.total ? own('makingOf', one.done ?? 0, one.total) : own('making')}</span>
                  )}
                </div>
              ))}
          </>
        )}
      </Whole>
    </>
  );
}

const shown: Record<Part, () => preact.JSX.Element> = { documents: Documents, consents: Consents, looks: Looks, devices: Devices, copy: Copy, erasure: Erasure };

/* Nothing is left of whom one acts for, nor of what was typed. */
async function leave(): Promise<void> {
  await holdWaiting();
  await actAs(undefined);
  forgetTyped();
  await signOut();
  go('/', true);
}

export default function Account({ where }: { where: Where }) {
  const isSigned = useWatched(signed);
  const part = PARTS.find((one) => one === where.parts[1]);
  if (isSigned === false)
    return (
      <>
        <Title up="/app/mine">{say('account')}</Title>
        <SignInFirst />
      </>
    );
  if (part) {
    const Shown = shown[part];
    return (
      <>
        <Title up="/app/account">{own(part)}</Title>
        <Shown />
      </>
    );
  }
  return (
    <>
      <Title up="/app/mine">{say('account')}</Title>
      {isSigned && <Me />}
      <nav class="stack tight" aria-label={say('account')}>
        <Link href="/app/acting" class="card row spread">
          {own('acting')} <Icon name="next" size={20} />
        </Link>
        {PARTS.map((one) => (
          <Link key={one} href={`/app/account/${one}`} class="card row spread">
            {own(one)} <Icon name="next" size={20} />
          </Link>
        ))}
      </nav>
      <Button look="danger" onClick={() => void leave()}>
        {own('signOut')}
      </Button>
    </>
  );
}

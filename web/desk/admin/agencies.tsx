/* The agencies of the province: who there is, one's card, what is kept of it; an agency's own administrator sees theirs. */
import { useState } from 'preact/hooks';
import type { AdminAgency } from '../../api';
import { get, post } from '../../shared/call';
import { communeName, folded } from '../../shared/catalogue';
import { Button, ButtonLink, Dialog, Empty, Note, Tag } from '../../shared/parts/ui';
import { go, Link, type Where } from '../../shared/router';
import { useLoaded } from '../../shared/store';
import { named, sayFrom } from '../../shared/words';
import { useCatalogue } from '../lib/catalogue';
import { Fact } from '../parts/fact';
import { Filter } from '../parts/filters';
import { say } from '../words';
import { AgencyForm, KINDS, kindWord } from './agency-form';
import { Frame, Shown } from './frame';
import { ImportRows } from './import';
import { SavingNote, useSaving } from './saving';

const own = sayFrom({
  add: ['Thêm cơ quan', 'Add an agency'],
  find: ['Tìm tên hoặc mã', 'Find a name or code'],
  anyKind: ['Mọi loại', 'Any kind'],
  kind: ['Loại', 'Kind'],
  inactive: ['Ngừng hoạt động', 'No longer active'],
  none: ['Không có cơ quan nào như vậy.', 'There is no such agency.'],
  empty: ['Chưa có cơ quan nào.', 'There are no agencies yet.'],
  address: ['Địa chỉ', 'Address'],
  hours: ['Giờ làm việc', 'Hours'],
  hotline: ['Điện thoại', 'Telephone'],
  code: ['Mã', 'Code'],
  webhook: ['Webhook', 'Webhook'],
  webhookHelp: ['Hệ thống của cơ quan được báo ngay khi có việc mới. Khoá ký chỉ hiện một lần; khoá mới thay khoá cũ ngay.', 'The agency’s own system is told at once of what is new. The signing secret is shown once; a new one replaces the old at once.'],
  noWebhook: ['Chưa đặt địa chỉ nhận.', 'No address is set.'],
  newKey: ['Tạo khoá ký mới', 'Make a new secret'],
  keyTitle: ['Khoá ký webhook', 'Webhook secret'],
  keyOnce: ['Hãy chép ngay: khoá này không hiện lại.', 'Copy it now: it is not shown again.'],
  keyMade: ['Đã tạo khoá mới.', 'A new secret was made.'],
  notSet: ['Chưa có', 'Not set'],
  accounts: ['Tài khoản của cơ quan', 'Its accounts'],
  allAgencies: ['Mọi cơ quan', 'All agencies'],
  ownTitle: ['Cơ quan của tôi', 'My agency'],
  ownLead: ['Người dân thấy địa chỉ, giờ làm việc và điện thoại. Tên, mã và loại do quản trị cổng của tỉnh giữ.', 'Citizens see address, hours and telephone. Name, code and kind are kept by the province’s portal.'],
});

function NewKey({ agency }: { agency: AdminAgency }) {
  const [secret, set] = useState<string>();
  const saving = useSaving();
  const make = () => void saving.run(async () => set((await post('/v1/admin/agencies/{code}/webhook-key', { code: agency.code! }, undefined)).secret), own('keyMade'));
  return (
    <>
      <SavingNote saving={saving} />
      <div class="row">
        <Button icon="key" busy={saving.busy} onClick={make}>
          {own('newKey')}
        </Button>
      </div>
      {secret && (
        <Dialog title={own('keyTitle')} onClose={() => set(undefined)}>
          <p class="one-code secret">{secret}</p>
          <p class="soft">{own('keyOnce')}</p>
        </Dialog>
      )}
    </>
  );
}

/* What is not set is said, since it is to be. */
const orNotSet = (value: string | undefined) => value || <span class="soft">{own('notSet')}</span>;

export function AgencyCard({ agency, onEdit }: { agency: AdminAgency; onEdit: () => void }) {
  const catalogue = useCatalogue().data;
  return (
    <>
      <section class="card">
        <div class="row spread">
          <h2>{named(agency)}</h2>
          <Button look="main" onClick={onEdit}>
            {say('edit')}
          </Button>
        </div>
        <div class="row">
          <Tag>{agency.kind && kindWord(agency.kind)}</Tag>
          {!agency.active && <Tag tone="bad">{own('inactive')}</Tag>}
        </div>
        <dl class="facts across">
          <Fact label={own('code')}>{agency.code}</Fact>
          <Fact label={say('commune')}>{communeName(catalogue, agency.commune)}</Fact>
          <Fact label={own('address')}>{orNotSet(agency.address)}</Fact>
          <Fact label={own('hours')}>{orNotSet(named({ name: agency.hours ?? '', name_en: agency.hours_en ?? '' }))}</Fact>
          <Fact label={own('hotline')}>{orNotSet(agency.hotline)}</Fact>
        </dl>
      </section>
      <section class="card">
        <h2>{own('webhook')}</h2>
        <p class="soft small">{own('webhookHelp')}</p>
        <p class="wrap-anywhere">{agency.webhook_url ?? <span class="soft">{own('noWebhook')}</span>}</p>
        <NewKey agency={agency} />
      </section>
    </>
  );
}

const useAgencies = () => useLoaded(async () => (await get('/v1/admin/agencies')).items, 'admin agencies');

export function OwnAgency() {
  const list = useAgencies();
  const [editing, setEditing] = useState(false);
  const finish = (again: boolean) => (setEditing(false), again && list.again());
  return (
    <Frame part="agencies" over={false} title={own('ownTitle')}>
      <Note>{own('ownLead')}</Note>
      <Shown of={list}>
        {([agency]) =>
          agency ? (
            <>
              <AgencyCard agency={agency} onEdit={() => setEditing(true)} />
              {editing && <AgencyForm agency={agency} whole={false} onDone={finish} />}
            </>
          ) : (
            <Empty icon="search" title={own('none')} />
          )
        }
      </Shown>
    </Frame>
  );
}

function Rows({ agencies, kind, find }: { agencies: AdminAgency[]; kind: string | undefined; find: string }) {
  const catalogue = useCatalogue().data;
  const words = folded(find.trim());
  const found = agencies.filter((one) => (!kind || one.kind === kind) && folded(`${one.code} ${one.name} ${one.name_en ?? ''}`).includes(words));
  if (found.length === 0) return <Empty icon="search" title={own(agencies.length ? 'none' : 'empty')} />;
  return (
    <ul class="lines-list">
      {found.map((one) => (
        <li key={one.code} class="line">
          <Link href={`/desk/admin/agencies?code=${encodeURIComponent(one.code!)}`} class="line-link admin-line">
            <span class="line-main">
              <strong>{named(one)}</strong>
              <small class="soft"> {one.code}</small>
            </span>
            <span class="line-where">
              {one.kind && <Tag>{kindWord(one.kind)}</Tag>}
              {!one.active && <Tag tone="bad">{own('inactive')}</Tag>}
              {one.webhook_url && <Tag tone="info">{own('webhook')}</Tag>}
            </span>
            <span class="line-state small">
              {communeName(catalogue, one.commune) || one.hotline}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

export function Agencies({ where }: { where: Where }) {
  const list = useAgencies();
  const [find, setFind] = useState('');
  const [form, setForm] = useState<'new' | 'edit' | 'import'>();
  const code = where.query.get('code') ?? undefined;
  const kind = where.query.get('kind') ?? undefined;
  const finish = (again: boolean) => (setForm(undefined), again && list.again());
  const chosen = list.data?.find((one) => one.code === code);
  return (
    <Frame
      part="agencies"
      beside={
        !code && (
          <div class="row end">
            <Button icon="share" onClick={() => setForm('import')}>
              {say('importFile')}
            </Button>
            <Button look="main" icon="plus" onClick={() => setForm('new')}>
              {own('add')}
            </Button>
          </div>
        )
      }
    >
      <Shown of={list}>
        {(agencies) =>
          code ? (
            <div class="stack narrow-page">
              <div class="row">
                <ButtonLink href="/desk/admin/agencies" icon="back" look="quiet">
                  {own('allAgencies')}
                </ButtonLink>
                <ButtonLink href={`/desk/staff?agency=${encodeURIComponent(code)}`} icon="people" look="quiet">
                  {own('accounts')}
                </ButtonLink>
              </div>
              {chosen ? <AgencyCard agency={chosen} onEdit={() => setForm('edit')} /> : <Empty icon="search" title={own('none')} />}
            </div>
          ) : (
            <>
              <div class="narrowing">
                <input type="search" class="filter" aria-label={own('find')} placeholder={own('find')} maxLength={80} value={find} onInput={(event) => setFind(event.currentTarget.value)} />
                <Filter name="kind" label={own('kind')} any={own('anyKind')} value={kind} set={(_, value) => go(value ? `/desk/admin/agencies?kind=${value}` : '/desk/admin/agencies', true)} options={KINDS.map((one) => [one, kindWord(one)])} />
              </div>
              <Rows agencies={agencies} kind={kind} find={find} />
            </>
          )
        }
      </Shown>
      {form === 'new' && <AgencyForm agency={undefined} whole onDone={finish} />}
      {form === 'edit' && chosen && <AgencyForm agency={chosen} whole onDone={finish} />}
      {form === 'import' && list.data && <ImportRows of="agencies" rows={list.data} onDone={finish} />}
    </Frame>
  );
}

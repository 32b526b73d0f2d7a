/* Accounts of an agency: who there is, a new one with its code, a code anew, the end of one. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Me, StaffAccount, StaffCode } from '../../api';
import { get, post } from '../../shared/call';
import { agencyName } from '../../shared/catalogue';
import { ago, momentOf } from '../../shared/format';
import { Button, Dialog, Empty, Failed, Field, Loading, Note, Tag, Title } from '../../shared/parts/ui';
import { go, type Where } from '../../shared/router';
import { named, sayFrom } from '../../shared/words';
import { useCatalogue } from '../lib/catalogue';
import { usePages } from '../lib/pages';
import { Filter } from '../parts/filters';
import { FormEnd } from '../parts/form-end';
import { ConfirmDialog, fresh } from '../session/confirm';
import { wordsOf } from '../session/passkey';
import { EditAccount, NewAccount } from '../unit/account-form';
import { AskReset, WantedReset, resetOf } from '../unit/reset';
import { roleWord, say } from '../words';

const own = sayFrom({
  accounts: ['Tài khoản', 'Accounts'],
  add: ['Thêm tài khoản', 'Add an account'],
  name: ['Họ và tên', 'Full name'],
  title: ['Chức danh', 'Title'],
  role: ['Vai trò', 'Role'],
  codeOf: ['Mã mở tài khoản của {0}', 'The code that opens the account of {0}'],
  codeOnce: ['Mã chỉ hiện một lần. Hãy đọc cho người dùng; họ mở tài khoản ở trang đăng nhập của bàn làm việc.', 'It is shown once. Read it to its owner, who opens the account with it.'],
  codeSent: ['Mã đã gửi qua tin nhắn.', 'The code was sent by text message.'],
  edit: ['Sửa', 'Change'],
  editOf: ['Sửa tài khoản {0}', 'Change the account of {0}'],
  newCode: ['Mã mới', 'New code'],
  newCodeOf: ['Mã mới cho {0}', 'A new code for {0}'],
  reset: ['Mở lại', 'Open anew'],
  resetOf: ['Mở lại tài khoản {0}', 'Open the account of {0} anew'],
  end: ['Kết thúc', 'End'],
  endOf: ['Kết thúc tài khoản {0}', 'End the account of {0}'],
  endWords: ['Mọi phiên đăng nhập dừng ngay. Việc đang giữ trả về đơn vị.', 'Its sessions end at once. Its open cases go back to the unit.'],
  reason: ['Lý do', 'Reason'],
  ended: ['Đã kết thúc', 'Ended'],
  waiting: ['Chờ mở', 'Not opened yet'],
  active: ['Đang dùng', 'In use'],
  seen: ['dùng {0}', 'used {0}'],
  none: ['Chưa có tài khoản nào.', 'No accounts yet.'],
  until: ['mã hết hạn {0}', 'its code ends {0}'],
});

function EndDialog({ one, onDone }: { one: StaffAccount; onDone: (ended: boolean) => void }) {
  const [reason, set] = useState('');
  const [words, setWords] = useState<string>();
  const [busy, setBusy] = useState(false);
  async function send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (!reason.trim()) return setWords(say('needed'));
    setBusy(true);
    try {
      if (await fresh(() => post('/v1/staff/{id}/end', { id: one.id }, { reason: reason.trim(), cases: { unit: true } }))) onDone(true);
    } catch (error) {
      setWords(wordsOf(error));
    } finally {
      setBusy(false);
    }
  }
  return (
    <Dialog title={own('endOf', one.name ?? '')} onClose={() => onDone(false)}>
      <form class="stack" noValidate onSubmit={(event) => void send(event)}>
        <p>{own('endWords')}</p>
        <Field id="end-reason" label={own('reason')} error={words}>
          {(labelled) => <textarea {...labelled} rows={2} maxLength={500} value={reason} onInput={(event) => set(event.currentTarget.value)} />}
        </Field>
        <FormEnd onLeave={() => onDone(false)} busy={busy} look="danger">
          {own('end')}
        </FormEnd>
      </form>
    </Dialog>
  );
}

function CodeShown({ made, onClose }: { made: StaffCode; onClose: () => void }) {
  return (
    <Dialog title={own('codeOf', made.account.name ?? '')} onClose={onClose}>
      {made.code ? (
        <>
          <p class="one-code">{made.code}</p>
          <p class="soft">{own('codeOnce')}</p>
        </>
      ) : (
        <Note tone="good">{own('codeSent')}</Note>
      )}
    </Dialog>
  );
}

function Account({ one, agency, acts, mine, wanted }: { one: StaffAccount; agency: string; acts: { edit: () => void; code: () => void; reset: () => void; end: () => void } | undefined; mine: boolean; wanted: ComponentChildren }) {
  const state = !one.active ? <Tag>{own('ended')}</Tag> : one.activated ? <Tag tone="good">{own('active')}</Tag> : <Tag tone="warn">{own('waiting')}</Tag>;
  const when = one.activation_until && one.active && !one.activated ? own('until', momentOf(one.activation_until)) : one.seen_at && own('seen', ago(one.seen_at));
  return (
    <tr>
      <th scope="row">
        <strong>{one.name}</strong>
        <br />
        <small class="soft">
          {one.user} · {one.title}
        </small>
      </th>
      <td>{roleWord(one.role)}</td>
      <td>{agency}</td>
      <td>
        {state} {when && <small class="soft">{when}</small>}
        {wanted}
      </td>
      <td>
        {acts && (
          <div class="row end">
            {one.active && (
              <Button look="quiet" aria-label={own('editOf', one.name ?? '')} onClick={acts.edit}>
                {own('edit')}
              </Button>
            )}
            {!mine && one.active && !one.activated && (
              <Button look="quiet" aria-label={own('newCodeOf', one.name ?? '')} onClick={acts.code}>
                {own('newCode')}
              </Button>
            )}
            {!mine && (one.activated || !one.active) && !resetOf(one) && (
              <Button look="quiet" aria-label={own('resetOf', one.name ?? '')} onClick={acts.reset}>
                {own('reset')}
              </Button>
            )}
            {!mine && one.active && (
              <Button look="quiet" aria-label={own('endOf', one.name ?? '')} onClick={acts.end}>
                {own('end')}
              </Button>
            )}
          </div>
        )}
      </td>
    </tr>
  );
}

export default function StaffPage({ where, me }: { where: Where; me: Me }) {
  const agency = where.query.get('agency') ?? undefined;
  const catalogue = useCatalogue().data;
  const list = usePages<StaffAccount>((cursor) => get('/v1/staff', {}, { limit: 50, ...(agency && { agency }), ...(cursor && { cursor }) }), `staff ${agency}`);
  const [adding, setAdding] = useState(false);
  const [editing, setEditing] = useState<StaffAccount>();
  const [ending, setEnding] = useState<StaffAccount>();
  const [resetting, setResetting] = useState<StaffAccount>();
  const [made, setMade] = useState<StaffCode>();
  const [fault, setFault] = useState<string>();
  const may = me.role === 'admin';
  const portal = catalogue?.agencies.find((one) => one.code === me.agency)?.kind === 'dispatcher';
  async function newCode(one: StaffAccount): Promise<void> {
    setFault(undefined);
    try {
      setMade(await fresh(() => post('/v1/staff/{id}/code', { id: one.id }, {})));
    } catch (error) {
      setFault(wordsOf(error));
    }
  }
  const finish = (again: boolean) => {
    setAdding(false);
    setEditing(undefined);
    setEnding(undefined);
    setResetting(undefined);
    if (again) list.again();
  };
  const opened = (code: StaffCode) => {
    setMade(code);
    list.again();
  };
  return (
    <div class="stack">
      <Title
        beside={
          may && (
            <Button look="main" icon="plus" onClick={() => setAdding(true)}>
              {own('add')}
            </Button>
          )
        }
      >
        {own('accounts')}
      </Title>
      {portal && may && (
        <div class="narrowing">
          <Filter name="agency" label={say('agency')} any={agencyName(catalogue, me.agency)} value={agency} set={(_, value) => go(value ? `/desk/staff?agency=${encodeURIComponent(value)}` : '/desk/staff', true)} options={(catalogue?.agencies ?? []).filter((one) => one.code !== me.agency).map((one) => [one.code!, named(one)])} />
        </div>
      )}
      {fault && (
        <Note tone="bad" live>
          {fault}
        </Note>
      )}
      {list.error ? <Failed error={list.error} again={list.again} /> : !list.items && <Loading />}
      {list.items?.length === 0 && <Empty icon="people" title={own('none')} />}
      {list.items && list.items.length > 0 && (
        <div class="card">
          <div class="table-frame" tabIndex={0} role="region" aria-label={own('accounts')}>
            <table class="stacked">
              <thead>
                <tr>
                  <th scope="col">{own('name')}</th>
                  <th scope="col">{own('role')}</th>
                  <th scope="col">{say('agency')}</th>
                  <th scope="col">{say('state')}</th>
                  <th scope="col">
                    <span class="sr">{own('end')}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {list.items.map((one) => (
                  <Account key={one.id} one={one} agency={agencyName(catalogue, one.agency)} mine={one.id === me.id} acts={may ? { edit: () => setEditing(one), code: () => void newCode(one), reset: () => setResetting(one), end: () => setEnding(one) } : undefined} wanted={one.reset && (may || me.role === 'leader') && <WantedReset one={one} me={me} onCode={opened} onDropped={list.again} />} />
                ))}
              </tbody>
            </table>
          </div>
        </div>
      )}
      {list.more && <Button onClick={list.more}>{say('more')}</Button>}
      {adding && (
        <NewAccount
          agency={agency ?? me.agency}
          portal={portal}
          onDone={(code) => {
            finish(code !== undefined);
            setMade(code);
          }}
        />
      )}
      {editing && <EditAccount one={editing} mine={editing.id === me.id} onDone={finish} />}
      {ending && <EndDialog one={ending} onDone={finish} />}
      {resetting && <AskReset one={resetting} onDone={finish} />}
      {made && <CodeShown made={made} onClose={() => setMade(undefined)} />}
      <ConfirmDialog keys={false} />
    </div>
  );
}

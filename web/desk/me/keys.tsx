/* The passkeys by which I sign in. */
import { useEffect, useState } from 'preact/hooks';
import type { Passkey } from '../../api';
import { get, patch, post, remove } from '../../shared/call';
import { momentOf } from '../../shared/format';
import { Icon } from '../../shared/parts/icon';
import { Button, Dialog, Failed, Field, Loading, Note } from '../../shared/parts/ui';
import { useLoaded } from '../../shared/store';
import { sayFrom } from '../../shared/words';
import { FormEnd } from '../parts/form-end';
import { ConfirmDialog, fresh } from '../session/confirm';
import { findPasskeys, makeKey, wordsOf } from '../session/passkey';
import { say } from '../words';

const own = sayFrom({
  keys: ['Khoá đăng nhập', 'Passkeys'],
  add: ['Thêm khoá', 'Add a passkey'],
  none: ['Bạn chưa có khoá nào.', 'You have no passkey yet.'],
  lead: [
    'Khoá nằm trong điện thoại, máy tính hoặc khoá bảo mật của bạn, mở bằng vân tay, khuôn mặt hoặc mã PIN. Đăng nhập bằng khoá nhanh hơn và không thể bị lừa lấy như mật khẩu.',
    'A passkey lives in your phone, computer or security key and opens with a fingerprint, a face or a PIN. It is quicker than a password, and nobody can trick you out of it.',
  ],
  made: ['Thêm lúc {0}', 'Added {0}'],
  used: ['dùng lần cuối lúc {0}', 'last used {0}'],
  neverUsed: ['chưa dùng', 'never used'],
  synced: ['đồng bộ giữa các thiết bị', 'synced between devices'],
  suspect: ['Có thể đã bị sao chép: hãy xoá khoá này và báo cho quản trị.', 'There may be a copy of it: remove it, and tell your administrator.'],
  rename: ['Đổi tên', 'Rename'],
  renameOf: ['Đổi tên khoá {0}', 'Rename the passkey {0}'],
  removeOf: ['Xoá khoá {0}', 'Remove the passkey {0}'],
  newTitle: ['Thêm khoá đăng nhập', 'Add a passkey'],
  renameTitle: ['Đổi tên khoá', 'Rename the passkey'],
  name: ['Tên khoá', 'Its name'],
  nameHelp: ['Để bạn nhận ra, ví dụ “Điện thoại của tôi”.', 'So that you recognise it, such as “My phone”.'],
  removeTitle: ['Xoá khoá này?', 'Remove this passkey?'],
  removeWords: ['Sau khi xoá, “{0}” không còn đăng nhập được vào tài khoản của bạn.', '“{0}” will no longer sign in to your account.'],
  added: ['Đã thêm khoá “{0}”.', 'The passkey “{0}” was added.'],
  renamed: ['Đã đổi tên.', 'Renamed.'],
  removed: ['Đã xoá khoá “{0}”.', 'The passkey “{0}” was removed.'],
});

function NameDialog({ title, first, onDone }: { title: string; first: string; onDone: (name: string | undefined) => void }) {
  const [name, set] = useState(first);
  const [empty, setEmpty] = useState(false);
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    if (name.trim()) onDone(name.trim());
    else setEmpty(true);
  };
  return (
    <Dialog title={title} onClose={() => onDone(undefined)}>
      <form class="stack" noValidate onSubmit={send}>
        <Field id="key-name" label={own('name')} help={own('nameHelp')} error={empty ? say('needed') : undefined}>
          {(named) => <input {...named} type="text" autoFocus maxLength={60} autoComplete="off" value={name} onInput={(event) => set(event.currentTarget.value)} />}
        </Field>
        <FormEnd onLeave={() => onDone(undefined)}>{say('go')}</FormEnd>
      </form>
    </Dialog>
  );
}

function RemoveDialog({ name, onDone }: { name: string; onDone: (yes: boolean) => void }) {
  return (
    <Dialog title={own('removeTitle')} onClose={() => onDone(false)}>
      <p>{own('removeWords', name)}</p>
      <div class="row end">
        <Button look="quiet" onClick={() => onDone(false)}>
          {say('leaveIt')}
        </Button>
        <Button look="danger" onClick={() => onDone(true)}>
          {say('remove')}
        </Button>
      </div>
    </Dialog>
  );
}

function KeyRow({ one, onRename, onRemove }: { one: Passkey; onRename: () => void; onRemove: () => void }) {
  const facts = [one.created_at && own('made', momentOf(one.created_at)), one.used_at ? own('used', momentOf(one.used_at)) : own('neverUsed'), one.backed_up && own('synced')];
  return (
    <li class="key-row">
      <Icon name="key" />
      <div class="grow">
        <strong>{one.name}</strong>
        <p class="small soft">{facts.filter(Boolean).join(' · ')}</p>
        {one.suspect_at && (
          <p class="error">
            <Icon name="warn" size={16} /> {own('suspect')}
          </p>
        )}
      </div>
      <div class="row">
        <Button look="quiet" aria-label={own('renameOf', one.name ?? '')} onClick={onRename}>
          {own('rename')}
        </Button>
        <Button look="quiet" aria-label={own('removeOf', one.name ?? '')} onClick={onRemove}>
          {say('remove')}
        </Button>
      </div>
    </li>
  );
}

type Asked = { title: string; first: string; then: (name: string) => Promise<string | undefined> } | { remove: Passkey };

export function Keys() {
  const loaded = useLoaded(async () => (await get('/v1/me/passkeys')).items, 'passkeys');
  const [works, setWorks] = useState<boolean>();
  const [asked, setAsked] = useState<Asked>();
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<{ words: string; bad: boolean }>();
  useEffect(() => void findPasskeys().then(setWorks), []);

  /* Runs a change of the list and says what became of it. */
  async function change(work: () => Promise<string | undefined>): Promise<void> {
    setBusy(true);
    setSaid(undefined);
    try {
      const words = await work();
      if (words) setSaid({ words, bad: false });
      loaded.again();
    } catch (error) {
      setSaid({ words: wordsOf(error), bad: true });
    } finally {
      setBusy(false);
    }
  }
  const add = () =>
    void change(async () => {
      const options = await fresh(() => post('/v1/me/passkeys/options', {}, undefined));
      if (!options) return undefined;
      setAsked({
        title: own('newTitle'),
        first: '',
        then: async (name) => own('added', (await post('/v1/me/passkeys', {}, { ticket: options.ticket, credential: await makeKey(options), name })).name ?? name),
      });
      return undefined;
    });
  const rename = (one: Passkey) => setAsked({ title: own('renameTitle'), first: one.name ?? '', then: async (name) => (name === one.name ? undefined : (await patch('/v1/me/passkeys/{id}', { id: one.id }, { name }), own('renamed'))) });
  const removeKey = (one: Passkey) => void change(async () => ((await fresh(async () => (await remove('/v1/me/passkeys/{id}', { id: one.id }), true))) ? own('removed', one.name ?? '') : undefined));

  return (
    <section class="card" aria-labelledby="keys-title">
      <div class="row spread">
        <h2 id="keys-title">{own('keys')}</h2>
        {works && (
          <Button look="main" icon="plus" busy={busy} onClick={add}>
            {own('add')}
          </Button>
        )}
      </div>
      <p class="soft">{own('lead')}</p>
      {works === false && <Note tone="warn">{say('unable')}</Note>}
      {said && (
        <Note tone={said.bad ? 'bad' : 'good'} live>
          {said.words}
        </Note>
      )}
      {loaded.error ? <Failed error={loaded.error} again={loaded.again} /> : !loaded.data && <Loading />}
      {loaded.data?.length === 0 && <p class="empty">{own('none')}</p>}
      <ul id="keys">
        {loaded.data?.map((one) => (
          <KeyRow key={one.id} one={one} onRename={() => rename(one)} onRemove={() => setAsked({ remove: one })} />
        ))}
      </ul>
      {asked && 'remove' in asked && (
        <RemoveDialog
          name={asked.remove.name ?? ''}
          onDone={(yes) => {
            setAsked(undefined);
            if (yes) removeKey(asked.remove);
          }}
        />
      )}
      {asked && 'then' in asked && (
        <NameDialog
          title={asked.title}
          first={asked.first}
          onDone={(name) => {
            setAsked(undefined);
            if (name) void change(() => asked.then(name));
          }}
        />
      )}
      <ConfirmDialog keys={Boolean(loaded.data?.length && works)} />
    </section>
  );
}

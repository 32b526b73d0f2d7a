/* What could not be delivered, and why; tried again, or given up with a reason. */
import { useState } from 'preact/hooks';
import type { AdminDeadLetter } from '../../api';
import { get, post } from '../../shared/call';
import { agencyName } from '../../shared/catalogue';
import { momentOf } from '../../shared/format';
import { Button, Dialog, Empty, Failed, Field, Loading, Tag } from '../../shared/parts/ui';
import { go, type Where } from '../../shared/router';
import { named, sayFrom, type Words } from '../../shared/words';
import { useCatalogue } from '../lib/catalogue';
import { usePages } from '../lib/pages';
import { countUndelivered } from '../lib/undelivered';
import { Filter } from '../parts/filters';
import { say } from '../words';
import { Frame } from './frame';
import { SavingNote, useSaving } from './saving';

const own = sayFrom({
  lead: ['Tin nhắn và webhook đã thử đủ số lần mà không tới nơi. Sửa nguyên nhân rồi gửi lại, hoặc bỏ.', 'Text messages and webhooks that did not arrive however often they were tried. Mend the cause and try again, or drop them.'],
  none: ['Mọi thứ đều đã tới nơi.', 'Everything was delivered.'],
  noneSuch: ['Không có thư nào như vậy.', 'There are none of this kind.'],
  anyChannel: ['Mọi kênh', 'Any channel'],
  channel: ['Kênh', 'Channel'],
  sms: ['Tin nhắn', 'Text message'],
  webhook: ['Webhook', 'Webhook'],
  document: ['Tài liệu không đọc được', 'Unreadable document'],
  inbox: ['Hộp thư', 'Inbox'],
  tries: ['đã thử {0} lần', 'tried {0} times'],
  since: ['dừng lúc {0}', 'given up {0}'],
  replay: ['Gửi lại', 'Try again'],
  replayed: ['Đang gửi lại.', 'It is being tried again.'],
  replayOf: ['Gửi lại {0}', 'Try {0} again'],
  drop: ['Bỏ', 'Drop'],
  dropOf: ['Bỏ {0}', 'Drop {0}'],
  dropTitle: ['Bỏ thư không gửi được', 'Drop what could not be delivered'],
  dropWords: ['Thư sẽ không được gửi nữa. Lý do được ghi vào nhật ký.', 'It will not be sent any more. The reason stands in the log.'],
  dropped: ['Đã bỏ.', 'Dropped.'],
  aside: ['Tài liệu vẫn nằm trong kho; chỉ thử đọc lại được.', 'The document is still in the store; it can only be read again.'],
});

/* What push says of the last try (push/webhook.c, push/sms.c), in the page's language. */
const whys = {
  'the receiver answered': ['Bên nhận trả lời {0}', 'The receiver answered {0}'],
  'the gateway answered': ['Cổng tin nhắn trả lời {0}', 'The gateway answered {0}'],
  'no connection': ['Không kết nối được', 'No connection'],
  'the receiver could not prove who it is': ['Bên nhận không chứng minh được mình là ai (TLS)', 'The receiver could not prove who it is (TLS)'],
  'no answer in time': ['Không trả lời kịp', 'No answer in time'],
  'the agency has no webhook any more': ['Cơ quan không còn địa chỉ webhook', 'The agency has no webhook any more'],
  'the gateway could not be reached': ['Không tới được cổng tin nhắn', 'The gateway could not be reached'],
  'too late to be sent': ['Đã quá hạn gửi', 'Too late to be sent'],
  'the payload cannot be opened': ['Không mở được nội dung đã niêm phong', 'The sealed contents cannot be opened'],
} as const satisfies Words;

function whyOf(error: string | undefined): string {
  const [, words = '', status = ''] = /^(.*?)(?: (\d{3}))?$/.exec(error ?? '') ?? [];
  return words in whys ? sayFrom(whys)(words as keyof typeof whys, status) : (error ?? '');
}

const CHANNELS = ['sms', 'webhook', 'document'] as const;
const nameOf = (one: AdminDeadLetter): string => one.number ?? `${one.what ?? ''} ${one.id.slice(0, 8)}`;

function DropDialog({ one, onDone }: { one: AdminDeadLetter; onDone: (dropped: boolean) => void }) {
  const [reason, set] = useState('');
  const [empty, setEmpty] = useState(false);
  const saving = useSaving();
  async function send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    setEmpty(!reason.trim());
    if (reason.trim() && (await saving.run(() => post('/v1/admin/dead-letters/{id}/drop', { id: one.id }, { reason: reason.trim() }), own('dropped')))) onDone(true);
  }
  return (
    <Dialog title={own('dropTitle')} onClose={() => onDone(false)}>
      <form class="stack" noValidate onSubmit={(event) => void send(event)}>
        <p>{own('dropWords')}</p>
        <Field id="drop-reason" label={say('reason')} error={empty && !reason.trim() ? say('needed') : saving.at.reason}>
          {(described) => <textarea {...described} rows={2} maxLength={200} value={reason} onInput={(event) => set(event.currentTarget.value)} />}
        </Field>
        <SavingNote saving={saving} fields={['reason']} />
        <div class="row end">
          <Button look="quiet" onClick={() => onDone(false)}>
            {say('leaveIt')}
          </Button>
          <Button type="submit" look="danger" busy={saving.busy}>
            {own('drop')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Letter({ one, agency, again, onDrop }: { one: AdminDeadLetter; agency: string; again: () => void; onDrop: () => void }) {
  const saving = useSaving();
  const replay = () => void saving.run(() => post('/v1/admin/dead-letters/{id}/replay', { id: one.id }, undefined), own('replayed')).then((done) => done && again());
  return (
    <li class="letter">
      <div class="grow stack tight">
        <div class="row">
          <Tag tone={one.channel === 'document' ? 'bad' : 'warn'}>{one.channel && own(one.channel)}</Tag>
          <strong>{nameOf(one)}</strong>
          <span class="soft small">{agency}</span>
        </div>
        <p class="wrap-anywhere">{whyOf(one.error)}</p>
        <p class="soft small">
          {one.tries ? `${own('tries', one.tries)}, ` : ''}
          {one.next_at && own('since', momentOf(one.next_at))}
        </p>
        {one.channel === 'document' && <p class="soft small">{own('aside')}</p>}
        <SavingNote saving={saving} reload={again} />
      </div>
      <div class="row end">
        <Button icon="swap" busy={saving.busy} aria-label={own('replayOf', nameOf(one))} onClick={replay}>
          {own('replay')}
        </Button>
        {one.channel !== 'document' && (
          <Button look="danger" aria-label={own('dropOf', nameOf(one))} onClick={onDrop}>
            {own('drop')}
          </Button>
        )}
      </div>
    </li>
  );
}

export function Dead({ where }: { where: Where }) {
  const catalogue = useCatalogue().data;
  const asked = Object.fromEntries(['channel', 'agency'].flatMap((name) => (where.query.get(name) ? [[name, where.query.get(name)!]] : []))) as { channel?: 'sms'; agency?: string };
  const list = usePages<AdminDeadLetter>(async (cursor) => get('/v1/admin/dead-letters', {}, { limit: 50, ...asked, ...(cursor && { cursor }) }), `dead ${JSON.stringify(asked)}`);
  const [dropping, setDropping] = useState<AdminDeadLetter>();
  const again = () => (list.again(), countUndelivered());
  const set = (name: string, value: string) => {
    const query = new URLSearchParams({ ...asked, [name]: value });
    for (const key of ['channel', 'agency']) if (!query.get(key)) query.delete(key);
    go(`/desk/admin/dead${String(query) && `?${query}`}`, true);
  };
  return (
    <Frame part="dead">
      <p class="soft">{own('lead')}</p>
      <div class="narrowing">
        <Filter name="channel" label={own('channel')} any={own('anyChannel')} value={asked.channel} set={set} options={CHANNELS.map((one) => [one, own(one)])} />
        <Filter name="agency" label={say('agency')} any={say('anyAgency')} value={asked.agency} set={set} options={(catalogue?.agencies ?? []).map((one) => [one.code!, named(one)])} />
      </div>
      {list.error ? <Failed error={list.error} again={list.again} /> : !list.items && <Loading />}
      {list.items?.length === 0 && <Empty icon="check" title={own(asked.channel || asked.agency ? 'noneSuch' : 'none')} />}
      {list.items && list.items.length > 0 && (
        <ul class="lines-list">
          {list.items.map((one) => (
            <Letter key={one.id} one={one} agency={agencyName(catalogue, one.agency)} again={again} onDrop={() => setDropping(one)} />
          ))}
        </ul>
      )}
      {list.more && <Button onClick={list.more}>{say('more')}</Button>}
      {dropping && (
        <DropDialog
          one={dropping}
          onDone={(dropped) => {
            setDropping(undefined);
            if (dropped) again();
          }}
        />
      )}
    </Frame>
  );
}

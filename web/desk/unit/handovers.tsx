/* The open cases of one officer go to another, or back to the unit, in one act; how far each came. */
import { useEffect, useState } from 'preact/hooks';
import type { Handover, OfficerQueue } from '../../api';
import { freshKey, get, post } from '../../shared/call';
import { count, momentOf } from '../../shared/format';
import { Button, Empty, Failed, Field, Loading, Note, Tag, Title } from '../../shared/parts/ui';
import { useLoaded } from '../../shared/store';
import { sayFrom, type Tone } from '../../shared/words';
import { nameOf, useColleagues } from '../lib/catalogue';
import { usePages } from '../lib/pages';
import { useSending } from '../lib/sending';
import { roleWord, say } from '../words';

const own = sayFrom({
  title: ['Bàn giao việc', 'Hand-over'],
  lead: ['Mọi phản ánh, hồ sơ đang mở của một người chuyển sang người khác trong một lần; từng việc ghi vào quá trình xử lý của nó.', 'All open reports and dossiers of one officer go to another at once; each says so in its history.'],
  from: ['Của ai', 'Whose'],
  to: ['Giao cho', 'To whom'],
  unit: ['Trả về đơn vị, chưa giao ai', 'Back to the unit, to nobody in particular'],
  reason: ['Lý do', 'Reason'],
  reasonHelp: ['Ví dụ: nghỉ phép, chuyển công tác.', 'Such as: leave, another post.'],
  begin: ['Bàn giao {0} việc', 'Hand over {0} cases'],
  nothing: ['Người này không có việc nào đang mở.', 'They have no open cases.'],
  report: ['Phản ánh', 'Reports'],
  dossier: ['Hồ sơ', 'Dossiers'],
  running: ['Đang chuyển', 'On its way'],
  done: ['Xong', 'Done'],
  stopped: ['Dừng giữa chừng', 'Stopped'],
  moved: ['{0} trong {1} việc', '{0} of {1} cases'],
  left: ['{0} việc không chuyển được', '{0} could not be moved'],
  earlier: ['Các lần bàn giao', 'Hand-overs'],
  none: ['Chưa có lần bàn giao nào.', 'None yet.'],
  somebody: ['Người đã nghỉ', 'Somebody who left'],
});

const LOOK_MS = 1500;
const tones: Record<string, Tone> = { running: 'info', done: 'good', stopped: 'bad' };

function Queue({ of }: { of: OfficerQueue | undefined }) {
  if (!of) return null;
  if (of.total === 0) return <Note tone="info">{own('nothing')}</Note>;
  return (
    <ul class="small soft" id="handover-queue">
      {of.items
        .filter((one) => one.count > 0)
        .map((one) => (
          <li key={`${one.kind} ${one.state}`}>
            {one.kind === 'report' ? own('report') : one.kind === 'dossier' ? own('dossier') : one.kind} · {one.label}: <strong>{count(one.count)}</strong>
          </li>
        ))}
    </ul>
  );
}

function Begin({ onBegun }: { onBegun: () => void }) {
  const people = (useColleagues().data ?? []).filter((one) => one.role === 'officer' || one.role === 'leader');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [reason, setReason] = useState('');
  const [key, setKey] = useState(freshKey);
  const sending = useSending();
  const queue = useLoaded(async () => (from ? get('/v1/desk/officers/{id}/queue', { id: from }) : undefined), `queue ${from}`);
  const choose = (id: string, label: string, value: string, set: (next: string) => void, first: string, except = '') => (
    <Field id={`handover-${id}`} label={label} error={sending.fault(id)}>
      {(labelled) => (
        <select {...labelled} value={value} onChange={(event) => set(event.currentTarget.value)}>
          <option value="">{first}</option>
          {people
            .filter((one) => one.id !== except)
            .map((one) => (
              <option key={one.id} value={one.id}>
                {one.name} · {one.title ?? roleWord(one.role)}
              </option>
            ))}
        </select>
      )}
    </Field>
  );
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    if (!from || !reason.trim()) return sending.wrong({ ...(!from && { from: say('needed') }), ...(!reason.trim() && { reason: say('needed') }) });
    void sending.run(async () => {
      await post('/v1/desk/handovers', {}, { from, reason: reason.trim(), ...(to && { to }) }, { headers: key });
      setKey(freshKey());
      setReason('');
      queue.again();
      onBegun();
    });
  };
  return (
    <form class="card" noValidate onInput={sending.edited} onSubmit={send} aria-label={own('title')}>
      <Title>{own('title')}</Title>
      <p class="soft">{own('lead')}</p>
      {choose('from', own('from'), from, setFrom, say('choose'))}
      <Queue of={queue.data} />
      {choose('to', own('to'), to, setTo, own('unit'), from)}
      <Field id="handover-reason" label={own('reason')} help={own('reasonHelp')} error={sending.fault('reason')}>
        {(labelled) => <input {...labelled} type="text" maxLength={250} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />}
      </Field>
      {sending.words && (
        <Note tone="bad" live>
          {sending.words}
        </Note>
      )}
      <div class="row end">
        <Button type="submit" look="main" busy={sending.busy} disabled={queue.data?.total === 0}>
          {queue.data ? own('begin', count(queue.data.total)) : own('title')}
        </Button>
      </div>
    </form>
  );
}

function Row({ one }: { one: Handover }) {
  const staff = useColleagues().data;
  return (
    <li class="key-row">
      <div class="grow">
        <strong>
          {nameOf(staff, one.from) || own('somebody')} → {one.to ? nameOf(staff, one.to) || own('somebody') : own('unit')}
        </strong>
        <p class="small soft">
          {one.at && momentOf(one.at)} · {one.reason}
        </p>
      </div>
      <div class="row">
        <span class="small">{own('moved', count(one.moved), count(one.total))}</span>
        {one.left > 0 && <span class="small bad">{own('left', count(one.left))}</span>}
        {one.state && <Tag tone={tones[one.state] ?? 'plain'}>{own(one.state)}</Tag>}
      </div>
    </li>
  );
}

export function Handovers() {
  const list = usePages<Handover>((cursor) => get('/v1/desk/handovers', {}, { limit: 20, ...(cursor && { cursor }) }), 'handovers');
  const runs = list.items?.some((one) => one.state === 'running') === true;
  useEffect(() => {
    if (!runs) return;
    const timer = setTimeout(list.again, LOOK_MS);
    return () => clearTimeout(timer);
  }, [list.items, runs]);
  return (
    <div class="stack narrow-page">
      <Begin onBegun={list.again} />
      <section class="card" aria-labelledby="handovers-title">
        <h2 id="handovers-title">{own('earlier')}</h2>
        {list.error ? <Failed error={list.error} again={list.again} /> : !list.items && <Loading />}
        {list.items?.length === 0 && <Empty icon="swap" title={own('none')} />}
        <ul>
          {list.items?.map((one) => (
            <Row key={one.id} one={one} />
          ))}
        </ul>
        {list.more && <Button onClick={list.more}>{say('more')}</Button>}
      </section>
    </div>
  );
}

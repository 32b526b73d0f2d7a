/* Who stands for a leader, from which day until which; a leader names an officer, and ends it before its time. */
import { useState } from 'preact/hooks';
import type { Deputy, Me } from '../../api';
import { freshKey, get, post, remove } from '../../shared/call';
import { dateOf, momentOf } from '../../shared/format';
import { Button, Dialog, Empty, Failed, Field, Loading, Note, Tag, Title } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';
import { nameOf, useColleagues } from '../lib/catalogue';
import { dayAfter, startOf, today } from '../lib/days';
import { usePages } from '../lib/pages';
import { useSending } from '../lib/sending';
import { FormEnd } from '../parts/form-end';
import { toast } from '../parts/toast';
import { say } from '../words';

const own = sayFrom({
  title: ['Uỷ quyền', 'Deputies'],
  lead: ['Người được uỷ quyền làm được những bước của lãnh đạo trong thời gian đó; quá trình xử lý ghi rõ là làm thay.', 'A deputy may take a leader’s steps for that time; history says with each that it was done in their place.'],
  add: ['Uỷ quyền', 'Name a deputy'],
  deputy: ['Người được uỷ quyền', 'Deputy'],
  from: ['Từ ngày', 'From'],
  until: ['Đến hết ngày', 'Until the end of'],
  untilHelp: ['Nhiều nhất 92 ngày.', 'At most 92 days.'],
  for: ['thay {0}', 'for {0}'],
  now: ['Đang hiệu lực', 'In force'],
  later: ['Chưa đến hạn', 'Not yet'],
  over: ['Đã hết', 'Over'],
  end: ['Kết thúc', 'End'],
  endOf: ['Kết thúc uỷ quyền cho {0}', 'End it for {0}'],
  none: ['Không có uỷ quyền nào.', 'There are no deputies.'],
  noneOthers: ['Lãnh đạo tự uỷ quyền khi đi vắng; việc duyệt và ký nhờ đó không dừng lại.', 'A leader names one before being away, so that approvals go on.'],
  noneWords: ['Khi lãnh đạo đi vắng, uỷ quyền để việc duyệt và ký không dừng lại.', 'Name one while a leader is away, so that approvals go on.'],
  named: ['Đã uỷ quyền cho {0}.', '{0} is a deputy now.'],
  ended: ['Đã kết thúc uỷ quyền.', 'It was ended.'],
});

function NameDialog({ onDone }: { onDone: (named: boolean) => void }) {
  const officers = (useColleagues().data ?? []).filter((one) => one.role === 'officer');
  const [deputy, setDeputy] = useState('');
  const [from, setFrom] = useState(today());
  const [until, setUntil] = useState(today());
  const [key] = useState(freshKey);
  const sending = useSending();
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    if (!deputy || !from || !until) return sending.wrong({ ...(!deputy && { deputy: say('needed') }), ...(!from && { from: say('needed') }), ...(!until && { until: say('needed') }) });
    void sending.run(async () => {
      await post('/v1/desk/deputies', {}, { deputy, ...(from > today() && { from: startOf(from) }), until: startOf(dayAfter(until)) }, { headers: key });
      toast(own('named', nameOf(officers, deputy)));
      onDone(true);
    });
  };
  return (
    <Dialog title={own('add')} onClose={() => onDone(false)}>
      <form class="stack" noValidate onInput={sending.edited} onSubmit={send}>
        <Field id="deputy-who" label={own('deputy')} error={sending.fault('deputy')}>
          {(labelled) => (
            <select {...labelled} value={deputy} onChange={(event) => setDeputy(event.currentTarget.value)}>
              <option value="">{say('choose')}</option>
              {officers.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name} · {one.title}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field id="deputy-from" label={own('from')} error={sending.fault('from')}>
          {(labelled) => <input {...labelled} type="date" min={today()} value={from} onInput={(event) => setFrom(event.currentTarget.value)} />}
        </Field>
        <Field id="deputy-until" label={own('until')} help={own('untilHelp')} error={sending.fault('until')}>
          {(labelled) => <input {...labelled} type="date" min={from} value={until} onInput={(event) => setUntil(event.currentTarget.value)} />}
        </Field>
        {sending.words && (
          <Note tone="bad" live>
            {sending.words}
          </Note>
        )}
        <FormEnd onLeave={() => onDone(false)} busy={sending.busy}>{own('add')}</FormEnd>
      </form>
    </Dialog>
  );
}

function Row({ one, end }: { one: Deputy; end: (() => void) | undefined }) {
  const staff = useColleagues().data;
  const from = new Date(one.from ?? 0).getTime();
  const until = new Date(one.until ?? 0).getTime();
  const atOnce = from <= new Date(one.at ?? 0).getTime(); // the clock of this computer may be behind
  const state = one.ended_at || until <= Date.now() ? 'over' : from > Date.now() && !atOnce ? 'later' : 'now';
  const name = nameOf(staff, one.deputy) || say('officer');
  return (
    <li class="key-row">
      <div class="grow">
        <strong>{name}</strong> <span class="soft">{one.leader && nameOf(staff, one.leader) && own('for', nameOf(staff, one.leader))}</span>
        <p class="small soft">
          {momentOf(from)} – {one.ended_at ? momentOf(until) : dateOf(until - 1)}
        </p>
      </div>
      <div class="row">
        <Tag tone={state === 'now' ? 'good' : state === 'later' ? 'info' : 'plain'}>{own(state)}</Tag>
        {state !== 'over' && end && (
          <Button look="quiet" aria-label={own('endOf', name)} onClick={end}>
            {own('end')}
          </Button>
        )}
      </div>
    </li>
  );
}

export function Deputies({ me }: { me: Me }) {
  const list = usePages<Deputy>((cursor) => get('/v1/desk/deputies', {}, { limit: 50, ...(cursor && { cursor }) }), 'deputies');
  const [naming, setNaming] = useState(false);
  const sending = useSending();
  const ends = me.role === 'leader' || me.role === 'admin';
  const end = (id: string) =>
    void sending.run(async () => {
      await remove('/v1/desk/deputies/{id}', { id });
      toast(own('ended'));
      list.again();
    });
  return (
    <section class="card narrow-page" aria-labelledby="deputies-title">
      <Title
        beside={
          me.role === 'leader' && (
            <Button look="main" icon="plus" onClick={() => setNaming(true)}>
              {own('add')}
            </Button>
          )
        }
      >
        <span id="deputies-title">{own('title')}</span>
      </Title>
      <p class="soft">{own('lead')}</p>
      {sending.words && (
        <Note tone="bad" live>
          {sending.words}
        </Note>
      )}
      {list.error ? <Failed error={list.error} again={list.again} /> : !list.items && <Loading />}
      {list.items?.length === 0 && (
        <Empty icon="people" title={own('none')}>
          <p>{own(me.role === 'leader' ? 'noneWords' : 'noneOthers')}</p>
        </Empty>
      )}
      <ul>
        {list.items?.map((one) => (
          <Row key={one.id} one={one} end={ends ? () => end(one.id) : undefined} />
        ))}
      </ul>
      {list.more && <Button onClick={list.more}>{say('more')}</Button>}
      {naming && (
        <NameDialog
          onDone={(named) => {
            setNaming(false);
            if (named) list.again();
          }}
        />
      )}
    </section>
  );
}

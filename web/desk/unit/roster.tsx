/* The duty roster: who is rung first for an emergency, day and night; changed whole, never over somebody else's change. */
import { useState } from 'preact/hooks';
import type { Me, Roster, RosterBody } from '../../api';
import { Problem, get, put } from '../../shared/call';
import { momentOf } from '../../shared/format';
import { Button, Empty, Failed, Loading, Note, Tag, Title } from '../../shared/parts/ui';
import { useLoaded } from '../../shared/store';
import { sayFrom } from '../../shared/words';
import { nameOf, useColleagues } from '../lib/catalogue';
import { daysWords } from '../lib/week';
import { nowThere } from '../lib/days';
import { useSending } from '../lib/sending';
import { useUnsent } from '../lib/unsent';
import { toast } from '../parts/toast';
import { say } from '../words';
import { ShiftForm, type Shift } from './shift';

const own = sayFrom({
  title: ['Lịch trực', 'Duty roster'],
  lead: ['Khi có phản ánh khẩn cấp, người trong ca được báo lần lượt; không ai nghe thì đến lãnh đạo, rồi cổng của tỉnh.', 'An emergency rings those on duty in turn, then the leaders, then the province’s portal.'],
  none: ['Chưa có lịch trực.', 'There is no roster yet.'],
  noneWords: ['Không có ca trực, phản ánh khẩn cấp được báo thẳng cho lãnh đạo.', 'Without one, emergencies ring the leaders at once.'],
  add: ['Thêm ca', 'Add a shift'],
  shift: ['Ca {0}', 'Shift {0}'],
  now: ['Đang trực', 'On duty now'],
  around: ['cả ngày đêm', 'around the clock'],
  hours: ['{0} đến {1}', '{0} to {1}'],
  dates: ['từ {0} đến {1}', 'from {0} to {1}'],
  changed: ['Sửa lần cuối {0}', 'Last changed {0}'],
  saved: ['Đã lưu lịch trực.', 'The roster was saved.'],
  conflict: ['Người khác vừa sửa lịch trực. Những gì bạn sửa vẫn còn đây; xem bản của họ rồi lưu lại nếu vẫn cần.', 'Somebody else has just changed the roster. Yours is still here; look at theirs, then save again if you still want to.'],
  theirs: ['Bản của họ', 'Theirs'],
  somebody: ['Người đã nghỉ', 'Somebody who left'],
});

const dateWords = (day: string | undefined): string => (day ? day.split('-').reverse().join('/') : '…');
const minutesOf = (time = '00:00'): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/* As the server counts: over midnight, a shift belongs to the day on which it began. */
export function isOn(shift: Shift): boolean {
  const { minutes, weekday, day } = nowThere();
  const start = minutesOf(shift.start);
  const end = minutesOf(shift.end);
  const begins = (back: number): boolean => {
    const date = new Date(Date.parse(`${day}T00:00:00Z`) - back * 86_400_000).toISOString().slice(0, 10);
    return (!shift.days || shift.days.includes(String(((weekday - 1 - back + 7) % 7) + 1))) && (!shift.first || date >= shift.first) && (!shift.last || date <= shift.last);
  };
  if (start < end) return minutes >= start && minutes < end && begins(0);
  return (minutes >= start && begins(0)) || (minutes < end && begins(1));
}

function Shown({ shift, at }: { shift: Shift; at: number }) {
  const staff = useColleagues().data;
  return (
    <div class="stack tight">
      <div class="row">
        <strong>{shift.name ?? own('shift', at + 1)}</strong>
        {isOn(shift) && <Tag tone="good">{own('now')}</Tag>}
      </div>
      <p class="small soft">
        {[daysWords(shift.days), shift.start === shift.end ? own('around') : own('hours', shift.start, shift.end), (shift.first ?? shift.last) && own('dates', dateWords(shift.first), dateWords(shift.last))].filter(Boolean).join(' · ')}
      </p>
      <ol class="duty">
        {shift.people.map((one) => (
          <li key={one.id}>{nameOf(staff, one.id) || own('somebody')}</li>
        ))}
      </ol>
    </div>
  );
}

const shiftsOf = (roster: Roster | null | undefined): Shift[] => (roster?.shifts ?? []) as Shift[];

function Edit({ first, revision, onDone, onConflict }: { first: Shift[]; revision: number; onDone: () => void; onConflict: () => void }) {
  const [shifts, keep] = useUnsent<Shift[]>('roster', first);
  const [base, setBase] = useState(revision); // what one looked at
  const [conflict, setConflict] = useState(false);
  const sending = useSending();
  const change = (at: number, next: Shift | undefined) => keep(shifts.flatMap((one, i) => (i === at ? (next ? [next] : []) : [one])));
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    void sending.run(async () => {
      try {
        await put('/v1/desk/roster', {}, { shifts } as RosterBody, { headers: { 'if-match': `"${base}"` } });
      } catch (error) {
        if (!(error instanceof Problem) || error.status !== 412) throw error;
        const now = await get('/v1/desk/roster');
        setBase(now.revision);
        setConflict(true);
        return onConflict();
      }
      keep(undefined);
      toast(own('saved'));
      onDone();
    });
  };
  return (
    <form class="stack" noValidate onInput={sending.edited} onSubmit={send} aria-label={own('title')}>
      {shifts.map((one, i) => (
        <ShiftForm key={i} at={i} shift={one} set={(next) => change(i, next)} remove={() => change(i, undefined)} fault={(field) => sending.fault(`shifts/${i}/${field}`)} />
      ))}
      <Button icon="plus" onClick={() => keep([...shifts, { start: '17:00', end: '07:00', people: [] }])}>
        {own('add')}
      </Button>
      {(conflict || sending.words) && (
        <Note tone="bad" live>
          {conflict ? own('conflict') : sending.words}
        </Note>
      )}
      <div class="row end">
        <Button
          look="quiet"
          onClick={() => {
            keep(undefined);
            onDone();
          }}
        >
          {say('leaveIt')}
        </Button>
        <Button type="submit" look="main" busy={sending.busy}>
          {say('save')}
        </Button>
      </div>
    </form>
  );
}

/* null: there is none yet. */
async function readRoster(): Promise<Roster | null> {
  try {
    return await get('/v1/desk/roster');
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}

export function RosterTab({ me }: { me: Me }) {
  const loaded = useLoaded(readRoster, 'roster');
  const [edits, setEdits] = useState(false);
  const [conflict, setConflict] = useState(false);
  const may = me.role === 'leader' || me.role === 'admin';
  const roster = loaded.data;
  const shifts = shiftsOf(roster);
  const finish = () => {
    setEdits(false);
    setConflict(false);
    loaded.again();
  };
  if (loaded.error && roster === undefined) return <Failed error={loaded.error} again={loaded.again} />;
  if (roster === undefined) return <Loading />;
  return (
    <section class="card narrow-page" aria-label={own('title')}>
      <Title
        beside={
          may &&
          !edits && (
            <Button look="main" icon="pen" onClick={() => setEdits(true)}>
              {say('edit')}
            </Button>
          )
        }
      >
        {own('title')}
      </Title>
      <p class="soft">{own('lead')}</p>
      {edits && <Edit first={shifts} revision={roster?.revision ?? 0} onDone={finish} onConflict={() => (setConflict(true), loaded.again())} />}
      {edits && conflict && <h2>{own('theirs')}</h2>}
      {(!edits || conflict) && (
        <ul class="stack">
          {shifts.map((one, i) => (
            <li key={i} class="paper">
              <Shown shift={one} at={i} />
            </li>
          ))}
        </ul>
      )}
      {!edits && shifts.length === 0 && (
        <Empty icon="clock" title={own('none')}>
          <p>{own('noneWords')}</p>
        </Empty>
      )}
      {!edits && roster?.changed_at && <p class="small soft">{own('changed', momentOf(roster.changed_at))}</p>}
    </section>
  );
}

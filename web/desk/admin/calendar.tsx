/* The offices' calendar, a year at a glance: a day off or a swapped day is set here, and what it would move is told before. */
import { useRef, useState } from 'preact/hooks';
import type { AdminCalendarFile, AdminCalendarSet } from '../../api';
import { getWhole, put } from '../../shared/call';
import { count } from '../../shared/format';
import { Icon } from '../../shared/parts/icon';
import { Button, Dialog, Loading, Note, Tag } from '../../shared/parts/ui';
import type { Where } from '../../shared/router';
import { useLoaded } from '../../shared/store';
import { language, sayFrom } from '../../shared/words';
import { useUnsent } from '../lib/unsent';
import { daysWords } from '../lib/week';
import { say } from '../words';
import { covers, dateText, dateWords, edited, editedWeek, editsLeft, noEdits, plusDays, storedDay, weekdayOf, weeksOf, withEdits, type Day, type Edits, type Week } from './calendar-days';
import { DayForm } from './day-form';
import { Frame, Shown } from './frame';
import { WeekForm } from './week-form';
import { SavingNote, useSaving } from './saving';

const own = sayFrom({
  hours: ['Giờ làm việc: {0}', 'Hours: {0}'],
  editHours: ['Sửa giờ làm việc', 'Change the hours'],
  previous: ['Năm trước', 'The year before'],
  next: ['Năm sau', 'The year after'],
  uncovered: ['Lịch chưa có ngày nghỉ nào của năm {0}: chỉ thứ Bảy và Chủ nhật được tính là nghỉ.', 'The calendar has no days off of {0} yet: only Saturdays and Sundays count as such.'],
  off: ['Ngày nghỉ', 'Day off'],
  work: ['Làm bù', 'Worked instead'],
  weekend: ['Cuối tuần', 'Weekend'],
  changed: ['Chưa lưu', 'Not saved yet'],
  plain: ['như ngày thường trong tuần', 'as its weekday'],
  pending: ['{0} thay đổi chưa lưu', '{0} changes are not saved'],
  undo: ['Bỏ thay đổi ngày {0}', 'Undo the change of {0}'],
  undoShort: ['Bỏ', 'Undo'],
  undoAll: ['Bỏ tất cả', 'Undo all'],
  review: ['Xem ảnh hưởng và lưu', 'See what it moves, and save'],
  effect: ['Trước khi lưu', 'Before it is saved'],
  moves: ['{0} trong {1} việc đang mở sẽ có hạn mới. Người xử lý và người dân thấy hạn mới trong ít phút.', 'Of {1} open cases {0} would get another deadline. Officers and citizens see it within minutes.'],
  movesNone: ['Không hạn nào của {0} việc đang mở bị đổi.', 'No deadline of the {0} open cases would move.'],
  movesMore: ['Còn việc đang mở khác chưa được xem thử; hạn của chúng cũng được tính lại.', 'There are further open cases that were not tried; their deadlines are computed anew as well.'],
  saved: ['Đã lưu lịch. Các hạn đang được tính lại.', 'The calendar is saved. Deadlines are being computed anew.'],
  saveIt: ['Lưu lịch', 'Save the calendar'],
  year: ['Lịch năm {0}; dùng phím mũi tên để đi giữa các ngày', 'Calendar of {0}; arrow keys go from day to day'],
});

const monthName = (year: number, month: number): string => new Intl.DateTimeFormat(language() === 'en' ? 'en-GB' : 'vi-VN', { month: 'long', timeZone: 'UTC' }).format(new Date(Date.UTC(year, month, 1)));
const weekdays = (): string[] => (language() === 'en' ? ['M', 'T', 'W', 'T', 'F', 'S', 'S'] : ['T2', 'T3', 'T4', 'T5', 'T6', 'T7', 'CN']);

interface Looks {
  calendar: AdminCalendarFile;
  edits: Edits;
}

const dayNow = ({ calendar, edits }: Looks, date: string): Day => edits.days[date] ?? storedDay(calendar, date);

const weekNow = ({ calendar, edits }: Looks): Week => edits.week ?? calendar;
const hoursWords = ({ hours, weekdays }: Week): string => `${hours.map((one) => one.join('–')).join(', ')} · ${daysWords(weekdays.join(''))}`;

function lookOf(looks: Looks, date: string): string {
  const { kind } = dayNow(looks, date);
  const weekend = !weekNow(looks).weekdays.includes(weekdayOf(date));
  return [kind === 'plain' && weekend ? 'weekend' : kind, looks.edits.days[date] && 'edited'].filter(Boolean).join(' ');
}

function labelOf(looks: Looks, date: string): string {
  const day = dayNow(looks, date);
  return [dateWords(date), day.kind === 'plain' ? undefined : `${own(day.kind)}: ${day.name}`, looks.edits.days[date] && own('changed')].filter(Boolean).join(', ');
}

const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

function Year({ looks, year, onOpen }: { looks: Looks; year: number; onOpen: (date: string) => void }) {
  const today = dateText(new Date(Date.now() + 7 * 3_600_000)); // the province's own day
  const [at, setAt] = useState(today.startsWith(String(year)) ? today : `${year}-01-01`);
  const frame = useRef<HTMLDivElement>(null);
  const walk = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    const next = step && plusDays(at, step);
    if (!next || !next.startsWith(String(year))) return;
    event.preventDefault();
    setAt(next);
    frame.current?.querySelector<HTMLButtonElement>(`[data-date="${next}"]`)?.focus();
  };
  return (
    <div class="year" ref={frame} role="group" aria-label={own('year', year)} onKeyDown={walk}>
      {Array.from({ length: 12 }, (_, month) => (
        <table key={month} class="month">
          <caption>{monthName(year, month)}</caption>
          <thead>
            <tr>
              {weekdays().map((one, i) => (
                <th key={i} scope="col">
                  {one}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {weeksOf(year, month).map((week, i) => (
              <tr key={i}>
                {week.map((date, k) => (
                  <td key={k}>
                    {date && (
                      <button type="button" data-date={date} class={`day ${lookOf(looks, date)}`} tabIndex={date === at ? 0 : -1} aria-current={date === today ? 'date' : undefined} aria-label={labelOf(looks, date)} title={dayNow(looks, date).name || undefined} onClick={() => (setAt(date), onOpen(date))}>
                        {Number(date.slice(8))}
                      </button>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </div>
  );
}

function Effect({ looks, etag, onSaved, onDone }: { looks: Looks; etag: string; onSaved: () => void; onDone: (again: boolean) => void }) {
  const next = withEdits(looks.calendar, looks.edits);
  const headers = { 'if-match': etag };
  const trial = useLoaded<AdminCalendarSet>(async () => (await put('/v1/admin/calendar', {}, next as never, { headers, query: { check: 'true' } })).data, 'trial');
  const saving = useSaving();
  const failed = trial.error instanceof Error ? trial.error.message : undefined;
  return (
    <Dialog title={own('effect')} onClose={() => onDone(false)}>
      <div class="stack">
        {failed && (
          <Note tone="bad" live>
            {failed}
          </Note>
        )}
        {!failed && !trial.data && <Loading />}
        {trial.data && (
          <Note tone={trial.data.moved ? 'warn' : 'good'} live>
            <p>{trial.data.moved ? own('moves', count(trial.data.moved), count(trial.data.looked ?? 0)) : own('movesNone', count(trial.data.looked ?? 0))}</p>
            {trial.data.more && <p>{own('movesMore')}</p>}
          </Note>
        )}
        <SavingNote saving={saving} reload={() => onDone(true)} />
        <div class="row end">
          <Button look="quiet" onClick={() => onDone(false)}>
            {say('leaveIt')}
          </Button>
          {failed && <Button onClick={trial.again}>{say('again')}</Button>}
          {trial.data && (
            <Button look="main" busy={saving.busy} onClick={() => void saving.run(() => put('/v1/admin/calendar', {}, next as never, { headers }), own('saved')).then((done) => done && (onSaved(), onDone(true)))}>
              {own('saveIt')}
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}

function Pending({ looks, undo, undoWeek, undoAll, onReview }: { looks: Looks; undo: (date: string) => void; undoWeek: () => void; undoAll: () => void; onReview: () => void }) {
  const { days, week } = looks.edits;
  const dates = Object.keys(days).sort();
  if (dates.length === 0 && !week) return null;
  return (
    <section class="card pending" aria-live="polite">
      <h2>{own('pending', dates.length + (week ? 1 : 0))}</h2>
      <ul>
        {week && (
          <li class="row spread">
            <span>{own('hours', hoursWords(week))}</span>
            <Button look="quiet" onClick={undoWeek}>
              {own('undoShort')}
            </Button>
          </li>
        )}
        {dates.map((date) => (
          <li key={date} class="row spread">
            <span>
              {dateWords(date)}: {days[date]!.kind === 'plain' ? own('plain') : `${own(days[date]!.kind as 'off')}, ${days[date]!.name}`}
            </span>
            <Button look="quiet" aria-label={own('undo', dateWords(date))} onClick={() => undo(date)}>
              {own('undoShort')}
            </Button>
          </li>
        ))}
      </ul>
      <div class="row end">
        <Button look="quiet" onClick={undoAll}>
          {own('undoAll')}
        </Button>
        <Button look="main" onClick={onReview}>
          {own('review')}
        </Button>
      </div>
    </section>
  );
}

function Calendar({ calendar, etag, again }: { calendar: AdminCalendarFile; etag: string; again: () => void }) {
  const [kept, setEdits] = useUnsent<Edits>('calendar', noEdits); // a reload loses none
  const edits = editsLeft(calendar, kept);
  const [year, setYear] = useState(new Date(Date.now() + 7 * 3_600_000).getUTCFullYear());
  const [open, setOpen] = useState<string>();
  const [weekOpen, setWeekOpen] = useState(false);
  const [reviewing, setReviewing] = useState(false);
  const looks = { calendar, edits };
  const set = (date: string, day: Day) => setEdits(edited(calendar, edits, date, day));
  return (
    <>
      <div class="row spread">
        <div class="row">
          <button type="button" class="round" aria-label={own('previous')} onClick={() => setYear(year - 1)}>
            <Icon name="back" size={20} />
          </button>
          <h2>{year}</h2>
          <button type="button" class="round" aria-label={own('next')} onClick={() => setYear(year + 1)}>
            <Icon name="forth" size={20} />
          </button>
        </div>
        <div class="row legend">
          <span class="day off" aria-hidden="true" /> {own('off')}
          <span class="day work" aria-hidden="true" /> {own('work')}
          <span class="day weekend" aria-hidden="true" /> {own('weekend')}
        </div>
      </div>
      <div class="row">
        <p class="small soft">{own('hours', hoursWords(weekNow(looks)))}</p>
        <Button look="quiet" icon="pen" onClick={() => setWeekOpen(true)}>
          {own('editHours')}
        </Button>
      </div>
      {!covers(withEdits(calendar, edits), year) && <Note tone="warn">{own('uncovered', year)}</Note>}
      <Pending looks={looks} undo={(date) => set(date, storedDay(calendar, date))} undoWeek={() => setEdits({ days: edits.days })} undoAll={() => setEdits(undefined)} onReview={() => setReviewing(true)} />
      <Year key={year} looks={looks} year={year} onOpen={setOpen} />
      {open && (
        <DayForm
          date={open}
          day={dayNow(looks, open)}
          weekend={!weekNow(looks).weekdays.includes(weekdayOf(open))}
          onDone={(day) => {
            if (day) set(open, day);
            setOpen(undefined);
          }}
        />
      )}
      {weekOpen && (
        <WeekForm
          week={weekNow(looks)}
          onDone={(week) => {
            if (week) setEdits(editedWeek(calendar, edits, week));
            setWeekOpen(false);
          }}
        />
      )}
      {reviewing && (
        <Effect
          looks={looks}
          etag={etag}
          onSaved={() => setEdits(undefined)}
          onDone={(changed) => {
            setReviewing(false);
            if (changed) again();
          }}
        />
      )}
    </>
  );
}

export function CalendarPage(_: { where: Where }) {
  const found = useLoaded(() => getWhole('/v1/admin/calendar'), 'admin calendar');
  return (
    <Frame part="calendar" beside={found.data && <Tag>{found.data.data.years.join('–')}</Tag>}>
      <Shown of={found}>{({ data, headers }) => <Calendar key={headers.get('etag')} calendar={data} etag={headers.get('etag') ?? ''} again={found.again} />}</Shown>
    </Frame>
  );
}

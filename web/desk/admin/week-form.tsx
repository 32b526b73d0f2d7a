/* The offices' usual week: which weekdays, at which hours. Every deadline in working time follows from it. */
import { useState } from 'preact/hooks';
import { Icon } from '../../shared/parts/icon';
import { Button, Dialog } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';
import { WEEK, dayWord } from '../lib/week';
import { FormEnd } from '../parts/form-end';
import type { Week } from './calendar-days';

const own = sayFrom({
  title: ['Giờ làm việc của các cơ quan', 'Hours of the offices'],
  days: ['Ngày làm việc trong tuần', 'Working days of the week'],
  hours: ['Các buổi trong ngày', 'Parts of the day'],
  from: ['Buổi {0}: từ giờ', 'Part {0}: from'],
  until: ['Buổi {0}: đến giờ', 'Part {0}: until'],
  add: ['Thêm buổi', 'Add a part'],
  drop: ['Bỏ buổi {0}', 'Remove part {0}'],
  wrong: ['Viết giờ như 07:30, trước sau theo thứ tự, các buổi không chồng nhau.', 'Write times as 07:30, one after the other; parts do not overlap.'],
  noDay: ['Chọn ít nhất một ngày.', 'Choose one day at least.'],
  set: ['Đặt', 'Set'],
});

const MOST_PARTS = 4; // domain/calendar: CALENDAR_HOURS_MAX
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const inOrder = (hours: string[][]): boolean => hours.length > 0 && hours.flat().every((time, i, all) => TIME.test(time) && (i === 0 || (i % 2 ? all[i - 1]! < time : all[i - 1]! <= time)));

export function WeekForm({ week, onDone }: { week: Week; onDone: (week: Week | undefined) => void }) {
  const [hours, setHours] = useState(week.hours);
  const [days, setDays] = useState(week.weekdays);
  const [tried, setTried] = useState(false);
  const wrong = tried && !inOrder(hours);
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (inOrder(hours) && days.length > 0) onDone({ hours, weekdays: days });
  };
  const time = (i: number, end: 0 | 1) => (
    <input type="text" class="few" inputMode="numeric" maxLength={5} placeholder="07:30" aria-label={own(end ? 'until' : 'from', i + 1)} aria-invalid={wrong} aria-describedby={wrong ? 'week-hours-error' : undefined} value={hours[i]![end]} onInput={(event) => setHours(hours.map((one, j) => (j !== i ? one : end ? [one[0]!, event.currentTarget.value] : [event.currentTarget.value, one[1]!])))} />
  );
  return (
    <Dialog title={own('title')} onClose={() => onDone(undefined)}>
      <form class="stack" noValidate onSubmit={send}>
        <fieldset class="stack tight">
          <legend class="label">{own('days')}</legend>
          <div class="row">
            {WEEK.map(([code]) => (
              <label key={code} class="verdict good">
                <input type="checkbox" checked={days.includes(Number(code))} onChange={(event) => setDays(WEEK.map(([one]) => Number(one)).filter((one) => (one === Number(code) ? event.currentTarget.checked : days.includes(one))))} />
                <span>{dayWord(code)}</span>
              </label>
            ))}
          </div>
          {tried && days.length === 0 && <p class="error">{own('noDay')}</p>}
        </fieldset>
        <fieldset class="stack tight">
          <legend class="label">{own('hours')}</legend>
          {hours.map((_, i) => (
            <div key={i} class="row">
              {time(i, 0)} <span aria-hidden="true">–</span> {time(i, 1)}
              {hours.length > 1 && (
                <button type="button" class="round" aria-label={own('drop', i + 1)} onClick={() => setHours(hours.filter((__, j) => j !== i))}>
                  <Icon name="cross" size={18} />
                </button>
              )}
            </div>
          ))}
          {wrong && (
            <p class="error" id="week-hours-error">
              {own('wrong')}
            </p>
          )}
          {hours.length < MOST_PARTS && (
            <div class="row">
              <Button look="quiet" icon="plus" onClick={() => setHours([...hours, ['', '']])}>
                {own('add')}
              </Button>
            </div>
          )}
        </fieldset>
        <FormEnd onLeave={() => onDone(undefined)}>{own('set')}</FormEnd>
      </form>
    </Dialog>
  );
}

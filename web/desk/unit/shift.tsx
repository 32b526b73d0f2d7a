/* One shift of a roster: its days, its hours, and who is rung in which order. */
import type { RosterBody } from '../../api';
import { Icon } from '../../shared/parts/icon';
import { Button } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';
import { nameOf, useColleagues } from '../lib/catalogue';
import { WEEK, dayWord } from '../lib/week';
import { say } from '../words';

export type Shift = RosterBody['shifts'][number];

const own = sayFrom({
  shift: ['Ca {0}', 'Shift {0}'],
  name: ['Tên ca', 'Name'],
  start: ['Từ giờ', 'From'],
  end: ['Đến giờ', 'Until'],
  endHelp: ['Giờ kết thúc trước giờ bắt đầu là sang ngày hôm sau; bằng nhau là cả ngày đêm.', 'An end before the start is on the next day; the same is around the clock.'],
  days: ['Các ngày trong tuần', 'Weekdays'],
  people: ['Người trực, theo thứ tự được báo', 'On duty, in the order of being rung'],
  addPerson: ['Thêm người trực', 'Add somebody'],
  up: ['Đưa {0} lên trước', 'Move {0} up'],
  drop: ['Bỏ {0} khỏi ca', 'Take {0} off'],
  remove: ['Bỏ ca này', 'Remove this shift'],
  first: ['Từ ngày', 'First day'],
  last: ['Đến ngày', 'Last day'],
});

function People({ at, shift, set, fault }: { at: number; shift: Shift; set: (next: Shift) => void; fault: string | undefined }) {
  const staff = useColleagues().data ?? [];
  const { people } = shift;
  const raise = (i: number) => set({ ...shift, people: people.map((one, j) => (j === i - 1 ? people[i]! : j === i ? people[i - 1]! : one)) });
  return (
    <fieldset class="stack tight" aria-describedby={fault ? `shift-${at}-people-error` : undefined}>
      <legend class="label">{own('people')}</legend>
      <ol class="duty">
        {people.map((one, i) => {
          const name = nameOf(staff, one.id) || say('officer');
          return (
            <li key={one.id}>
              <span class="row">
                <span class="grow">{name}</span>
                {i > 0 && (
                  <button type="button" class="round" aria-label={own('up', name)} onClick={() => raise(i)}>
                    ↑
                  </button>
                )}
                <button type="button" class="round" aria-label={own('drop', name)} onClick={() => set({ ...shift, people: people.filter((other) => other.id !== one.id) })}>
                  <Icon name="cross" size={18} />
                </button>
              </span>
            </li>
          );
        })}
      </ol>
      {people.length < 8 && (
        <select aria-label={own('addPerson')} value="" onChange={(event) => event.currentTarget.value && set({ ...shift, people: [...people, { id: event.currentTarget.value }] })}>
          <option value="">{own('addPerson')}…</option>
          {staff
            .filter((one) => !people.some((other) => other.id === one.id))
            .map((one) => (
              <option key={one.id} value={one.id}>
                {one.name} · {one.title}
              </option>
            ))}
        </select>
      )}
      {fault && (
        <p class="error" id={`shift-${at}-people-error`}>
          <Icon name="warn" size={16} /> {fault}
        </p>
      )}
    </fieldset>
  );
}

export function ShiftForm({ at, shift, set, remove, fault }: { at: number; shift: Shift; set: (next: Shift) => void; remove: () => void; fault: (field: string) => string | undefined }) {
  const days = shift.days ?? '1234567';
  const turn = (code: string) => {
    const next = days.includes(code) ? days.replace(code, '') : [...days, code].sort().join('');
    const { days: _, ...rest } = shift;
    set(next.length === 7 || next.length === 0 ? rest : { ...rest, days: next });
  };
  const input = (name: 'start' | 'end' | 'first' | 'last', type: 'time' | 'date') => (
    <label class="stack tight">
      <span class="label">{own(name)}</span>
      <input {...(type === 'date' ? { type } : { type: 'text', inputMode: 'numeric', maxLength: 5, placeholder: '07:00', class: 'few' })} value={shift[name] ?? ''} aria-invalid={Boolean(fault(name))} onInput={(event) => set({ ...shift, [name]: event.currentTarget.value || (type === 'date' ? undefined : '') })} />
      {fault(name) && <span class="error">{fault(name)}</span>}
    </label>
  );
  return (
    <fieldset class="paper stack">
      <legend class="label">{own('shift', at + 1)}</legend>
      <label class="stack tight">
        <span class="label">{own('name')}</span>
        <input type="text" maxLength={60} value={shift.name ?? ''} onInput={(event) => set({ ...shift, name: event.currentTarget.value || undefined } as Shift)} />
      </label>
      <fieldset class="stack tight">
        <legend class="label">{own('days')}</legend>
        <div class="row">
          {WEEK.map(([code]) => (
            <label key={code} class="verdict good">
              <input type="checkbox" checked={days.includes(code)} onChange={() => turn(code)} />
              <span>{dayWord(code)}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <div class="row from-top">
        {input('start', 'time')}
        {input('end', 'time')}
        {input('first', 'date')}
        {input('last', 'date')}
      </div>
      <p class="help">{own('endHelp')}</p>
      <People at={at} shift={shift} set={set} fault={fault('people')} />
      <div class="row end">
        <Button look="quiet" icon="trash" onClick={remove}>
          {own('remove')}
        </Button>
      </div>
    </fieldset>
  );
}

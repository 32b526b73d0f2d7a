/* What one day is: as its weekday, a day off, or worked instead. */
import { useState } from 'preact/hooks';
import { Choices, Dialog, Field } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';
import { FormEnd } from '../parts/form-end';
import { say } from '../words';
import { dateWords, type Day, type Kind } from './calendar-days';

const own = sayFrom({
  legend: ['Ngày này', 'This day'],
  plainWork: ['Làm việc như thường lệ', 'Worked as usual'],
  plainOff: ['Nghỉ cuối tuần', 'Weekend'],
  off: ['Ngày nghỉ', 'Day off'],
  offHint: ['Lễ, Tết, nghỉ bù, nghỉ đột xuất', 'A holiday, in lieu of one, or out of the ordinary'],
  work: ['Làm bù', 'Worked instead'],
  workHint: ['Cuối tuần nhưng làm việc', 'A weekend that is worked'],
  name: ['Tên hoặc lý do', 'Name or reason'],
  for: ['Thay cho ngày', 'In place of'],
  set: ['Đặt', 'Set'],
});

export function DayForm({ date, day, weekend, onDone }: { date: string; day: Day; weekend: boolean; onDone: (day: Day | undefined) => void }) {
  const [now, set] = useState<Day>(day);
  const [empty, setEmpty] = useState(false);
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const name = now.name.trim();
    setEmpty(now.kind !== 'plain' && !name);
    if (now.kind === 'plain') onDone({ kind: 'plain', name: '' });
    else if (name) onDone({ kind: now.kind, name, for: now.for || undefined });
  };
  const options = [['plain', own(weekend ? 'plainOff' : 'plainWork')] as const, ['off', own('off'), own('offHint')] as const, ...(weekend || now.kind === 'work' ? [['work', own('work'), own('workHint')] as const] : [])];
  return (
    <Dialog title={dateWords(date)} onClose={() => onDone(undefined)}>
      <form class="stack" noValidate onSubmit={send}>
        <Choices<Kind> name="day-kind" legend={own('legend')} options={options} value={now.kind} onChange={(kind) => set({ ...now, kind })} />
        {now.kind !== 'plain' && (
          <>
            <Field id="day-name" label={own('name')} error={empty && !now.name.trim() ? say('needed') : undefined}>
              {(described) => <input {...described} type="text" maxLength={60} autoComplete="off" value={now.name} onInput={(event) => set({ ...now, name: event.currentTarget.value })} />}
            </Field>
            <Field id="day-for" label={own('for')} optional>
              {(described) => <input {...described} type="date" value={now.for ?? ''} onInput={(event) => set({ ...now, for: event.currentTarget.value || undefined })} />}
            </Field>
          </>
        )}
        <FormEnd onLeave={() => onDone(undefined)}>{own('set')}</FormEnd>
      </form>
    </Dialog>
  );
}

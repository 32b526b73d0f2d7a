/* One field of the table of routes: a rule of its own, or what the common rules say. */
import { useState } from 'preact/hooks';
import type { AdminAgency } from '../../api';
import { put, remove } from '../../shared/call';
import { Dialog, Field } from '../../shared/parts/ui';
import { named, sayFrom } from '../../shared/words';
import { FormEnd } from '../parts/form-end';
import { say } from '../words';
import { tableOf, type Table } from './routing';
import { SavingNote, useSaving } from './saving';

const own = sayFrom({
  title: ['{0} · {1}', '{0} · {1}'],
  agency: ['Cơ quan nhận', 'Agency that takes it'],
  common: ['Theo quy tắc chung: {0}', 'By the common rules: {0}'],
  portal: ['cổng tỉnh phân phối', 'dispatched by the portal'],
  help: ['Áp dụng cho phản ánh mới; phản ánh đã gửi giữ nguyên cơ quan.', 'For reports to come; those that were sent stay where they are.'],
});

interface Place {
  code: string;
  name: string;
}

export function RouteForm({ category, commune, table, agencies, onDone }: { category: Place; commune: Place; table: Table; agencies: AdminAgency[]; onDone: (changed: boolean) => void }) {
  const rule = table.exact(category.code, commune.code);
  const [chosen, set] = useState(rule?.agency ?? '');
  const saving = useSaving();
  const others = tableOf([['*', commune.code], [category.code, '*'], ['*', '*']].flatMap(([a, b]) => (a === category.code && b === commune.code ? [] : (table.exact(a!, b!) ?? []))), agencies).of(category.code, commune.code);
  const common = others ? named(agencies.find((one) => one.code === others.rule.agency)) : own('portal');
  async function send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (chosen === (rule?.agency ?? '')) return onDone(false);
    const row = { category: category.code, commune: commune.code };
    const work = chosen ? () => put('/v1/admin/routes', {}, [{ ...row, agency: chosen, revision: rule?.revision ?? 0 }]) : () => remove('/v1/admin/routes/{category}/{commune}', row, { headers: { 'if-match': `"${rule!.revision}"` } });
    if (await saving.run(work)) onDone(true);
  }
  return (
    <Dialog title={own('title', category.name, commune.name)} onClose={() => onDone(false)}>
      <form class="stack" noValidate onSubmit={(event) => void send(event)}>
        <Field id="route-agency" label={own('agency')} help={own('help')} error={saving.at.agency}>
          {(described) => (
            <select {...described} value={chosen} onChange={(event) => set(event.currentTarget.value)}>
              <option value="">{own('common', common)}</option>
              {agencies
                .filter((one) => one.active || one.code === chosen)
                .map((one) => (
                  <option key={one.code} value={one.code}>
                    {named(one)} ({one.code})
                  </option>
                ))}
            </select>
          )}
        </Field>
        <SavingNote saving={saving} fields={['agency']} reload={() => onDone(true)} />
        <FormEnd onLeave={() => onDone(false)} busy={saving.busy}>{say('save')}</FormEnd>
      </form>
    </Dialog>
  );
}

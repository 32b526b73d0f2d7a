/* One agency, filled in. `whole`: by the portal; otherwise what its own administrator keeps. */
import type { AdminAgenciesBody, AdminAgency } from '../../api';
import { put } from '../../shared/call';
import { Check, Dialog, Field } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';
import { useCatalogue } from '../lib/catalogue';
import { useUnsent } from '../lib/unsent';
import { FormEnd } from '../parts/form-end';
import { say } from '../words';
import { SavingNote, useSaving, without } from './saving';

const own = sayFrom({
  add: ['Thêm cơ quan', 'Add an agency'],
  edit: ['Sửa cơ quan', 'Edit the agency'],
  code: ['Mã', 'Code'],
  codeHelp: ['Theo QĐ 20/2020: chữ in hoa, số và dấu chấm, như H12.32025. Không đổi được về sau.', 'Capital letters, digits and dots, such as H12.32025. It cannot be changed later.'],
  name: ['Tên', 'Name'],
  name_en: ['Tên tiếng Anh', 'Name in English'],
  kind: ['Loại', 'Kind'],
  hotline: ['Điện thoại', 'Telephone'],
  address: ['Địa chỉ', 'Address'],
  hours: ['Giờ làm việc', 'Hours'],
  hours_en: ['Giờ làm việc bằng tiếng Anh', 'Hours in English'],
  webhook_url: ['Địa chỉ nhận webhook', 'Webhook address'],
  webhookHelp: ['Bắt đầu bằng https://. Để trống nếu không dùng.', 'Begins with https://. Empty if there is none.'],
  active: ['Đang hoạt động', 'Active'],
  activeHelp: ['Cơ quan đã ngừng không nhận thêm việc; các tuyến tới cơ quan ấy bị bỏ qua.', 'One that is not gets nothing more; routes to it are passed over.'],
});

export const kindWord = sayFrom({
  commune: ['Ủy ban cấp xã', 'Commune'],
  department: ['Sở, ban, ngành', 'Department'],
  dispatcher: ['Cổng tiếp nhận của tỉnh', 'The province’s portal'],
});
export const KINDS = ['commune', 'department', 'dispatcher'] as const;

type Row = AdminAgenciesBody[number];
type TextField = 'code' | 'name' | 'name_en' | 'hotline' | 'address' | 'hours' | 'hours_en' | 'webhook_url';
const LENGTHS: Record<TextField, number> = { code: 35, name: 120, name_en: 120, hotline: 40, address: 200, hours: 120, hours_en: 120, webhook_url: 1000 };
const FIELDS = ['code', 'name', 'name_en', 'kind', 'commune', 'hotline', 'address', 'hours', 'hours_en', 'webhook_url'];

export function AgencyForm({ agency, whole, onDone }: { agency: AdminAgency | undefined; whole: boolean; onDone: (again: boolean) => void }) {
  const [row, set] = useUnsent<Row>(`agency.${agency?.code ?? ''}.${agency?.revision ?? 0}`, { code: '', name: '', kind: 'department', ...agency, revision: agency?.revision ?? 0 } as Row);
  const saving = useSaving();
  const communes = useCatalogue().data?.communes ?? [];
  async function send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { commune, ...rest } = row;
    if (await saving.run(() => put('/v1/admin/agencies', {}, [without({ ...rest, ...(row.kind === 'commune' && { commune }) })]))) leave(true);
  }
  const leave = (again: boolean) => (set(undefined), onDone(again));
  const text = (name: TextField, help?: string, optional = true) => (
    <Field id={`agency-${name}`} label={own(name)} help={help} error={saving.at[name]} optional={optional}>
      {(described) => <input {...described} type="text" maxLength={LENGTHS[name]} autoComplete="off" value={row[name] ?? ''} onInput={(event) => set({ ...row, [name]: event.currentTarget.value })} />}
    </Field>
  );
  return (
    <Dialog title={own(agency ? 'edit' : 'add')} onClose={() => leave(false)}>
      <form class="stack" noValidate onSubmit={(event) => void send(event)}>
        {whole && (
          <>
            {!agency && text('code', own('codeHelp'), false)}
            {text('name', undefined, false)}
            {text('name_en')}
            <Field id="agency-kind" label={own('kind')} error={saving.at.kind}>
              {(described) => (
                <select {...described} value={row.kind} onChange={(event) => set({ ...row, kind: event.currentTarget.value as Row['kind'] })}>
                  {KINDS.map((one) => (
                    <option key={one} value={one}>
                      {kindWord(one)}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            {row.kind === 'commune' && (
              <Field id="agency-commune" label={say('commune')} error={saving.at.commune}>
                {(described) => (
                  <select {...described} value={row.commune ?? ''} onChange={(event) => set({ ...row, commune: event.currentTarget.value })}>
                    <option value="">{say('choose')}</option>
                    {communes.map((one) => (
                      <option key={one.code} value={one.code}>
                        {one.full_name}
                      </option>
                    ))}
                  </select>
                )}
              </Field>
            )}
          </>
        )}
        {text('address')}
        {text('hours')}
        {text('hours_en')}
        {text('hotline')}
        {text('webhook_url', own('webhookHelp'))}
        {whole && (
          <Check id="agency-active" checked={row.active ?? true} onChange={(active) => set({ ...row, active })} hint={own('activeHelp')}>
            {own('active')}
          </Check>
        )}
        <SavingNote saving={saving} fields={FIELDS} reload={() => leave(true)} />
        <FormEnd onLeave={() => leave(false)} busy={saving.busy}>{say('save')}</FormEnd>
      </form>
    </Dialog>
  );
}

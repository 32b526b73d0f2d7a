/* An account of the agency, filled in: a new one, or what its administrator keeps of one. */
import { useState } from 'preact/hooks';
import type { StaffAccount, StaffCode, StaffChangeBody, StaffNewBody } from '../../api';
import { freshKey, get, patch, post } from '../../shared/call';
import { Check, Dialog, Failed, Field, Loading, Note } from '../../shared/parts/ui';
import { useLoaded } from '../../shared/store';
import { named, sayFrom } from '../../shared/words';
import { SavingNote, useSaving, type Saving } from '../admin/saving';
import { useCatalogue } from '../lib/catalogue';
import { keepUnsent, useUnsent } from '../lib/unsent';
import { FormEnd } from '../parts/form-end';
import { roleWord, say } from '../words';

const own = sayFrom({
  add: ['Thêm tài khoản', 'Add an account'],
  edit: ['Sửa tài khoản {0}', 'Change the account of {0}'],
  user: ['Tên đăng nhập', 'User name'],
  userHelp: ['Chữ thường không dấu, số và dấu chấm. Không đổi được về sau.', 'Lower-case letters, digits and dots. It cannot be changed later.'],
  name: ['Họ và tên', 'Full name'],
  title: ['Chức danh', 'Title'],
  titleHelp: ['Công dân thấy chức danh, không thấy tên.', 'Citizens see the title, not the name.'],
  role: ['Vai trò', 'Role'],
  roleNote: ['Đổi vai trò: mọi phiên đăng nhập của người này dừng ngay.', 'With another role, all its sessions end at once.'],
  phone: ['Điện thoại', 'Telephone'],
  phoneKept: ['Đã có một số. Để trống nếu giữ nguyên.', 'There is a number. Leave it empty to keep that.'],
  noPhone: ['Bỏ số điện thoại', 'Remove the number'],
  make: ['Tạo tài khoản', 'Make the account'],
  changed: ['Đã sửa tài khoản.', 'The account was changed.'],
});

const FIELDS = ['name', 'title', 'user', 'phone', 'role', 'agency'];
const ROLES = ['officer', 'leader', 'inspector', 'dispatcher', 'admin'] as const;
type Role = (typeof ROLES)[number];
type Words = 'user' | 'name' | 'title' | 'phone';
const LENGTHS: Record<Words, number> = { user: 64, name: 60, title: 60, phone: 20 };

/* What must be filled in and is not: said at its field, and nothing is sent. */
const emptyOf = (row: Partial<Record<Words, string | undefined>>, needed: readonly Words[]): Record<string, string> => Object.fromEntries(needed.filter((name) => !row[name]?.trim()).map((name) => [name, say('needed')]));

function Text({ name, value, set, at, help }: { name: Words; value: string | undefined; set: (value: string) => void; at: Saving['at']; help?: string | undefined }) {
  return (
    <Field id={`staff-${name}`} label={own(name)} help={help} error={at[name]} optional={name === 'phone'}>
      {(labelled) => <input {...labelled} type={name === 'phone' ? 'tel' : 'text'} maxLength={LENGTHS[name]} autoComplete="off" value={value ?? ''} onInput={(event) => set(event.currentTarget.value)} />}
    </Field>
  );
}

const RoleField = ({ value, set, at }: { value: Role; set: (role: Role) => void; at: Saving['at'] }) => (
  <Field id="staff-role" label={own('role')} error={at.role}>
    {(labelled) => (
      <select {...labelled} value={value} onChange={(event) => set(event.currentTarget.value as Role)}>
        {ROLES.map((one) => (
          <option key={one} value={one}>
            {roleWord(one)}
          </option>
        ))}
      </select>
    )}
  </Field>
);

export function NewAccount({ agency, portal, onDone }: { agency: string | undefined; portal: boolean; onDone: (made: StaffCode | undefined) => void }) {
  const [body, set] = useUnsent<StaffNewBody>(`account.new.${agency ?? ''}`, { user: '', name: '', title: '', role: 'officer', ...(agency && { agency }) });
  const [key] = useState(freshKey);
  const [empty, setEmpty] = useState<Record<string, string>>({});
  const saving = useSaving();
  const at = { ...saving.at, ...empty };
  const agencies = useCatalogue().data?.agencies ?? [];
  async function send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const missing = emptyOf(body, ['name', 'title', 'user']);
    setEmpty(missing);
    if (Object.keys(missing).length) return;
    await saving.run(async () => leave(await post('/v1/staff', {}, { ...body, phone: body.phone || undefined }, { headers: key })), '');
  }
  const leave = (made: StaffCode | undefined) => (set(undefined), onDone(made));
  const text = (name: Words, help?: string) => <Text name={name} value={body[name] ?? ''} set={(value) => set({ ...body, [name]: value })} at={at} help={help} />;
  return (
    <Dialog title={own('add')} onClose={() => leave(undefined)}>
      <form class="stack" noValidate onSubmit={(event) => void send(event)}>
        {text('name')}
        {text('title', own('titleHelp'))}
        {text('user', own('userHelp'))}
        {text('phone')}
        <RoleField value={body.role} set={(role) => set({ ...body, role })} at={at} />
        {portal && (
          <Field id="staff-agency" label={say('agency')} error={at.agency}>
            {(labelled) => (
              <select {...labelled} value={body.agency ?? ''} onChange={(event) => set({ ...body, agency: event.currentTarget.value })}>
                {agencies.map((one) => (
                  <option key={one.code} value={one.code}>
                    {named(one)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <SavingNote saving={saving} fields={FIELDS} />
        <FormEnd onLeave={() => leave(undefined)} busy={saving.busy}>{own('make')}</FormEnd>
      </form>
    </Dialog>
  );
}

/* Only what is another is sent, so that what somebody else changed meanwhile is told. */
function changesOf(one: StaffAccount, row: { name: string; title: string; role: Role; phone: string; noPhone: boolean }): StaffChangeBody {
  return {
    ...(row.name.trim() !== one.name && { name: row.name.trim() }),
    ...(row.title.trim() !== one.title && { title: row.title.trim() }),
    ...(row.role !== one.role && { role: row.role }),
    ...(row.noPhone ? { phone: null } : row.phone.trim() && { phone: row.phone.trim() }),
  };
}

const keptOf = (one: StaffAccount): string => `account.${one.id}.${one.revision}`;

/* As it is now: the list may have been read before its owner opened it. */
export function EditAccount({ one: listed, mine, onDone }: { one: StaffAccount; mine: boolean; onDone: (again: boolean) => void }) {
  const found = useLoaded(() => get('/v1/staff/{id}', { id: listed.id }), `account ${listed.id}`);
  return (
    <Dialog title={own('edit', listed.name ?? '')} onClose={() => (found.data && keepUnsent(keptOf(found.data), undefined), onDone(false))}>
      {found.error ? <Failed error={found.error} again={found.again} /> : found.data ? <EditForm one={found.data} mine={mine} onDone={onDone} /> : <Loading />}
    </Dialog>
  );
}

function EditForm({ one, mine, onDone }: { one: StaffAccount; mine: boolean; onDone: (again: boolean) => void }) {
  const [row, set] = useUnsent(keptOf(one), { name: one.name ?? '', title: one.title ?? '', role: one.role as Role, phone: '', noPhone: false });
  const [empty, setEmpty] = useState<Record<string, string>>({});
  const saving = useSaving();
  const at = { ...saving.at, ...empty };
  async function send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const missing = emptyOf(row, ['name', 'title']);
    setEmpty(missing);
    if (Object.keys(missing).length) return;
    const changes = changesOf(one, row);
    if (Object.keys(changes).length === 0) return leave(false);
    if (await saving.run(() => patch('/v1/staff/{id}', { id: one.id }, changes, { headers: { 'if-match': `"${one.revision}"` } }), own('changed'))) leave(true);
  }
  const leave = (again: boolean) => (set(undefined), onDone(again));
  const text = (name: 'name' | 'title', help?: string) => <Text name={name} value={row[name]} set={(value) => set({ ...row, [name]: value })} at={at} help={help} />;
  return (
    <form class="stack" noValidate onSubmit={(event) => void send(event)}>
      {text('name')}
      {text('title', own('titleHelp'))}
      {!row.noPhone && <Text name="phone" value={row.phone} set={(phone) => set({ ...row, phone })} at={at} help={one.has_phone ? own('phoneKept') : undefined} />}
      {one.has_phone && (
        <Check id="staff-no-phone" checked={row.noPhone} onChange={(noPhone) => set({ ...row, noPhone })}>
          {own('noPhone')}
        </Check>
      )}
      {!mine && <RoleField value={row.role} set={(role) => set({ ...row, role })} at={at} />}
      {row.role !== one.role && <Note tone="warn">{own('roleNote')}</Note>}
      <SavingNote saving={saving} fields={FIELDS} reload={() => leave(true)} />
      <FormEnd onLeave={() => leave(false)} busy={saving.busy}>{say('save')}</FormEnd>
    </form>
  );
}

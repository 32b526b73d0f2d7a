/* My agency: its accounts, who stands for whom, who is on duty, whose cases go to whom. Each tab has an address. */
import type { ComponentType } from 'preact';
import type { Me } from '../../api';
import { Empty } from '../../shared/parts/ui';
import type { Where } from '../../shared/router';
import { sayFrom } from '../../shared/words';
import { Tabs } from '../parts/filters';
import { Deputies } from '../unit/deputies';
import { Handovers } from '../unit/handovers';
import { RosterTab } from '../unit/roster';
import { say } from '../words';
import StaffPage from './staff';

const own = sayFrom({
  accounts: ['Tài khoản', 'Accounts'],
  deputies: ['Uỷ quyền', 'Deputies'],
  roster: ['Lịch trực', 'Duty roster'],
  handover: ['Bàn giao việc', 'Hand-over'],
});

const tabs: Array<{ code: 'accounts' | 'deputies' | 'roster' | 'handover'; roles: string[]; page: ComponentType<{ where: Where; me: Me }> }> = [
  { code: 'accounts', roles: ['leader', 'admin'], page: StaffPage },
  { code: 'deputies', roles: ['officer', 'leader', 'admin'], page: Deputies },
  { code: 'roster', roles: ['dispatcher', 'officer', 'leader', 'admin'], page: RosterTab },
  { code: 'handover', roles: ['leader', 'admin'], page: Handovers },
];

export default function UnitPage(all: { where: Where; me: Me }) {
  const mine = tabs.filter((one) => one.roles.includes(all.me.role ?? ''));
  const asked = all.where.parts[1];
  const now = asked ? mine.find((one) => one.code === asked) : mine[0];
  const Shown = now?.page;
  return (
    <div class="stack">
      <Tabs tabs={mine.map((one) => ({ code: one.code, words: own(one.code), href: `/desk/staff/${one.code}` }))} now={now?.code ?? ''} />
      {Shown ? <Shown {...all} /> : <Empty icon="search" title={say('notFoundWords')} />}
    </div>
  );
}

/* What keeps a province: its parts, each by its address. Who is not the portal's sees their own agency. */
import type { FunctionComponent } from 'preact';
import type { Me } from '../../api';
import { ButtonLink, Empty, Loading } from '../../shared/parts/ui';
import type { Where } from '../../shared/router';
import { Agencies, OwnAgency } from '../admin/agencies';
import { Areas } from '../admin/areas';
import { CalendarPage } from '../admin/calendar';
import { Categories } from '../admin/categories';
import { Dead } from '../admin/dead';
import { isPart, type Part } from '../admin/frame';
import { Log } from '../admin/log';
import { Procedures } from '../admin/procedures';
import { Routes } from '../admin/routes';
import { useOverProvince } from '../lib/undelivered';
import { ConfirmDialog } from '../session/confirm';
import { say } from '../words';

const pages: Record<Part, FunctionComponent<{ where: Where }>> = { agencies: Agencies, categories: Categories, routes: Routes, procedures: Procedures, calendar: CalendarPage, areas: Areas, dead: Dead, log: () => <Log over /> };

export default function AdminPage({ where, me }: { where: Where; me: Me }) {
  const over = useOverProvince(me);
  const part = where.parts[1] ?? 'agencies';
  if (over === undefined) return <Loading />;
  const Page = isPart(part) ? pages[part] : undefined;
  if (!Page)
    return (
      <Empty icon="search" title={say('notFound')}>
        <ButtonLink href="/desk/admin">{say('back')}</ButtonLink>
      </Empty>
    );
  return (
    <>
      {over ? <Page where={where} /> : part === 'log' ? <Log over={false} /> : <OwnAgency />}
      <ConfirmDialog keys={false} />
    </>
  );
}

/* Who takes what: categories across, communes down, in each field the agency; one is changed by touching it. */
import { useMemo, useState } from 'preact/hooks';
import type { AdminAgency, AdminCategory, AdminRule, Commune } from '../../api';
import { get } from '../../shared/call';
import { folded } from '../../shared/catalogue';
import { Button, Empty, Note } from '../../shared/parts/ui';
import { go, type Where } from '../../shared/router';
import { useLoaded } from '../../shared/store';
import { named, sayFrom } from '../../shared/words';
import { Filter } from '../parts/filters';
import { say } from '../words';
import { Frame, Shown } from './frame';
import { ImportRows } from './import';
import { RouteForm } from './route-form';
import { ANY, tableOf, type Table } from './routing';
import { TryOut } from './try-out';

const own = sayFrom({
  anyCategory: ['Mọi lĩnh vực', 'Any category'],
  allCategories: ['Bảng đủ các lĩnh vực', 'All categories'],
  anyCommune: ['Mọi xã, phường', 'Any commune'],
  find: ['Tìm xã, phường', 'Find a commune'],
  none: ['Không có xã, phường nào như vậy.', 'There is no such commune.'],
  portal: ['Cổng tỉnh phân phối', 'Dispatched by the portal'],
  legend: ['Chữ đậm: quy tắc riêng của ô. Chữ nhạt: theo quy tắc chung của cột hoặc hàng. Gạch ngang: không ai nhận sẵn, cổng tỉnh phân phối. Chạm vào một ô để đổi.', 'Bold: a rule of its own. Light: by the rule of the column or row. A dash: nobody takes it, the portal dispatches. Touch a field to change it.'],
  table: ['Bảng tuyến', 'Table of routes'],
  cell: ['{0}, {1}: {2}', '{0}, {1}: {2}'],
  idle: ['{0} (ngừng hoạt động, không nhận)', '{0} (no longer active, takes nothing)'],
  noCategories: ['Chưa có lĩnh vực nào để định tuyến.', 'There are no categories to route yet.'],
});

interface Known {
  rules: AdminRule[];
  agencies: AdminAgency[];
  categories: AdminCategory[];
  communes: Commune[];
}
interface Place {
  code: string;
  name: string;
}

async function load(): Promise<Known> {
  const [rules, agencies, categories, communes] = await Promise.all([get('/v1/admin/routes'), get('/v1/admin/agencies'), get('/v1/admin/categories'), get('/v1/communes')]);
  return { rules: rules.items, agencies: agencies.items, categories: categories.items.filter((one) => one.active), communes: communes.items };
}

function Cell({ table, agencies, short, category, commune, whole, onOpen }: { table: Table; agencies: Map<string, AdminAgency>; short: Map<string, string>; category: Place; commune: Place; whole: boolean; onOpen: () => void }) {
  const taken = table.of(category.code, commune.code);
  const agency = taken && agencies.get(taken.rule.agency!);
  const name = agency ? (taken.idle ? own('idle', named(agency)) : named(agency)) : own('portal');
  const look = !taken ? 'nobody' : taken.idle ? 'idle' : taken.exact ? 'exact' : 'inherited';
  return (
    <button type="button" class={`route ${look}`} title={name} aria-label={own('cell', category.name, commune.name, name)} onClick={onOpen}>
      {whole ? name : agency ? (short.get(agency.code!) ?? named(agency)) : '–'}
    </button>
  );
}

function Matrix({ known, table, categories, communes, onOpen }: { known: Known; table: Table; categories: Place[]; communes: Place[]; onOpen: (category: Place, commune: Place) => void }) {
  const agencies = useMemo(() => new Map(known.agencies.map((one) => [one.code!, one])), [known]);
  /* A commune's agency is called by the commune alone: the table is full of them. */
  const short = useMemo(() => new Map(known.agencies.flatMap((one) => known.communes.filter((c) => c.code === one.commune).map((c) => [one.code!, c.name] as const))), [known]);
  const whole = categories.length === 1;
  return (
    <div class="table-frame routes-frame" tabIndex={0} role="region" aria-label={own('table')}>
      <table class={whole ? 'routes one' : 'routes'}>
        <thead>
          <tr>
            <th scope="col">{say('commune')}</th>
            {categories.map((one) => (
              <th key={one.code} scope="col">
                {one.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {communes.map((commune) => (
            <tr key={commune.code}>
              <th scope="row">{commune.name}</th>
              {categories.map((category) => (
                <td key={category.code}>
                  <Cell table={table} agencies={agencies} short={short} category={category} commune={commune} whole={whole} onOpen={() => onOpen(category, commune)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const ALL = 'all';
const narrow = (): boolean => matchMedia('(max-width: 40rem)').matches;

function RoutesOf({ known, where, again }: { known: Known; where: Where; again: () => void }) {
  const [find, setFind] = useState('');
  const [open, setOpen] = useState<{ category: Place; commune: Place }>();
  const table = useMemo(() => tableOf(known.rules, known.agencies), [known]);
  const any: Place = { code: ANY, name: own('anyCategory') };
  const categories: Place[] = [any, ...known.categories.map((one) => ({ code: one.code!, name: named(one) }))];
  /* On a phone one category at a time, unless the whole table is asked for. */
  const asked = where.query.get('category') ?? (narrow() ? known.categories[0]!.code! : ALL);
  const shown = asked === ALL ? categories : categories.filter((one) => one.code === asked);
  const words = folded(find.trim());
  const communes: Place[] = [{ code: ANY, name: own('anyCommune') }, ...known.communes.map((one) => ({ code: one.code, name: one.full_name }))].filter((one) => folded(one.name).includes(words));
  const choose = (value: string) => go(`/desk/admin/routes?category=${encodeURIComponent(value || ALL)}`, true);
  return (
    <>
      <TryOut categories={known.categories} communes={known.communes} agencies={known.agencies} key={known.rules.length} />
      <div class="narrowing">
        <Filter name="category" label={say('category')} any={own('allCategories')} value={asked === ALL ? undefined : asked} set={(_, value) => choose(value)} options={categories.map((one) => [one.code, one.name])} />
        <input type="search" class="filter" aria-label={own('find')} placeholder={own('find')} maxLength={60} value={find} onInput={(event) => setFind(event.currentTarget.value)} />
      </div>
      <p class="small soft">{own('legend')}</p>
      {communes.length === 0 ? <Empty icon="search" title={own('none')} /> : <Matrix known={known} table={table} categories={shown.length ? shown : categories} communes={communes} onOpen={(category, commune) => setOpen({ category, commune })} />}
      {open && (
        <RouteForm
          category={open.category}
          commune={open.commune}
          table={table}
          agencies={known.agencies}
          onDone={(changed) => {
            setOpen(undefined);
            if (changed) again();
          }}
        />
      )}
    </>
  );
}

export function Routes({ where }: { where: Where }) {
  const known = useLoaded(load, 'admin routes');
  const [importing, setImporting] = useState(false);
  return (
    <Frame
      part="routes"
      beside={
        <Button icon="share" onClick={() => setImporting(true)}>
          {say('importFile')}
        </Button>
      }
    >
      <Shown of={known}>{(data) => (data.categories.length ? <RoutesOf known={data} where={where} again={known.again} /> : <Note tone="warn">{own('noCategories')}</Note>)}</Shown>
      {importing && known.data && (
        <ImportRows
          of="routes"
          rows={known.data.rules}
          onDone={(again) => {
            setImporting(false);
            if (again) known.again();
          }}
        />
      )}
    </Frame>
  );
}

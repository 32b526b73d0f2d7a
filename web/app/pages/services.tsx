/* Finding a procedure: by words, without accents too, or by field. */
import { useEffect, useState } from 'preact/hooks';
import type { ProcedurePage, ProcedureRow } from '../../api';
import { get } from '../../shared/call';
import { count } from '../../shared/format';
import { language, named, sayFrom } from '../../shared/words';
import { go, Link, type Where } from '../../shared/router';
import { useLoaded } from '../../shared/store';
import { say } from '../lib/words';
import { More } from '../parts/whole';
import { Button, Empty, Failed, Loading, Tag, Title } from '../../shared/parts/ui';

const own = sayFrom({
  find: ['Bạn muốn làm gì?', 'What do you want to do?'],
  hint: ['Ví dụ: khai sinh, ho khau', 'For example: birth, house'],
  fields: ['Theo lĩnh vực', 'By field'],
  n: ['{0} thủ tục', 'Procedures: {0}'],
  here: ['Nộp được tại đây', 'Can be filed here'],
  elsewhere: ['Nộp ở Cổng quốc gia hoặc một cửa', 'On the national portal, or at a counter'],
  none: ['Chưa tìm thấy thủ tục nào', 'No procedure was found'],
  noneWords: ['Thử ít từ hơn, hoặc xem theo lĩnh vực.', 'Try fewer words, or look by field.'],
  clear: ['Xem mọi lĩnh vực', 'See all fields'],
});

const Row = ({ one }: { one: ProcedureRow }) => (
  <Link href={`/app/procedure/${one.code}`} class="card">
    <h3>{named(one)}</h3>
    <div class="row small soft">
      <Tag tone={one.place === 'here' ? 'good' : 'plain'}>{one.place === 'here' ? own('here') : own('elsewhere')}</Tag>
      <span>{named({ name: one.field ?? '', name_en: one.field_en ?? '' })}</span>
    </div>
  </Link>
);

function Results({ q, field }: { q: string; field: string }) {
  const key = `${q}\n${field}`;
  const first = useLoaded(() => get('/v1/procedures', {}, { ...(q && { q }), ...(field && { field }), limit: 20 }), key);
  const [more, setMore] = useState<{ key: string; items: ProcedureRow[]; next: string | undefined }>();
  if (first.error && !first.data) return <Failed error={first.error} again={first.again} />;
  if (!first.data) return <Loading />;
  const rest = more?.key === key ? more : { key, items: [], next: first.data.next };
  const items = [...first.data.items, ...rest.items];
  const load = async () => {
    const page: ProcedurePage = await get('/v1/procedures', {}, { ...(q && { q }), ...(field && { field }), limit: 20, cursor: rest.next ?? '' });
    setMore({ key, items: [...rest.items, ...page.items], next: page.next });
  };
  if (items.length === 0)
    return (
      <Empty icon="search" title={own('none')}>
        <p>{own('noneWords')}</p>
        <Button onClick={() => go('/app/services', true)}>{own('clear')}</Button>
      </Empty>
    );
  return (
    <div class="stack tight">
      <p class="small soft" role="status">
        {own('n', count(first.data.total))}
      </p>
      {items.map((one) => (
        <Row key={one.code} one={one} />
      ))}
      {rest.next && <More load={load} />}
    </div>
  );
}

const useFields = () => useLoaded(() => get('/v1/procedure-fields'), 'fields');

/* Addresses name a field in Vietnamese. */
function FieldName({ name }: { name: string }) {
  const known = useFields().data?.items.find((one) => one.name === name);
  return <>{known ? named(known) : name}</>;
}

function Fields() {
  const fields = useFields();
  if (fields.error && !fields.data) return <Failed error={fields.error} again={fields.again} />;
  if (!fields.data) return <Loading />;
  return (
    <section class="stack tight">
      <h2>{own('fields')}</h2>
      {[...fields.data.items].sort((a, b) => named(a).localeCompare(named(b), language())).map((one) => (
        <Link key={one.name} href={`/app/services?field=${encodeURIComponent(one.name)}`} class="card row spread">
          <strong>{named(one)}</strong>
          <span class="small soft">{own('n', count(one.count))}</span>
        </Link>
      ))}
    </section>
  );
}

export default function Services({ where }: { where: Where }) {
  const q = where.query.get('q') ?? '';
  const field = where.query.get('field') ?? '';
  const [words, setWords] = useState(q);
  useEffect(() => {
    if (words.trim() === q) return;
    const later = setTimeout(() => go(`/app/services${words.trim() ? `?q=${encodeURIComponent(words.trim())}` : ''}`, true), 350);
    return () => clearTimeout(later);
  }, [words]);
  return (
    <>
      <Title up={field ? '/app/services' : undefined}>{field ? <FieldName name={field} /> : say('services')}</Title>
      <div class="field">
        <label for="find">{own('find')}</label>
        <input id="find" type="search" placeholder={own('hint')} maxLength={100} value={words} onInput={(event) => setWords(event.currentTarget.value)} />
      </div>
      {q || field ? <Results q={q} field={field} /> : <Fields />}
    </>
  );
}

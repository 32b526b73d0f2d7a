/* A form as it was filled in, in the titles, groups and labels of its schema. */
import { communeName } from '../../shared/catalogue';
import { dateOf } from '../../shared/format';
import { labelOf, membersOf, resolve, titleOf, type Member, type Schema, type Value } from '../../shared/schema';
import { language } from '../../shared/words';
import { useCatalogue } from '../lib/catalogue';
import { say } from '../words';

function Words({ schema, value }: { schema: Schema; value: unknown }) {
  const catalogue = useCatalogue().data;
  return <>{schema['x-choose'] === 'commune' ? communeName(catalogue, String(value)) || String(value) : words(schema, value)}</>;
}

function words(schema: Schema, value: unknown): string {
  if (typeof value === 'boolean') return say(value ? 'yes' : 'no');
  if (Array.isArray(value)) return value.map((one) => words(schema.items ?? {}, one)).join(', ');
  if (schema.enum) return labelOf(schema, String(value));
  return schema.format === 'date' ? dateOf(`${String(value)}T00:00:00+07:00`) : String(value);
}

function Rows({ schema, root, form }: { schema: Schema; root: Schema; form: Value }) {
  const members = membersOf(schema, root, form).filter((one) => form[one.name] !== undefined && form[one.name] !== '');
  const plain = members.filter((one) => one.schema.type !== 'object' && !isTable(one));
  return (
    <>
      <dl class="facts across">
        {plain.map((one) => (
          <div key={one.name}>
            <dt>{titleOf(one.schema, one.name)}</dt>
            <dd>
              <Words schema={one.schema} value={form[one.name]} />
            </dd>
          </div>
        ))}
      </dl>
      {members
        .filter((one) => one.schema.type === 'object')
        .map((one) => (
          <section key={one.name} class="group">
            <h3>{titleOf(one.schema, one.name)}</h3>
            <Rows schema={one.schema} root={root} form={form[one.name] as Value} />
          </section>
        ))}
      {members.filter(isTable).flatMap((one) => (form[one.name] as Value[]).map((row, i) => <Nested key={`${one.name} ${i}`} title={`${titleOf(one.schema, one.name)} ${i + 1}`} schema={resolve(one.schema.items!, root)} root={root} form={row} />))}
    </>
  );
}

const isTable = (one: Member): boolean => one.schema.type === 'array' && (one.schema.items?.type === 'object' || one.schema.items?.$ref !== undefined);

const Nested = ({ title, schema, root, form }: { title: string; schema: Schema; root: Schema; form: Value }) => (
  <section class="group">
    <h3>{title}</h3>
    <Rows schema={schema} root={root} form={form} />
  </section>
);

export function FormShown({ schema, form }: { schema: Schema; form: Value }) {
  const groups = schema['x-groups'] ?? [];
  const members = Object.entries(schema.properties ?? {});
  const of = (code: string | undefined): Schema => ({ ...schema, properties: Object.fromEntries(members.filter(([, one]) => (one['x-group'] ?? undefined) === code)) });
  if (!groups.length) return <Rows schema={schema} root={schema} form={form} />;
  return (
    <>
      <Rows schema={of(undefined)} root={schema} form={form} />
      {groups.map((one) => (
        <Nested key={one.code} title={(language() === 'en' && one['x-title-en']) || one.title} schema={of(one.code)} root={schema} form={form} />
      ))}
    </>
  );
}

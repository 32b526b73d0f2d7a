/* A form drawn from a JSON Schema: fields with their labels, help and errors, groups, and what is asked only when. */
import type { Commune } from '../../api';
import { helpOf, labelOf, membersOf, titleOf, type Member, type Schema, type Value } from '../schema';
import { phrase, say, sayFrom } from '../words';
import { Button, Choices, Field } from './ui';

const own = sayFrom({
  addOne: ['Thêm: {0}', 'Add: {0}'],
  dropOne: ['Bỏ {0} {1}', 'Remove {0} {1}'],
});

export type Errors = Record<string, string>; // by JSON Pointer below the form

interface Part {
  member: Member;
  root: Schema;
  form: Value; // the whole, for conditions
  value: unknown;
  onChange: (value: unknown) => void;
  pointer: string;
  errors: Errors;
  communes: Commune[] | undefined; // of questions that want one
}

const idOf = (pointer: string): string => `f${pointer.replaceAll('/', '-')}`;
const wordsOf = ({ errors, pointer }: Part): string | undefined => errors[pointer];

function CommuneField(part: Part) {
  return (
    <Field id={idOf(part.pointer)} label={titleOf(part.member.schema, part.member.name)} help={helpOf(part.member.schema)} error={wordsOf(part)} optional={!part.member.required}>
      {(described) => (
        <select {...described} value={String(part.value ?? '')} onChange={(event) => part.onChange(event.currentTarget.value || undefined)}>
          <option value="">{say('choose')}</option>
          {part.communes?.map((one) => (
            <option key={one.code} value={one.code}>
              {one.full_name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function EnumField(part: Part) {
  const { schema, name, required } = part.member;
  const options = schema.enum!.map((code) => [code, labelOf(schema, code)] as const);
  if (options.length <= 5) return <Choices name={idOf(part.pointer)} legend={legendOf(part)} options={options} value={part.value as string | undefined} onChange={part.onChange} error={wordsOf(part)} />;
  return (
    <Field id={idOf(part.pointer)} label={titleOf(schema, name)} help={helpOf(schema)} error={wordsOf(part)} optional={!required}>
      {(described) => (
        <select {...described} value={String(part.value ?? '')} onChange={(event) => part.onChange(event.currentTarget.value || undefined)}>
          <option value="">{say('choose')}</option>
          {options.map(([code, label]) => (
            <option key={code} value={code}>
              {label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

const legendOf = ({ member }: Part) => (
  <>
    {titleOf(member.schema, member.name)} {!member.required && <span class="soft">({say('optional')})</span>}
  </>
);

function BooleanField(part: Part) {
  const value = part.value === undefined ? undefined : part.value ? 'yes' : 'no';
  const options = [
    ['yes', say('yes')],
    ['no', say('no')],
  ] as const;
  return <Choices name={idOf(part.pointer)} legend={legendOf(part)} options={options} value={value} onChange={(next) => part.onChange(next === 'yes')} error={wordsOf(part)} />;
}

function numberOf(text: string): number | undefined {
  const value = Number(text.replace(',', '.'));
  return text.trim() === '' || Number.isNaN(value) ? undefined : value;
}

function TextField(part: Part) {
  const { schema, name, required } = part.member;
  const isNumber = schema.type === 'integer' || schema.type === 'number';
  const change = (text: string) => part.onChange(isNumber ? numberOf(text) : text || undefined);
  const digits = isNumber || /^\^\[0-9\]/.test(schema.pattern ?? '');
  const type = schema.format === 'date' ? 'date' : schema.format === 'phone-vn' ? 'tel' : schema.format === 'email' ? 'email' : 'text';
  const words = schema['x-pattern-words'];
  const help = helpOf(schema) ?? (words && phrase([words.vi, words.en]));
  const common = { maxLength: schema.maxLength, value: part.value === undefined ? '' : String(part.value) };
  return (
    <Field id={idOf(part.pointer)} label={titleOf(schema, name)} help={help} error={wordsOf(part)} optional={!required}>
      {(described) =>
        (schema.maxLength ?? 0) > 300 ? (
          <textarea {...described} {...common} onInput={(event) => change(event.currentTarget.value)} />
        ) : (
          <input {...described} {...common} type={type} inputMode={digits ? 'numeric' : undefined} onInput={(event) => change(event.currentTarget.value)} />
        )
      }
    </Field>
  );
}

function ObjectField(part: Part) {
  const value = (part.value ?? {}) as Value;
  return (
    <fieldset class="card">
      <legend class="sr">{titleOf(part.member.schema, part.member.name)}</legend>
      <h3 aria-hidden="true">{legendOf(part)}</h3>
      {wordsOf(part) && <p class="error">{wordsOf(part)}</p>}
      <Members {...part} schema={part.member.schema} value={value} onChange={part.onChange} />
    </fieldset>
  );
}

function ListField(part: Part) {
  const items = (part.value ?? []) as unknown[];
  const { schema, name } = part.member;
  const title = titleOf(schema, name);
  const set = (next: unknown[]) => part.onChange(next.length ? next : undefined);
  const member: Member = { name: title, schema: { title: title, ...schema.items }, required: true };
  return (
    <fieldset class="stack tight">
      <legend class="sr">{title}</legend>
      <h3 aria-hidden="true">{legendOf(part)}</h3>
      {wordsOf(part) && <p class="error">{wordsOf(part)}</p>}
      {items.map((item, i) => (
        <div key={i} class="stack tight">
          <OneField {...part} member={{ ...member, name: `${title} ${i + 1}` }} value={item} pointer={`${part.pointer}/${i}`} onChange={(next) => set(items.map((old, k) => (k === i ? next : old)))} />
          <Button look="quiet" icon="trash" onClick={() => set(items.filter((_, k) => k !== i))}>
            {own('dropOne', title, i + 1)}
          </Button>
        </div>
      ))}
      {items.length < (schema.maxItems ?? 20) && (
        <Button icon="plus" onClick={() => set([...items, schema.items?.type === 'object' || schema.items?.$ref ? {} : ''])}>
          {own('addOne', title)}
        </Button>
      )}
    </fieldset>
  );
}

function OneField(part: Part) {
  const { schema } = part.member;
  if (schema['x-choose'] === 'commune') return <CommuneField {...part} />;
  if (schema.enum) return <EnumField {...part} />;
  if (schema.type === 'boolean') return <BooleanField {...part} />;
  if (schema.type === 'object' || schema.properties) return <ObjectField {...part} />;
  if (schema.type === 'array') return <ListField {...part} />;
  return <TextField {...part} />;
}

type MembersProps = Pick<Part, 'root' | 'form' | 'pointer' | 'errors' | 'communes'> & { schema: Schema; value: Value; onChange: (value: Value) => void; only?: (member: Member) => boolean };

function Members({ schema, root, form, value, onChange, pointer, errors, communes, only }: MembersProps) {
  const set = (name: string, next: unknown) => {
    const rest = { ...value };
    if (next === undefined) delete rest[name];
    else rest[name] = next;
    onChange(rest);
  };
  return (
    <>
      {membersOf(schema, root, form)
        .filter(only ?? (() => true))
        .map((member) => (
          <OneField key={member.name} member={member} root={root} form={form} value={value[member.name]} onChange={(next) => set(member.name, next)} pointer={`${pointer}/${member.name}`} errors={errors} communes={communes} />
        ))}
    </>
  );
}

/* `only`: names of members on top that are drawn; the rest of the form stays as it is. */
export function SchemaForm({ schema, value, onChange, errors, communes, only }: { schema: Schema; value: Value; onChange: (value: Value) => void; errors: Errors; communes?: Commune[] | undefined; only?: Set<string> }) {
  const groups = schema['x-groups'] ?? [];
  const common = { schema, root: schema, form: value, value, onChange, pointer: '', errors, communes };
  const known = new Set(groups.map((one) => one.code));
  if (only)
    return (
      <div class="stack">
        <Members {...common} only={(member) => only.has(member.name)} />
      </div>
    );
  return (
    <div class="stack">
      {groups.map((group) => (
        <section key={group.code} class="stack">
          <h2>{titleOf(group as Schema, group.code)}</h2>
          <Members {...common} only={(member) => member.schema['x-group'] === group.code} />
        </section>
      ))}
      <Members {...common} only={(member) => !known.has(member.schema['x-group'] ?? '')} />
    </div>
  );
}

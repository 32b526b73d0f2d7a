/*
 * Further questions of a category, kept as a JSON Schema (README.md, "Schemas"): those that can be drawn are filled in
 * one by one; what a question has beyond that is kept as it is.
 */
import { Button, Check, Field } from '../../shared/parts/ui';
import type { Schema } from '../../shared/schema';
import { sayFrom } from '../../shared/words';
import { say } from '../words';

const own = sayFrom({
  title: ['Câu hỏi thêm', 'Further questions'],
  lead: ['Hỏi khi người dân chọn lĩnh vực này. Phản ánh đã gửi giữ câu hỏi cũ.', 'Asked when a citizen chooses it. Reports that were sent keep the older ones.'],
  add: ['Thêm câu hỏi', 'Add a question'],
  question: ['Câu hỏi {0}', 'Question {0}'],
  words: ['Lời hỏi', 'The question'],
  words_en: ['Lời hỏi bằng tiếng Anh', 'In English'],
  kind: ['Trả lời bằng', 'Answered by'],
  yes_no: ['Có hoặc không', 'Yes or no'],
  choice: ['Chọn một', 'One of a few'],
  text: ['Một dòng chữ', 'A line of text'],
  number: ['Một số', 'A number'],
  other: ['Kiểu khác (giữ nguyên)', 'Another way (kept as it is)'],
  required: ['Bắt buộc', 'Required'],
  option: ['Lựa chọn {0}', 'Choice {0}'],
  option_en: ['Lựa chọn {0} bằng tiếng Anh', 'Choice {0} in English'],
  addOption: ['Thêm lựa chọn', 'Add a choice'],
  dropOption: ['Bỏ lựa chọn {0}', 'Remove choice {0}'],
  drop: ['Bỏ câu hỏi {0}', 'Remove question {0}'],
  up: ['Đưa câu hỏi {0} lên', 'Move question {0} up'],
});

export type Kind = 'yes_no' | 'choice' | 'text' | 'number' | 'other';
export interface Question {
  key: number; // of the page
  name: string; // of the answer; of a new one it is made of its words
  isNew?: boolean;
  schema: Schema;
  required: boolean;
}

const TEXT_MAX = 200;
let keys = 0;

export const kindOf = (schema: Schema): Kind => (schema.enum ? 'choice' : schema.type === 'boolean' ? 'yes_no' : schema.type === 'integer' || schema.type === 'number' ? 'number' : schema.type === 'string' ? 'text' : 'other');

export function questionsOf(schema: Schema | undefined): Question[] {
  const required = new Set(schema?.required ?? []);
  return Object.entries(schema?.properties ?? {})
    .map(([name, own]) => ({ key: ++keys, name, schema: own, required: required.has(name) }))
    .sort((a, b) => (a.schema['x-order'] ?? 0) - (b.schema['x-order'] ?? 0));
}

const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 30);

/* A name that no other has; made of the words. */
function freeName(words: string, taken: string[], otherwise: string): string {
  const stem = /^[a-z]/.test(plain(words)) ? plain(words) : otherwise;
  for (let i = 1; ; i++) {
    const name = i === 1 ? stem : `${stem}_${i}`;
    if (!taken.includes(name)) return name;
  }
}

/* What each answer is called. */
function namesOf(questions: Question[]): string[] {
  const taken = questions.filter((one) => !one.isNew).map((one) => one.name);
  return questions.map((one) => {
    if (!one.isNew) return one.name;
    const name = freeName(one.schema.title ?? '', taken, 'cau_hoi');
    taken.push(name);
    return name;
  });
}

/*
 * undefined: nothing is asked. What the schema before has beside its members is kept, and the places where the order
 * is already theirs: questions that did not change are not a new form.
 */
export function schemaOf(questions: Question[], before: Schema | undefined): Schema | undefined {
  if (questions.length === 0) return undefined;
  const { properties: _properties, required: _required, ...rest } = before ?? ({ $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object', additionalProperties: false } as Schema);
  const names = namesOf(questions);
  const placed = names.map((name, i) => ({ name, at: questions[i]!.schema['x-order'] ?? 0 }));
  const inOrder = placed.every((one, i) => i === 0 || placed[i - 1]!.at < one.at || (placed[i - 1]!.at === one.at && placed[i - 1]!.name < one.name));
  const members = questions.map((one, i) => [names[i]!, inOrder ? one.schema : { ...one.schema, 'x-order': i + 1 }] as const);
  const required = names.filter((_, i) => questions[i]!.required);
  return { ...rest, properties: Object.fromEntries(members), ...(required.length && { required }) };
}

function ofKind(kind: Kind, schema: Schema): Schema {
  const { title, description, ...rest } = schema;
  const kept: Schema = { ...(title !== undefined && { title }), ...(description !== undefined && { description }), ...(rest['x-title-en'] && { 'x-title-en': rest['x-title-en'] }), ...(rest['x-description-en'] && { 'x-description-en': rest['x-description-en'] }) };
  if (kind === 'yes_no') return { ...kept, type: 'boolean' };
  if (kind === 'number') return { ...kept, type: 'integer', minimum: 0, maximum: 1_000_000_000 };
  if (kind === 'choice') return { ...kept, type: 'string', enum: ['a', 'b'], 'x-labels': { a: { vi: '', en: '' }, b: { vi: '', en: '' } } };
  return { ...kept, type: 'string', minLength: 1, maxLength: TEXT_MAX };
}

function Options({ one, id, change }: { one: Question; id: string; change: (schema: Schema) => void }) {
  const codes = one.schema.enum ?? [];
  const labels = one.schema['x-labels'] ?? {};
  const label = (code: string, language: 'vi' | 'en', words: string) => change({ ...one.schema, 'x-labels': { ...labels, [code]: { vi: '', en: '', ...labels[code], [language]: words } } });
  const add = () => {
    const code = freeName('', codes, 'lua_chon');
    change({ ...one.schema, enum: [...codes, code], 'x-labels': { ...labels, [code]: { vi: '', en: '' } } });
  };
  const drop = (code: string) => change({ ...one.schema, enum: codes.filter((other) => other !== code), 'x-labels': Object.fromEntries(Object.entries(labels).filter(([other]) => other !== code)) });
  return (
    <div class="stack tight">
      {codes.map((code, i) => (
        <div key={code} class="row option">
          <input type="text" aria-label={own('option', i + 1)} placeholder={own('option', i + 1)} id={`${id}-option-${i}`} maxLength={100} value={labels[code]?.vi ?? code} onInput={(event) => label(code, 'vi', event.currentTarget.value)} />
          <input type="text" aria-label={own('option_en', i + 1)} placeholder="English" maxLength={100} value={labels[code]?.en ?? ''} onInput={(event) => label(code, 'en', event.currentTarget.value)} />
          {codes.length > 2 && (
            <Button look="quiet" icon="trash" aria-label={own('dropOption', i + 1)} onClick={() => drop(code)}>
              {say('remove')}
            </Button>
          )}
        </div>
      ))}
      <div class="row">
        <Button look="quiet" icon="plus" onClick={add}>
          {own('addOption')}
        </Button>
      </div>
    </div>
  );
}

function Editor({ one, name, place, at, change, drop, up }: { one: Question; name: string; place: number; at: Record<string, string>; change: (next: Question) => void; drop: () => void; up: (() => void) | undefined }) {
  const id = `question-${one.key}`;
  const set = (schema: Schema) => change({ ...one, schema });
  const kind = kindOf(one.schema);
  const wrong = Object.entries(at).find(([pointer]) => pointer === `questions/properties/${name}` || pointer.startsWith(`questions/properties/${name}/`))?.[1];
  return (
    <fieldset class="card">
      <legend class="sr">{own('question', place)}</legend>
      <div class="row spread">
        <h3 aria-hidden="true">{own('question', place)}</h3>
        <div class="row">
          {up && (
            <Button look="quiet" aria-label={own('up', place)} onClick={up}>
              ↑
            </Button>
          )}
          <Button look="quiet" icon="trash" aria-label={own('drop', place)} onClick={drop}>
            {say('remove')}
          </Button>
        </div>
      </div>
      <Field id={`${id}-words`} label={own('words')} error={wrong}>
        {(described) => <input {...described} type="text" maxLength={200} value={one.schema.title ?? ''} onInput={(event) => set({ ...one.schema, title: event.currentTarget.value })} />}
      </Field>
      <Field id={`${id}-words-en`} label={own('words_en')} optional>
        {(described) => <input {...described} type="text" maxLength={200} value={one.schema['x-title-en'] ?? ''} onInput={(event) => set({ ...one.schema, 'x-title-en': event.currentTarget.value || undefined })} />}
      </Field>
      <Field id={`${id}-kind`} label={own('kind')}>
        {(described) => (
          <select {...described} value={kind} onChange={(event) => set(ofKind(event.currentTarget.value as Kind, one.schema))}>
            {(['yes_no', 'choice', 'text', 'number'] as Kind[]).concat(kind === 'other' ? ['other'] : []).map((other) => (
              <option key={other} value={other}>
                {own(other as 'text')}
              </option>
            ))}
          </select>
        )}
      </Field>
      {kind === 'choice' && <Options one={one} id={id} change={set} />}
      <Check id={`${id}-required`} checked={one.required} onChange={(required) => change({ ...one, required })}>
        {own('required')}
      </Check>
    </fieldset>
  );
}

export function Questions({ questions, onChange, at }: { questions: Question[]; onChange: (next: Question[]) => void; at: Record<string, string> }) {
  const names = namesOf(questions);
  const add = () => {
    keys = Math.max(keys, ...questions.map((one) => one.key)) + 1; // after a reload there are some that were not counted
    onChange([...questions, { key: keys, name: '', isNew: true, schema: ofKind('yes_no', { title: '' }), required: false }]);
  };
  const swap = (i: number) => onChange(questions.map((one, k) => (k === i - 1 ? questions[i]! : k === i ? questions[i - 1]! : one)));
  return (
    <section class="stack" aria-label={own('title')}>
      <div>
        <h2>{own('title')}</h2>
        <p class="soft small">{own('lead')}</p>
      </div>
      {questions.map((one, i) => (
        <Editor
          key={one.key}
          one={one}
          name={names[i]!}
          place={i + 1}
          at={at}
          change={(next) => onChange(questions.map((other) => (other.key === one.key ? next : other)))}
          drop={() => onChange(questions.filter((other) => other.key !== one.key))}
          up={i > 0 ? () => swap(i) : undefined}
        />
      ))}
      <div class="row">
        <Button icon="plus" onClick={add}>
          {own('add')}
        </Button>
      </div>
    </section>
  );
}

/* One category: what it is called and asks, beside it what a citizen sees of that. */
import { useState } from 'preact/hooks';
import type { AdminCategoriesBody, AdminCategory } from '../../api';
import { put } from '../../shared/call';
import { CategoryIcon } from '../../shared/parts/category-icon';
import { SchemaForm } from '../../shared/parts/schema-form';
import { Button, Check, Field, Note } from '../../shared/parts/ui';
import { go } from '../../shared/router';
import type { Schema, Value } from '../../shared/schema';
import { named, sayFrom } from '../../shared/words';
import { useCatalogue } from '../lib/catalogue';
import { readUnsent, useUnsent } from '../lib/unsent';
import { say } from '../words';
import { IconPick } from './icon-pick';
import { Questions, schemaOf, questionsOf, type Question } from './questions';
import { SavingNote, useSaving, without } from './saving';

const own = sayFrom({
  code: ['Mã', 'Code'],
  codeHelp: ['Chữ thường không dấu, số, gạch dưới. Không đổi được về sau.', 'Lower-case letters, digits, underscores. It cannot be changed later.'],
  name: ['Tên', 'Name'],
  name_en: ['Tên tiếng Anh', 'Name in English'],
  hint: ['Gợi ý: những gì thuộc lĩnh vực này', 'Hint: what belongs here'],
  hint_en: ['Gợi ý bằng tiếng Anh', 'Hint in English'],
  redirect: ['Không nhận ở đây: nơi cần đến', 'Not filed here: where to go'],
  redirect_en: ['Nơi cần đến, bằng tiếng Anh', 'Where to go, in English'],
  rank: ['Thứ tự trong danh sách', 'Place in the list'],
  approval: ['Câu trả lời phải được lãnh đạo duyệt', 'Answers want a leader’s approval'],
  proof: ['Câu trả lời phải có ảnh kết quả', 'Answers want a photo of what was done'],
  preview: ['Người dân thấy thế này', 'What a citizen sees'],
  noQuestions: ['Không có câu hỏi thêm.', 'No further questions.'],
  retire: ['Ngừng dùng', 'Retire'],
  revive: ['Dùng lại', 'Use again'],
  retiredNote: ['Lĩnh vực này đã ngừng dùng: người dân không chọn được nữa, phản ánh cũ vẫn giữ nguyên.', 'It is retired: citizens can no longer choose it, older reports stay as they are.'],
  unsaved: ['Có thay đổi chưa lưu.', 'Some changes are not saved yet.'],
  discard: ['Bỏ thay đổi', 'Drop them'],
  retireHelp: ['Người dân không chọn được nữa; phản ánh cũ giữ nguyên. Có thể dùng lại.', 'Citizens can no longer choose it; older reports stay. It can be used again.'],
});

type Row = AdminCategoriesBody[number];
/* As it is being written: a reload loses none of it. */
interface Typed {
  row: Row;
  questions: Question[];
}
type TextField = 'code' | 'name' | 'name_en' | 'hint' | 'hint_en' | 'redirect' | 'redirect_en';
const LENGTHS: Record<TextField, number> = { code: 40, name: 120, name_en: 120, hint: 300, hint_en: 300, redirect: 300, redirect_en: 300 };
const FIELDS = [...Object.keys(LENGTHS), 'rank'];

const rowOf = (category: AdminCategory | undefined, next: number): Row => {
  const { questions_form: _form, questions: _questions, ...kept } = category ?? ({} as AdminCategory);
  return { code: '', name: '', ...kept, rank: category?.rank ?? next, revision: category?.revision ?? 0 } as Row;
};

function Preview({ row, schema }: { row: Row; schema: Schema | undefined }) {
  const [answers, set] = useState<Value>({});
  const communes = useCatalogue().data?.communes;
  return (
    <section class="card preview" aria-label={own('preview')}>
      <h2 class="soft small">{own('preview')}</h2>
      <h3 class="of-category">
        <CategoryIcon name={row.icon} size={20} />
        <span>{named(row) || '…'}</span>
      </h3>
      {row.hint && <p class="small soft">{named({ name: row.hint, name_en: row.hint_en ?? '' })}</p>}
      {row.redirect && <Note tone="warn">{named({ name: row.redirect, name_en: row.redirect_en ?? '' })}</Note>}
      {schema ? <SchemaForm schema={schema} value={answers} onChange={set} errors={{}} communes={communes} /> : <p class="soft small">{own('noQuestions')}</p>}
    </section>
  );
}

export function CategoryForm({ category, next, again }: { category: AdminCategory | undefined; next: number; again: () => void }) {
  const kept = `category.${category?.code ?? ''}.${category?.revision ?? 0}`;
  const [first] = useState<Typed>(() => ({ row: rowOf(category, next), questions: questionsOf(category?.questions as Schema | undefined) }));
  const [{ row, questions }, setTyped] = useUnsent<Typed>(kept, first);
  const set = (changed: Row) => setTyped({ row: changed, questions });
  const setQuestions = (changed: Question[]) => setTyped({ row, questions: changed });
  const saving = useSaving();
  const catalogue = useCatalogue();
  const schema = schemaOf(questions, category?.questions as Schema | undefined);
  async function save(changed: Row): Promise<void> {
    const body = without({ ...changed, questions: schema as Record<string, unknown> | undefined });
    if (!(await saving.run(() => put('/v1/admin/categories', {}, [body])))) return;
    setTyped(undefined);
    catalogue.again();
    again();
    if (!category) go('/desk/admin/categories');
  }
  const field = (name: TextField, help?: string, optional = true) => (
    <Field id={`category-${name}`} label={own(name)} help={help} error={saving.at[name]} optional={optional}>
      {(described) => {
        const common = { ...described, maxLength: LENGTHS[name], value: row[name] ?? '' };
        return LENGTHS[name] > 200 ? (
          <textarea {...common} rows={2} onInput={(event) => set({ ...row, [name]: event.currentTarget.value })} />
        ) : (
          <input {...common} type="text" autoComplete="off" onInput={(event) => set({ ...row, [name]: event.currentTarget.value })} />
        );
      }}
    </Field>
  );
  return (
    <div class="two-sides">
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save(row);
        }}
      >
        {category && !category.active && <Note tone="warn">{own('retiredNote')}</Note>}
        <section class="card">
          {!category && field('code', own('codeHelp'), false)}
          {field('name', undefined, false)}
          {field('name_en')}
          {field('hint')}
          {field('hint_en')}
          {field('redirect')}
          {row.redirect && field('redirect_en')}
          <IconPick value={row.icon} onChange={(icon) => set({ ...row, icon })} />
          <Field id="category-rank" label={own('rank')} error={saving.at.rank}>
            {(described) => <input {...described} type="number" min={0} max={100000} value={row.rank} onInput={(event) => set({ ...row, rank: Number(event.currentTarget.value) })} />}
          </Field>
          <Check id="category-approval" checked={row.approval ?? false} onChange={(approval) => set({ ...row, approval })}>
            {own('approval')}
          </Check>
          <Check id="category-proof" checked={row.proof ?? false} onChange={(proof) => set({ ...row, proof })}>
            {own('proof')}
          </Check>
        </section>
        <Questions questions={questions} onChange={setQuestions} at={saving.at} />
        <SavingNote saving={saving} fields={FIELDS} reload={again} />
        {readUnsent(kept) !== undefined && (
          <div class="row spread">
            <span class="soft small">{own('unsaved')}</span>
            <Button look="quiet" onClick={() => (setTyped(undefined), saving.clear())}>
              {own('discard')}
            </Button>
          </div>
        )}
        <div class="row spread">
          {category ? (
            <Button look={row.active === false ? 'second' : 'danger'} disabled={saving.busy} title={own('retireHelp')} onClick={() => void save({ ...row, active: row.active === false })}>
              {own(row.active === false ? 'revive' : 'retire')}
            </Button>
          ) : (
            <span />
          )}
          <Button type="submit" look="main" busy={saving.busy}>
            {say('save')}
          </Button>
        </div>
      </form>
      <Preview row={row} schema={schema} />
    </div>
  );
}

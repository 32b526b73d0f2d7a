/* What it is: category, words, and the questions that the category asks. */
import { named, sayFrom } from '../../shared/words';
import { useCatalogue } from '../lib/catalogue';
import { say } from '../lib/words';
import type { StepProps } from '../pages/report';
import { CategoryIcon } from '../../shared/parts/category-icon';
import { SchemaForm } from '../../shared/parts/schema-form';
import { Check, Choices, Field, Note } from '../../shared/parts/ui';
import { questionsOf } from './faults';

const own = sayFrom({
  text: ['Kể ngắn gọn', 'In a few words'],
  textHelp: ['Việc gì, từ bao giờ, ảnh hưởng ra sao', 'What, since when, and what it does to people'],
  emergency: ['Đang nguy hiểm đến tính mạng', 'Lives are in danger now'],
  emergencyWords: ['Cơ quan được báo động ngay. Nếu cần cứu người, hãy gọi 112, 113, 114 hoặc 115.', 'The agency is alerted at once. To save lives, call 112, 113, 114 or 115.'],
});

export function WhatStep({ draft, change, faults }: StepProps) {
  const catalogue = useCatalogue();
  const categories = (catalogue.data?.categories ?? []).filter((one) => one.active);
  const chosen = categories.find((one) => one.code === draft.category);
  const questions = questionsOf(draft, catalogue.data);
  const errors = Object.fromEntries(Object.entries(faults).flatMap(([pointer, fault]) => (pointer.startsWith('/answers') ? [[pointer.slice('/answers'.length), fault.words]] : [])));
  return (
    <section class="stack">
      <Choices
        name="category"
        legend={say('category')}
        options={categories.map((one) => [one.code ?? '', named(one), undefined, <CategoryIcon name={one.icon} size={22} />] as const)}
        compact
        value={draft.category}
        onChange={(category) => change({ category, answers: {} })}
        error={faults['/category']?.words}
      />
      {chosen?.hint && <p class="small soft">{named({ name: chosen.hint, name_en: chosen.hint_en ?? '' })}</p>}
      {chosen?.redirect && <Note tone="warn">{named({ name: chosen.redirect, name_en: chosen.redirect_en ?? '' })}</Note>}
      <Field id="text" label={own('text')} help={own('textHelp')} error={faults['/text']?.words}>
        {(described) => <textarea {...described} maxLength={2000} value={draft.text} onInput={(event) => change({ text: event.currentTarget.value })} />}
      </Field>
      {questions && <SchemaForm schema={questions} value={draft.answers} onChange={(answers) => change({ answers })} errors={errors} communes={catalogue.data?.communes} />}
      <Check id="emergency" checked={draft.emergency} onChange={(emergency) => change({ emergency })} hint={own('emergencyWords')}>
        {own('emergency')}
      </Check>
    </section>
  );
}

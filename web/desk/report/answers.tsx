/* What the category asked, and what was answered, in the labels of its questions. */
import type { Category } from '../../api';
import { labelOf, membersOf, titleOf, type Schema, type Value } from '../../shared/schema';
import { say } from '../words';

const valueOf = (schema: Schema, value: unknown): string => {
  if (typeof value === 'boolean') return say(value ? 'yes' : 'no');
  if (Array.isArray(value)) return value.map((one) => valueOf(schema.items ?? {}, one)).join(', ');
  return schema.enum ? labelOf(schema, String(value)) : String(value);
};

export function Answers({ category, answers }: { category: Category | undefined; answers: Value | undefined }) {
  if (!answers || Object.keys(answers).length === 0) return null;
  const schema = (category?.questions ?? {}) as Schema;
  const known = membersOf(schema, schema, answers).filter((one) => answers[one.name] !== undefined);
  const others = Object.keys(answers).filter((name) => !known.some((one) => one.name === name));
  return (
    <dl class="facts across">
      {known.map((one) => (
        <div key={one.name}>
          <dt>{titleOf(one.schema, one.name)}</dt>
          <dd>{valueOf(one.schema, answers[one.name])}</dd>
        </div>
      ))}
      {others.map((name) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{valueOf({}, answers[name])}</dd>
        </div>
      ))}
    </dl>
  );
}

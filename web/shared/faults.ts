/* What the server finds wrong with a form, in the words of the form. */
import { at, schemaAt, titleOf, type Schema, type Value } from './schema';
import { sayFrom } from './words';

const own = sayFrom({ lacks: ['Còn thiếu: {0}', 'Still missing: {0}'] });

export interface Fault {
  pointer: string;
  detail: string;
}

export const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '';

/* What is missing the server names as the schema does; people know it by its label. */
export function placed<F extends Fault>(fault: F, schema: Schema, form: Value): F {
  if (!fault.pointer.startsWith('/form/')) return fault;
  const pointer = fault.pointer.slice('/form'.length);
  const lacking = schemaAt(schema, pointer);
  return lacking && isEmpty(at(form, pointer)) ? { ...fault, detail: own('lacks', titleOf(lacking, pointer.slice(pointer.lastIndexOf('/') + 1))) } : fault;
}

/* The same for all of a refusal, in one sentence each; undefined: nothing of it is placed. */
export const placedWords = (faults: Fault[], schema: Schema | undefined, form: Value): string | undefined => (schema && faults.length > 0 ? faults.map((one) => placed(one, schema, form).detail.replace(/[.!?]?$/, (end) => end || '.')).join(' ') : undefined);

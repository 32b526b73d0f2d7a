/*
 * What a form's JSON Schema says of how it is drawn (README.md, "Schemas"): members in order, groups, labels, which
 * of them are asked. The server judges; here only what helps while one fills it in.
 */
import { phrase, language } from './words';

export interface Schema {
  type?: string;
  title?: string;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  enum?: string[];
  format?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  $ref?: string;
  $defs?: Record<string, Schema>;
  allOf?: Array<{ if?: Schema; then?: Schema }>;
  const?: unknown;
  'x-title-en'?: string;
  'x-description-en'?: string;
  'x-order'?: number;
  'x-group'?: string;
  'x-groups'?: Array<{ code: string; title: string; 'x-title-en'?: string }>;
  'x-labels'?: Record<string, { vi: string; en: string }>;
  'x-when'?: Condition;
  'x-choose'?: string;
  'x-pattern-words'?: { vi: string; en: string };
}

export type Condition =
  | { field: string; is?: unknown; in?: unknown[]; given?: boolean; least?: number; most?: number }
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition };

export type Value = Record<string, unknown>;

export const at = (value: unknown, pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((here, name) => (here as Value | undefined)?.[name], value);

export function holds(condition: Condition | undefined, form: Value): boolean {
  if (!condition) return true;
  if ('all' in condition) return condition.all.every((one) => holds(one, form));
  if ('any' in condition) return condition.any.some((one) => holds(one, form));
  if ('not' in condition) return !holds(condition.not, form);
  const value = at(form, condition.field);
  if ('is' in condition) return value === condition.is;
  if (condition.in) return condition.in.includes(value);
  if (condition.given !== undefined) return (value !== undefined && value !== '') === condition.given;
  return typeof value === 'number' && value >= (condition.least ?? -Infinity) && value <= (condition.most ?? Infinity);
}

export function resolve(schema: Schema, root: Schema): Schema {
  if (!schema.$ref) return schema;
  const { $ref, ...own } = schema;
  return { ...root.$defs?.[$ref.split('/').pop() ?? ''], ...own };
}

export const titleOf = (schema: Schema, name: string): string => (language() === 'en' && schema['x-title-en']) || schema.title || name;
export const helpOf = (schema: Schema): string | undefined => (language() === 'en' ? schema['x-description-en'] : undefined) ?? schema.description;

export const labelOf = (schema: Schema, code: string): string => {
  const words = schema['x-labels']?.[code];
  return words ? phrase([words.vi, words.en]) : code.replaceAll('_', ' ');
};

export interface Member {
  name: string;
  schema: Schema;
  required: boolean;
}

/* What a pointer into a form leads to; undefined: nothing that the schema knows. */
export const schemaAt = (root: Schema, pointer: string): Schema | undefined =>
  pointer
    .split('/')
    .slice(1)
    .reduce<Schema | undefined>((here, name) => {
      const found = here?.properties?.[name] ?? here?.items;
      return found && resolve(found, root);
    }, root);

/* What of a form another version of its schema has a place for. */
export function carriedOver(schema: Schema, root: Schema, form: Value): Value {
  const known = Object.entries(form).flatMap(([name, value]): Array<[string, unknown]> => {
    const own = schema.properties?.[name] && resolve(schema.properties[name], root);
    if (!own) return [];
    return [[name, own.properties && value && typeof value === 'object' ? carriedOver(own, root, value as Value) : value]];
  });
  return Object.fromEntries(known);
}

/* The members that are asked now, in their order. */
export function membersOf(schema: Schema, root: Schema, form: Value): Member[] {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {})
    .map(([name, own]) => ({ name, schema: resolve(own, root), required: required.has(name) }))
    .filter((one) => holds(one.schema['x-when'], form))
    .sort((a, b) => (a.schema['x-order'] ?? 0) - (b.schema['x-order'] ?? 0));
}

/*
 * Writes api.d.ts from the OpenAPI document of tramctl (node types.mjs OPENAPI.json): a type for each
 * component, and for each method a table from path to what it takes and gives. What the API has not, the
 * pages cannot ask for, or tsc says so.
 */
import fs from 'node:fs';

const METHODS = { get: 'Gets', post: 'Posts', put: 'Puts', patch: 'Patches', delete: 'Deletes' };
const document = JSON.parse(fs.readFileSync(process.argv[2] ?? 0, 'utf8'));

/* What clients send is named in lower case, what is answered is not. */
const typeName = (name) => name.replace(/(^|[_-])([a-z])/g, (_, __, letter) => letter.toUpperCase()) + (/^[a-z]/.test(name) ? 'Body' : '');
const key = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));
const words = (schema) => (schema?.title ?? schema?.description ? `/** ${(schema.title ?? schema.description).replaceAll('*/', '')} */ ` : '');

function objectType(schema) {
  const required = new Set(schema.required ?? []);
  const members = Object.entries(schema.properties ?? {}).map(
    ([name, member]) => `${words(member)}${key(name)}${required.has(name) ? '' : '?'}: ${type(member)};`,
  );
  const more = schema.additionalProperties;
  if (more && typeof more === 'object') members.push(`[key: string]: ${members.length ? 'unknown' : type(more)};`);
  else if (!members.length) return 'Record<string, unknown>';
  return `{ ${members.join(' ')} }`;
}

function type(schema) {
  if (schema === true || schema === undefined) return 'unknown';
  if (schema === false) return 'never';
  if (schema.$ref) return typeName(schema.$ref.split('/').pop());
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if ('const' in schema) return JSON.stringify(schema.const);
  const choice = schema.anyOf ?? schema.oneOf;
  if (choice && !schema.properties) return choice.map((one) => `(${type(one)})`).join(' | ');
  if (schema.allOf && !schema.properties) return schema.allOf.map((one) => `(${type(one)})`).join(' & ');
  if (Array.isArray(schema.type)) return schema.type.map((one) => type({ ...schema, type: one })).join(' | ');
  switch (schema.type) {
    case 'string':
      return 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'null':
      return 'null';
    case 'array':
      return `Array<${type(schema.items)}>`;
    default:
      return schema.type === 'object' || schema.properties ? objectType(schema) : 'unknown';
  }
}

function parameters(operation, place) {
  const list = (operation.parameters ?? []).filter((one) => one.in === place);
  return list.length ? `{ ${list.map((one) => `${key(one.name)}${one.required ? '' : '?'}: ${type(one.schema)};`).join(' ')} }` : 'undefined';
}

const bodyOf = (holder) => Object.entries(holder?.content ?? {}).find(([kind]) => kind === 'application/json')?.[1]?.schema;

function row(path, operation) {
  const success = Object.entries(operation.responses).find(([status]) => status.startsWith('2'));
  const body = bodyOf(operation.requestBody);
  const reply = bodyOf(success?.[1]);
  return `  /** ${operation.summary} */\n  ${JSON.stringify(path)}: { query: ${parameters(operation, 'query')}; body: ${body ? type(body) : 'undefined'}; reply: ${reply ? type(reply) : 'null'} };`;
}

const lines = ['// Written by web/types.mjs from the interface of tramd.', ''];
const taken = new Set();
for (const [name, schema] of Object.entries(document.components.schemas)) {
  const own = typeName(name);
  if (taken.has(own)) throw new Error(`two components are called ${own}`);
  taken.add(own);
  lines.push(`export type ${own} = ${type(schema)};`);
  for (const [inner, definition] of Object.entries(schema.$defs ?? {})) if (!taken.has(typeName(inner))) taken.add(typeName(inner)) && lines.push(`export type ${typeName(inner)} = ${type(definition)};`);
}
for (const [method, table] of Object.entries(METHODS)) {
  lines.push('', `export interface ${table} {`);
  for (const [path, operations] of Object.entries(document.paths)) if (operations[method]) lines.push(row(path, operations[method]));
  lines.push('}');
}
fs.writeFileSync(new URL('./api.d.ts', import.meta.url), `${lines.join('\n')}\n`);

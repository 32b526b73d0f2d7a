/*
 * The promises of an OpenAPI 3.1 document, held against one reply at a time: the operation exists,
 * the status and the content type are declared, required headers are there, and a JSON body is valid
 * against its schema (JSON Schema 2020-12). Knows nothing of sockets.
 */
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const DOCUMENT = 'openapi';
const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'];
const BODILESS = new Set([204, 205, 304]);
const JSON_TYPE = /^application\/(.+\+)?json$/;

export class BrokenPromise extends Error {}

const escapeToken = (token) => token.replaceAll('~', '~0').replaceAll('/', '~1');
const unescapeToken = (token) => decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~');
const escapeRegExp = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function patternOf(template) {
  const segments = template.split('/').map((s) => (/^\{.*\}$/.test(s) ? '[^/]+' : escapeRegExp(s)));
  return new RegExp(`^${segments.join('/')}$`);
}

/* Fewer parameters first, so that /reports/nearby is not taken for /reports/{id}. */
const parametersOf = (template) => template.split('{').length;

export class Contract {
  #ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
  #routes;
  #validators = new Map();

  constructor(document) {
    this.document = document;
    addFormats(this.#ajv);
    this.#ajv.addFormat('prose', /^$|[^\s\p{M}\p{C}]/u);
    this.#ajv.addFormat('line', /^$|^[^\p{Cc}]*[^\s\p{M}\p{C}][^\p{Cc}]*$/u);
    this.#ajv.addFormat('phone-vn', /^(0|\+84)[35789][0-9]{8}$/);
    this.#ajv.addSchema(document, DOCUMENT, false, false);
    this.#routes = Object.keys(document.paths)
      .sort((a, b) => parametersOf(a) - parametersOf(b))
      .map((template) => ({ template, pattern: patternOf(template) }));
  }

  /* Every operation as {id, method, template}. */
  operations() {
    return Object.entries(this.document.paths).flatMap(([template, item]) =>
      METHODS.filter((method) => item[method]).map((method) => ({
        id: item[method].operationId,
        method,
        template,
      })),
    );
  }

  /* The route of a path without query, or undefined. */
  #route(path) {
    return this.#routes.find((route) => route.pattern.test(path));
  }

  /*
   * reply: {status, headers, body: Buffer}. Returns {operation, status}, the operation undefined where
   * the document has none and the reply says so (404, 405). Throws BrokenPromise.
   */
  check(method, url, reply) {
    const path = url.split('?')[0];
    const route = this.#route(path);
    const wanted = method.toLowerCase();
    const item = route && this.document.paths[route.template];
    const declared = item && (item[wanted] ? wanted : wanted === 'head' && item.get ? 'get' : undefined);
    const where = `${method} ${path} answered ${reply.status}`;
    if (!declared) {
      this.#checkUndeclared(where, method, route, reply);
      return { operation: undefined, status: reply.status };
    }
    const operation = item[declared];
    const pointer = ['paths', route.template, declared, 'responses'];
    this.#checkResponse(where, method, this.#responsePointer(where, operation, pointer, reply.status), reply);
    return { operation: operation.operationId, status: reply.status };
  }

  #checkUndeclared(where, method, route, reply) {
    const due = route ? 405 : 404;
    if (method === 'OPTIONS' && (reply.status === 200 || reply.status === 204)) return;
    if (reply.status !== due) throw new BrokenPromise(`${where}; the document has no such operation`);
    if (due === 405 && !reply.headers.allow) throw new BrokenPromise(`${where} without Allow`);
    this.#checkProblem(where, method, reply);
  }

  /* Exact status, then its class, then "default"; a $ref is followed. */
  #responsePointer(where, operation, pointer, status) {
    const key = [String(status), `${String(status)[0]}XX`, 'default'].find((k) => operation.responses[k]);
    if (!key) throw new BrokenPromise(`${where}; ${operation.operationId} does not declare this status`);
    const ref = operation.responses[key].$ref;
    return ref ? ref.replace(/^#\//, '').split('/').map(unescapeToken) : [...pointer, key];
  }

  #checkResponse(where, method, pointer, reply) {
    const response = pointer.reduce((value, token) => value?.[token], this.document);
    if (!response) throw new BrokenPromise(`${where}; its $ref leads nowhere`);
    for (const [name, header] of Object.entries(response.headers ?? {})) {
      if (header.required && reply.headers[name.toLowerCase()] === undefined)
        throw new BrokenPromise(`${where} without the header ${name}`);
    }
    if (method === 'HEAD' || BODILESS.has(reply.status) || !response.content) {
      if (reply.body.length > 0) throw new BrokenPromise(`${where} with a body where none is declared`);
      return;
    }
    const type = mediaTypeOf(reply);
    const range = [type, '*/*'].find((one) => response.content[one]);
    if (!range)
      throw new BrokenPromise(`${where} as "${type}"; declared: ${Object.keys(response.content).join(', ')}`);
    if (JSON_TYPE.test(type)) {
      const value = jsonOf(where, reply);
      if (response.content[range].schema) this.#validate(where, [...pointer, 'content', range, 'schema'], value);
    }
    if (type === 'application/problem+json') this.#checkProblem(where, method, reply);
  }

  /* RFC 9457, and our own: a type of /problems, the status of the reply. */
  #checkProblem(where, method, reply) {
    if (method === 'HEAD') return;
    if (mediaTypeOf(reply) !== 'application/problem+json')
      throw new BrokenPromise(`${where} as "${mediaTypeOf(reply)}", not as a problem`);
    const problem = jsonOf(where, reply);
    const name = ['Problem', 'problem'].find((n) => this.document.components?.schemas?.[n]);
    if (!name) throw new BrokenPromise('the document has no schema of problems');
    this.#validate(where, ['components', 'schemas', name], problem);
    if (problem.status !== reply.status) throw new BrokenPromise(`${where}; its problem says ${problem.status}`);
    if (!/^\/problems\/[a-z0-9-]+$/.test(problem.type))
      throw new BrokenPromise(`${where}; its problem has the type ${problem.type}`);
  }

  #validate(where, pointer, value) {
    const uri = `${DOCUMENT}#/${pointer.map(escapeToken).map(encodeURIComponent).join('/')}`;
    if (!this.#validators.has(uri)) this.#validators.set(uri, this.#ajv.compile({ $ref: uri }));
    const validate = this.#validators.get(uri);
    if (!validate(value)) {
      const faults = validate.errors.map((e) => `${e.instancePath || '/'} ${e.message}`).join('; ');
      throw new BrokenPromise(`${where}; its body breaks the schema: ${faults}\n${JSON.stringify(value, null, 1)}`);
    }
  }
}

export function mediaTypeOf(reply) {
  return String(reply.headers['content-type'] ?? '').split(';')[0].trim().toLowerCase();
}

function jsonOf(where, reply) {
  try {
    return JSON.parse(reply.body.toString('utf8'));
  } catch (error) {
    throw new BrokenPromise(`${where} with a body that is no JSON: ${error.message}`);
  }
}

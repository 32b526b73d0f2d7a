/*
 * What stands between tramd and the server must know which one that is: of several hosts in MONGODB_URL
 * the first, which therefore has to be the primary when tests run against a replica set. Without TLS.
 */
const PARTS = /^(mongodb:\/\/(?:[^@/]*@)?)(\[[^\]]+\]|[^:,/?]+)(?::(\d+))?[^/?]*(?:\/([^?]*))?(?:\?(.*))?$/;

function parts(url) {
  const found = PARTS.exec(url);
  if (!found) throw new Error(`not a URL of one server or of a replica set: ${url}`);
  const [, start, host, port = '27017', database = '', query = ''] = found;
  return { start, host: host.replace(/^\[|\]$/g, ''), port: Number(port), database, query };
}

/* {host, port} */
export const serverOf = (url) => parts(url);

/* The same store by one other port of the loopback, whatever the server says of its set. */
export function detour(url, port) {
  const { start, database, query } = parts(url);
  const kept = query.split('&').filter((option) => option && !/^(replicaSet|directConnection)=/i.test(option));
  return `${start}127.0.0.1:${port}/${database}?${['directConnection=true', ...kept].join('&')}`;
}

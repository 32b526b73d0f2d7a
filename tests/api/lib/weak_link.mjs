/* A client of uploads that we did not write (tus-js-client, HTTP/1.1), over a link that breaks. */
import fs from 'node:fs';
import https from 'node:https';
import { once } from 'node:events';
import net from 'node:net';
import { after, before } from 'node:test';
import * as tus from 'tus-js-client';

const REQUEST_MOST = 70_000; // bytes of a request with its chunk, about
const HANDSHAKE = 1000; // bytes that a client has sent when its request begins, at most

/*
 * Passes bytes on to the server, and cuts a connection after it carried `allowance` of them. With a `share`
 * each request is a connection of its own, and so many of them are cut: before, amid, or when the answer comes.
 */
export function useWeakLink(server) {
  const link = { allowance: Infinity, renewed: 90_000 /* and more, up to twice, after each cut */, cuts: 0, share: 0, requests: 0, answersLost: 0 };
  let doomed = 0;
  /* After how many bytes of the client's it is cut, at the latest when the answer comes; undefined: never. */
  const fateOf = () => {
    if (++link.requests === 1) doomed = 0;
    if (doomed >= link.share * link.requests) return undefined;
    doomed++;
    return Math.random() < 0.5 ? Infinity : Math.floor(Math.random() * REQUEST_MOST);
  };
  const proxy = net.createServer((client) => {
    const up = net.connect(server.port, '127.0.0.1');
    const end = () => {
      client.destroy();
      up.destroy();
    };
    const single = link.share > 0, fate = single ? fateOf() : undefined;
    let sent = 0, wasCut = false;
    const cut = () => {
      if (!wasCut) link.cuts++;
      wasCut = true;
      end();
    };
    client.on('data', (bytes) => {
      sent += bytes.length;
      if (single) {
        if (sent >= fate) up.write(bytes.subarray(0, bytes.length >> 1), cut);
        else up.write(bytes);
        return;
      }
      link.allowance -= bytes.length;
      if (link.allowance < 0) {
        link.cuts++;
        link.allowance = link.renewed + Math.floor(Math.random() * link.renewed);
        up.write(bytes.subarray(0, bytes.length >> 1), end);
        return;
      }
      up.write(bytes);
    });
    up.on('data', (bytes) => {
      if (fate === undefined || sent < HANDSHAKE) return void client.write(bytes);
      link.answersLost++;
      cut();
    });
    for (const side of [client, up]) side.on('error', end).on('close', end);
    if (fate !== undefined) client.on('close', () => void (doomed -= wasCut ? 0 : 1)); // it ended by itself
  });
  before(async () => {
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
  });
  after(() => proxy.close());

  /* Its address, when it is there. */
  link.upload = (citizen, source, more = {}) => {
    const agent = new https.Agent({ ca: fs.readFileSync(server.certificate), keepAlive: link.share === 0 });
    let again = 50; // parts are retried by the client, but not what joins them: then its user does
    return new Promise((resolve, reject) => {
      const one = new tus.Upload(source, {
        endpoint: `https://localhost:${proxy.address().port}/v1/uploads`,
        httpStack: new tus.DefaultHttpStack({ agent }),
        headers: { authorization: `Bearer ${citizen.token}` },
        chunkSize: 64 * 1024,
        retryDelays: Array(200).fill(5),
        metadata: { filename: 'đèn.jpg', filetype: 'image/jpeg' },
        onError: (error) => (link.share > 0 && again-- > 0 ? one.start() : reject(error)),
        onSuccess: () => resolve(one.url),
        ...more,
      });
      one.start();
    }).finally(() => agent.destroy());
  };
  return link;
}

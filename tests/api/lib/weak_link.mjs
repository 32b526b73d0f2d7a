/* A client of uploads that we did not write (tus-js-client, HTTP/1.1), over a link that breaks. */
import fs from 'node:fs';
import https from 'node:https';
import { once } from 'node:events';
import net from 'node:net';
import { after, before } from 'node:test';
import * as tus from 'tus-js-client';

/* Passes bytes on to the server, and cuts a connection after it carried `allowance` of them. */
export function useWeakLink(server) {
  const link = { allowance: Infinity, renewed: 90_000 /* and more, up to twice, after each cut */, cuts: 0 };
  const proxy = net.createServer((client) => {
    const up = net.connect(server.port, '127.0.0.1');
    const end = () => {
      client.destroy();
      up.destroy();
    };
    client.on('data', (bytes) => {
      link.allowance -= bytes.length;
      if (link.allowance < 0) {
        link.cuts++;
        link.allowance = link.renewed + Math.floor(Math.random() * link.renewed);
        up.write(bytes.subarray(0, bytes.length >> 1), end);
        return;
      }
      up.write(bytes);
    });
    up.on('data', (bytes) => client.write(bytes));
    for (const side of [client, up]) side.on('error', end).on('close', end);
  });
  before(async () => {
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
  });
  after(() => proxy.close());

  /* Its address, when it is there. */
  link.upload = (citizen, source, more = {}) => {
    const agent = new https.Agent({ ca: fs.readFileSync(server.certificate), keepAlive: true });
    return new Promise((resolve, reject) => {
      const one = new tus.Upload(source, {
        endpoint: `https://localhost:${proxy.address().port}/v1/uploads`,
        httpStack: new tus.DefaultHttpStack({ agent }),
        headers: { authorization: `Bearer ${citizen.token}` },
        chunkSize: 64 * 1024,
        retryDelays: Array(200).fill(5),
        metadata: { filename: 'đèn.jpg', filetype: 'image/jpeg' },
        onError: reject,
        onSuccess: () => resolve(one.url),
        ...more,
      });
      one.start();
    }).finally(() => agent.destroy());
  };
  return link;
}

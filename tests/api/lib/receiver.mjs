/*
 * Receives an agency's webhooks on the loopback, and answers as it is told.
 *
 *   const receiver = await useReceiver(410);         // closed after the file's tests
 *   useServer({ env: receiver.env });                // a server that may call it
 *   receiver.url; receiver.calls (their number); receiver.answer = 200
 */
import { once } from 'node:events';
import http from 'node:http';
import { after } from 'node:test';

export async function useReceiver(answer = 200) {
  const receiver = { answer, calls: 0 };
  const server = http.createServer((request, response) => {
    receiver.calls += 1;
    request.resume();
    response.writeHead(receiver.answer).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => server.close());
  const { port } = server.address();
  receiver.url = `http://127.0.0.1:${port}/hook`;
  receiver.env = { TRAM_WEBHOOK_HTTP: 'true', TRAM_WEBHOOK_ALLOW: '127.0.0.0/8', TRAM_WEBHOOK_PORTS: String(port) };
  return receiver;
}

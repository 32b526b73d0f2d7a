/* A port of the loopback that nobody has. */
import net from 'node:net';
import { once } from 'node:events';

export async function freePort() {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

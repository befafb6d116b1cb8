// The console's process: Next's production server on one address. It ends with its supervisor, and it answers only
// requests whose Host header names the address it listens on or a loopback name, so that a foreign web page can't
// reach it through DNS rebinding.

import { createServer } from 'node:http';
import { join } from 'node:path';
import next from 'next';

const [host = '127.0.0.1', portText = '3000'] = process.argv.slice(2);
const port = Number(portText);
const forceExitMs = 3_000;

function isKnownHost(header: string | undefined): boolean {
  if (header === undefined) return false;
  const name = header.replace(/:\d+$/, '').toLowerCase();
  const isOpenToNetwork = host === '0.0.0.0' || host === '::';
  return isOpenToNetwork || name === host || name === 'localhost' || name === '127.0.0.1' || name === '[::1]';
}

const app = next({ dev: false, dir: join(import.meta.dirname, '..', '..'), hostname: host, port, quiet: true });
const answer = app.getRequestHandler();
await app.prepare();

const server = createServer((request, response) => {
  if (isKnownHost(request.headers.host)) {
    void answer(request, response);
    return;
  }
  response.writeHead(421, { 'content-type': 'text/plain' });
  response.end('This console does not answer under that name.\n');
});

function stop(): void {
  server.close(() => process.exit(0));
  server.closeAllConnections();
  setTimeout(() => process.exit(0), forceExitMs).unref();
}

process.on('message', stop);
process.on('disconnect', stop);
process.on('SIGTERM', stop);
server.listen(port, host, () => process.send?.({ type: 'ready' }));

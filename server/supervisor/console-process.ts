// The console's process: Next's production server on one address. It ends with its supervisor, and it answers only
// requests whose Host header names the address it listens on or a loopback name, so that a foreign web page can't
// reach it through DNS rebinding.

import { createServer } from 'node:http';
import { join } from 'node:path';
import next from 'next';
import { isAllowedHost, policyFromEnvironment } from '../api/request-guard.ts';

const [host = '127.0.0.1', portText = '3000'] = process.argv.slice(2);
const port = Number(portText);
const forceExitMs = 3_000;

const policy = policyFromEnvironment(process.env);

const app = next({ dev: false, dir: join(import.meta.dirname, '..', '..'), hostname: host, port, quiet: true });
const answer = app.getRequestHandler();
await app.prepare();

const server = createServer((request, response) => {
  if (isAllowedHost(request.headers.host ?? '', policy)) {
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

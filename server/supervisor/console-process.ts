// The console's process: Next's production server on one address. It ends with its supervisor, and it answers only
// requests whose Host header names the address it listens on or a loopback name, so that a foreign web page can't
// reach it through DNS rebinding.

import { createServer, type RequestListener, type Server } from 'node:http';
import { join } from 'node:path';
import next from 'next';
import { isAllowedHost, policyFromEnvironment } from '../api/request-guard.ts';

const [host = '127.0.0.1', portText = '3000'] = process.argv.slice(2);
const port = Number(portText);
const forceExitMs = 3_000;
/** Of a request's line and headers together: long names and picked records stand in addresses, and Node's 16 kB are soon full. */
const maxHeaderBytes = 65_536;

const policy = policyFromEnvironment(process.env);

let server: Server | null = null;

// Before anything that takes time: a supervisor that goes away meanwhile has to be noticed too.
process.on('message', stop);
process.on('disconnect', stop);
process.on('SIGTERM', stop);

try {
  const app = next({ dev: false, dir: join(import.meta.dirname, '..', '..'), hostname: host, port, quiet: true });
  await app.prepare();
  await listen(app.getRequestHandler());
  process.send?.({ type: 'ready' });
} catch (error) {
  end({ type: 'fatal', reason: error instanceof Error ? error.message : String(error) }, 1);
}

function listen(answer: RequestListener): Promise<void> {
  const opened = createServer({ maxHeaderSize: maxHeaderBytes }, (request, response) => {
    if (isAllowedHost(request.headers.host ?? '', policy)) {
      answer(request, response);
      return;
    }
    response.writeHead(421, { 'content-type': 'text/plain' });
    response.end('This console does not answer under that name.\n');
  });
  server = opened;
  return new Promise((settle, refuse) => {
    opened.once('error', refuse);
    opened.listen(port, host, settle);
  });
}

function stop(): void {
  if (server === null) process.exit(0);
  server.close(() => process.exit(0));
  server.closeAllConnections();
  setTimeout(() => process.exit(0), forceExitMs).unref();
}

/** Ends the process when the message has left it, or can't. */
function end(message: object, code: number): void {
  if (process.send === undefined || !process.connected) process.exit(code);
  process.send(message, undefined, undefined, () => process.exit(code));
}

// The console's process: Next's production server on one address. It ends with its supervisor, and it answers only
// requests whose Host header names the address it listens on or a loopback name, so that a foreign web page can't
// reach it through DNS rebinding.

import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import next from 'next';
import { isAllowedHost, policyFromEnvironment, unknownHostText } from '../api/request-guard.ts';
import { securityHeaders } from './security-headers.ts';

const [host = '127.0.0.1', portText = '3000'] = process.argv.slice(2);
const port = Number(portText);
const forceExitMs = 3_000;
/** Of a request's line and headers together: long names and picked records stand in addresses, and Node's 16 kB are soon full. */
const maxHeaderBytes = 65_536;
const nonceBytes = 16;

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
    protect(request, response);
    if (isAllowedHost(request.headers.host ?? '', policy)) {
      answer(request, response);
      return;
    }
    response.writeHead(421, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(unknownHostText(request.headers.host ?? ''));
  });
  server = opened;
  return new Promise((settle, refuse) => {
    opened.once('error', refuse);
    opened.listen(port, host, settle);
  });
}

/** A nonce for this response alone. Next puts it on its own scripts when it finds the policy among the request's headers. */
function protect(request: IncomingMessage, response: ServerResponse): void {
  const nonce = randomBytes(nonceBytes).toString('base64');
  const headers = securityHeaders(nonce);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  request.headers['content-security-policy'] = headers['content-security-policy'];
  request.headers['x-nonce'] = nonce;
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

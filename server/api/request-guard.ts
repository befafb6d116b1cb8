// Keeps other web sites out. The console has no log-in yet, so whoever can make this browser send a request could
// drive it: a page on another origin (CSRF), or a name that was pointed at 127.0.0.1 after loading (DNS rebinding).
// Requests without browser headers (curl, tests) come from programs that could reach the port anyhow.

export interface RequestPolicy {
  /** Host names beside loopback under which this console may be reached, without ports; from LOGARIUM_CONSOLE_HOSTS. */
  readonly allowedHosts: readonly string[];
}

export interface Refusal {
  readonly status: 403 | 415 | 421;
  readonly reason: string;
}

const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

/** null: let it in. */
export function refusalOf(request: Request, policy: RequestPolicy): Refusal | null {
  const host = request.headers.get('host') ?? '';
  if (!isAllowedHost(host, policy))
    return { status: 421, reason: `this console does not answer to the name "${host}"; LOGARIUM_CONSOLE_HOSTS allows more names` };
  if (isCrossOrigin(request.headers, host)) return { status: 403, reason: 'requests from other sites are refused' };
  if (request.method !== 'GET' && request.method !== 'HEAD' && !isJson(request.headers))
    return { status: 415, reason: 'only application/json is taken' };
  return null;
}

export function toRefusedResponse(refusal: Refusal): Response {
  return Response.json({ error: { message: refusal.reason } }, { status: refusal.status });
}

export function policyFromEnvironment(environment: Readonly<Record<string, string | undefined>>): RequestPolicy {
  const names = (environment['LOGARIUM_CONSOLE_HOSTS'] ?? '').split(',').map((name) => name.trim().toLowerCase());
  return { allowedHosts: names.filter((name) => name !== '') };
}

/** Whether the console answers under the name in this Host header. */
export function isAllowedHost(host: string, policy: RequestPolicy): boolean {
  const name = host.toLowerCase().replace(/:\d+$/, '');
  return loopbackNames.includes(name) || policy.allowedHosts.includes(name);
}

/** Browsers set these headers themselves and let no page change them. */
function isCrossOrigin(headers: Headers, host: string): boolean {
  const origin = headers.get('origin');
  if (origin !== null && hostOf(origin) !== host.toLowerCase()) return true;
  const site = headers.get('sec-fetch-site');
  return site !== null && site !== 'same-origin' && site !== 'none';
}

/** Empty for "null" and for anything that is not an origin: never equal to a host. */
function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).host : '';
}

function isJson(headers: Headers): boolean {
  return (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() === 'application/json';
}

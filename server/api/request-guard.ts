// Keeps other web sites out. The console has no log-in yet, so whoever can make this browser send a request could
// drive it: a page on another origin (CSRF), or a name that was pointed at 127.0.0.1 after loading (DNS rebinding).
// Requests without browser headers (curl, tests) come from programs that could reach the port anyhow.
// A refusal is data in the shape of tRPC's errors, so that the page can say who refused and what to do.

export interface RequestPolicy {
  /** Host names beside loopback under which this console may be reached, without ports; from LOGARIUM_CONSOLE_HOSTS. */
  readonly allowedHosts: readonly string[];
}

export interface Refusal {
  readonly status: 403 | 415 | 421;
  readonly kind: 'unknown-host' | 'renamed-host' | 'foreign-site' | 'not-json';
  readonly params: Readonly<Record<string, string>>;
  /** The English words. */
  readonly reason: string;
}

const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];
const hostsVariable = 'LOGARIUM_CONSOLE_HOSTS';
/** A Host header is quoted in the answer; nobody's name is longer. */
const maxQuotedName = 255;

/** null: let it in. */
export function refusalOf(request: Request, policy: RequestPolicy): Refusal | null {
  const { headers, method } = request;
  const host = headers.get('host') ?? '';
  if (!isAllowedHost(host, policy)) return unknownHost(host);
  if (isCrossOrigin(headers, host, policy)) return foreign(headers, host);
  if (method !== 'GET' && method !== 'HEAD' && !isJson(headers))
    return { status: 415, kind: 'not-json', params: {}, reason: 'only application/json is taken' };
  return null;
}

export function toRefusedResponse({ status, kind, params, reason }: Refusal): Response {
  const data = { code: 'FORBIDDEN', httpStatus: status, told: { kind, params, advice: adviceOf[kind] } };
  return Response.json({ error: { json: { message: reason, code: refusedCode, data } } }, { status });
}

/** For the page that a browser shows when it asked under a name that is not ours; in both languages of the console. */
export function unknownHostText(host: string): string {
  const name = toName(host).slice(0, maxQuotedName);
  return [
    `${unknownHost(host).reason}.`,
    `If this name is right, start the console with ${hostsVariable}=${name === '' ? 'NAME' : name}`,
    '',
    `此控制台不以名称“${host.slice(0, maxQuotedName)}”提供服务。如果名称无误，请以 ${hostsVariable}=${name === '' ? 'NAME' : name} 启动控制台。`,
    '',
  ].join('\n');
}

export function policyFromEnvironment(environment: Readonly<Record<string, string | undefined>>): RequestPolicy {
  const names = (environment[hostsVariable] ?? '').split(',').map((name) => name.trim().toLowerCase());
  return { allowedHosts: names.filter((name) => name !== '') };
}

/** Whether the console answers under the name in this Host header. */
export function isAllowedHost(host: string, policy: RequestPolicy): boolean {
  const name = toName(host);
  return loopbackNames.includes(name) || policy.allowedHosts.includes(name);
}

/** tRPC's number for FORBIDDEN. */
const refusedCode = -32_003;

const adviceOf = { 'unknown-host': 'allow-host', 'renamed-host': 'allow-host', 'foreign-site': null, 'not-json': null } as const;

function unknownHost(host: string): Refusal {
  const params = { host: host.slice(0, maxQuotedName) };
  return { status: 421, kind: 'unknown-host', params, reason: `this console does not answer to the name "${params.host}"` };
}

/** A page of ours whose proxy rewrote Host looks like another site's; which it is, its reader knows. */
function foreign(headers: Headers, host: string): Refusal {
  const origin = headers.get('origin') ?? '';
  if (!URL.canParse(origin) || headers.get('sec-fetch-site') === 'cross-site')
    return { status: 403, kind: 'foreign-site', params: {}, reason: 'requests from other sites are refused' };
  return {
    status: 403,
    kind: 'renamed-host',
    params: { origin, host, name: new URL(origin).hostname },
    reason: `the page came from ${origin}, its request reached this console as "${host}"; ${hostsVariable} allows more names`,
  };
}

/**
 * Browsers set these headers themselves and let no page change them. Behind a proxy that rewrites Host, a page's origin is
 * ours when its name was allowed and the browser says that page and request share one origin.
 */
function isCrossOrigin(headers: Headers, host: string, policy: RequestPolicy): boolean {
  const origin = headers.get('origin');
  const site = headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin' && site !== 'none') return true;
  if (origin === null) return false;
  const at = URL.canParse(origin) ? new URL(origin) : null;
  if (at === null) return true; // "null" or nonsense: never equal to a host
  return at.host !== host.toLowerCase() && !(site === 'same-origin' && isAllowedHost(at.hostname, policy));
}

function toName(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '');
}

function isJson(headers: Headers): boolean {
  return (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() === 'application/json';
}

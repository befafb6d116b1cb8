// Where a node listens, and which addresses it advertises: `listeners`, `advertised.listeners` and the names that say what each
// listener is for (KIP-103). A client is answered with the addresses of the listener by which it came; brokers use one listener
// among themselves. Whoever starts a node without `listeners` gets PLAINTEXT and CONTROLLER at the host and ports of the flags.
// Invariant: what is advertised is an address that somebody can dial.

import { formatHostPort } from '#engine/base/host-port.ts';
import { ConfigError } from './config-error.ts';

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

export interface NodeListener extends HostPort {
  readonly name: string;
  /** What others are given to dial. Differs from the listener's own address behind a NAT, in a container, behind a proxy. */
  readonly advertised: HostPort;
}

export interface NodeListeners {
  /** Empty on a node that is only a controller. */
  readonly clients: readonly NodeListener[];
  /** The name of the listener that brokers use among themselves. */
  readonly interBroker: string;
  /** The name of the listener that the metadata quorum uses. */
  readonly controllerName: string;
  /** null unless this node is a controller. */
  readonly controller: NodeListener | null;
}

/** How Kafka calls the listeners of a node that names none. */
export const defaultClientListener = 'PLAINTEXT';
export const defaultControllerListener = 'CONTROLLER';

export interface ListenerDefaults {
  readonly host: string;
  readonly port: number;
  readonly controllerPort: number | null;
  readonly isBroker: boolean;
}

interface NamedAddress extends HostPort {
  readonly name: string;
}

/** Throws ConfigError, in words, for listeners that can't be had or that nobody could dial. */
export function resolveListeners(defaults: ListenerDefaults, texts: ReadonlyMap<string, string>): NodeListeners {
  const controllerName = controllerListenerName(texts);
  const all = listenersOf(defaults, texts, controllerName);
  const advertised = parseListeners('advertised.listeners', texts.get('advertised.listeners') ?? '');
  requirePlaintext([...all, ...advertised], texts);
  requireKnownNames(advertised, all);
  const toListener = (listener: NamedAddress): NodeListener => ({
    ...listener,
    advertised: requireDialable(
      advertised.find(({ name }) => name === listener.name) ?? fallbackFor(listener, controllerName, advertised),
      listener.name,
    ),
  });
  const clients = all.filter(({ name }) => name !== controllerName).map(toListener);
  const controller = all.find(({ name }) => name === controllerName);
  return {
    clients,
    interBroker: interBrokerName(clients, texts),
    controllerName,
    controller: defaults.controllerPort === null || controller === undefined ? null : toListener(controller),
  };
}

/** Which kinds of listeners the setting names. */
export function listenerKinds(texts: ReadonlyMap<string, string>): { readonly clients: boolean; readonly controller: boolean } {
  const controllerName = controllerListenerName(texts);
  const names = parseListeners('listeners', texts.get('listeners') ?? '').map(({ name }) => name);
  return { clients: names.some((name) => name !== controllerName), controller: names.includes(controllerName) };
}

/** `NAME://host:port` of each; IPv6 hosts stand in brackets. An empty host, as in `PLAINTEXT://:9092`, means every address. */
export function parseListeners(setting: string, text: string): readonly NamedAddress[] {
  const parts = text.split(',').map((part) => part.trim());
  const listeners = parts.filter((part) => part !== '').map((part) => parseListener(setting, part));
  for (const key of ['name', ...(setting === 'listeners' ? ['port'] : [])] as const) {
    const values = listeners.map((listener) => (key === 'name' ? listener.name : listener.port)).filter((value) => value !== 0);
    const twice = values.find((value, index) => values.indexOf(value) !== index);
    if (twice !== undefined) throw new ConfigError(`${setting}: each listener needs a ${key} of its own, ${twice} stands there twice`);
  }
  return listeners;
}

function parseListener(setting: string, text: string): NamedAddress {
  const match = /^([A-Za-z0-9_.-]+):\/\/(?:\[([0-9a-fA-F:.%]+)\]|([^:/[\]]*)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[4]);
  if (match === null || port > 65_535)
    throw new ConfigError(`${setting} must read NAME://host:port,... (an IPv6 host in brackets), not "${text}"`);
  return { name: (match[1] as string).toUpperCase(), host: match[2] ?? match[3] ?? '', port };
}

export function formatListeners(listeners: readonly NamedAddress[]): string {
  return listeners.map(({ name, host, port }) => `${name}://${formatHostPort({ host, port })}`).join(',');
}

/** Stands for every address of the machine: it can be listened on, but nobody can dial it. */
export function isEveryAddress(host: string): boolean {
  return host === '' || host === '0.0.0.0' || /^[0:]*:[0:]*$/.test(host);
}

function controllerListenerName(texts: ReadonlyMap<string, string>): string {
  const names = splitNames(texts.get('controller.listener.names') ?? '');
  if (names.length > 1) throw new ConfigError(`controller.listener.names may hold one name, not "${names.join(',')}"`);
  return names[0] ?? defaultControllerListener;
}

function splitNames(text: string): readonly string[] {
  return text
    .split(',')
    .map((name) => name.trim().toUpperCase())
    .filter((name) => name !== '');
}

function listenersOf(
  { host, port, controllerPort, isBroker }: ListenerDefaults,
  texts: ReadonlyMap<string, string>,
  controllerName: string,
): readonly NamedAddress[] {
  const given = parseListeners('listeners', texts.get('listeners') ?? '');
  const isNamed = (isController: boolean): boolean => given.some(({ name }) => (name === controllerName) === isController);
  return [
    ...given,
    ...(isBroker && !isNamed(false) ? [{ name: defaultClientListener, host, port }] : []),
    ...(controllerPort !== null && !isNamed(true) ? [{ name: controllerName, host, port: controllerPort }] : []),
  ];
}

/** Names are free, protocols aren't: listener.security.protocol.map may only say PLAINTEXT. */
function requirePlaintext(listeners: readonly NamedAddress[], texts: ReadonlyMap<string, string>): void {
  const map = new Map(splitNames(texts.get('listener.security.protocol.map') ?? '').map((pair) => pair.split(':') as [string, string]));
  for (const { name } of listeners) {
    const protocol = map.get(name) ?? (/^(SSL|SASL_SSL|SASL_PLAINTEXT)$/.test(name) ? name : 'PLAINTEXT');
    if (protocol !== 'PLAINTEXT') throw new ConfigError(`listener ${name} asks for ${protocol}; only PLAINTEXT is served yet`);
  }
}

function requireKnownNames(advertised: readonly NamedAddress[], listeners: readonly NamedAddress[]): void {
  const stranger = advertised.find(({ name }) => !listeners.some((listener) => listener.name === name));
  if (stranger !== undefined)
    throw new ConfigError(
      `advertised.listeners names ${stranger.name}, which no listener has; there are ${listeners.map(({ name }) => name).join(', ')}`,
    );
}

/** What isn't advertised by itself is dialled where it listens; a controller on every address, at the host that clients are given. */
function fallbackFor(listener: NamedAddress, controllerName: string, advertised: readonly NamedAddress[]): HostPort {
  const host = listener.name === controllerName && isEveryAddress(listener.host) ? advertised[0]?.host : undefined;
  return { host: host ?? listener.host, port: listener.port };
}

function requireDialable({ host, port }: HostPort, name: string): HostPort {
  if (!isEveryAddress(host)) return { host, port };
  throw new ConfigError(
    `listener ${name} stands for every address of this machine (${host === '' ? 'no host' : host}), which nobody can dial: ` +
      `say which address to give to clients with advertised.listeners=${name}://HOST:${port}`,
  );
}

/** As in Kafka the listener named PLAINTEXT, unless inter.broker.listener.name says otherwise; where there is none, the first. */
export function interBrokerName(clients: readonly { readonly name: string }[], texts: ReadonlyMap<string, string>): string {
  const [wanted] = splitNames(texts.get('inter.broker.listener.name') ?? '');
  const plain = clients.find(({ name }) => name === defaultClientListener);
  const name = wanted ?? plain?.name ?? clients[0]?.name ?? defaultClientListener;
  if (wanted === undefined || clients.length === 0 || clients.some((listener) => listener.name === wanted)) return name;
  throw new ConfigError(`inter.broker.listener.name is ${wanted}, which no listener for clients has`);
}

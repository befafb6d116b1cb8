// What each broker of the embedded cluster listens on, and which addresses it advertises. A person says it once, for the first
// broker: `{id}` stands for a broker's number, and where an address has none its port counts up from broker to broker.
// The controllers' listeners stay on this machine unless `listeners` names one, as the voters are all here.

import {
  defaultClientListener,
  defaultControllerListener,
  formatListeners,
  interBrokerName,
  isEveryAddress,
  parseListeners,
  resolveListeners,
  type NodeListener,
  type NodeListeners,
} from '#engine/broker/listeners.ts';

/** The controller's listener lies this far above its broker's port. */
export const controllerPortOffset = 100;

export interface ListenerOptions {
  /** Broker n listens on port + n - 1, unless `listeners` says where. */
  readonly host: string;
  readonly port: number;
  /** As in Kafka's settings of these names, of broker 1; null: unsaid. */
  readonly listeners: string | null;
  readonly advertisedListeners: string | null;
  /** What clients are given instead of the listeners' own host; ports stay. */
  readonly advertisedHost: string | null;
  /** Kafka settings as name=value; those that name listeners count here. */
  readonly settings: readonly string[];
}

/** @throws ConfigError, in words, for listeners that can't be had or that nobody could dial */
export function listenersOfBroker(options: ListenerOptions, brokerId: number): NodeListeners {
  const { host, port } = options;
  const texts = new Map(options.settings.map((setting) => splitSetting(setting)));
  const controllerName = (texts.get('controller.listener.names') ?? defaultControllerListener).trim().toUpperCase();
  const given = options.listeners === null ? [] : parseListeners('listeners', numbered(options.listeners, brokerId));
  const first = port + brokerId - 1;
  const controller = { name: controllerName, host: isLoopback(host) ? host : '127.0.0.1', port: first + controllerPortOffset };
  const clients = given.filter(({ name }) => name !== controllerName);
  const listeners = [
    ...(clients.length > 0 ? clients : [{ name: defaultClientListener, host, port: first }]),
    given.find(({ name }) => name === controllerName) ?? controller,
  ];
  texts.set('listeners', formatListeners(listeners));
  texts.set('advertised.listeners', formatListeners(advertisedOf(options, { brokerId, texts, clients: listeners.slice(0, -1) })));
  return resolveListeners({ host, port: first, controllerPort: controller.port, isBroker: true }, texts);
}

/** How a broker's command line says it. */
export function toListenerSettings({ clients, controller, interBroker }: NodeListeners): readonly string[] {
  const all = controller === null ? clients : [...clients, controller];
  const advertised = all.map(({ name, advertised }) => ({ name, ...advertised }));
  return [
    `listeners=${formatListeners(all)}`,
    `advertised.listeners=${formatListeners(advertised)}`,
    `inter.broker.listener.name=${interBroker}`,
  ];
}

export function allListeners({ clients, controller }: NodeListeners): readonly NodeListener[] {
  return controller === null ? clients : [...clients, controller];
}

/** Only programs on this machine can reach it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

interface Advertising {
  readonly brokerId: number;
  readonly texts: ReadonlyMap<string, string>;
  readonly clients: readonly { readonly name: string; readonly host: string; readonly port: number }[];
}

/**
 * A host to advertise is for those outside: where there are several listeners, brokers keep their own among themselves, unless it
 * stands for every address.
 */
function advertisedOf(options: ListenerOptions, { brokerId, texts, clients }: Advertising): Advertising['clients'] {
  const { advertisedListeners, advertisedHost } = options;
  const said = advertisedListeners === null ? [] : parseListeners('advertised.listeners', numbered(advertisedListeners, brokerId));
  if (advertisedHost === null) return said;
  const host = bare(advertisedHost).replaceAll('{id}', String(brokerId));
  const inside = clients.length > 1 ? interBrokerName(clients, texts) : null;
  const outside = clients.filter((client) => client.name !== inside || isEveryAddress(client.host));
  return [...said, ...outside.filter(({ name }) => said.every((one) => one.name !== name)).map(({ name, port }) => ({ name, host, port }))];
}

function numbered(text: string, brokerId: number): string {
  const entries = text.split(',').map((entry) => {
    if (entry.includes('{id}')) return entry.replaceAll('{id}', String(brokerId));
    return entry.replace(/:(\d+)\s*$/, (_, port: string) => `:${Number(port) + brokerId - 1}`);
  });
  return entries.join(',');
}

/** An IPv6 host may be given with or without brackets. */
function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

function splitSetting(setting: string): readonly [string, string] {
  const at = setting.indexOf('=');
  return [setting.slice(0, at), setting.slice(at + 1)];
}

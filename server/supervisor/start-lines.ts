// What a person reads when all is ready: where to go, and which ports are open to the network.

import { formatHostPort } from '#engine/base/host-port.ts';
import { isEveryAddress, type NodeListener, type NodeListeners } from '#engine/broker/listeners.ts';
import { allListeners, isLoopback } from './broker-listeners.ts';

export interface StartedPlaces {
  readonly brokers: readonly NodeListeners[];
  /** null: started without it. */
  readonly console: { readonly host: string; readonly port: number } | null;
}

/** Without line ends; the first column is as wide in each. */
export function startLines(places: StartedPlaces): readonly string[] {
  return [
    ...(places.console === null ? [] : [`Console    ${consoleAddress(places.console)}`]),
    ...column('Bootstrap', bootstrapLines(places.brokers)),
    ...column('Network', networkLines(places)),
  ];
}

function consoleAddress({ host, port }: { readonly host: string; readonly port: number }): string {
  return `http://${formatHostPort({ host: isEveryAddress(host) ? 'localhost' : host, port })}`;
}

function column(title: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => `${(index === 0 ? title : '').padEnd(11)}${line}`);
}

/** One line for each listener's name; the name stands there only where there are several. */
function bootstrapLines(brokers: readonly NodeListeners[]): readonly string[] {
  const names = [...new Set(brokers.flatMap(({ clients }) => clients.map(({ name }) => name)))];
  const width = Math.max(...names.map((name) => name.length)) + 2;
  return names.map((name) => {
    const addresses = brokers.flatMap(({ clients }) =>
      clients.filter((one) => one.name === name).map((one) => formatHostPort(one.advertised)),
    );
    return `${names.length === 1 ? '' : name.padEnd(width)}${addresses.join(',')}`;
  });
}

interface OpenPort {
  readonly name: string;
  readonly port: number;
}

/** There is no log-in yet, so whoever opens a port should know it. */
function networkLines({ brokers, console }: StartedPlaces): readonly string[] {
  const listeners: readonly Pick<NodeListener, 'name' | 'host' | 'port'>[] = [
    ...brokers.flatMap(allListeners),
    ...(console === null ? [] : [{ name: 'console', ...console }]),
  ];
  const open = listeners.filter(({ host }) => !isLoopback(host));
  if (open.length === 0) return ['every port is open to this machine only'];
  const closed = listeners.filter(({ host }) => isLoopback(host));
  return [
    `open to the network: ${listPorts(open)}`,
    ...(closed.length === 0 ? [] : [`open to this machine only: ${listPorts(closed)}`]),
    'There is no log-in yet: whoever reaches an open port can read and change everything.',
  ];
}

function listPorts(ports: readonly OpenPort[]): string {
  const byName = Map.groupBy(ports, ({ name }) => name);
  return Array.from(byName, ([name, same]) => `${same.map(({ port }) => port).join(' ')} (${name})`).join(', ');
}

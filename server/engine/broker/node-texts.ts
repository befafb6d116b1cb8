// What a node is, in Kafka's names: DescribeConfigs tells these as the operator's own, whether they were said by flags or settings.

import { formatHostPort } from '#engine/base/host-port.ts';
import { formatListeners } from './listeners.ts';
import type { BrokerConfig } from './config.ts';

type Node = Omit<BrokerConfig, 'get' | 'staticTexts' | 'unusedSettings' | 'rack'>;

export function nodeTexts({ nodeId, roles, dataDirectory, voters, listeners }: Node): readonly (readonly [string, string])[] {
  const { clients, controller, controllerName, interBroker } = listeners;
  const all = controller === null ? clients : [...clients, controller];
  const advertised = clients.map((listener) => ({ name: listener.name, ...listener.advertised }));
  return [
    ['node.id', String(nodeId)],
    ['broker.id', String(nodeId)],
    ['process.roles', [...roles].join(',')],
    ['listeners', formatListeners(all)],
    ['log.dirs', dataDirectory],
    ['controller.quorum.voters', voters.map((voter) => `${voter.nodeId}@${formatHostPort(voter)}`).join(',')],
    ...(clients.length === 0
      ? []
      : ([
          ['advertised.listeners', formatListeners(advertised)],
          ['inter.broker.listener.name', interBroker],
        ] as const)),
    ['controller.listener.names', controllerName],
  ];
}

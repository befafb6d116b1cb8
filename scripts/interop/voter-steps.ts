// What an operator does with Apache Kafka's kafka-metadata-quorum to let a node vote, and to take its vote away (KIP-853): by
// a broker's address and by a controller's. Expectations are what the tool of 4.3.1 prints against Kafka's own nodes.

import type { AdminStep } from './admin-steps.ts';

export interface VoterPlan {
  readonly servers: string;
  readonly controllers: string;
  readonly nodeId: number;
  readonly directoryId: string;
  /** Of the newcomer's controller. */
  readonly address: string;
  /** Name of the newcomer's configuration, as the tool reads it. */
  readonly configFile: string;
}

/** What add-controller reads of a node: who it is, where its disk lies, and which of its listeners is the controller's. */
export function newcomerProperties({
  nodeId,
  directory,
  address,
  controllers,
}: Pick<VoterPlan, 'nodeId' | 'address' | 'controllers'> & { readonly directory: string }): string {
  return [
    'process.roles=controller',
    `node.id=${nodeId}`,
    `log.dirs=${directory}`,
    'controller.listener.names=CONTROLLER',
    `listeners=CONTROLLER://${address}`,
    `advertised.listeners=CONTROLLER://${address}`,
    `controller.quorum.bootstrap.servers=${controllers}`,
    '',
  ].join('\n');
}

const trouble = /Exception|Error|WARN|timed out/;

export function voterSteps(plan: VoterPlan): readonly AdminStep[] {
  const { servers, controllers } = plan;
  return [
    ...roundSteps(plan, { by: 'a broker', door: ['--bootstrap-server', servers] }),
    ...roundSteps(plan, { by: 'a controller', door: ['--bootstrap-controller', controllers] }),
    {
      name: 'kafka-features tells that the log names the voters',
      args: ['FeatureCommand', '--bootstrap-server', servers, 'describe'],
      says: [/kraft\.version\s+SupportedMinVersion: 0\s+SupportedMaxVersion: 1\s+FinalizedVersionLevel: 1/],
      saysNot: [trouble],
    },
    {
      name: 'kafka-cluster lists the controllers, with the one that only observes',
      args: ['ClusterTool', 'list-endpoints', '--bootstrap-controller', controllers],
      says: [...[1, 2, 3].map((id) => new RegExp(`^${id}\\s.*controller`, 'm')), new RegExp(`^${plan.nodeId}\\s.*controller`, 'm')],
      saysNot: [trouble],
    },
  ];
}

/** Let vote, looked at, taken away, looked at; asked through one kind of address. */
function roundSteps(plan: VoterPlan, { by, door }: { readonly by: string; readonly door: readonly string[] }): readonly AdminStep[] {
  const { nodeId, directoryId, address, configFile } = plan;
  const quorum = (...args: string[]): readonly string[] => ['MetadataQuorumCommand', ...door, ...args];
  const withConfig = ['--command-config', configFile];
  const ofNode = ['--controller-id', String(nodeId), '--controller-directory-id'];
  const replica = (id: number): RegExp =>
    new RegExp(`CurrentVoters:.*"id": ${id}, "directoryId": "[\\w-]{22}", "endpoints": \\["CONTROLLER:`);
  const seat = `"id": ${nodeId}, "directoryId": "${directoryId}"`;
  const isObserver = new RegExp(`CurrentObservers:.*${seat}`);
  const isVoter = new RegExp(`CurrentVoters:.*${seat}, "endpoints": \\["CONTROLLER://${address}"\\]`);
  return [
    {
      name: `kafka-metadata-quorum finds the fourth node observing, asked by ${by}`,
      args: quorum('describe', '--status'),
      says: [...[1, 2, 3].map(replica), isObserver],
      saysNot: [trouble, isVoter],
      isAwaited: true,
    },
    {
      name: `kafka-metadata-quorum adds it as a voter, by ${by}`,
      args: quorum(...withConfig, 'add-controller'),
      says: [new RegExp(`Added controller ${nodeId} with directory id ${directoryId} and endpoints: CONTROLLER://${address}`)],
      saysNot: [trouble],
      isAwaited: true,
    },
    {
      name: `kafka-metadata-quorum describes four voters with their directories, by ${by}`,
      args: quorum('describe', '--status'),
      says: [...[1, 2, 3].map(replica), isVoter],
      saysNot: [trouble, isObserver],
    },
    {
      name: `kafka-metadata-quorum is told that it votes already, by ${by}`,
      args: quorum(...withConfig, 'add-controller'),
      says: [/DuplicateVoterException/],
      fails: true,
    },
    {
      name: `kafka-metadata-quorum is refused to remove another disk, by ${by}`,
      args: quorum('remove-controller', ...ofNode, 'BBBBBBBBBBBBBBBBBBBBBA'),
      says: [/VoterNotFoundException/],
      fails: true,
    },
    {
      name: `kafka-metadata-quorum removes it again, by ${by}`,
      args: quorum('remove-controller', ...ofNode, directoryId),
      says: [new RegExp(`Removed\\s+KRaft controller ${nodeId} with directory id ${directoryId}`)],
      saysNot: [trouble],
    },
    {
      name: `kafka-metadata-quorum describes three voters and it as an observer, by ${by}`,
      args: quorum('describe', '--replication'),
      says: [new RegExp(`^${nodeId}\\s+${directoryId}\\s.*Observer`, 'm'), /^[123]\s.*Leader/m],
      saysNot: [trouble, new RegExp(`^${nodeId}\\s.*(Follower|Leader)`, 'm')],
      isAwaited: true,
    },
  ];
}

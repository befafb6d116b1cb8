// What an operator does with Apache Kafka's tools to partitions that have copies: move them, look how far that is, call it off,
// give a leadership back. Expectations are what the tools of 4.3.1 print against Kafka's own brokers.

import type { AdminStep } from './admin-steps.ts';

export interface MovePlan {
  readonly servers: string;
  /** Names of files for the tool's JSON, each written beforehand. */
  readonly topicsFile: string;
  readonly movesFile: string;
  readonly stuckFile: string;
}

/** A move here is called off: the broker stands still, so it could never end by itself. The tool begins moves to live brokers only. */
export const standstillId = 3;

export const moveFiles = {
  topics: { version: 1, topics: [{ topic: 'moves' }] },
  moves: {
    version: 1,
    partitions: [
      { topic: 'moves', partition: 0, replicas: [2, 3] },
      { topic: 'moves', partition: 1, replicas: [1, 2] },
    ],
  },
  stuck: { version: 1, partitions: [{ topic: 'moves', partition: 1, replicas: [1, standstillId] }] },
} as const;

const trouble = /Exception|Error|WARN|timed out/;

export function moveSteps(plan: MovePlan): readonly AdminStep[] {
  return [...reassignSteps(plan), ...electionSteps(plan), ...cancelSteps(plan)];
}

const reassign = ({ servers }: MovePlan, ...args: string[]): readonly string[] => [
  'org.apache.kafka.tools.reassign.ReassignPartitionsCommand',
  '--bootstrap-server',
  servers,
  ...args,
];
const topics = ({ servers }: MovePlan, ...args: string[]): readonly string[] => ['TopicCommand', '--bootstrap-server', servers, ...args];

function reassignSteps(plan: MovePlan): readonly AdminStep[] {
  const moves = ['--reassignment-json-file', plan.movesFile];
  return [
    {
      name: 'kafka-topics creates a topic with the copies where they are wanted',
      args: topics(plan, '--create', '--topic', 'moves', '--replica-assignment', '1:2,2:3'),
      says: [/Created topic moves\./],
    },
    {
      name: 'kafka-reassign-partitions proposes a plan',
      args: reassign(plan, '--generate', '--topics-to-move-json-file', plan.topicsFile, '--broker-list', '1,2,3'),
      says: [
        /Current partition replica assignment/,
        /"topic":"moves","partition":0,"replicas":\[1,2\]/,
        /Proposed partition reassignment configuration/,
      ],
      saysNot: [trouble],
    },
    {
      name: 'kafka-reassign-partitions carries one out',
      args: reassign(plan, '--execute', ...moves),
      says: [/Successfully started partition reassignments for moves-0,moves-1/],
      saysNot: [trouble],
    },
    {
      name: 'kafka-reassign-partitions finds it completed',
      args: reassign(plan, '--verify', ...moves),
      says: [/Reassignment of partition moves-0 is completed/, /Reassignment of partition moves-1 is completed/],
      saysNot: [trouble],
      isAwaited: true,
    },
    {
      name: 'kafka-topics shows the copies where they went, in sync',
      args: topics(plan, '--describe', '--topic', 'moves'),
      says: [
        /Partition: 0\s+Leader: [23]\s+Replicas: 2,3\s+Isr: (2,3|3,2)/,
        /Partition: 1\s+Leader: [12]\s+Replicas: 1,2\s+Isr: (1,2|2,1)/,
      ],
      saysNot: [trouble, /Adding Replicas: \d|Removing Replicas: \d/],
    },
    {
      name: 'kafka-reassign-partitions lists nothing under way',
      args: reassign(plan, '--list'),
      says: [/No partition reassignments found/],
      saysNot: [trouble],
    },
    {
      name: 'kafka-reassign-partitions has nothing to cancel',
      args: reassign(plan, '--cancel', ...moves),
      says: [/None of the specified partition (moves|reassignments) are active/],
      saysNot: [trouble],
    },
    {
      name: 'kafka-log-dirs finds the copies on their brokers',
      args: ['LogDirsCommand', '--bootstrap-server', plan.servers, '--describe', '--topic-list', 'moves', '--broker-list', '2'],
      says: [/"partition":"moves-0"/, /"partition":"moves-1"/],
      saysNot: [/"error":"/, /"isFuture":true/],
    },
  ];
}

function electionSteps({ servers }: MovePlan): readonly AdminStep[] {
  const elect = (type: string, ...args: string[]): readonly string[] => [
    'LeaderElectionCommand',
    '--bootstrap-server',
    servers,
    '--election-type',
    type,
    ...args,
  ];
  return [
    {
      name: 'kafka-leader-election gives a partition back to its preferred leader',
      args: elect('preferred', '--topic', 'moves', '--partition', '1'),
      says: [
        /Successfully completed leader election \(PREFERRED\) for partitions moves-1|Valid replica already elected for partitions moves-1/,
      ],
      saysNot: [trouble],
    },
    {
      name: 'kafka-leader-election finds it there',
      args: elect('preferred', '--topic', 'moves', '--partition', '1'),
      says: [/Valid replica already elected for partitions moves-1/],
      saysNot: [trouble],
    },
    {
      name: 'kafka-leader-election does nothing unclean to a partition that has a leader',
      args: elect('unclean', '--topic', 'moves', '--partition', '0'),
      says: [/Valid replica already elected for partitions moves-0/],
      saysNot: [trouble],
    },
    {
      name: 'kafka-leader-election is told of a partition that is not there',
      args: elect('preferred', '--topic', 'moves', '--partition', '9'),
      says: [/UnknownTopicOrPartition|does not exist/],
      fails: true,
    },
  ];
}

function cancelSteps(plan: MovePlan): readonly AdminStep[] {
  const stuck = ['--reassignment-json-file', plan.stuckFile];
  return [
    {
      name: 'kafka-reassign-partitions finds a move in progress',
      before: 'stuck move',
      args: reassign(plan, '--verify', '--preserve-throttles', ...stuck),
      says: [/Reassignment of partition moves-1 is still in progress/],
      saysNot: [trouble],
    },
    {
      name: 'kafka-reassign-partitions lists what is added and removed',
      args: reassign(plan, '--list'),
      says: [/moves-1: replicas: 1,3,2\. adding: 3\. removing: 2\./],
      saysNot: [trouble],
    },
    {
      name: 'kafka-reassign-partitions calls it off',
      args: reassign(plan, '--cancel', '--preserve-throttles', ...stuck),
      says: [/Successfully cancelled partition reassignment for: moves-1/],
      saysNot: [trouble],
    },
    {
      name: 'kafka-topics shows the copies where they were',
      args: topics(plan, '--describe', '--topic', 'moves'),
      says: [/Partition: 1\s+Leader: [12]\s+Replicas: 1,2\s+Isr: (1,2|2,1)/],
      saysNot: [trouble],
    },
  ];
}

// The commands, one a line of work an operator does. Expectations are what Apache Kafka 4.3.1's tools print against its own
// brokers.

export interface AdminStep {
  readonly name: string;
  readonly args: readonly string[];
  readonly says: readonly RegExp[];
  readonly saysNot?: readonly RegExp[];
  /** The tool must end with a non-zero exit code. */
  readonly fails?: boolean;
  /** Records are written to the topic before this step; or a move is begun to a broker that stands still until the last step. */
  readonly before?: 'write' | 'stuck move';
  /** What it says takes a moment to come true: it is asked again until then. */
  readonly isAwaited?: boolean;
}

export interface StepPlan {
  readonly servers: string;
  readonly deleteRecordsFile: string;
}

const trouble = /Exception|Error|WARN|timed out/;

export function adminSteps(plan: StepPlan): readonly AdminStep[] {
  return [...topicSteps(plan), ...configSteps(plan), ...groupSteps(plan), ...clusterSteps(plan), ...lastSteps(plan)];
}

function topicSteps({ servers }: StepPlan): readonly AdminStep[] {
  const topics = (...args: string[]): readonly string[] => ['TopicCommand', '--bootstrap-server', servers, ...args];
  return [
    {
      name: 'kafka-topics creates a topic with a config',
      args: topics('--create', '--topic', 'admin', '--partitions', '3', '--replication-factor', '1', '--config', 'retention.ms=3600000'),
      says: [/Created topic admin\./],
    },
    {
      name: 'kafka-topics is told that it exists',
      args: topics('--create', '--topic', 'admin'),
      says: [/Topic 'admin' already exists/],
      fails: true,
    },
    {
      name: 'kafka-topics is refused a name',
      args: topics('--create', '--topic', 'not/a/name'),
      says: [/InvalidTopicException|illegal/],
      fails: true,
    },
    {
      name: 'kafka-topics adds partitions',
      args: topics('--alter', '--topic', 'admin', '--partitions', '4'),
      says: [],
      saysNot: [trouble],
    },
    {
      name: 'kafka-topics cannot take partitions away',
      args: topics('--alter', '--topic', 'admin', '--partitions', '2'),
      says: [/currently has 4 partition/],
      fails: true,
    },
    {
      name: 'kafka-topics describes it',
      args: topics('--describe', '--topic', 'admin'),
      saysNot: [trouble, /Leader: none/],
      says: [
        /Topic: admin\s+TopicId: \S{22}\s+PartitionCount: 4\s+ReplicationFactor: 1\s+Configs: .*retention\.ms=3600000/,
        /Partition: 3\s+Leader: [123]\s+Replicas: [123]\s+Isr: [123]/,
      ],
    },
    {
      name: 'kafka-topics lists no partition without a leader',
      args: topics('--describe', '--unavailable-partitions'),
      says: [],
      saysNot: [/Topic:/, trouble],
    },
  ];
}

function configSteps({ servers }: StepPlan): readonly AdminStep[] {
  const configs = (...args: string[]): readonly string[] => ['kafka.admin.ConfigCommand', '--bootstrap-server', servers, ...args];
  const topic = ['--entity-type', 'topics', '--entity-name', 'admin'];
  return [
    {
      name: 'kafka-configs sets two configs of a topic',
      args: configs('--alter', ...topic, '--add-config', 'max.message.bytes=2000000,cleanup.policy=[compact,delete]'),
      says: [/Completed updating config for topic admin/],
    },
    {
      name: 'kafka-configs describes what was set',
      args: configs('--describe', ...topic),
      saysNot: [trouble],
      says: [
        /max\.message\.bytes=2000000 .*DYNAMIC_TOPIC_CONFIG:max\.message\.bytes=2000000.*DEFAULT_CONFIG:message\.max\.bytes=1048588/,
        /retention\.ms=3600000/,
        /cleanup\.policy=compact,delete/,
      ],
    },
    {
      name: 'kafka-configs takes them back',
      args: configs('--alter', ...topic, '--delete-config', 'max.message.bytes,cleanup.policy'),
      says: [/Completed updating/],
    },
    {
      name: 'kafka-configs is refused a value that makes no sense',
      args: configs('--alter', ...topic, '--add-config', 'retention.ms=soon'),
      says: [/InvalidConfigurationException/],
      fails: true,
    },
    {
      name: 'kafka-configs is refused a name that nobody knows',
      args: configs('--alter', ...topic, '--add-config', 'no.such.config=1'),
      says: [/Unknown topic config name|InvalidConfigurationException/],
      fails: true,
    },
    {
      name: 'kafka-configs describes all of a topic',
      args: configs('--describe', '--all', ...topic),
      says: [/segment\.bytes=1073741824/, /max\.message\.bytes=1048588/],
      saysNot: [trouble],
    },
    {
      name: 'kafka-configs describes all of a broker',
      args: configs('--describe', '--all', '--entity-type', 'brokers', '--entity-name', '2'),
      says: [/log\.segment\.bytes=/, /num\.partitions=/],
      saysNot: [trouble],
    },
  ];
}

function groupSteps({ servers }: StepPlan): readonly AdminStep[] {
  const groups = (...args: string[]): readonly string[] => [
    'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
    '--bootstrap-server',
    servers,
    ...args,
  ];
  const consume = (topic: string, group: string, count: number): readonly string[] => [
    'org.apache.kafka.tools.consumer.ConsoleConsumer',
    '--bootstrap-server',
    servers,
    '--topic',
    topic,
    '--group',
    group,
    '--from-beginning',
    '--max-messages',
    String(count),
    '--timeout-ms',
    '30000',
  ];
  return [
    {
      name: 'kafka-get-offsets finds the ends',
      before: 'write',
      args: ['GetOffsetShell', '--bootstrap-server', servers, '--topic', 'admin'],
      says: [0, 1, 2, 3].map((partition) => new RegExp(`^admin:${partition}:100$`, 'm')),
      saysNot: [trouble],
    },
    {
      name: 'kafka-get-offsets finds the starts',
      args: ['GetOffsetShell', '--bootstrap-server', servers, '--topic', 'admin', '--time', 'earliest'],
      says: [/^admin:0:0$/m],
      saysNot: [trouble],
    },
    {
      name: 'kafka-get-offsets finds a time',
      args: ['GetOffsetShell', '--bootstrap-server', servers, '--topic', 'admin', '--time', String(1_700_000_000_000 + 40 * 7)],
      says: [/^admin:0:10$/m, /^admin:3:10$/m],
      saysNot: [trouble],
    },
    {
      name: 'kafka-get-offsets finds the greatest time',
      args: ['GetOffsetShell', '--bootstrap-server', servers, '--topic', 'admin', '--time', 'max-timestamp'],
      says: [/^admin:0:99$/m],
      saysNot: [trouble],
    },
    {
      name: 'the console consumer reads all in a group',
      args: consume('admin', 'admin-group', 400),
      says: [/Processed a total of 400 messages/],
    },
    { name: 'kafka-consumer-groups lists it', args: groups('--list', '--state'), says: [/admin-group\s+Empty/], saysNot: [trouble] },
    {
      name: 'kafka-consumer-groups describes its offsets',
      args: groups('--describe', '--group', 'admin-group'),
      says: [/admin-group\s+admin\s+2\s+(- +)?100\s+100\s+0/],
    },
    {
      name: 'kafka-consumer-groups describes its state',
      args: groups('--describe', '--group', 'admin-group', '--state'),
      says: [/admin-group\s+\S+\s+\([123]\)\s+(-\s+)?Empty\s+0/],
    },
    {
      name: 'kafka-consumer-groups resets its offsets',
      args: groups('--reset-offsets', '--group', 'admin-group', '--topic', 'admin', '--to-offset', '7', '--execute'),
      says: [/admin-group\s+admin\s+1\s+7/],
    },
    {
      name: 'kafka-consumer-groups shows the lag of that',
      args: groups('--describe', '--group', 'admin-group'),
      says: [/admin-group\s+admin\s+1\s+(- +)?7\s+100\s+93/],
    },
    {
      name: 'kafka-consumer-groups deletes the offsets of a topic',
      args: groups('--delete-offsets', '--group', 'admin-group', '--topic', 'admin:1'),
      says: [/Request succeed(ed)? for deleting offsets/],
    },
    {
      name: 'kafka-consumer-groups deletes the group',
      args: groups('--delete', '--group', 'admin-group'),
      says: [/Deletion of requested consumer groups \('admin-group'\) was successful/],
    },
    {
      name: 'kafka-consumer-groups is told that it is gone',
      args: groups('--delete', '--group', 'admin-group'),
      says: [/GroupIdNotFoundException|could not be deleted|does not exist/],
    },
  ];
}

function clusterSteps({ servers, deleteRecordsFile }: StepPlan): readonly AdminStep[] {
  const server = ['--bootstrap-server', servers];
  return [
    {
      name: 'kafka-delete-records moves the start',
      args: ['DeleteRecordsCommand', ...server, '--offset-json-file', deleteRecordsFile],
      says: [/partition: admin-0\s+low_watermark: 10/],
      saysNot: [trouble],
    },
    {
      name: 'kafka-get-offsets finds the new start',
      args: ['GetOffsetShell', ...server, '--topic', 'admin', '--time', 'earliest'],
      says: [/^admin:0:10$/m, /^admin:1:0$/m],
    },
    {
      name: 'kafka-broker-api-versions reads all three brokers',
      args: ['BrokerApiVersionsCommand', ...server],
      says: [/\(id: 1 /, /\(id: 2 /, /\(id: 3 /, /Produce\(0\): 0 to 13 \[usable: 13\]/, /Fetch\(1\): 4 to 18 \[usable: 18\]/],
      saysNot: [/ERROR|Exception/],
    },
    {
      name: 'kafka-log-dirs reads the sizes',
      args: ['LogDirsCommand', ...server, '--describe', '--topic-list', 'admin'],
      says: [/"broker":1/, /"broker":2/, /"broker":3/, /"partition":"admin-2","size":[1-9]\d+,"offsetLag":0,"isFuture":false/],
      saysNot: [/"error":"/],
    },
    {
      name: 'kafka-metadata-quorum describes the status',
      args: ['MetadataQuorumCommand', ...server, 'describe', '--status'],
      says: [
        /LeaderId:\s+[123]\b/,
        /HighWatermark:\s+[1-9]\d*/,
        /CurrentVoters:(?=.*\b1\b)(?=.*\b2\b)(?=.*\b3\b)/,
        /CurrentObservers:\s+\[\]/,
      ],
      saysNot: [trouble],
    },
    {
      name: 'kafka-metadata-quorum describes the replication',
      args: ['MetadataQuorumCommand', ...server, 'describe', '--replication'],
      says: [/^[123]\s.*Leader/m, /^[123]\s.*Follower/m],
      saysNot: [trouble, /Observer/],
    },
    {
      name: 'kafka-cluster says the cluster id',
      args: ['ClusterTool', 'cluster-id', ...server],
      says: [/Cluster ID: \S{22}/],
      saysNot: [trouble],
    },
    {
      name: 'kafka-cluster lists the endpoints',
      args: ['ClusterTool', 'list-endpoints', ...server],
      says: [/^1\s+127\.0\.0\.1\s+\d+/m, /^3\s+127\.0\.0\.1\s+\d+/m],
      saysNot: [trouble],
    },
    {
      name: 'kafka-features describes the features',
      args: ['FeatureCommand', ...server, 'describe'],
      says: [/metadata\.version/],
      saysNot: [trouble],
    },
  ];
}

/** The topic goes; a second one stays for what is read from disk afterwards. */
function lastSteps({ servers }: StepPlan): readonly AdminStep[] {
  const topics = (...args: string[]): readonly string[] => ['TopicCommand', '--bootstrap-server', servers, ...args];
  return [
    { name: 'kafka-topics deletes it', args: topics('--delete', '--topic', 'admin'), says: [], saysNot: [trouble] },
    { name: 'kafka-topics lists it no more', args: topics('--list'), says: [], saysNot: [/^admin$/m, trouble] },
    {
      name: 'kafka-producer-perf-test fills another',
      args: [
        'ProducerPerformance',
        '--topic',
        'admin-kept',
        '--num-records',
        '20000',
        '--record-size',
        '100',
        '--throughput',
        '-1',
        '--producer-props',
        `bootstrap.servers=${servers}`,
        'compression.type=lz4',
      ],
      says: [/20000 records sent/],
      saysNot: [/Exception/],
    },
    {
      name: 'the console consumer reads it in a group',
      args: [
        'org.apache.kafka.tools.consumer.ConsoleConsumer',
        '--bootstrap-server',
        servers,
        '--topic',
        'admin-kept',
        '--group',
        'admin-kept-group',
        '--from-beginning',
        '--max-messages',
        '20000',
        '--timeout-ms',
        '30000',
      ],
      says: [/Processed a total of 20000 messages/],
    },
  ];
}

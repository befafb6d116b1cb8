// StreamsGroupHeartbeat (88): membership of a streams group (KIP-1071): topology and tasks instead of
// partitions.

import { array, bool, defineApi, int16, int32, int64, int8, string, struct, uint16, type RequestOf, type ResponseOf } from '../schema.ts';

const keyValue = {
  key: string(),
  value: string(),
};

const topicInfo = {
  name: string(),
  partitions: int32(),
  replicationFactor: int16(),
  topicConfigs: array('0+', keyValue),
};

const taskIds = {
  subtopologyId: string(),
  partitions: array('0+', int32()),
};

const taskOffset = {
  subtopologyId: string(),
  partition: int32(),
  offset: int64(),
};

const topicPartition = {
  topic: string(),
  partitions: array('0+', int32()),
};

export const streamsGroupHeartbeatApi = defineApi({
  key: 88,
  name: 'StreamsGroupHeartbeat',
  versions: '0',
  flexible: '0+',
  listeners: ['broker'],
  request: {
    groupId: string(),
    memberId: string(),
    memberEpoch: int32(),
    endpointInformationEpoch: int32(),
    instanceId: string({ nullable: '0+', default: null }),
    rackId: string({ nullable: '0+', default: null }),
    rebalanceTimeoutMs: int32({ default: -1 }),
    topology: struct(
      { nullable: '0+', default: null },
      {
        epoch: int32(),
        subtopologies: array('0+', {
          subtopologyId: string(),
          sourceTopics: array('0+', string()),
          sourceTopicRegex: array('0+', string()),
          stateChangelogTopics: array('0+', topicInfo),
          repartitionSinkTopics: array('0+', string()),
          repartitionSourceTopics: array('0+', topicInfo),
          copartitionGroups: array('0+', {
            sourceTopics: array('0+', int16()),
            sourceTopicRegex: array('0+', int16()),
            repartitionSourceTopics: array('0+', int16()),
          }),
        }),
      },
    ),
    activeTasks: array({ nullable: '0+', default: null }, taskIds),
    standbyTasks: array({ nullable: '0+', default: null }, taskIds),
    warmupTasks: array({ nullable: '0+', default: null }, taskIds),
    processId: string({ nullable: '0+', default: null }),
    userEndpoint: struct(
      { nullable: '0+', default: null },
      {
        host: string(),
        port: uint16(),
      },
    ),
    clientTags: array({ nullable: '0+', default: null }, keyValue),
    taskOffsets: array({ nullable: '0+', default: null }, taskOffset),
    taskEndOffsets: array({ nullable: '0+', default: null }, taskOffset),
    shutdownApplication: bool({ default: false }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: '0+', default: null }),
    memberId: string(),
    memberEpoch: int32(),
    heartbeatIntervalMs: int32(),
    acceptableRecoveryLag: int32(),
    taskOffsetIntervalMs: int32(),
    status: array(
      { nullable: '0+' },
      {
        statusCode: int8(),
        statusDetail: string(),
      },
    ),
    activeTasks: array({ nullable: '0+', default: null }, taskIds),
    standbyTasks: array({ nullable: '0+', default: null }, taskIds),
    warmupTasks: array({ nullable: '0+', default: null }, taskIds),
    endpointInformationEpoch: int32(),
    partitionsByUserEndpoint: array(
      { nullable: '0+', default: null },
      {
        userEndpoint: struct('0+', {
          host: string(),
          port: uint16(),
        }),
        activePartitions: array('0+', topicPartition),
        standbyPartitions: array('0+', topicPartition),
      },
    ),
  },
});

export type StreamsGroupHeartbeatRequest = RequestOf<typeof streamsGroupHeartbeatApi>;
export type StreamsGroupHeartbeatResponse = ResponseOf<typeof streamsGroupHeartbeatApi>;

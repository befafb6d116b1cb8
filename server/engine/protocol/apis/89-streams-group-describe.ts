// StreamsGroupDescribe (89): topology, members and tasks of streams groups.

import { array, bool, defineApi, int16, int32, int64, string, struct, uint16, type RequestOf, type ResponseOf } from '../schema.ts';

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

const taskOffset = {
  subtopologyId: string(),
  partition: int32(),
  offset: int64(),
};

const taskIds = {
  subtopologyId: string(),
  partitions: array('0+', int32()),
};

const assignment = {
  activeTasks: array('0+', taskIds),
  standbyTasks: array('0+', taskIds),
  warmupTasks: array('0+', taskIds),
};

export const streamsGroupDescribeApi = defineApi({
  key: 89,
  name: 'StreamsGroupDescribe',
  versions: '0',
  flexible: '0+',
  listeners: ['broker'],
  request: {
    groupIds: array('0+', string()),
    includeAuthorizedOperations: bool(),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    groups: array('0+', {
      errorCode: int16(),
      errorMessage: string({ nullable: '0+', default: null }),
      groupId: string(),
      groupState: string(),
      groupEpoch: int32(),
      assignmentEpoch: int32(),
      topology: struct(
        { nullable: '0+', default: null },
        {
          epoch: int32(),
          subtopologies: array(
            { nullable: '0+', default: null },
            {
              subtopologyId: string(),
              sourceTopics: array('0+', string()),
              repartitionSinkTopics: array('0+', string()),
              stateChangelogTopics: array('0+', topicInfo),
              repartitionSourceTopics: array('0+', topicInfo),
            },
          ),
        },
      ),
      members: array('0+', {
        memberId: string(),
        memberEpoch: int32(),
        instanceId: string({ nullable: '0+', default: null }),
        rackId: string({ nullable: '0+', default: null }),
        clientId: string(),
        clientHost: string(),
        topologyEpoch: int32(),
        processId: string(),
        userEndpoint: struct(
          { nullable: '0+', default: null },
          {
            host: string(),
            port: uint16(),
          },
        ),
        clientTags: array('0+', keyValue),
        taskOffsets: array('0+', taskOffset),
        taskEndOffsets: array('0+', taskOffset),
        assignment: struct('0+', assignment),
        targetAssignment: struct('0+', assignment),
        isClassic: bool(),
      }),
      authorizedOperations: int32({ default: -2147483648 }),
    }),
  },
});

export type StreamsGroupDescribeRequest = RequestOf<typeof streamsGroupDescribeApi>;
export type StreamsGroupDescribeResponse = ResponseOf<typeof streamsGroupDescribeApi>;

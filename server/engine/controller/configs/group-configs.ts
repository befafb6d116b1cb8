// Group configs of Kafka 4.3.1, each with the broker config that stands in where the group says nothing.

import type { ResourceRow } from './config-row.ts';

export const groupConfigRows: readonly ResourceRow[] = [
  ['consumer.assignment.interval.ms', 'int', '1000', 'group.consumer.assignment.interval.ms'],
  ['consumer.heartbeat.interval.ms', 'int', '5000', 'group.consumer.heartbeat.interval.ms'],
  ['consumer.session.timeout.ms', 'int', '45000', 'group.consumer.session.timeout.ms'],
  ['share.assignment.interval.ms', 'int', '1000', 'group.share.assignment.interval.ms'],
  ['share.auto.offset.reset', 'string', 'latest', 'share.auto.offset.reset'],
  ['share.delivery.count.limit', 'int', '5', 'group.share.delivery.count.limit'],
  ['share.heartbeat.interval.ms', 'int', '5000', 'group.share.heartbeat.interval.ms'],
  ['share.isolation.level', 'string', 'read_uncommitted', 'share.isolation.level'],
  ['share.partition.max.record.locks', 'int', '2000', 'group.share.partition.max.record.locks'],
  ['share.record.lock.duration.ms', 'int', '30000', 'group.share.record.lock.duration.ms'],
  ['share.renew.acknowledge.enable', 'boolean', 'true', 'share.renew.acknowledge.enable'],
  ['share.session.timeout.ms', 'int', '45000', 'group.share.session.timeout.ms'],
  ['streams.assignment.interval.ms', 'int', '1000', 'group.streams.assignment.interval.ms'],
  ['streams.heartbeat.interval.ms', 'int', '5000', 'group.streams.heartbeat.interval.ms'],
  ['streams.initial.rebalance.delay.ms', 'int', '3000', 'group.streams.initial.rebalance.delay.ms'],
  ['streams.num.standby.replicas', 'int', '0', 'group.streams.num.standby.replicas'],
  ['streams.session.timeout.ms', 'int', '45000', 'group.streams.session.timeout.ms'],
];

// AlterPartition: a partition's leader reports its in-sync replicas to the controller.

import { alterPartitionApi } from '#engine/protocol/apis/56-alter-partition.ts';
import { defineHandler } from '../context.ts';

export const alterPartitionHandler = defineHandler(
  alterPartitionApi,
  (request, from, broker) => broker.controller.forward(alterPartitionApi, request, from),
  ['controller'],
);

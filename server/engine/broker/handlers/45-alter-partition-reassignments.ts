// AlterPartitionReassignments: decided by the active controller, whichever broker was asked.

import { alterPartitionReassignmentsApi } from '#engine/protocol/apis/45-alter-partition-reassignments.ts';
import { defineHandler } from '../context.ts';

export const alterPartitionReassignmentsHandler = defineHandler(
  alterPartitionReassignmentsApi,
  (request, from, broker) => broker.controller.forward(alterPartitionReassignmentsApi, request, from),
  ['broker', 'controller'],
);

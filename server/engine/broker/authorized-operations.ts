// The bit fields in which Kafka tells what the asking principal may do: bit n stands for AclOperation n.
// Without an authorizer everybody may do everything that the resource knows.

const operation = {
  read: 3,
  write: 4,
  create: 5,
  delete: 6,
  alter: 7,
  describe: 8,
  clusterAction: 9,
  describeConfigs: 10,
  alterConfigs: 11,
  idempotentWrite: 12,
} as const;

function toBits(operations: readonly number[]): number {
  return operations.reduce((bits, code) => bits | (1 << code), 0);
}

/** What stands in the field when nobody asked for it. */
export const operationsNotAsked = -2_147_483_648;

export const allTopicOperations = toBits([
  operation.read,
  operation.write,
  operation.create,
  operation.delete,
  operation.alter,
  operation.describe,
  operation.describeConfigs,
  operation.alterConfigs,
]);

export const allClusterOperations = toBits([
  operation.create,
  operation.alter,
  operation.describe,
  operation.clusterAction,
  operation.describeConfigs,
  operation.alterConfigs,
  operation.idempotentWrite,
]);

export const allGroupOperations = toBits([
  operation.read,
  operation.delete,
  operation.describe,
  operation.describeConfigs,
  operation.alterConfigs,
]);

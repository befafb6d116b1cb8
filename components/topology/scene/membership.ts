// Which group a reading connection belongs to. Facts name connections, Kafka's groups name members: the bridge
// is the client id, the host, and that the partition read is one the member owns.

import type { GroupDetail, GroupMember } from '#server/cluster/port.ts';
import type { ClientRef } from '#server/engine/trace/events.ts';

export interface ReadOf {
  readonly client: ClientRef;
  readonly topic: string;
  readonly partition: number;
}

/** "/127.0.0.1" as groups tell it, and "127.0.0.1:53422" as connections do, are one host. */
export function hostOf(address: string): string {
  const bare = address.startsWith('/') ? address.slice(1) : address;
  const bracket = /^\[(.+)\](?::\d+)?$/.exec(bare);
  if (bracket !== null) return bracket[1]!;
  const colons = bare.split(':').length - 1;
  return colons === 1 ? bare.slice(0, bare.indexOf(':')) : bare;
}

function owns(member: GroupMember, read: ReadOf): boolean {
  return member.assignment.some((owned) => owned.topic === read.topic && owned.partitions.includes(read.partition));
}

/** The only group with a member of that client id and host: right in the moments of a rebalance, when nobody is told
 *  yet what it owns. */
function onlyHome(groups: readonly GroupDetail[], read: ReadOf): string | null {
  const homes = groups.filter((group) =>
    group.members.some(
      (member) =>
        member.clientId === read.client.clientId && member.assignment.length === 0 && hostOf(member.host) === hostOf(read.client.address),
    ),
  );
  return homes.length === 1 ? homes[0]!.groupId : null;
}

/** The group that reads, or null for a reader without one. An exact host wins where two groups share a client id. */
export function groupOfRead(groups: readonly GroupDetail[], read: ReadOf): string | null {
  let sameClient: string | null = null;
  for (const group of groups) {
    for (const member of group.members) {
      if (member.clientId !== read.client.clientId || !owns(member, read)) continue;
      if (hostOf(member.host) === hostOf(read.client.address)) return group.groupId;
      sameClient ??= group.groupId;
    }
  }
  return sameClient ?? onlyHome(groups, read);
}

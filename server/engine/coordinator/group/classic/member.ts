// A member of a classic group, and what of it is only a session: its parked requests and its newness
// are lost with the coordinator, everything else is written with the generation.

import type { ClientIdentity, JoinGroupAnswer, JoinProtocol, SyncGroupAnswer } from '../messages.ts';
import { keepBytes } from '../keep-bytes.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';

export const noBytes = new Uint8Array(0);

export interface ClassicMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly client: ClientIdentity;
  rebalanceTimeoutMs: number;
  sessionTimeoutMs: number;
  /** In the member's order of preference. */
  protocols: readonly JoinProtocol[];
  assignment: Uint8Array;
  /** The token of a JoinGroup that waits for the others, else null. */
  parkedJoin: number | null;
  /** The token of a SyncGroup that waits for the leader, else null. */
  parkedSync: number | null;
  /** Has not been through a generation yet: its session only bounds how long its join may wait. */
  isNew: boolean;
}

/** Whether the member would join with exactly what it joined with before. */
export function hasSameProtocols(member: ClassicMember, protocols: readonly JoinProtocol[]): boolean {
  return (
    member.protocols.length === protocols.length &&
    member.protocols.every((mine, index) => {
      const other = protocols[index]!;
      return mine.name === other.name && sameBytes(mine.metadata, other.metadata);
    })
  );
}

export function metadataFor(member: ClassicMember, protocolName: string | null): Uint8Array {
  return member.protocols.find((protocol) => protocol.name === protocolName)?.metadata ?? noBytes;
}

/** The bytes of a request belong to its connection's buffer: what outlives the request is copied. */
export function keepProtocols(protocols: readonly JoinProtocol[]): readonly JoinProtocol[] {
  return protocols.map(({ name, metadata }) => ({ name, metadata: keepBytes(metadata) }));
}

export function joinRefused(memberId: string, errorCode: number): JoinGroupAnswer {
  return {
    kind: 'join-group',
    errorCode,
    generationId: -1,
    protocolType: null,
    protocolName: null,
    leader: '',
    skipAssignment: false,
    memberId,
    members: [],
  };
}

export function syncRefused(errorCode: number): SyncGroupAnswer {
  return { kind: 'sync-group', errorCode, protocolType: null, protocolName: null, assignment: noBytes };
}

export function syncAccepted(
  group: { readonly protocolType: string | null; readonly protocolName: string | null },
  assignment: Uint8Array,
): SyncGroupAnswer {
  return { kind: 'sync-group', errorCode: errorCodes.NONE, protocolType: group.protocolType, protocolName: group.protocolName, assignment };
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.byteLength !== b.byteLength) return false;
  for (let index = 0; index < a.byteLength; index += 1) if (a[index] !== b[index]) return false;
  return true;
}

// A member's assignment as its consumer protocol writes it: version, topics with their partitions, user data. Written
// by the group's own clients, so anything may stand there: what can't be read is shown as no assignment.

import { DecodeError } from '#engine/bytes/errors.ts';
import { Reader } from '#engine/bytes/reader.ts';
import type { GroupMember } from '../port.ts';

type Assignment = GroupMember['assignment'];

const maxTopics = 10_000;
const maxPartitions = 1_000_000;

export function decodeAssignment(bytes: Uint8Array): Assignment {
  if (bytes.length === 0) return [];
  try {
    return readAssignment(new Reader(bytes));
  } catch (error) {
    if (error instanceof DecodeError) return [];
    throw error;
  }
}

function readAssignment(reader: Reader): Assignment {
  reader.int16();
  const topics: { topic: string; partitions: readonly number[] }[] = [];
  for (let left = bounded(reader.int32(), maxTopics, reader); left > 0; left--) {
    const topic = reader.string(false);
    const partitions = Array.from({ length: bounded(reader.int32(), maxPartitions, reader) }, () => reader.int32());
    topics.push({ topic, partitions: partitions.sort((a, b) => a - b) });
  }
  return topics.sort((a, b) => (a.topic < b.topic ? -1 : 1));
}

/** Each element takes at least four bytes, so a count beyond that is no count. */
function bounded(count: number, limit: number, reader: Reader): number {
  if (count < 0 || count > limit || count * 4 > reader.remaining)
    throw new DecodeError('bad-length', reader.position, `${count} elements announced`);
  return count;
}

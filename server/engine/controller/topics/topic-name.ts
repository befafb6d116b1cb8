// Which names a topic may have. Kafka's own tools map `.` to `_` in metric names, so two names that differ only there collide.

import { errorCodes } from '#engine/protocol/error-codes.ts';
import { refuse, type Refusal } from '../decision.ts';

const maxNameLength = 249;

export function refuseTopicName(name: string): Refusal | null {
  const fault = faultOfTopicName(name);
  return fault === null ? null : refuse(errorCodes.INVALID_TOPIC_EXCEPTION, fault);
}

/** The sentence that says what is wrong; null for a name that topics may have. */
export function faultOfTopicName(name: string): string | null {
  if (name === '') return 'Topic name is invalid: the empty string is not allowed';
  if (name === '.' || name === '..') return `Topic name is invalid: '${name}' is not allowed`;
  if (name.length > maxNameLength)
    return `Topic name is invalid: the length of '${name}' is longer than the max allowed length ${maxNameLength}`;
  return /^[a-zA-Z0-9._-]+$/.test(name)
    ? null
    : `Topic name is invalid: '${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`;
}

/** Two topics collide when this is the same for both. */
export function collisionKey(name: string): string {
  return name.replaceAll('.', '_');
}

export function hasCollisionChars(name: string): boolean {
  return name.includes('.') || name.includes('_');
}

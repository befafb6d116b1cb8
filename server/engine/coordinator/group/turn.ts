// What the decisions of this room have at hand: the turn that collects records and effects, and the settings.

import { Turn } from '../shard.ts';
import type { GroupAnswer, GroupInput } from './messages.ts';
import type { GroupRecord } from './records.ts';
import type { GroupSettings } from './settings.ts';

export type GroupTurn = Turn<GroupInput, GroupRecord, GroupAnswer>;

/** The surroundings of one decision about groups. */
export interface GroupDecision {
  readonly turn: GroupTurn;
  readonly settings: GroupSettings;
}

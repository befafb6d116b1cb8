// A group is of one protocol at a time. Today that is the classic one; the consumer protocol of KIP-848 becomes
// another member of this union, and the compiler then shows every place that has to choose.

import type { ClassicGroup } from './classic/classic-group.ts';

export type Group = ClassicGroup;

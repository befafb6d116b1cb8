// The one function through which the broker speaks about itself.

import type { Fact } from './events.ts';

/** Records one fact. Never throws, never waits: a full buffer drops and counts. */
export type Trace = (fact: Fact) => void;

/** For rooms under test that don't look at events. */
export const silentTrace: Trace = () => {};

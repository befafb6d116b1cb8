// What can be made to go wrong with one process's world, as plain data: the supervisor's lab says it, `world/faulty`
// carries it out. Each setting is a state and not an event, so that telling it twice changes nothing.

/** A link to one peer, named by the ports that the peer listens on. It concerns only the streams that this process opened. */
export interface LinkFault {
  readonly ports: readonly number[];
  /** false: our bytes to the peer wait, as behind a dead router. */
  readonly sends: boolean;
  /** false: the peer's bytes to us wait. */
  readonly receives: boolean;
  /** Added to each way. */
  readonly delayMs: number;
}

export interface DiskFault {
  /** Added to each write and each fsync. Writes block the process, as a saturated device does. */
  readonly delayMs: number;
  /** Nothing more can be written. */
  readonly isFull: boolean;
  /** fsync says that it failed: what was written since the last one may be lost. */
  readonly failsSync: boolean;
}

export interface FaultSettings {
  readonly links: readonly LinkFault[];
  /** Added to everything that reaches us over streams that others opened. */
  readonly inboundDelayMs: number;
  readonly disk: DiskFault;
  readonly clockSkewMs: number;
}

export const noFaults: FaultSettings = {
  links: [],
  inboundDelayMs: 0,
  disk: { delayMs: 0, isFull: false, failsSync: false },
  clockSkewMs: 0,
};

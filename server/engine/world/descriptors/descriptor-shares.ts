// How the descriptors that the operating system grants one process are shared out (pure). A broker that spends them all on
// log segments can't accept a client, and one that spends them all on clients can't open a log.
// Invariant: the shares together never exceed the limit.

import { assert } from '#engine/base/assert.ts';

/** Taken for granted where the limit can't be read: the soft limit that POSIX systems start programs with. */
export const assumedLimit = 256;
/** Below this a broker can't serve: the reserve alone would take most of it. */
export const minLimit = 128;
/** Standard streams, event loop, the parent's channel, listeners, and one short-lived open of a checkpoint or a directory at a time. */
const reservedForProcess = 48;
/** Of what remains, for sockets: clients, other brokers and controllers, in both directions. */
const socketShare = 0.3;
/** Of the sockets' share, for the connections that this process opens itself and those of other controllers. */
const peerShare = 0.25;
/** Of the files' share, for opens that may not wait until another file's unsynced bytes are on the device. */
const overdraftShare = 0.1;

/** Refused at the start, in words, rather than by the operating system in the middle of something. */
export class TooFewDescriptorsError extends Error {
  override readonly name = 'TooFewDescriptorsError';
  constructor(granted: number) {
    super(`this process may open ${granted} files, and a broker needs ${minLimit} at least`);
  }
}

export interface DescriptorShares {
  /** Files that may be open, as long as nothing has to be synced before it can be closed. */
  readonly files: number;
  /** On top of these, while files with unsynced bytes are being synced so that they can be closed. */
  readonly overdraft: number;
  /** Connections of clients that may be accepted. */
  readonly clients: number;
  /** Connections to and from other nodes. */
  readonly peers: number;
}

/** `limit`: what the process may open, null where nobody knows. Throws TooFewDescriptorsError. */
export function shareDescriptors(limit: number | null): DescriptorShares {
  const granted = limit ?? assumedLimit;
  if (granted < minLimit) throw new TooFewDescriptorsError(granted);
  const shared = granted - reservedForProcess;
  const sockets = Math.floor(shared * socketShare);
  const peers = Math.floor(sockets * peerShare);
  const overdraft = Math.floor((shared - sockets) * overdraftShare);
  const shares = { files: shared - sockets - overdraft, overdraft, clients: sockets - peers, peers };
  assert(shares.files + shares.overdraft + sockets + reservedForProcess <= granted, `more than ${granted} descriptors are shared out`);
  assert(shares.files > 0 && shares.clients > 0 && shares.peers > 0, `a share of ${granted} descriptors is empty`);
  return shares;
}

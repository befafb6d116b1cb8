// Why a broker could not start, or can't go on, and what a person can do about it: one sentence each.

import { TooFewDescriptorsError } from '#engine/world/descriptors/descriptor-shares.ts';
import { FileError, NetworkError } from '#engine/world/ports.ts';
import { StorageError } from '#engine/storage/storage-error.ts';
import { ConfigError } from './config-error.ts';
import { QuorumStateError, VotersChangedError } from './drivers/quorum-state-file.ts';

const makeRoom = 'Make room on the volume, or raise the quota, and start again.';
const moreDescriptors = 'Allow the process more open files (ulimit -n) and start again.';

export interface StartFailure {
  readonly reason: string;
  readonly advice: string | null;
}

/** The failures that the environment causes; anything else is a programmer's error and keeps its stack. */
export function describeStartFailure(error: unknown): StartFailure {
  if (error instanceof ConfigError) return { reason: error.message, advice: null };
  if (error instanceof TooFewDescriptorsError) return { reason: error.message, advice: moreDescriptors };
  if (error instanceof NetworkError) return { reason: error.message, advice: adviceForNetwork(error) };
  if (error instanceof StorageError) return { reason: error.message, advice: adviceForStorage(error) };
  if (error instanceof QuorumStateError)
    return { reason: error.message, advice: 'Restore the file from a copy: a node that forgot its vote might vote twice.' };
  if (error instanceof VotersChangedError)
    return { reason: error.message, advice: 'Start with the voters it knows (--voters), or with an empty data directory.' };
  if (error instanceof FileError) return { reason: error.message, advice: adviceForFile(error) };
  return { reason: error instanceof Error ? (error.stack ?? error.message) : String(error), advice: null };
}

function adviceForNetwork({ code }: NetworkError): string | null {
  switch (code) {
    case 'address-in-use':
      return 'Another process listens there: stop it, or choose another port.';
    case 'address-not-available':
      return 'This machine has no such address: choose another host.';
    case 'denied':
      return 'Ports below 1024 need more rights: choose a higher port.';
    case 'too-many-open':
      return moreDescriptors;
    default:
      return null;
  }
}

function adviceForFile({ code }: FileError): string {
  switch (code) {
    case 'no-space':
      return makeRoom;
    case 'too-many-open':
      return moreDescriptors;
    case 'denied':
      return 'The broker may not write there: check the rights of the data directory, and that its volume is not mounted read-only.';
    default:
      return 'Check that the data directory exists and can be written.';
  }
}

function adviceForStorage({ code }: StorageError): string | null {
  switch (code) {
    case 'disk-full':
      return makeRoom;
    case 'refused':
      return 'Point --data to the directory of this very broker, or to an empty one.';
    case 'corrupt-log':
      return 'Restore the named file from a copy, or move the partition directory away to start without it.';
    case 'closed':
      return null;
    case 'directory-failed':
      return 'Check the disk, and that its volume is not mounted read-only; what was written is recovered once it works again.';
  }
}

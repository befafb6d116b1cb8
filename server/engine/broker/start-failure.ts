// Why a broker could not start, and what a person can do about it: one sentence each.

import { FileError, NetworkError } from '#engine/world/ports.ts';
import { StorageError } from '#engine/storage/storage-error.ts';
import { ConfigError } from './config-error.ts';
import { QuorumStateError, VotersChangedError } from './drivers/quorum-state-file.ts';

export interface StartFailure {
  readonly reason: string;
  readonly advice: string | null;
}

/** The failures that the environment causes; anything else is a programmer's error and keeps its stack. */
export function describeStartFailure(error: unknown): StartFailure {
  if (error instanceof ConfigError) return { reason: error.message, advice: null };
  if (error instanceof NetworkError) return { reason: error.message, advice: adviceForNetwork(error) };
  if (error instanceof StorageError) return { reason: error.message, advice: adviceForStorage(error) };
  if (error instanceof QuorumStateError)
    return { reason: error.message, advice: 'Restore the file from a copy: a node that forgot its vote might vote twice.' };
  if (error instanceof VotersChangedError)
    return { reason: error.message, advice: 'Start with the voters it knows (--voters), or with an empty data directory.' };
  if (error instanceof FileError) return { reason: error.message, advice: 'Check that the data directory exists and can be written.' };
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
    default:
      return null;
  }
}

function adviceForStorage({ code }: StorageError): string | null {
  switch (code) {
    case 'disk-full':
      return 'Make room on the volume and start again.';
    case 'refused':
      return 'Point --data to the directory of this very broker, or to an empty one.';
    case 'corrupt-log':
      return 'Restore the named file from a copy, or move the partition directory away to start without it.';
    case 'closed':
      return null;
    case 'directory-failed':
      return 'Check the disk; the data already written is safe to recover once it works again.';
  }
}

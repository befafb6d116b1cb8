// What a test or a scenario has arranged to go wrong with one disk: for the next operation that matches, or until it is undone.

import { FileError, SyncError, type FileErrorCode } from '../world/ports.ts';

export type DiskOperation = 'open' | 'read' | 'write' | 'truncate' | 'sync' | 'create' | 'rename' | 'remove' | 'sync-directory';

export interface DiskFault {
  readonly operation: DiskOperation;
  readonly path?: RegExp;
  readonly code: FileErrorCode;
}

interface Arranged {
  readonly fault: DiskFault;
  readonly isOnce: boolean;
}

/** Part of every arranged error's message, so that whoever reads a process's last words knows where they come from. */
export const asArranged = 'failed as arranged';

export class DiskFaults {
  readonly #arranged = new Set<Arranged>();
  #raised = 0;

  /** How many operations have failed so. */
  get raised(): number {
    return this.#raised;
  }

  arrange(fault: DiskFault, isOnce: boolean): void {
    this.#arranged.add({ fault, isOnce });
  }

  clear(): void {
    this.#arranged.clear();
  }

  /** The error of this operation, if one was arranged. */
  take(operation: DiskOperation, path: string): FileError | null {
    for (const arranged of this.#arranged) {
      const { fault, isOnce } = arranged;
      if (fault.operation !== operation || fault.path?.test(path) === false) continue;
      if (isOnce) this.#arranged.delete(arranged);
      this.#raised += 1;
      const isSync = operation === 'sync' || operation === 'sync-directory';
      return new (isSync ? SyncError : FileError)(fault.code, path, `${operation} ${asArranged}`);
    }
    return null;
  }
}

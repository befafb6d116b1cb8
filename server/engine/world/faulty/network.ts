// A network that can be cut and slowed while streams are open. TCP hides a cut for a while: bytes wait and flow again when
// the link heals, and whoever waits too long gives up by a time-out of its own; so do ours. A process knows its peers by the
// ports it dials, so a cut from A to B is told to both: A stops sending on what it opened, B stops receiving on what it opened.

import { formatHostPort } from '#engine/base/host-port.ts';
import { NetworkError, type ByteStream, type Clock, type Network, type Timers } from '../ports.ts';
import type { LinkFault } from '../faults.ts';
import type { FaultState } from './fault-state.ts';
import { Gate, type GateRule } from './gate.ts';

/** Bytes that may wait at a gate before the writer is asked to pause, or the reader is. */
const maxWaitingBytes = 4 * 1024 * 1024;

const freely: GateRule = { isOpen: true, delayMs: 0 };

export interface FaultyNetworkOptions {
  readonly network: Network;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly state: FaultState;
}

export function faultyNetwork(options: FaultyNetworkOptions): Network {
  const { network, state, timers } = options;
  return {
    listen: (address, accept) =>
      network.listen(address, (stream) => {
        const rule = (): GateRule =>
          state.settings.inboundDelayMs === 0 ? freely : { isOpen: true, delayMs: state.settings.inboundDelayMs };
        accept(new FaultyStream(stream, { ...options, sends: () => freely, receives: rule }));
      }),
    connect: async (address) => {
      await reach(state.linkTo(address.port), address, timers);
      const stream = await network.connect(address);
      const sends = (): GateRule => ruleOf(state.linkTo(address.port), 'sends');
      const receives = (): GateRule => ruleOf(state.linkTo(address.port), 'receives');
      return new FaultyStream(stream, { ...options, sends, receives });
    },
  };
}

function ruleOf(link: LinkFault | undefined, way: 'sends' | 'receives'): GateRule {
  return link === undefined ? freely : { isOpen: link[way], delayMs: link.delayMs };
}

/** A handshake needs both ways: over a cut link it ends in the caller's time-out. */
function reach(
  link: LinkFault | undefined,
  address: { readonly host: string; readonly port: number; readonly timeoutMs: number },
  timers: Timers,
): Promise<void> {
  if (link === undefined) return Promise.resolve();
  const isCut = !link.sends || !link.receives;
  return new Promise((settle, refuse) => {
    timers.setTimer(isCut ? address.timeoutMs : link.delayMs, () => {
      if (isCut) refuse(new NetworkError('timed-out', `no connection to ${formatHostPort(address)} within ${address.timeoutMs} ms`));
      else settle();
    });
  });
}

interface FaultyStreamOptions extends FaultyNetworkOptions {
  readonly sends: () => GateRule;
  readonly receives: () => GateRule;
}

class FaultyStream implements ByteStream {
  readonly #inner: ByteStream;
  readonly #outward: Gate;
  readonly #inward: Gate;
  readonly #stopListening: () => void;
  #onDrain: () => void = () => {};
  #isPausedByOwner = false;
  #isHeldBack = false;
  #wantsDrain = false;
  #isDestroyed = false;

  constructor(inner: ByteStream, { clock, timers, state, sends, receives }: FaultyStreamOptions) {
    this.#inner = inner;
    this.#outward = new Gate({ clock, timers, rule: sends, onPassed: () => this.#afterSent() });
    this.#inward = new Gate({ clock, timers, rule: receives, onPassed: () => this.#applyPause() });
    this.#stopListening = state.listen(() => {
      this.#outward.look();
      this.#inward.look();
    });
  }

  get remoteAddress(): string {
    return this.#inner.remoteAddress;
  }
  get remotePort(): number {
    return this.#inner.remotePort;
  }
  get localPort(): number {
    return this.#inner.localPort;
  }
  get bufferedBytes(): number {
    return this.#inner.bufferedBytes + this.#outward.waitingBytes;
  }

  get lendsChunks(): boolean {
    return this.#inner.lendsChunks;
  }

  onData(take: (chunk: Buffer) => void): void {
    this.#inner.onData((lent) => {
      const chunk = this.#inner.lendsChunks && !this.#inward.isFree ? Buffer.from(lent) : lent;
      this.#inward.push(chunk.length, () => take(chunk));
      this.#applyPause();
    });
  }

  onClose(take: (reason: Error | undefined) => void): void {
    this.#inner.onClose((reason) => {
      const tell = (): void => {
        this.#stopListening();
        this.#outward.clear();
        take(reason);
      };
      // Our own end is known here at once; the peer's FIN or RST comes behind the bytes that still wait.
      if (this.#isDestroyed) tell();
      else this.#inward.push(0, tell);
    });
  }

  onDrain(take: () => void): void {
    this.#onDrain = take;
    this.#inner.onDrain(take);
  }

  write(chunks: readonly Uint8Array[], onTaken?: () => void): boolean {
    if (this.#isDestroyed) return false;
    if (this.#outward.isFree) return this.#inner.write(chunks, onTaken);
    const sizeBytes = chunks.reduce((size, chunk) => size + chunk.length, 0);
    this.#outward.push(sizeBytes, () => void this.#inner.write(chunks, onTaken));
    this.#wantsDrain = this.#outward.waitingBytes > maxWaitingBytes;
    return !this.#wantsDrain;
  }

  pause(): void {
    this.#isPausedByOwner = true;
    this.#applyPause();
  }
  resume(): void {
    this.#isPausedByOwner = false;
    this.#applyPause();
  }
  end(): void {
    this.#outward.push(0, () => this.#inner.end());
  }

  destroy(reason?: Error): void {
    this.#isDestroyed = true;
    this.#outward.clear();
    this.#inward.clear();
    this.#inner.destroy(reason);
  }

  #applyPause(): void {
    const shouldHold = this.#isPausedByOwner || this.#inward.waitingBytes > maxWaitingBytes;
    if (shouldHold === this.#isHeldBack) return;
    this.#isHeldBack = shouldHold;
    if (shouldHold) this.#inner.pause();
    else this.#inner.resume();
  }

  #afterSent(): void {
    if (!this.#wantsDrain || this.#outward.waitingBytes > maxWaitingBytes) return;
    this.#wantsDrain = false;
    this.#onDrain();
  }
}

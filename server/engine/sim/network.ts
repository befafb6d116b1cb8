// A simulated TCP: streams keep order and lose nothing while they live, as the kernel promises; chunks arrive late and
// cut at odd places, links can be cut (bytes wait, then the stream breaks), and a node that dies takes its streams along.

import { NetworkError, type ByteStream, type Listener, type Network } from '../world/ports.ts';
import type { SeededRandom } from './random.ts';
import type { Scheduler } from './scheduler.ts';

const writeHighWaterMark = 1024 * 1024;
const minLatencyUs = 30;
const latencySpreadUs = 400;
/** One packet in so many is late, as if it had been sent again. */
const oneLateIn = 200;
const lateUs = 200_000;
/** A stream over a link that stays cut breaks after this long. */
const cutBreaksAfterUs = 15_000_000;
/** How often a waiting sender looks whether the link healed. */
const retryUs = 100_000;
const firstClientPort = 40_000;

interface Hosted {
  readonly node: number;
  readonly accept: (stream: ByteStream) => void;
}

export class SimNetwork {
  readonly #scheduler: Scheduler;
  readonly #random: SeededRandom;
  readonly #listeners = new Map<number, Hosted>();
  readonly #streams = new Set<SimStream>();
  readonly #cuts = new Set<string>();
  readonly #stalls = new Set<string>();
  /** Counts the lives of each node: a connection that an earlier one asked for is nobody's any more. */
  readonly #lives = new Map<number, number>();
  /** Nodes that stand still, with the connections their kernel has taken for them meanwhile. */
  readonly #frozen = new Map<number, (() => void)[]>();
  #nextPort = firstClientPort;
  #distanceUs = 0;

  constructor(scheduler: Scheduler, random: SeededRandom) {
    this.#scheduler = scheduler;
    this.#random = random;
  }

  /** The network as one node sees it. */
  of(node: number): Network {
    return {
      listen: ({ host, port }, accept) => this.#listen(node, { host, port }, accept),
      connect: ({ host, port, timeoutMs }) => this.#connect(node, { host, port }, timeoutMs),
    };
  }

  /** Stops bytes from `from` to `to`; the other way goes on. */
  cut(from: number, to: number): void {
    this.#cuts.add(`${from}>${to}`);
  }

  join(from: number, to: number): void {
    this.#cuts.delete(`${from}>${to}`);
  }

  heal(): void {
    this.#cuts.clear();
  }

  get hasCuts(): boolean {
    return this.#cuts.size > 0;
  }

  isCut(from: number, to: number): boolean {
    return this.#cuts.has(`${from}>${to}`);
  }

  /** Bytes from `from` are read by `to` no more, those under way included, until they are let through. */
  stall(from: number, to: number): void {
    this.#stalls.add(`${from}>${to}`);
  }

  letThrough(from: number, to: number): void {
    this.#stalls.delete(`${from}>${to}`);
    for (const stream of this.#streams) if (stream.node === to) stream.wake();
  }

  isStalled(from: number, to: number): boolean {
    return this.#stalls.has(`${from}>${to}`);
  }

  /** Every delivery takes this much longer from now on. */
  moveApart(distanceUs: number): void {
    this.#distanceUs = distanceUs;
  }

  /** The node's process stands still: its kernel goes on taking connections and bytes, nobody reads them. */
  freeze(node: number): void {
    this.#frozen.set(node, []);
  }

  thaw(node: number): void {
    const waiting = this.#frozen.get(node) ?? [];
    this.#frozen.delete(node);
    for (const accept of waiting) accept();
    for (const stream of this.#streams) if (stream.node === node) stream.wake();
  }

  #lifeOf(node: number): number {
    return this.#lives.get(node) ?? 0;
  }

  isFrozen(node: number): boolean {
    return this.#frozen.has(node);
  }

  /** A node's process is gone: its listeners refuse, its peers see their streams reset. */
  dropNode(node: number): void {
    this.#lives.set(node, this.#lifeOf(node) + 1);
    this.#frozen.delete(node);
    for (const [port, hosted] of this.#listeners) if (hosted.node === node) this.#listeners.delete(port);
    for (const stream of this.#streams) if (stream.node === node) stream.die();
  }

  latencyUs(): number {
    return minLatencyUs + this.#distanceUs + this.#random.nextInt(latencySpreadUs) + (this.#random.oneIn(oneLateIn) ? lateUs : 0);
  }

  /** Where to cut the bytes of one delivery: mostly whole, sometimes in two. */
  cutAt(length: number): number {
    return length > 1 && this.#random.oneIn(8) ? 1 + this.#random.nextInt(length - 1) : length;
  }

  forget(stream: SimStream): void {
    this.#streams.delete(stream);
  }

  #listen(
    node: number,
    address: { readonly host: string; readonly port: number },
    accept: (stream: ByteStream) => void,
  ): Promise<Listener> {
    if (this.#listeners.has(address.port)) return Promise.reject(new NetworkError('address-in-use', `port ${address.port} is taken`));
    this.#listeners.set(address.port, { node, accept });
    const close = (): Promise<void> => {
      this.#listeners.delete(address.port);
      return Promise.resolve();
    };
    return Promise.resolve({ ...address, close });
  }

  #connect(node: number, address: { readonly host: string; readonly port: number }, timeoutMs: number): Promise<ByteStream> {
    return new Promise((settle, refuse) => {
      const hosted = this.#listeners.get(address.port);
      const isUnreachable = hosted !== undefined && (this.isCut(node, hosted.node) || this.isCut(hosted.node, node));
      if (isUnreachable) {
        this.#scheduler.after(timeoutMs * 1_000, () =>
          refuse(new NetworkError('timed-out', `no connection to ${address.host}:${address.port}`)),
        );
        return;
      }
      const life = this.#lifeOf(node);
      this.#scheduler.after(this.latencyUs(), () => {
        if (this.#lifeOf(node) !== life) return;
        const open = this.#listeners.get(address.port);
        if (open === undefined) refuse(new NetworkError('refused', `nothing listens on ${address.port}`));
        else settle(this.#join(node, open, address.port));
      });
    });
  }

  #join(node: number, hosted: Hosted, port: number): ByteStream {
    const clientPort = this.#nextPort++;
    const near = new SimStream(this, this.#scheduler, {
      node,
      peerNode: hosted.node,
      localPort: clientPort,
      remotePort: port,
      lendsChunks: true,
    });
    const far = new SimStream(this, this.#scheduler, {
      node: hosted.node,
      peerNode: node,
      localPort: port,
      remotePort: clientPort,
      lendsChunks: false,
    });
    near.peer = far;
    far.peer = near;
    this.#streams.add(near).add(far);
    const waiting = this.#frozen.get(hosted.node);
    if (waiting === undefined) hosted.accept(far);
    else waiting.push(() => hosted.accept(far));
    return near;
  }
}

interface Ends {
  readonly node: number;
  readonly peerNode: number;
  readonly localPort: number;
  readonly remotePort: number;
  /** As the real network does for streams that this process opened. */
  readonly lendsChunks: boolean;
}

/** What a lent chunk holds once it was read: whoever kept it finds nonsense. */
const poison = 0xdb;

class SimStream implements ByteStream {
  readonly node: number;
  readonly remoteAddress = '127.0.0.1';
  readonly remotePort: number;
  readonly localPort: number;
  readonly lendsChunks: boolean;
  peer: SimStream | null = null;
  readonly #network: SimNetwork;
  readonly #scheduler: Scheduler;
  readonly #peerNode: number;
  readonly #inbox: Buffer[] = [];
  readonly #outbox: Buffer[] = [];
  #cutSinceUs: number | null = null;
  #bufferedBytes = 0;
  #lastArrivalUs = 0;
  #isPaused = false;
  #isClosed = false;
  #wantsDrain = false;
  /** The other end has closed while this one stood still. */
  #unheardClose: { readonly reason: Error | undefined } | null = null;
  #onData: ((chunk: Buffer) => void) | null = null;
  #onClose: ((reason: Error | undefined) => void) | null = null;
  #onDrain: (() => void) | null = null;

  constructor(network: SimNetwork, scheduler: Scheduler, ends: Ends) {
    this.#network = network;
    this.#scheduler = scheduler;
    this.node = ends.node;
    this.#peerNode = ends.peerNode;
    this.localPort = ends.localPort;
    this.remotePort = ends.remotePort;
    this.lendsChunks = ends.lendsChunks;
  }

  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  onData(take: (chunk: Buffer) => void): void {
    this.#onData = take;
    this.#deliver();
  }

  onClose(take: (reason: Error | undefined) => void): void {
    this.#onClose = take;
  }

  onDrain(take: () => void): void {
    this.#onDrain = take;
  }

  write(chunks: readonly Uint8Array[], onTaken?: () => void): boolean {
    if (this.#isClosed) return false;
    const bytes = Buffer.concat(chunks);
    onTaken?.();
    this.#bufferedBytes += bytes.length;
    this.#outbox.push(bytes);
    if (this.#cutSinceUs === null) this.#pump();
    if (this.#bufferedBytes > writeHighWaterMark) this.#wantsDrain = true;
    return this.#bufferedBytes <= writeHighWaterMark;
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#scheduler.after(0, () => this.#deliver());
  }

  end(): void {
    if (this.#isClosed) return;
    this.#scheduler.after(this.#arrivalDelayUs(), () => this.peer?.closeBy(undefined));
    this.closeBy(undefined);
  }

  destroy(reason?: Error): void {
    if (this.#isClosed) return;
    this.#scheduler.after(this.#arrivalDelayUs(), () => this.peer?.closeBy(new NetworkError('reset', 'the peer reset the connection')));
    this.closeBy(reason);
  }

  /** The process on this end is gone: nothing more happens here, the peer sees a reset. */
  die(): void {
    this.#isClosed = true;
    this.#onClose = null;
    this.#network.forget(this);
    this.#scheduler.after(this.#network.latencyUs(), () => this.peer?.closeBy(new NetworkError('reset', 'the peer is gone')));
  }

  /** Sends what waits, in order; behind a cut link everything waits until it heals or the stream breaks. */
  #pump(): void {
    if (this.#isClosed || this.#outbox.length === 0) return;
    if (this.#network.isCut(this.node, this.#peerNode)) {
      this.#waitForHeal();
      return;
    }
    this.#cutSinceUs = null;
    for (const bytes of this.#outbox.splice(0)) {
      const at = this.#network.cutAt(bytes.length);
      this.#arrive(bytes.subarray(0, at));
      if (at < bytes.length) this.#arrive(bytes.subarray(at));
    }
  }

  #waitForHeal(): void {
    this.#cutSinceUs ??= this.#scheduler.nowUs;
    if (this.#scheduler.nowUs - this.#cutSinceUs >= cutBreaksAfterUs) this.destroy(new NetworkError('timed-out', 'the link stays cut'));
    else this.#scheduler.after(retryUs, () => this.#pump());
  }

  #arrive(bytes: Buffer): void {
    this.#scheduler.after(this.#arrivalDelayUs(), () => {
      this.#bufferedBytes -= bytes.length;
      this.peer?.receive(Buffer.from(bytes));
      if (this.#wantsDrain && this.#bufferedBytes <= writeHighWaterMark / 2) this.#tellDrain();
    });
  }

  /** Bytes never overtake each other on one stream. */
  #arrivalDelayUs(): number {
    const atUs = Math.max(this.#lastArrivalUs, this.#scheduler.nowUs + this.#network.latencyUs());
    this.#lastArrivalUs = atUs;
    return atUs - this.#scheduler.nowUs;
  }

  #tellDrain(): void {
    this.#wantsDrain = false;
    if (!this.#isClosed) this.#onDrain?.();
  }

  /** Bytes from the other end. */
  receive(chunk: Buffer): void {
    if (this.#isClosed) return;
    this.#inbox.push(chunk);
    this.#deliver();
  }

  #deliver(): void {
    while (!this.#isPaused && !this.#isClosed && this.#onData !== null && this.#mayRead()) {
      const chunk = this.#inbox.shift();
      if (chunk === undefined) return;
      this.#onData(chunk);
      if (this.lendsChunks) chunk.fill(poison);
    }
  }

  #mayRead(): boolean {
    return !this.#network.isFrozen(this.node) && !this.#network.isStalled(this.#peerNode, this.node);
  }

  /** Its process goes on: first it reads what came, then it hears of the end. */
  wake(): void {
    this.#deliver();
    if (this.#unheardClose !== null) this.closeBy(this.#unheardClose.reason);
  }

  /** Called by the other end, or by the stream itself. */
  closeBy(reason: Error | undefined): void {
    if (this.#isClosed) return;
    if (this.#network.isFrozen(this.node)) {
      this.#unheardClose ??= { reason };
      return;
    }
    this.#isClosed = true;
    this.#network.forget(this);
    const tell = this.#onClose;
    this.#onClose = null;
    tell?.(reason);
  }
}

// One stream a browser. HTTP/1.1 allows six connections to one address, and each stream holds one for as long as it runs:
// six tabs with a stream of their own leave none for anything else. So of the tabs that show the same stream one holds it,
// by a lock that the browser gives to the next when that tab is closed or hidden, and passes each message on to the others.

type Stop = () => void;
/** Opens the stream itself; what comes goes to `take`. */
export type OpenStream<Message> = (take: (message: Message) => void) => Stop;

type Passed<Message> = { readonly kind: 'joined' } | { readonly kind: 'message'; readonly message: Message };

/** `name` tells streams apart. Gives back what ends this tab's part in it. */
export function shareStream<Message>(name: string, open: OpenStream<Message>, take: (message: Message) => void): Stop {
  // Browsers give locks to secure pages only: those of https, or of this machine. Elsewhere each tab has its own stream.
  if (globalThis.navigator?.locks === undefined) return open(take);
  const share = new StreamShare(name, open, take);
  return () => share.leave();
}

/** Runs `begin` while the page can be seen, and what it gave back when the page is hidden, or left for good. */
export function whileVisible(begin: () => Stop): Stop {
  let stop: Stop | null = null;
  const follow = (): void => {
    const isVisible = document.visibilityState === 'visible';
    if (isVisible) return void (stop ??= begin());
    stop?.();
    stop = null;
  };
  document.addEventListener('visibilitychange', follow);
  follow();
  return () => {
    document.removeEventListener('visibilitychange', follow);
    stop?.();
  };
}

class StreamShare<Message> {
  readonly #channel: BroadcastChannel;
  readonly #open: OpenStream<Message>;
  readonly #take: (message: Message) => void;
  readonly #left = new AbortController();
  /** The stream, while this tab holds it. */
  #stop: Stop | null = null;

  constructor(name: string, open: OpenStream<Message>, take: (message: Message) => void) {
    this.#open = open;
    this.#take = take;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }: MessageEvent<Passed<Message>>) => this.#onPassed(data);
    this.#pass({ kind: 'joined' });
    void this.#hold(name);
  }

  leave(): void {
    this.#left.abort();
    this.#stop?.();
    this.#stop = null;
    this.#channel.close();
  }

  /** Waits for its turn, then holds the stream until this tab leaves. */
  async #hold(name: string): Promise<void> {
    const { signal } = this.#left;
    try {
      await navigator.locks.request(name, { signal }, () => {
        if (signal.aborted) return undefined;
        this.#start();
        return new Promise<void>((release) => signal.addEventListener('abort', () => release(), { once: true }));
      });
    } catch (error) {
      if (!signal.aborted) throw error; // left before its turn came
    }
  }

  #start(): void {
    this.#stop?.();
    this.#stop = this.#open((message) => {
      this.#pass({ kind: 'message', message });
      this.#take(message);
    });
  }

  #onPassed(passed: Passed<Message>): void {
    if (passed.kind === 'message') this.#take(passed.message);
    // A stream begins with how things stand, which is what the tab that came needs.
    else if (this.#stop !== null) this.#start();
  }

  #pass(passed: Passed<Message>): void {
    if (!this.#left.signal.aborted) this.#channel.postMessage(passed);
  }
}

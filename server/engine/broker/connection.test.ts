import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Connection, type ConnectionLimits, type Outcome } from './connection.ts';
import { RequestMemory } from './request-memory.ts';
import { FakeStream, frameOf } from './testing/fake-stream.ts';

interface Parked {
  readonly text: string;
  readonly settle: (outcome: Outcome) => void;
}

const limits = (): ConnectionLimits => ({
  maxFrameBytes: 1024,
  maxInFlight: 4,
  maxUnsentBytes: 10_000,
  maxRequestBytes: 1_000_000,
});

const memoryOf = (maxBytes: number): RequestMemory => new RequestMemory(maxBytes, queueMicrotask);
const nextTurn = (): Promise<void> => new Promise(setImmediate);

function answer(text: string): Outcome {
  return { kind: 'respond', chunks: [Buffer.from(`<${text}>`)] };
}

/** "later:x" parks, "later-released" parks and lets go of its bytes, "silent" has no answer, "close" ends it, "large" gets many bytes, anything else is answered at once. */
function open(overrides: Partial<ConnectionLimits> = {}, requestMemory = memoryOf(10_000_000)) {
  const stream = new FakeStream();
  const parked: Parked[] = [];
  const closed: string[] = [];
  const turns: (() => void)[] = [];
  const served: string[] = [];
  const large = Buffer.alloc(50_000);
  const huge = Buffer.alloc(300_000);
  const sent: string[] = [];
  const connection = new Connection({
    connectionId: 1,
    stream,
    limits: { ...limits(), ...overrides },
    requestMemory,
    allocate: Buffer.alloc,
    serve: (frame, _connection, release) => {
      const text = frame.length > 10_000 ? frame.toString().trimEnd() : frame.toString();
      served.push(text);
      if (text === 'large') return { kind: 'respond', chunks: [large] };
      if (text.startsWith('huge')) return { kind: 'respond', chunks: [huge], onSent: () => void sent.push(text) };
      if (text === 'silent') return { kind: 'silent' };
      if (text === 'close') return { kind: 'close', reason: 'asked to' };
      if (!text.startsWith('later')) return answer(text);
      if (text.startsWith('later-released')) release();
      return new Promise((settle) => {
        parked.push({ text, settle });
      });
    },
    onClosed: (_connection, reason) => {
      closed.push(reason);
    },
    onBytesIn: () => {},
    onBytesOut: () => {},
    nowUs: () => 0,
    afterTurn: (flush) => {
      turns.push(flush);
    },
  });
  const settle = async (text: string): Promise<void> => {
    parked.find((request) => request.text === text)?.settle(answer(text));
    await Promise.resolve();
    await Promise.resolve();
    for (const flush of turns.splice(0)) flush();
  };
  return { stream, connection, parked, closed, served, settle, large, sent };
}

describe('answers', () => {
  test('keep the order of the requests, whichever finishes first', async () => {
    const { stream, settle } = open();
    stream.receive(Buffer.concat(['later:a', 'now:b', 'later:c'].map(frameOf)));
    expect(stream.written.toString()).toBe('');
    await settle('later:c');
    expect(stream.written.toString()).toBe('');
    await settle('later:a');
    expect(stream.written.toString()).toBe('<later:a><now:b><later:c>');
  });

  test('of one chunk leave in one write', () => {
    const { stream } = open();
    stream.receive(Buffer.concat(['a', 'b', 'c'].map(frameOf)));
    expect(stream.writes.map(String)).toEqual(['<a><b><c>']);
  });

  test('are not awaited by a request that has none (acks=0)', () => {
    const { stream } = open();
    stream.receive(Buffer.concat(['silent', 'b'].map(frameOf)));
    expect(stream.written.toString()).toBe('<b>');
  });

  test('that are owed leave before the connection closes for a request that has none', async () => {
    const { stream, closed, settle } = open();
    stream.receive(Buffer.concat(['later:a', 'close', 'c'].map(frameOf)));
    expect(closed).toEqual([]);
    await settle('later:a');
    expect(stream.written.toString()).toBe('<later:a>');
    expect(closed).toEqual(['asked to']);
    expect(stream.isEnded).toBe(true);
  });

  test('that come after the connection is gone go nowhere', async () => {
    const { stream, closed, settle } = open();
    stream.receive(frameOf('later:a'));
    stream.peerCloses();
    await settle('later:a');
    expect(stream.writes).toEqual([]);
    expect(closed).toEqual(['closed by the client']);
  });

  test('large chunks leave as they are, small ones around them are joined', () => {
    const { stream, large } = open();
    stream.receive(Buffer.concat(['a', 'large', 'b', 'c'].map(frameOf)));
    expect(stream.chunks.map((chunk) => chunk.length)).toEqual(['<a>'.length, large.length, '<b><c>'.length]);
    expect(stream.chunks[1]).toBe(large);
  });

  test('that are large leave at once and not behind the next: memory is bounded, the reader has work', () => {
    const { stream } = open({ maxUnsentBytes: 10_000_000 });
    stream.receive(Buffer.concat(['huge1', 'a', 'huge2', 'huge3'].map(frameOf)));
    expect(stream.writes.map((bytes) => bytes.length)).toEqual([300_000, 300_003, 300_000]);
  });

  test('are reported as sent only when the network has taken them, and never when the client went away', () => {
    const { stream, sent } = open({ maxUnsentBytes: 10_000_000 });
    stream.receive(Buffer.concat(['huge1', 'huge2'].map(frameOf)));
    expect(sent).toEqual([]);
    stream.untold.shift()?.();
    expect(sent).toEqual(['huge1']);
    stream.peerCloses();
    expect(sent).toEqual(['huge1']);
  });
});

describe('back-pressure', () => {
  test('too many requests in flight stop reading, and reading goes on when one is answered', async () => {
    const { stream, served, settle } = open();
    stream.receive(Buffer.concat(['later:1', 'later:2', 'later:3', 'later:4', 'later:5', 'later:6'].map(frameOf)));
    expect(served).toHaveLength(4);
    expect(stream.isPaused).toBe(true);
    await settle('later:1');
    expect(served).toHaveLength(5);
    expect(stream.isPaused).toBe(true);
    await settle('later:2');
    await settle('later:3');
    expect(served).toHaveLength(6);
    expect(stream.isPaused).toBe(false);
  });

  test('a client that does not read its answers is not served further until it does', () => {
    const { stream, served } = open();
    stream.bufferedBytes = 10_000;
    stream.receive(frameOf('a'));
    expect(served).toEqual([]);
    expect(stream.isPaused).toBe(true);
    stream.drained();
    expect(served).toEqual(['a']);
    expect(stream.isPaused).toBe(false);
  });

  test('a long run of requests that are answered at once is served whole', () => {
    const { stream, served } = open();
    stream.receive(Buffer.concat(Array.from({ length: 50 }, (_, index) => frameOf(`r${index}`))));
    expect(served).toHaveLength(50);
    expect(stream.isPaused).toBe(false);
  });
});

describe('bad input', () => {
  test('a frame over the limit ends the connection with a reason that names the length', () => {
    const { stream, closed } = open();
    stream.receive(Buffer.from([0x7f, 0xff, 0xff, 0xff]));
    expect(closed).toHaveLength(1);
    expect(closed[0]).toContain('2147483647');
    expect(stream.isEnded).toBe(true);
  });

  test('a negative length ends the connection, but what came whole before it is answered', () => {
    const { stream, closed } = open();
    stream.receive(Buffer.concat([frameOf('a'), Buffer.from([0xff, 0xff, 0xff, 0xff])]));
    expect(stream.written.toString()).toBe('<a>');
    expect(closed).toHaveLength(1);
  });
});

describe('memory of requests', () => {
  const big = { maxFrameBytes: 1_000_000 };
  /** A request of about this size: the blanks behind its text are only there to weigh. */
  const padded = (text: string, sizeBytes: number): Buffer => frameOf(text.padEnd(sizeBytes));

  test('is counted from the first byte of a frame until its answer', async () => {
    const memory = memoryOf(1_000_000);
    const { stream, settle } = open(big, memory);
    const frame = padded('later:1', 200_000);
    stream.receive(frame.subarray(0, 80_000));
    expect(memory.usedBytes).toBe(80_000);
    stream.receive(frame.subarray(80_000));
    expect(memory.usedBytes).toBe(frame.length);
    await settle('later:1');
    expect(memory.usedBytes).toBe(0);
  });

  test('is free as soon as the handler lets go of it, long before the answer', () => {
    const memory = memoryOf(1_000_000);
    const { stream, connection } = open(big, memory);
    stream.receive(padded('later-released', 200_000));
    expect([memory.usedBytes, connection.inFlight]).toEqual([0, 1]);
  });

  test('that is used up stops reading and refuses nobody; who waits goes on in turn once it is free', async () => {
    const memory = memoryOf(300_000);
    const busy = open(big, memory);
    busy.stream.receive(padded('later:1', 300_000));
    const [first, second] = [open(big, memory), open(big, memory)];
    const frame = padded('now', 200_000);
    for (const { stream } of [first, second]) stream.receive(frame.subarray(0, 100_000));
    // The first in line may read on: if only unfinished requests held the memory, it would never come free.
    expect([busy, first, second].map(({ stream }) => stream.isPaused)).toEqual([true, false, true]);
    await busy.settle('later:1');
    await nextTurn();
    expect([busy, first, second].map(({ stream }) => stream.isPaused)).toEqual([false, false, false]);
    for (const { stream } of [first, second]) stream.receive(frame.subarray(100_000));
    expect([first, second].map(({ served }) => served)).toEqual([['now'], ['now']]);
    expect([busy, first, second].flatMap(({ closed }) => closed)).toEqual([]);
    expect([memory.usedBytes, memory.waitingCount]).toEqual([0, 0]);
  });

  test('that is used up keeps no small request waiting: a follower that fetches is what frees it', () => {
    const memory = memoryOf(300_000);
    open(big, memory).stream.receive(padded('later:1', 300_000));
    const follower = open(big, memory);
    follower.stream.receive(frameOf('fetch'));
    expect([follower.served, follower.stream.isPaused]).toEqual([['fetch'], false]);
  });

  test('of one connection is bounded too, and one request alone may be larger', async () => {
    const memory = memoryOf(10_000_000);
    const { stream, settle, served } = open({ ...big, maxRequestBytes: 150_000 }, memory);
    stream.receive(padded('later:1', 100_000));
    expect(stream.isPaused).toBe(false);
    stream.receive(padded('later:2', 100_000));
    expect(stream.isPaused).toBe(true);
    await settle('later:1');
    await settle('later:2');
    const frame = padded('large', 400_000);
    stream.receive(frame.subarray(0, 300_000));
    expect(stream.isPaused).toBe(false);
    stream.receive(frame.subarray(300_000));
    expect(served.at(-1)).toBe('large');
  });

  test('of a connection that is gone is free, and the next in line goes on', async () => {
    const memory = memoryOf(300_000);
    const frame = padded('now', 400_000);
    const [holder, waiting] = [open(big, memory), open(big, memory)];
    for (const { stream } of [holder, waiting]) stream.receive(frame.subarray(0, 300_000));
    expect([holder, waiting].map(({ stream }) => stream.isPaused)).toEqual([false, true]);
    holder.stream.peerCloses();
    expect(memory.usedBytes).toBe(300_000);
    await nextTurn();
    expect(waiting.stream.isPaused).toBe(false);
  });

  test('that a handler holds for long stops nobody whose request is unfinished', async () => {
    const memory = memoryOf(300_000);
    const [other, holder, next] = [open(big, memory), open(big, memory), open(big, memory)];
    const frame = padded('later:held', 200_000);
    for (const { stream } of [other, holder, next]) stream.receive(frame.subarray(0, 150_000));
    expect([other, holder, next].map(({ stream }) => stream.isPaused)).toEqual([false, false, true]);
    holder.stream.receive(frame.subarray(150_000));
    // It was on its way: it takes its place in the line.
    other.stream.receive(frame.subarray(150_000, 150_100));
    await nextTurn();
    expect([other, holder, next].map(({ stream }) => stream.isPaused)).toEqual([true, true, false]);
  });

  test('is not waited for by a connection that may not go on anyway', async () => {
    const memory = memoryOf(300_000);
    const [other, first, next] = [open(big, memory), open({ ...big, maxInFlight: 1 }, memory), open(big, memory)];
    const frame = padded('later-released', 200_000);
    for (const { stream } of [other, first, next]) stream.receive(frame.subarray(0, 190_000));
    first.stream.receive(Buffer.concat([frame.subarray(190_000), frame.subarray(0, 100)]));
    await nextTurn();
    expect([memory.usedBytes > 300_000, memory.waitingCount]).toEqual([true, 1]);
    expect([first, next].map(({ stream }) => stream.isPaused)).toEqual([true, false]);
  });

  test('of a request whose client is gone is counted until its handler is done with it', async () => {
    const memory = memoryOf(1_000_000);
    const { stream, settle } = open(big, memory);
    const frame = padded('later:1', 200_000);
    stream.receive(Buffer.concat([frame, frame.subarray(0, 100_000)]));
    stream.peerCloses();
    expect(memory.usedBytes).toBe(frame.length);
    await settle('later:1');
    expect(memory.usedBytes).toBe(0);
  });

  test('however short it is, every request is served in the end and nothing stays counted', async () => {
    const memory = memoryOf(100_000);
    const clients = Array.from({ length: 8 }, () => open(big, memory));
    const unsent: Buffer[] = clients.map(() => Buffer.concat([1, 2, 3].map((number) => padded(`now:${number}`, 150_000))));
    while (unsent.some((bytes) => bytes.length > 0)) {
      const before = unsent.reduce((sum, bytes) => sum + bytes.length, 0);
      for (const [index, { stream }] of clients.entries()) {
        if (stream.isPaused) continue;
        stream.receive((unsent[index] as Buffer).subarray(0, 60_000));
        unsent[index] = (unsent[index] as Buffer).subarray(60_000);
      }
      await nextTurn();
      expect(unsent.reduce((sum, bytes) => sum + bytes.length, 0)).toBeLessThan(before);
      // Before it is paused each has read what was on its way: one chunk beyond what may always be read.
      expect(memory.usedBytes).toBeLessThanOrEqual(100_000 + 8 * (65_536 + 60_000) + 150_000);
    }
    for (const { served, closed } of clients) expect([served, closed]).toEqual([['now:1', 'now:2', 'now:3'], []]);
    expect([memory.usedBytes, memory.waitingCount]).toEqual([0, 0]);
  });
});

describe('the end of a connection', () => {
  test('cancels what is parked for it, once', () => {
    const { stream, connection } = open();
    let cancelled = 0;
    connection.onClose(() => {
      cancelled += 1;
    });
    const forget = connection.onClose(() => {
      cancelled += 100;
    });
    forget();
    stream.peerCloses();
    connection.close('again');
    expect(cancelled).toBe(1);
  });

  test('is told once, with the reason of whoever closed first', () => {
    const { stream, connection, closed } = open();
    connection.close('idle');
    stream.peerCloses(new Error('reset'));
    expect(closed).toEqual(['idle']);
  });
});

test('however the bytes are cut, the same requests are served in the same order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 40 }), { maxLength: 30 }),
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 40 }),
      (texts, cuts) => {
        const { stream, served } = open();
        const wanted = texts.map((text) => `r${text}`);
        const bytes = Buffer.concat(wanted.map(frameOf));
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const size = cuts[turn % cuts.length] as number;
          stream.receive(bytes.subarray(at, at + size));
          at += size;
        }
        expect(served).toEqual(wanted);
        expect(stream.written.toString()).toBe(wanted.map((text) => `<${text}>`).join(''));
      },
    ),
  );
});

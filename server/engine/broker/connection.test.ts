import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Connection, type ConnectionLimits, type Outcome } from './connection.ts';
import { FakeStream, frameOf } from './testing/fake-stream.ts';

interface Parked {
  readonly text: string;
  readonly settle: (outcome: Outcome) => void;
}

const limits = (): ConnectionLimits => ({
  maxFrameBytes: 1024,
  maxInFlight: 4,
  maxUnsentBytes: 10_000,
  frameBudget: { maxBytes: 2_000, usedBytes: 0 },
});

function answer(text: string): Outcome {
  return { kind: 'respond', chunks: [Buffer.from(`<${text}>`)] };
}

/** "later:x" parks, "silent" has no answer, "close" ends it, "large" gets many bytes, anything else is answered at once. */
function open(overrides: Partial<ConnectionLimits> = {}) {
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
    allocate: Buffer.alloc,
    serve: (frame) => {
      const text = frame.toString();
      served.push(text);
      if (text === 'large') return { kind: 'respond', chunks: [large] };
      if (text.startsWith('huge')) return { kind: 'respond', chunks: [huge], onSent: () => void sent.push(text) };
      if (text === 'silent') return { kind: 'silent' };
      if (text === 'close') return { kind: 'close', reason: 'asked to' };
      if (!text.startsWith('later')) return answer(text);
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

  test('unfinished frames of all connections share one bound', () => {
    const budget = { maxBytes: 1_000, usedBytes: 0 };
    const first = open({ frameBudget: budget });
    const second = open({ frameBudget: budget });
    first.stream.receive(frameOf(Buffer.alloc(1000)).subarray(0, 700));
    expect(budget.usedBytes).toBe(700);
    second.stream.receive(frameOf(Buffer.alloc(1000)).subarray(0, 700));
    expect(first.closed).toEqual([]);
    expect(second.closed[0]).toContain('over the limit of 1000');
    expect(budget.usedBytes).toBe(700);
    first.stream.peerCloses();
    expect(budget.usedBytes).toBe(0);
  });

  test('a frame that is finished gives its share back', () => {
    const budget = { maxBytes: 1_000, usedBytes: 0 };
    const { stream, served } = open({ frameBudget: budget });
    const frame = frameOf('x'.repeat(600));
    stream.receive(frame.subarray(0, 300));
    expect(budget.usedBytes).toBe(300);
    stream.receive(frame.subarray(300));
    expect(budget.usedBytes).toBe(0);
    expect(served).toHaveLength(1);
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

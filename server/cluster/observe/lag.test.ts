import { describe, expect, test } from 'vitest';
import type { GroupDetail, GroupOffset } from '../group-model.ts';
import { LagWatch } from './lag.ts';
import { defaultLagSettings, lagSettingsFrom } from './lag-settings.ts';
import { offsetLag, offsetState } from './offset-state.ts';

interface Step {
  readonly committed: number | null;
  readonly end: number;
  readonly start?: number;
}

interface Reader {
  readonly groupId?: string;
  readonly members?: number;
  readonly isOwned?: boolean;
}

function groupOf({ committed, end, start = 0 }: Step, { groupId = 'g', members = 1, isOwned = members > 0 }: Reader): GroupDetail {
  const place = { isCommitKnown: true, committedOffset: committed, startOffset: start, endOffset: end, exists: true };
  const offset: GroupOffset = {
    topic: 't',
    partition: 0,
    committedOffset: committed,
    metadata: null,
    startOffset: start,
    endOffset: end,
    state: offsetState(place),
    lag: offsetLag(place),
    memberId: isOwned ? 'm' : null,
  };
  const member = { memberId: 'm', instanceId: null, clientId: 'c', host: 'h', assignment: [] };
  return {
    groupId,
    state: 'Stable',
    protocolType: 'consumer',
    protocol: 'range',
    groupType: 'classic',
    coordinatorId: 1,
    members: Array.from({ length: members }, () => member),
    offsets: [offset],
    lag: offset.lag,
    judgement: null,
  };
}

/** Looks at one group, a step each `everyMs`. */
class Looks {
  readonly watch: LagWatch;
  readonly #everyMs: number;
  #atMs = 1_000_000;
  lastCommitMs: number | null = null;

  constructor(everyMs = 5_000) {
    this.#everyMs = everyMs;
    this.watch = new LagWatch(defaultLagSettings, () => this.lastCommitMs);
  }

  look(count: number, step: (index: number) => Step, reader: Reader = {}): this {
    for (let index = 0; index < count; index++) {
      this.#atMs += this.#everyMs;
      this.watch.take(this.#atMs, [groupOf(step(index), reader)]);
    }
    return this;
  }

  commits(): void {
    this.lastCommitMs = this.#atMs + 60_000;
  }

  get verdict() {
    return this.watch.judgement('g')?.verdict;
  }
}

const slow = (index: number): Step => ({ committed: index * 10, end: index * 100 });
const flowing = (index: number): Step => ({ committed: index * 100, end: index * 100 + 9 });
const stood = (index: number): Step => ({ committed: 5, end: 5 + index * 100 });

describe('a group that is watched', () => {
  test('through fewer than ten looks is not judged yet', () => {
    expect(new Looks().look(9, slow).verdict).toBeNull();
    expect(new Looks(1_000).look(20, slow).verdict, 'nor in less than the time of a window').toBeNull();
  });

  test.each([1_000, 2_000, 5_000, 10_000, 60_000])('falls behind however far apart looks come: every %d ms', (everyMs) => {
    expect(new Looks(everyMs).look(100, slow).verdict).toBe('falling-behind');
  });

  test.each([1_000, 5_000, 10_000])('and flows, with nine records of it unread at every look, is OK: every %d ms', (everyMs) => {
    expect(new Looks(everyMs).look(60, flowing).verdict).toBe('ok');
  });

  test('and has read everything at one look of the window is OK', () => {
    const looks = new Looks().look(30, (index) =>
      index % 8 === 0 ? { committed: index * 100, end: index * 100 } : { committed: (index - (index % 8)) * 100, end: index * 100 },
    );
    expect(looks.verdict).toBe('ok');
  });

  test('and commits nothing new while the log grows has stopped', () => {
    expect(new Looks().look(12, stood).verdict).toBe('stopped');
  });

  test('and commits the same offset again and again is stalled, which is not stopped', () => {
    const looks = new Looks().look(11, stood);
    looks.commits();
    expect(looks.look(1, () => stood(12)).verdict).toBe('stalled');
  });

  test('and works off a backlog from before anybody watched is OK, however old that is', () => {
    expect(new Looks().look(40, (index) => ({ committed: index * 500, end: 1_000_000 + index * 100 })).verdict).toBe('ok');
  });

  test('and reads a backlog slower than it grows falls behind, though nobody knows how old it is', () => {
    const looks = new Looks().look(40, (index) => ({ committed: index * 50, end: 1_000_000 + index * 100 }));
    expect(looks.verdict).toBe('falling-behind');
    expect(looks.watch.judgement('g')?.timeLag?.isAtLeast).toBe(true);
  });

  test('and leaves records unread in a log that stands still falls behind: they get older', () => {
    expect(new Looks().look(12, () => ({ committed: 2, end: 20 })).verdict).toBe('falling-behind');
  });
});

describe('how old the oldest unread record is', () => {
  test('is the time since the look that first saw it', () => {
    const looks = new Looks().look(1, () => ({ committed: 0, end: 0 })).look(4, () => ({ committed: 0, end: 10 }));
    expect(looks.watch.judgement('g')?.timeLag).toEqual({ ms: 15_000, isAtLeast: false });
  });

  test('follows what is committed', () => {
    const looks = new Looks().look(10, (index) => ({ committed: 0, end: index * 10 })).look(1, () => ({ committed: 85, end: 90 }));
    expect(looks.watch.judgement('g')?.timeLag).toEqual({ ms: 5_000, isAtLeast: false });
  });

  test('begins anew with a log that was made anew', () => {
    const looks = new Looks().look(10, () => ({ committed: 0, end: 500 })).look(2, () => ({ committed: 0, end: 3 }));
    expect(looks.watch.judgement('g')?.timeLag).toMatchObject({ ms: 5_000 });
  });
});

describe('trouble that is over', () => {
  test('is told as over only after two good windows', () => {
    const looks = new Looks().look(20, slow);
    const read = (index: number): Step => ({ committed: 10_000 + index, end: 10_000 + index });
    expect(looks.look(19, read).verdict).toBe('falling-behind');
    expect(looks.look(1, read).verdict).toBe('ok');
  });

  test('begins to be over anew when it comes back meanwhile', () => {
    const looks = new Looks().look(12, stood).look(8, () => ({ committed: 3_000, end: 3_000 }));
    looks.look(30, (index) => ({ committed: 3_000, end: 3_000 + index }));
    expect(looks.look(11, () => ({ committed: 4_000, end: 4_000 })).verdict).toBe('stopped');
  });
});

describe('only what is alive is judged', () => {
  test('an old commit without members is no trouble, and has no judgement', () => {
    const looks = new Looks().look(40, stood, { members: 0 });
    expect(looks.watch.judgement('g')).toBeNull();
    expect(looks.watch.judged('stopped')).toEqual([]);
  });

  test('commits that move without members are a reader that assigns its partitions by hand', () => {
    expect(new Looks().look(40, slow, { members: 0 }).verdict).toBe('falling-behind');
    expect(new Looks().look(40, flowing, { members: 0 }).verdict).toBe('ok');
  });

  test("a partition that no member owns is nobody's lag", () => {
    expect(new Looks().look(40, stood, { isOwned: false }).verdict).toBeNull();
  });

  test('a rebalance takes the partitions for a moment and changes no verdict', () => {
    const looks = new Looks().look(12, stood).look(1, () => stood(13), { isOwned: false });
    expect(looks.verdict).toBe('stopped');
  });

  test('a partition without a commit is not judged: where its reader stands is not known', () => {
    expect(new Looks().look(40, (index) => ({ committed: null, end: index * 100 })).verdict).toBeNull();
  });

  test('a group that is gone is forgotten', () => {
    const { watch } = new Looks().look(12, stood);
    watch.take(9_000_000, []);
    expect([watch.judgement('g'), watch.judged('stopped')]).toEqual([null, []]);
  });
});

describe('the settings', () => {
  test('are defaults where nothing is set', () => expect(lagSettingsFrom({})).toEqual(defaultLagSettings));
  test('are taken in seconds and looks', () =>
    expect(lagSettingsFrom({ LOGARIUM_LAG_SECONDS: '120', LOGARIUM_LAG_LOOKS: '20', LOGARIUM_LAG_WINDOW_SECONDS: '60' })).toMatchObject({
      timeLagMs: 120_000,
      looks: 20,
      windowMs: 60_000,
    }));
  test.each(['x', '0', '1.5', '-3', '1e9'])('refuse "%s", naming the variable', (text) =>
    expect(() => lagSettingsFrom({ LOGARIUM_LAG_SECONDS: text })).toThrow('LOGARIUM_LAG_SECONDS'),
  );
});

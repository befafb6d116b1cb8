import { beforeEach, describe, expect, test } from 'vitest';
import { broker, event, group, partition, produced, snapshot, startMs, topic } from './harbour.fixture.ts';
import { renderDelayMs } from './fact-queue.ts';
import { Scene } from './scene.ts';
import { idleAfterMs } from './topic-activity.ts';

const names = Array.from({ length: 20 }, (_, index) => `small-${String(index).padStart(2, '0')}`);
const topics = names.map((name) => topic(name, 3));
const folding = { level: 'auto', isStill: false, showInternal: false, foldIdle: true } as const;

let scene: Scene;

/** The next snapshot, with one topic written to. */
function snapshotAt(afterMs: number, written: string | null = null): void {
  const grown = topics.map((one) =>
    one.name === written ? { ...one, partitions: one.partitions.map((part) => ({ ...part, endOffset: afterMs })) } : one,
  );
  scene.takeSnapshot(snapshot({ topics: grown, groups: [group('readers', 'reader', {})], atMs: startMs + afterMs }));
  scene.advance(startMs + afterMs + renderDelayMs);
}

const shown = (): readonly (string | null)[] => scene.structure.topicSlots;

beforeEach(() => {
  scene = new Scene();
  scene.setViewport({ width: 1_500, height: 618 });
});

describe('idle topics', () => {
  test('stand in the picture until a person folds them', () => {
    snapshotAt(0);
    snapshotAt(idleAfterMs);
    expect(shown()).toHaveLength(20);
    expect(scene.structure.folded).toEqual([]);
  });

  test('folded, they leave their room to those that are used, whose cells grow', () => {
    scene.setOptions(folding);
    snapshotAt(0);
    expect(scene.layout!.cell).toBe(16);
    snapshotAt(idleAfterMs, 'small-07');
    expect(shown()).toEqual(['small-07']);
    expect(scene.structure.folded).toEqual(names.filter((name) => name !== 'small-07'));
    expect(scene.layout!.cell).toBe(30);
    scene.setOptions({ ...folding, foldIdle: false });
    expect(shown()).toEqual(names);
  });

  test('one that is written to again comes back at once, and those beside it stay where they are', () => {
    scene.setOptions(folding);
    snapshotAt(0);
    snapshotAt(idleAfterMs, 'small-07');
    const before = scene.layout!.cells.map((place) => [place.key, place.x, place.y]);
    scene.takeFacts(
      [produced(startMs + idleAfterMs + 10, { topic: 'small-02', partition: 0, baseOffset: 0, recordCount: 1 })],
      0,
      startMs + idleAfterMs + 10,
    );
    scene.advance(startMs + idleAfterMs + 1_100 + renderDelayMs);
    expect(shown()).toEqual(['small-07', 'small-02']);
    expect(scene.layout!.cells.filter((place) => place.cell.topic === 'small-07').map((place) => [place.key, place.x, place.y])).toEqual(
      before,
    );
  });

  test('one in trouble is never folded away', () => {
    scene.setOptions(folding);
    const hurt = { ...topic('hurt', 1), partitions: [partition(0, 3, { isr: [1] })] };
    for (const atMs of [startMs, startMs + 2 * idleAfterMs]) {
      scene.takeSnapshot(snapshot({ topics: [...topics, hurt], brokers: [broker(1), broker(2), broker(3)], groups: [], atMs }));
      scene.advance(atMs + renderDelayMs);
    }
    expect(shown()).toEqual(['hurt']);
    const lost = {
      kind: 'leader-changed',
      topic: 'small-03',
      partition: 1,
      leaderId: -1,
      previousLeaderId: 2,
      leaderEpoch: 9,
      cause: '',
    } as const;
    scene.takeFacts([event(startMs + 2 * idleAfterMs + 5, 1, lost)], 0, startMs + 2 * idleAfterMs + 5);
    scene.advance(startMs + 2 * idleAfterMs + 1_500 + renderDelayMs);
    expect(shown()).toEqual(['hurt', 'small-03']);
  });
});

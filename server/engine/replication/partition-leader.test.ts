import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  acceptIsr,
  advanceHighWatermark,
  applyIsr,
  applyReplicas,
  awaitIsr,
  dropProposal,
  hasEnoughInSync,
  isAlone,
  isFollowed,
  knowsHighWatermark,
  proposeExpand,
  proposeShrink,
  recordFetch,
  takeOver,
  type CommitRule,
  type LeaderState,
} from './partition-leader.ts';

const maxLagMs = 1_000;

function leader(
  change: { readonly isr?: readonly number[]; readonly logEndOffset?: number; readonly highWatermark?: number } = {},
): LeaderState {
  return takeOver({
    brokerId: 1,
    leaderEpoch: 3,
    partitionEpoch: 7,
    replicas: [1, 2, 3],
    isr: [1, 2, 3],
    logEndOffset: 100,
    highWatermark: 100,
    nowMs: 0,
    ...change,
  });
}

function fetched(
  state: LeaderState,
  ...[brokerId, fetchOffset, more]: readonly [number, number, { readonly leaderEndOffset?: number; readonly nowMs?: number }?]
): LeaderState {
  return recordFetch(state, { brokerId, brokerEpoch: 1, fetchOffset, logStartOffset: 0, leaderEndOffset: 110, nowMs: 0, ...more })!;
}

const atLeast = (minInSyncReplicas: number): CommitRule => ({ minInSyncReplicas, awaits: () => false });

const highWatermark = (state: LeaderState, leaderEndOffset = 110, min = 1): number =>
  advanceHighWatermark(state, leaderEndOffset, atLeast(min)).highWatermark;

describe('the high watermark', () => {
  it('moves only when every in-sync replica has the offset', () => {
    const one = fetched(leader(), 2, 110);
    expect(highWatermark(one)).toBe(100);
    expect(highWatermark(fetched(one, 3, 105))).toBe(105);
    expect(highWatermark(fetched(one, 3, 110))).toBe(110);
  });

  it('does not wait for replicas out of sync', () => {
    expect(highWatermark(fetched(leader({ isr: [1, 2] }), 2, 108))).toBe(108);
  });

  it('follows the log of a leader that is alone', () => {
    expect(highWatermark(leader({ isr: [1] }))).toBe(110);
  });

  it('stands still while fewer are in sync than the minimum, though the leader has more', () => {
    expect(highWatermark(leader({ isr: [1] }), 110, 2)).toBe(100);
  });

  it('is not held to a minimum that the replicas can never reach', () => {
    const alone = takeOver({
      brokerId: 1,
      leaderEpoch: 0,
      partitionEpoch: 0,
      replicas: [1],
      isr: [1],
      logEndOffset: 0,
      highWatermark: 0,
      nowMs: 0,
    });
    expect(highWatermark(alone, 5, 2)).toBe(5);
  });

  it('never moves back when a follower starts over', () => {
    const ahead = advanceHighWatermark(fetched(fetched(leader(), 2, 110), 3, 110), 110, atLeast(1));
    expect(highWatermark(fetched(ahead, 2, 40))).toBe(110);
  });

  it('counts a newcomer from the moment it was proposed, since it may become leader before the answer comes', () => {
    const state = fetched(fetched(leader({ isr: [1, 2] }), 2, 110), 3, 104);
    expect(highWatermark(state)).toBe(110);
    const proposal = proposeExpand(state, 3);
    expect(highWatermark(awaitIsr(state, proposal!))).toBe(104);
    expect(highWatermark(dropProposal(awaitIsr(state, proposal!)))).toBe(110);
  });

  it('still counts a leaver until the controller has let it go', () => {
    const state = fetched(leader(), 2, 110, { nowMs: 2_000 });
    const proposal = proposeShrink(state, { leaderEndOffset: 110, maxLagMs, nowMs: 2_000 });
    expect(proposal?.isr).toEqual([1, 2]);
    const waiting = awaitIsr(state, proposal!);
    expect(highWatermark(waiting)).toBe(100);
    expect(highWatermark(applyIsr(waiting, [1, 2], 8))).toBe(110);
  });

  it('counts a leaver even when the controller has answered, until the metadata tells the minimum it was judged by', () => {
    const state = fetched(leader(), 2, 110, { nowMs: 2_000 });
    const waiting = awaitIsr(state, proposeShrink(state, { leaderEndOffset: 110, maxLagMs, nowMs: 2_000 })!);
    const answered = acceptIsr(waiting, { isr: [1, 2], partitionEpoch: 8 });
    expect(highWatermark(answered)).toBe(100);
    expect(highWatermark(applyIsr(answered, [1, 2], 8))).toBe(110);
  });

  it('counts a newcomer that the controller accepted, and whoever is proposed next, without waiting for the metadata', () => {
    const state = fetched(fetched(leader({ isr: [1] }), 2, 110), 3, 110);
    const accepted = acceptIsr(awaitIsr(state, proposeExpand(state, 2)!), { isr: [1, 2], partitionEpoch: 8 });
    expect(accepted).toMatchObject({ isr: [1, 2], partitionEpoch: 8, pendingIsr: null });
    expect(proposeExpand(accepted, 3)?.isr).toEqual([1, 2, 3]);
  });

  it('waits for a follower on its way back that the rule names, and for no other', () => {
    const state = fetched(fetched(leader({ isr: [1, 2] }), 2, 110), 3, 104);
    const rule: CommitRule = { minInSyncReplicas: 1, awaits: (follower) => follower.brokerId === 3 && follower.lastCaughtUpMs >= 0 };
    expect(advanceHighWatermark(state, 110, rule).highWatermark).toBe(110);
    const seen = fetched(fetched(state, 3, 110, { leaderEndOffset: 110 }), 3, 110, { leaderEndOffset: 130 });
    expect(advanceHighWatermark(fetched(seen, 2, 130, { leaderEndOffset: 130 }), 130, rule).highWatermark).toBe(110);
  });

  it('is not known to a new leader before it has reached the start of its epoch', () => {
    const state = leader({ highWatermark: 90 });
    expect(knowsHighWatermark(state)).toBe(false);
    const both = fetched(fetched(state, 2, 100), 3, 100);
    expect(knowsHighWatermark(advanceHighWatermark(both, 110, atLeast(1)))).toBe(true);
  });
});

describe('the in-sync set', () => {
  it('loses a follower that has not caught up for too long, also one that fetches and never gets there', () => {
    let state = fetched(leader(), 2, 110, { nowMs: 1_500 });
    for (let nowMs = 100; nowMs <= 1_500; nowMs += 100) state = fetched(state, 3, 100, { nowMs, leaderEndOffset: 100 + nowMs });
    expect(proposeShrink(state, { leaderEndOffset: 1_600, maxLagMs, nowMs: 1_600 })?.isr).toEqual([1, 2]);
  });

  it('keeps a follower that is always one fetch behind a busy leader', () => {
    let state = leader();
    for (let round = 1; round <= 30; round += 1) {
      for (const follower of [2, 3])
        state = fetched(state, follower, 100 + (round - 1) * 10, { nowMs: round * 100, leaderEndOffset: 100 + round * 10 });
    }
    expect(proposeShrink(state, { leaderEndOffset: 500, maxLagMs, nowMs: 3_100 })).toBeNull();
  });

  it('keeps a follower that has everything, however long nothing was written', () => {
    const state = fetched(fetched(leader(), 2, 110), 3, 110);
    expect(proposeShrink(state, { leaderEndOffset: 110, maxLagMs, nowMs: 1_000_000 })).toBeNull();
  });

  it('takes a follower back once it has all that is committed and the whole of earlier epochs', () => {
    const state = leader({ isr: [1, 2], highWatermark: 90 });
    expect(proposeExpand(fetched(state, 3, 95), 3)).toBeNull();
    expect(proposeExpand(fetched(state, 3, 100), 3)).toMatchObject({ isr: [1, 2, 3], partitionEpoch: 7 });
    expect(proposeExpand(fetched(state, 2, 100), 2)).toBeNull();
    expect(proposeExpand(state, 9)).toBeNull();
  });

  it('has one proposal under way at a time', () => {
    const state = fetched(leader({ isr: [1] }), 2, 110);
    const waiting = awaitIsr(fetched(state, 3, 110), proposeExpand(state, 2)!);
    expect(proposeExpand(waiting, 3)).toBeNull();
    expect(proposeShrink(waiting, { leaderEndOffset: 200, maxLagMs, nowMs: 99_999 })).toBeNull();
  });

  it('passes over news of an older partition epoch', () => {
    const state = applyIsr(leader(), [1, 2], 8);
    expect(applyIsr(state, [1, 2, 3], 8).isr).toEqual([1, 2]);
    expect(applyIsr(state, [1, 2, 3], 7).isr).toEqual([1, 2]);
  });

  it('follows a reassignment: who stays keeps its progress, who comes is unheard of, who goes counts no more', () => {
    const state = applyReplicas(fetched(fetched(leader(), 2, 110), 3, 90), [1, 2, 4]);
    expect([...state.followers.keys()]).toEqual([2, 4]);
    expect(state.followers.get(2)?.logEndOffset).toBe(110);
    expect(highWatermark(applyIsr(state, [1, 2], 8))).toBe(110);
    expect(applyReplicas(state, [1, 4, 2])).toBe(state);
  });

  it('tells a leader that nobody follows any more from one that is alone in sync', () => {
    const state = fetched(leader(), 2, 100, { nowMs: 5_000 });
    expect(isFollowed(state, 4_000)).toBe(true);
    expect(isFollowed(state, 5_001)).toBe(false);
    expect(isFollowed(fetched(leader({ isr: [1, 2] }), 3, 100, { nowMs: 9_000 }), 5_001), 'out of sync counts for nothing').toBe(false);
    expect([isAlone(leader({ isr: [1] })), isAlone(leader({ isr: [1, 2] }))]).toEqual([true, false]);
  });

  it('says whether a produce with acks=all may begin', () => {
    expect(hasEnoughInSync(leader({ isr: [1] }), 2)).toBe(false);
    expect(hasEnoughInSync(leader({ isr: [1, 2] }), 2)).toBe(true);
    expect(hasEnoughInSync(leader(), 4), 'no more than there are replicas').toBe(true);
  });

  it('knows nobody but its replicas', () => {
    expect(
      recordFetch(leader(), { brokerId: 9, brokerEpoch: 1, fetchOffset: 110, logStartOffset: 0, leaderEndOffset: 110, nowMs: 0 }),
    ).toBeUndefined();
  });
});

describe('whatever the followers do', () => {
  const action = fc.oneof(
    fc.record({ kind: fc.constant('append' as const), count: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ kind: fc.constant('fetch' as const), brokerId: fc.constantFrom(2, 3), behind: fc.nat({ max: 8 }) }),
    fc.record({ kind: fc.constant('expand' as const), brokerId: fc.constantFrom(2, 3) }),
    fc.record({ kind: fc.constantFrom('shrink' as const, 'granted' as const, 'refused' as const) }),
  );

  it('nothing is committed that a replica which could lead next does not have', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 80 }), fc.integer({ min: 1, max: 3 }), (actions, min) => {
        let state = leader();
        let endOffset = 100;
        let nowMs = 0;
        /** What each follower's log holds; only its next fetch tells the leader. */
        const held = new Map([
          [2, 100],
          [3, 100],
        ]);
        for (const each of actions) {
          nowMs += 400;
          if (each.kind === 'append') endOffset += each.count;
          else if (each.kind === 'fetch') {
            held.set(each.brokerId, Math.max(held.get(each.brokerId)!, endOffset - each.behind));
            state = recordFetch(state, {
              brokerId: each.brokerId,
              brokerEpoch: 1,
              fetchOffset: held.get(each.brokerId)!,
              logStartOffset: 0,
              leaderEndOffset: endOffset,
              nowMs,
            })!;
          } else if (each.kind === 'granted' && state.pendingIsr !== null)
            state = applyIsr(state, state.pendingIsr, state.partitionEpoch + 1);
          else if (each.kind === 'refused') state = dropProposal(state);
          else if (each.kind === 'expand' || each.kind === 'shrink') {
            const proposal =
              'brokerId' in each
                ? proposeExpand(state, each.brokerId)
                : proposeShrink(state, { leaderEndOffset: endOffset, maxLagMs, nowMs });
            if (proposal !== null) state = awaitIsr(state, proposal);
          }
          const before = state.highWatermark;
          state = advanceHighWatermark(state, endOffset, atLeast(min));
          expect(state.highWatermark).toBeGreaterThanOrEqual(before);
          expect(state.highWatermark).toBeLessThanOrEqual(endOffset);
          for (const candidate of state.isr) if (candidate !== 1) expect(state.highWatermark).toBeLessThanOrEqual(held.get(candidate)!);
        }
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { ProducerIds, type ProducerIdBlock } from './producer-ids.ts';

/** A controller that hands out blocks of `count`, and can be made to fail. */
function controller(count: number) {
  const state = { asked: 0, fails: false, mistake: null as Error | null };
  const allocate = async (): Promise<ProducerIdBlock> => {
    state.asked += 1;
    if (state.mistake !== null) throw state.mistake;
    if (state.fails) return { errorCode: errorCodes.REQUEST_TIMED_OUT, firstId: -1, count: 0 };
    return { errorCode: errorCodes.NONE, firstId: (state.asked - 1) * 1_000, count };
  };
  return { state, ids: new ProducerIds(allocate) };
}

describe('producer ids', () => {
  it('are never given twice, however many ask at once', async () => {
    const { ids } = controller(10);
    const drawn = await Promise.all(Array.from({ length: 100 }, () => ids.next()));
    expect(new Set(drawn.map(({ producerId }) => producerId)).size).toBe(100);
    expect(drawn.every(({ errorCode }) => errorCode === errorCodes.NONE)).toBe(true);
  });

  it('of the next block are fetched before the present one ends, and only once', async () => {
    const { ids, state } = controller(10);
    for (let drawn = 0; drawn < 9; drawn += 1) await ids.next();
    expect(state.asked).toBe(1);
    await ids.next();
    expect(state.asked).toBe(2);
    expect((await ids.next()).producerId).toBe(1_000);
    expect(state.asked).toBe(2);
  });

  it('are refused in a way that lets the client ask again when the controller is away, and given once it is back', async () => {
    const { ids, state } = controller(10);
    state.fails = true;
    expect(await ids.next()).toEqual({ errorCode: errorCodes.COORDINATOR_LOAD_IN_PROGRESS, producerId: -1 });
    state.fails = false;
    expect((await ids.next()).errorCode).toBe(errorCodes.NONE);
  });

  it('go on from the present block when fetching the next one fails', async () => {
    const { ids, state } = controller(10);
    await ids.next();
    state.fails = true;
    const rest = [];
    for (let drawn = 1; drawn < 10; drawn += 1) rest.push(await ids.next());
    expect(rest.every(({ errorCode }) => errorCode === errorCodes.NONE)).toBe(true);
    expect((await ids.next()).errorCode).toBe(errorCodes.COORDINATOR_LOAD_IN_PROGRESS);
  });

  it('are not refused as if the controller were away when the code is wrong: the mistake is heard of', async () => {
    const { ids, state } = controller(10);
    state.mistake = new TypeError('a mistake in the code');
    await expect(ids.next()).rejects.toBe(state.mistake);
  });

  it('are refused when the controller refuses', async () => {
    const ids = new ProducerIds(async () => ({ errorCode: errorCodes.STALE_BROKER_EPOCH, firstId: -1, count: 0 }));
    expect((await ids.next()).errorCode).toBe(errorCodes.COORDINATOR_LOAD_IN_PROGRESS);
  });
});

// What a signal that asks us to stop means, given those before it. Pure: the caller says when it came.

/**
 * Signals this close together are one press of Ctrl-C: a terminal gives it to every process in the foreground, and npm passes
 * its own on besides.
 */
const onePressMs = 1_000;

export class StopRequests {
  #firstAtMs: number | null = null;

  /** 'stop': in order. 'wait': it was asked already. 'force': asked once more, by somebody who doesn't want to wait. */
  take(nowMs: number): 'stop' | 'wait' | 'force' {
    if (this.#firstAtMs === null) {
      this.#firstAtMs = nowMs;
      return 'stop';
    }
    return nowMs - this.#firstAtMs < onePressMs ? 'wait' : 'force';
  }
}

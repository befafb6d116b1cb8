import { expect, test } from 'vitest';
import { parseBrokerMessage, parseConsoleMessage } from './ipc.ts';

test('what a child says that is none of our messages is no message, whatever it is', () => {
  for (const raw of [undefined, null, 'NEXT_READY', { nextServerReady: true }, { type: 'fatal' }]) {
    expect(parseConsoleMessage(raw)).toBeNull();
    expect(parseBrokerMessage(raw)).toBeNull();
  }
  expect(parseConsoleMessage({ type: 'ready' })).toEqual({ type: 'ready' });
});

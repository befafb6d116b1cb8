import { describe, expect, it } from 'vitest';
import { ProxyAnsweredError } from './console-fetch.ts';
import { failedPartyOf, isContactLost, toProblem, triesOf } from './problem.ts';

function failure(data: unknown): Error {
  return Object.assign(new Error('No broker answers.'), { name: 'TRPCClientError', data });
}

describe('what a person is told of a failure', () => {
  it('has the code and the advice where the server gave them', () =>
    expect(toProblem(failure({ kafka: { code: 'TOPIC_ALREADY_EXISTS', advice: 'Choose another name.', tries: [] } }))).toMatchObject({
      message: 'No broker answers.',
      code: 'TOPIC_ALREADY_EXISTS',
      advice: 'Choose another name.',
    }));
  it('has no code when there is none', () =>
    expect(toProblem(failure({ code: 'BAD_REQUEST' }))).toMatchObject({ code: null, advice: null }));
  it('survives whatever was thrown', () => expect(toProblem('odd').message).toBe('odd'));
});

describe('who failed', () => {
  const because = (cause: unknown): Error => Object.assign(failure(undefined), { cause });
  const refused = { code: 'FORBIDDEN', told: { kind: 'renamed-host', params: { origin: 'http://a', host: 'b' }, advice: 'allow-host' } };
  it.each([
    [failure({ kafka: { code: 'CLUSTER_LOST' } }), 'cluster'],
    [because(new TypeError('Failed to fetch')), 'console'],
    [because(new ProxyAnsweredError(502)), 'proxy'],
    [failure(refused), 'refused'],
    [failure({ code: 'INTERNAL_SERVER_ERROR', kafka: null }), 'failed'],
    [failure({ kafka: { code: 'TOPIC_AUTHORIZATION_FAILED' } }), 'cluster'],
  ])('%# is %s', (error, party) => expect(failedPartyOf(error)).toBe(party));
  it('is said with what was answered, and what to do', () => {
    expect(toProblem(because(new ProxyAnsweredError(502))).told).toEqual({
      kind: 'proxy-answered',
      params: { status: 502 },
      advice: 'check-proxy',
    });
    expect(toProblem(failure(refused)).told).toEqual(refused.told);
  });
});

describe('contact', () => {
  it('is lost when the cluster does not answer', () => expect(isContactLost(failure({ kafka: { code: 'CLUSTER_LOST' } }))).toBe(true));
  it('is lost when the console itself does not answer', () => expect(isContactLost(failure(undefined))).toBe(true));
  it('holds when the cluster refuses', () => expect(isContactLost(failure({ kafka: { code: 'TOPIC_AUTHORIZATION_FAILED' } }))).toBe(false));
  it('holds when our own code fails', () => expect(isContactLost(new TypeError('undefined is not a function'))).toBe(false));
  it('names only tries that are tries', () =>
    expect(triesOf(failure({ kafka: { tries: [{ address: 'a:1', reason: 'refused' }, { address: 3 }, null] } }))).toEqual([
      { address: 'a:1', reason: 'refused' },
    ]));
});

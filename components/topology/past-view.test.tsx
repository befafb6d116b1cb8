// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { show } from '#components/testing/console.tsx';
import type { HistoryStore } from '#server/api/context.ts';
import type { PastMoment, RecordSpan } from '#server/cluster/past.ts';
import { LiveFeed } from './live-feed.ts';
import { PastBadge } from './past-badge.tsx';
import { PastNews } from './past-news.tsx';
import { PastNotice } from './past-notice.tsx';
import { snapshot } from './scene/harbour.fixture.ts';
import { Transport } from './transport.tsx';
import { useFeedRevision } from './use-live-feed.ts';
import { useLiveView } from './use-live-view.ts';
import { usePast, useRecordSpan } from './use-past.ts';

const atMs = Date.UTC(2026, 10, 22, 14, 3, 11, 507);
const beginMs = atMs - 1_800_000;

function pictured(change: Partial<Extract<PastMoment, { kind: 'picture' }>> = {}): PastMoment {
  return {
    kind: 'picture',
    atMs,
    picture: snapshot({ atMs }),
    before: null,
    keyframeMs: atMs - 2_000,
    isHeard: true,
    missing: { topics: [], brokerIds: [], groups: [] },
    health: { level: 'healthy', code: 'HEALTHY', values: {}, reasons: [], sinceMs: atMs },
    previousMs: atMs - 110,
    nextMs: atMs + 420,
    ...change,
  };
}

const span: RecordSpan = { fromMs: beginMs, toMs: atMs + 60_000, lastEventMs: atMs, failure: null };

function Page(): React.JSX.Element {
  const view = useLiveView();
  const [feed] = [liveFeed];
  const past = usePast(view.atMs, feed);
  const record = useRecordSpan();
  useFeedRevision(past?.feed ?? feed);
  return (
    <main>
      <Transport feed={feed} view={view} past={past} span={record} />
      {past === null ? <p>live</p> : <PastBadge past={past} />}
      {past === null ? null : <PastNotice past={past} view={view} />}
      {past === null ? null : <PastNews atMs={past.atMs} sentence="All is well." />}
      <output>{past?.feed.scene.state.brokers.length ?? ''}</output>
    </main>
  );
}

const liveFeed = new LiveFeed();

function stage(at: (askedMs: number) => Promise<PastMoment>, search = '') {
  const asked: number[] = [];
  const history: HistoryStore = {
    span: () => Promise.resolve(span),
    seconds: () => Promise.resolve([]),
    at: (_clusterId, askedMs) => {
      asked.push(askedMs);
      return at(askedMs);
    },
  };
  return { ...show(<Page />, { rooms: { history }, search }), asked };
}

const shared = `at=${new Date(atMs).toISOString()}`;
const momentOf = (search: string) => Date.parse(new URLSearchParams(search).get('at') ?? '');

describe('a moment in the address', () => {
  test('is shown to whoever opens the link, and the badge says that it is the past', async () => {
    const { asked } = stage(() => Promise.resolve(pictured()), shared);
    expect(await screen.findByText('14:03:11 UTC', { selector: '[data-truth="recorded"] *' })).toBeTruthy();
    expect(asked).toEqual([atMs]);
    await waitFor(() => expect(screen.getByRole('status').textContent).toBe('3'));
  });

  test('steps lead to the events beside it, and Live back to now; each is in the address', async () => {
    const { user, address } = stage((askedMs) => Promise.resolve(pictured({ atMs: askedMs })), shared);
    const enabled = async (name: string) => {
      await waitFor(() => expect(screen.getByRole<HTMLButtonElement>('button', { name }).disabled).toBe(false));
      return screen.getByRole('button', { name });
    };
    await user.click(await enabled('On to the next event'));
    await waitFor(() => expect(momentOf(address.search)).toBe(atMs + 420));
    await user.click(await enabled('Back to the event before'));
    await waitFor(() => expect(momentOf(address.search)).toBe(atMs - 110));
    await user.click(await enabled('Live'));
    await waitFor(() => expect(address.search).toBe(''));
    expect(await screen.findByText('live')).toBeTruthy();
  });

  test('from now a step back leads to the last thing that happened', async () => {
    const { user, address } = stage(() => Promise.resolve(pictured()));
    const back = await screen.findByRole<HTMLButtonElement>('button', { name: 'Back to the event before' });
    await waitFor(() => expect(back.disabled).toBe(false));
    await user.click(back);
    await waitFor(() => expect(momentOf(address.search)).toBe(atMs));
  });

  test('the scrubber goes to any second of the record, says the time, and at its end is live', async () => {
    const { address } = stage((askedMs) => Promise.resolve(pictured({ atMs: askedMs })));
    const slider = await screen.findByRole<HTMLInputElement>('slider');
    expect(slider.getAttribute('aria-valuetext')).toBe('now');
    fireEvent.change(slider, { target: { value: String(Math.ceil(beginMs / 1_000) * 1_000 + 60_000) } });
    await waitFor(() => expect(momentOf(address.search)).toBe(Math.ceil(beginMs / 1_000) * 1_000 + 60_000));
    expect(slider.getAttribute('aria-valuetext')).toBe('13:34:12');
    fireEvent.change(slider, { target: { value: slider.max } });
    await waitFor(() => expect(address.search).toBe(''));
  });

  test('what is shown is said once it has come to rest', async () => {
    stage(() => Promise.resolve(pictured()), shared);
    await waitFor(() => expect(document.querySelector('[aria-live]')?.textContent).toBe('Showing 14:03:11 of the record. All is well.'));
  });
});

describe('where the record has nothing', () => {
  test('before it begins, it says where that is, and leads there', async () => {
    const { user, address } = stage(() => Promise.resolve({ kind: 'unrecorded', atMs, fromMs: beginMs }), shared);
    expect(await screen.findByRole('heading', { name: 'Nothing is recorded of 14:03:11' })).toBeTruthy();
    expect(screen.getByText('not recorded')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Go to its beginning' }));
    await waitFor(() => expect(momentOf(address.search)).toBe(beginMs));
  });

  test('of a cluster never opened here it says that, and leads back to now', async () => {
    stage(() => Promise.resolve({ kind: 'unrecorded', atMs, fromMs: null }), shared);
    expect(await screen.findByText(/Pictures are kept from the moment somebody opens it here/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Go to its beginning' })).toBeNull();
    expect(screen.getByRole('button', { name: 'Back to live' })).toBeTruthy();
  });

  test('in a hole the picture is marked as older than the moment asked for', async () => {
    stage(() => Promise.resolve(pictured({ isHeard: false, keyframeMs: atMs - 90_000 })), shared);
    expect(await screen.findByText(/nobody heard of the cluster at 14:03:11\. This is how it stood at 14:01:41/)).toBeTruthy();
    expect(document.querySelector('[data-truth="stale"]')?.textContent).toContain('as of 14:01:41');
  });

  test('what the picture lacks is named, and is not told as a hole', async () => {
    const missing = { topics: ['paid', 'orders'], brokerIds: [4], groups: ['auditors'] };
    stage(() => Promise.resolve(pictured({ missing })), shared);
    const note = await screen.findByText(/Not in this picture/);
    expect(note.textContent).toContain('topics paid, orders');
    expect(note.textContent).toContain('broker 4');
    expect(note.textContent).toContain('group auditors. They were made after');
    expect(screen.queryByText(/has a hole/)).toBeNull();
  });

  test('of one thing that the picture lacks it speaks as of one', async () => {
    stage(() => Promise.resolve(pictured({ missing: { topics: ['paid'], brokerIds: [], groups: [] } })), shared);
    expect(await screen.findByText(/Not in this picture: topic paid\. It was made after/)).toBeTruthy();
  });

  test('while it is looked up, and when that fails, it says so', async () => {
    let fail: (error: Error) => void = () => undefined;
    stage(() => new Promise((_settle, refuse) => (fail = refuse)), shared);
    expect(await screen.findByText('looking it up')).toBeTruthy();
    expect(screen.getByText('Looking up 14:03:11 in the record.')).toBeTruthy();
    fail(new Error('the disk is gone'));
    expect(await screen.findByText('not readable')).toBeTruthy();
    expect(screen.getByRole('heading', { name: 'The record could not be read' })).toBeTruthy();
  });
});

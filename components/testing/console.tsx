// A page as a browser runs it, in a DOM in memory: the real components, the real routers with their schemas, guard and
// error mapping, and behind them a cluster port of the test's own. Nothing between the button and the port is made up.

import { MantineProvider } from '@mantine/core';
import { Notifications, notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, configure, render } from '@testing-library/react';
import userEvent, { type UserEvent } from '@testing-library/user-event';
import { createTRPCClient, unstable_localLink } from '@trpc/client';
import { AppRouterContext } from 'next/dist/shared/lib/app-router-context.shared-runtime.js';
import { PathnameContext, SearchParamsContext } from 'next/dist/shared/lib/hooks-client-context.shared-runtime.js';
import { NextIntlClientProvider } from 'next-intl';
import { NuqsTestingAdapter } from 'nuqs/adapters/testing';
import { useMemo, useState } from 'react';
import superjson from 'superjson';
import { afterEach, beforeAll } from 'vitest';
import { ClusterProvider } from '#components/shell/cluster-context.tsx';
import { en } from '#components/shell/i18n/en.ts';
import { zh } from '#components/shell/i18n/zh.ts';
import { ProblemWordsProvider } from '#components/shell/problem-words.tsx';
import { TRPCProvider } from '#components/shell/trpc.ts';
import type { ConsoleRooms, Context } from '#server/api/context.ts';
import { localOperator } from '#server/api/permissions.ts';
import { appRouter, type AppRouter } from '#server/api/root.ts';
import { clusterSaid } from '#server/cluster/testing/cluster-said.ts';
import type { ClusterOverview, ClusterPort } from '#server/cluster/port.ts';

export const clusterId = 'c1';

export interface Stage {
  /** What the cluster answers; whatever a test leaves out fails loudly when a page asks for it. */
  readonly port?: Partial<ClusterPort>;
  /** No broker answers, whatever is asked. */
  readonly isLost?: boolean;
  readonly rooms?: Partial<ConsoleRooms>;
  /** The page's address behind the question mark. */
  readonly search?: string;
  /** English unless told. */
  readonly locale?: 'en' | 'zh';
}

export interface Shown {
  readonly user: UserEvent;
  /** The address as the page left it, and where it asked to go. */
  readonly address: { search: string; readonly visited: string[] };
}

// A busy machine is slow, not wrong: what is awaited may take as long as the test itself.
configure({ asyncUtilTimeout: 60_000 });
afterEach(() => {
  cleanup();
  // They outlive the page that showed them: the next test would take one for its own.
  notifications.clean();
});
beforeAll(() => {
  // What a browser has and the DOM in memory lacks: Mantine's lists scroll to their chosen entry, its text areas wait for fonts.
  Element.prototype.scrollIntoView ??= () => undefined;
  if (document.fonts === undefined) Object.defineProperty(document, 'fonts', { value: new EventTarget() });
});

export function show(page: React.ReactNode, stage: Stage = {}): Shown {
  const address = { search: stage.search ?? '', visited: [] as string[] };
  render(
    <Room stage={stage} router={routerOf((href) => void address.visited.push(href))} onSearch={(search) => (address.search = search)}>
      {page}
    </Room>,
  );
  return { user: userEvent.setup({ delay: null }), address };
}

interface RoomProps {
  readonly stage: Stage;
  readonly router: PageRouter;
  readonly onSearch: (search: string) => void;
  readonly children: React.ReactNode;
}

function Room({ stage, router, onSearch, children }: RoomProps): React.JSX.Element {
  const [search, setSearch] = useState(stage.search ?? '');
  const [queryClient] = useState(() => new QueryClient({ defaultOptions: { queries: { retry: false }, mutations: { retry: false } } }));
  const [trpcClient] = useState(() => clientOf(stage));
  const params = useMemo(() => new URLSearchParams(search), [search]);
  const locale = stage.locale ?? 'en';
  return (
    <NextIntlClientProvider locale={locale} messages={locale === 'en' ? en : zh} timeZone="UTC">
      <MantineProvider env="test">
        <QueryClientProvider client={queryClient}>
          <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
            <AppRouterContext value={router}>
              <PathnameContext value={`/c/${clusterId}/page`}>
                <SearchParamsContext value={params}>
                  <NuqsTestingAdapter
                    searchParams={stage.search ?? ''}
                    hasMemory
                    onUrlUpdate={({ queryString }) => {
                      const next = queryString.replace(/^\?/, '');
                      setSearch(next);
                      onSearch(next);
                    }}
                  >
                    <ProblemWordsProvider>
                      <ClusterProvider clusterId={clusterId}>{children}</ClusterProvider>
                    </ProblemWordsProvider>
                    <Notifications />
                  </NuqsTestingAdapter>
                </SearchParamsContext>
              </PathnameContext>
            </AppRouterContext>
          </TRPCProvider>
        </QueryClientProvider>
      </MantineProvider>
    </NextIntlClientProvider>
  );
}

type PageRouter = NonNullable<React.ContextType<typeof AppRouterContext>>;

function routerOf(go: (href: string) => void): PageRouter {
  const stay = (): void => undefined;
  return { push: go, replace: go, back: stay, forward: stay, refresh: stay, prefetch: stay } as unknown as PageRouter;
}

function clientOf({ port = {}, isLost = false, rooms = {} }: Stage) {
  const context = {
    registry: { port: () => Promise.resolve(isLost ? lostPort() : wholePort(port)), list: () => Promise.resolve([]) },
    ...rooms,
    principal: localOperator,
    theme: null,
    locale: null,
  } as unknown as Context;
  return createTRPCClient<AppRouter>({
    links: [unstable_localLink({ router: appRouter, createContext: () => Promise.resolve(context), transformer: superjson })],
  });
}

function wholePort(port: Partial<ClusterPort>): ClusterPort {
  const known: Partial<ClusterPort> = { overview: () => Promise.resolve(healthyOverview), ...port };
  return new Proxy(known as ClusterPort, {
    // A promise's own question must go unanswered, or the port would pass for one.
    get: (target, name) =>
      name === 'then'
        ? undefined
        : (Reflect.get(target, name) ?? (() => Promise.reject(clusterSaid('UNAVAILABLE', `this test's cluster has no ${String(name)}`)))),
  });
}

function lostPort(): ClusterPort {
  const tries = [{ address: '127.0.0.1:9092', reason: 'connection refused' }];
  const lost = (): Promise<never> => Promise.reject(clusterSaid('CLUSTER_LOST', 'no broker answers', { tries }));
  return new Proxy({} as ClusterPort, { get: (_target, name) => (name === 'then' ? undefined : lost) });
}

export const healthyOverview: ClusterOverview = {
  clusterId: 'kafka',
  controllerId: 1,
  controllerEpoch: 1,
  voters: [1],
  kafkaVersion: null,
  brokers: [],
  topicCount: 0,
  partitionCount: 0,
  internalTopicCount: 0,
  internalPartitionCount: 0,
  offlinePartitions: 0,
  underReplicatedPartitions: 0,
  underMinIsrPartitions: 0,
  atMs: 0,
};

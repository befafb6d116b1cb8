// Everything a page stands on: theme, data, URL state, dialogs, results.
'use client';

import { MantineProvider, mergeThemeOverrides, type MantineThemeOverride } from '@mantine/core';
import { ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { setNonce } from 'get-nonce';
import { useTranslations } from 'next-intl';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import { useMemo, useState } from 'react';
import { CellPatterns } from '#components/ui/cell.tsx';
import { resolveTokens, theme } from '#components/ui/theme.ts';
import { ProblemWordsProvider } from './problem-words.tsx';
import { TRPCProvider } from './trpc.ts';
import { createApiClient } from './trpc-links.ts';

export interface ProvidersProps {
  /** Of the document's own response: styles that come later must carry it too. */
  readonly nonce: string | undefined;
  readonly children: React.ReactNode;
}

export function Providers({ nonce: given, children }: ProvidersProps): React.JSX.Element {
  // A later answer of the server has a nonce of its own, which the document's policy doesn't know.
  const [nonce] = useState(() => {
    if (given !== undefined) setNonce(given); // for the styles that keep a page from scrolling behind a dialog
    return given;
  });
  const [queryClient] = useState(createQueryClient);
  const [trpcClient] = useState(createApiClient);
  const close = useTranslations('ui')('close');
  const spoken = useMemo(() => mergeThemeOverrides(theme, namedCloseButtons(close)), [close]);
  return (
    <MantineProvider
      theme={spoken}
      cssVariablesResolver={resolveTokens}
      defaultColorScheme="auto"
      {...(nonce === undefined ? {} : { getStyleNonce: () => nonce })}
    >
      <QueryClientProvider client={queryClient}>
        <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
          <NuqsAdapter>
            <ModalsProvider>
              <CellPatterns />
              <ProblemWordsProvider>{children}</ProblemWordsProvider>
              <Notifications position="bottom-right" autoClose={6000} />
            </ModalsProvider>
          </NuqsAdapter>
        </TRPCProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}

/** A result's close button shows only a cross; who can't see it needs its name, in the page's language. */
function namedCloseButtons(close: string): MantineThemeOverride {
  return { components: { Notification: { defaultProps: { closeButtonProps: { 'aria-label': close } } } } };
}

/** Pages poll by themselves, so a failed question is simply asked again at its next turn. */
function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: 1000, refetchOnWindowFocus: true }, mutations: { retry: false } },
  });
}

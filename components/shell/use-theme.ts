// Light or dark. Mantine keeps the choice and sets it before the first paint. The server can't know it, so until
// the page is mounted the answer is the server's, or React would draw the rail twice.
'use client';

import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useMounted } from '@mantine/hooks';

export function useTheme(): { readonly isDark: boolean; readonly toggle: () => void } {
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: false });
  const isMounted = useMounted();
  const isDark = useComputedColorScheme('light', { getInitialValueInEffect: true }) === 'dark' && isMounted;
  return { isDark, toggle: () => setColorScheme(isDark ? 'light' : 'dark') };
}

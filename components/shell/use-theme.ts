// Light or dark. Mantine keeps the choice and sets it before the first paint.
'use client';

import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';

export function useTheme(): { readonly isDark: boolean; readonly toggle: () => void } {
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: false });
  const isDark = useComputedColorScheme('light', { getInitialValueInEffect: true }) === 'dark';
  return { isDark, toggle: () => setColorScheme(isDark ? 'light' : 'dark') };
}

// Focus goes into what was opened, and back to where it came from when that closes: who walks by keyboard loses no place.
'use client';

import { useEffect, type RefObject } from 'react';

export function useFocusVisit(target: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const before = document.activeElement;
    // A page that opens with the form in its address leaves the focus where the browser put it.
    if (before === null || before === document.body) return undefined;
    target.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [target]);
}

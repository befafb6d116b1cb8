// The wall clock as state: one tick a second for ages and durations, and nothing on the server, whose clock
// would disagree with the browser's on the first paint.
'use client';

import { useEffect, useState } from 'react';

export function useNow(everyMs = 1000): number | null {
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

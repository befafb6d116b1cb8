// The day that it is, as state: it changes at midnight and not with every tick, so what stands on it is drawn once a day.
'use client';

import { useEffect, useState } from 'react';
import { formatInstant } from '#components/ui/format.ts';

const lookEveryMs = 30_000;

/** "2026-11-22" in the zone; null on the server, whose day may be another one. */
export function useToday(zone: string): string | null {
  const [today, setToday] = useState<string | null>(null);
  useEffect(() => {
    const look = (): void => setToday(formatInstant(BigInt(Date.now()), zone).date);
    look();
    const timer = setInterval(look, lookEveryMs);
    return () => clearInterval(timer);
  }, [zone]);
  return today;
}

// With the console gone, a pressed link leaves for the browser's own error page, and from there nothing comes back by
// itself. So before a page of ours is left for another document, the console is asked whether it answers; until it does,
// the page stays, says so, and the link that was pressed last is opened as soon as the console is back.
'use client';

import { notifications } from '@mantine/notifications';
import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import { consoleFetch } from './console-fetch.ts';

const healthUrl = '/api/health';
const firstRetryMs = 500;
const maxRetryMs = 5_000;
const noticeId = 'held-navigation';

export function useHeldNavigation(): void {
  const t = useTranslations('shell.lost');
  useEffect(() => {
    // A browser without the Navigation API shows its own error page.
    if (!('navigation' in window)) return;
    const held = new HeldNavigation(() =>
      notifications.show({ id: noticeId, title: t('heldTitle'), message: t('held'), autoClose: false }),
    );
    window.navigation.addEventListener('navigate', held.onNavigate);
    return () => {
      window.navigation.removeEventListener('navigate', held.onNavigate);
      held.stop();
    };
  }, [t]);
}

class HeldNavigation {
  readonly #onHeld: () => void;
  /** The address that was asked for last; the only one that is opened. */
  #wanted: string | null = null;
  #isPassing = false;

  constructor(onHeld: () => void) {
    this.#onHeld = onHeld;
  }

  readonly onNavigate = (event: NavigateEvent): void => {
    if (!leavesForOurs(event) || this.#isPassing) return;
    event.preventDefault();
    this.#wanted = event.destination.url;
    void this.#open(event.destination.url);
  };

  stop(): void {
    this.#wanted = null;
  }

  async #open(url: string): Promise<void> {
    for (let delayMs = firstRetryMs; this.#wanted === url; delayMs = Math.min(maxRetryMs, 2 * delayMs)) {
      if (await answers()) return this.#pass(url);
      this.#onHeld();
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }

  #pass(url: string): void {
    if (this.#wanted !== url) return;
    this.#isPassing = true;
    window.location.assign(url);
  }
}

/** A link to another document of the console; not a reload, a download or a way back, which are the reader's own doing. */
function leavesForOurs(event: NavigateEvent): boolean {
  const { destination, navigationType } = event;
  const isLink = navigationType === 'push' || navigationType === 'replace';
  if (!isLink || destination.sameDocument || !event.cancelable || event.downloadRequest !== null || event.formData !== null) return false;
  return new URL(destination.url).origin === window.location.origin;
}

async function answers(): Promise<boolean> {
  try {
    return (await consoleFetch(healthUrl, { cache: 'no-store' })).ok;
  } catch {
    return false; // whatever stands in the way, the page can't be had
  }
}

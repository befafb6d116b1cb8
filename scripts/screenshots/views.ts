// What is photographed: every page and every state of it that a reader can come upon, by its address, and by presses
// where a state has no address of its own. Words are looked up in the catalogues, so that a press works in any language.

import type { Page } from '@playwright/test';
import { en } from '#components/shell/i18n/en.ts';
import { zh } from '#components/shell/i18n/zh.ts';
import type { Locale } from '#components/shell/i18n/locales.ts';

export type Words = typeof en;
export const wordsOf: Readonly<Record<Locale, Words>> = { en, zh };

export interface View {
  readonly name: string;
  readonly path: string;
  /** Stands on the page once its data has come. */ readonly ready?: string;
  readonly act?: (page: Page, words: Words) => Promise<void>;
  /** Needs a desk: there is no such state on a phone. */ readonly isDeskOnly?: boolean;
}

export interface Place {
  readonly home: string;
  readonly topic: string;
  readonly group: string;
}

/** A cell of the case. */
export const liveCell = '[role="gridcell"]';

async function press(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).first().click();
}

async function openPalette(page: Page): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').first().waitFor();
}

async function chooseTarget(page: Page, words: Words): Promise<void> {
  await page
    .getByRole('textbox', { name: words.replay.target })
    .or(page.getByRole('combobox', { name: words.replay.target }))
    .fill('payments');
  await page.keyboard.press('Escape');
  await page.getByText(words.replay.counted).waitFor();
}

async function runReplay(page: Page, words: Words): Promise<void> {
  await chooseTarget(page, words);
  await page.locator('[role="dialog"] button[type="submit"]').click();
  await page.getByRole('dialog').getByText(words.replay.state.done).first().waitFor();
}

function livePages({ home, topic, group }: Place): readonly View[] {
  return [
    { name: 'live', path: `${home}/live`, ready: liveCell },
    { name: 'live-team', path: `${home}/live?level=team`, ready: liveCell, isDeskOnly: true },
    { name: 'live-partition', path: `${home}/live?sel=p:${topic}:1`, ready: 'aside' },
    { name: 'live-broker', path: `${home}/live?sel=b:2`, ready: 'aside' },
    { name: 'live-group', path: `${home}/live?sel=g:${group}`, ready: 'aside' },
    { name: 'live-table', path: `${home}/live?table=true`, ready: 'table td' },
    { name: 'live-still', path: `${home}/live?still=true`, ready: liveCell, isDeskOnly: true },
    { name: 'live-paused', path: `${home}/live`, ready: liveCell, act: (page, words) => press(page, words.live.transport.pause) },
    { name: 'live-events', path: `${home}/live?events=true`, ready: liveCell },
    { name: 'demo', path: `${home}/live?demo=true`, ready: 'aside form' },
  ];
}

function recordPages({ home, topic }: Place): readonly View[] {
  const replay = `${home}/messages?topic=${topic}&range=true`;
  return [
    { name: 'messages', path: `${home}/messages?topic=${topic}`, ready: 'table td' },
    { name: 'messages-none', path: `${home}/messages`, ready: 'h1' },
    { name: 'message', path: `${home}/messages?topic=${topic}&from=oldest&open=0:0`, ready: 'aside h2' },
    { name: 'picked', path: `${home}/messages?topic=${topic}&from=oldest&picked=0:0,0:1`, ready: 'table td' },
    { name: 'produce', path: `${home}/messages?topic=${topic}&produce=true`, ready: '[role="dialog"] form' },
    { name: 'replay-form', path: replay, ready: '[role="dialog"] [role="region"]' },
    { name: 'replay-preview', path: replay, ready: '[role="dialog"] [role="region"]', act: chooseTarget },
    { name: 'replay-report', path: replay, ready: '[role="dialog"] [role="region"]', act: runReplay },
    { name: 'replays', path: `${home}/messages?topic=${topic}&replays=true`, ready: '[role="dialog"]' },
  ];
}

function clusterPages({ home, topic }: Place): readonly View[] {
  return [
    { name: 'partition', path: `${home}/topics/${topic}/0`, ready: 'table td' },
    { name: 'partition-move', path: `${home}/topics/${topic}/0?deed=move`, ready: '[role="dialog"] table' },
    { name: 'broker-drain', path: `${home}/brokers/2?deed=drain`, ready: '[role="dialog"]' },
  ];
}

export function pagesOf(place: Place): readonly View[] {
  const { home, topic, group } = place;
  return [
    ...livePages(place),
    ...clusterPages(place),
    { name: 'overview', path: `${home}/overview`, ready: '.recharts-surface' },
    { name: 'topics', path: `${home}/topics`, ready: 'table td' },
    { name: 'topics-none', path: `${home}/topics?q=nothing-like-it`, ready: 'h1' },
    { name: 'create-topic', path: `${home}/topics?create=true`, ready: '[role="dialog"] form' },
    { name: 'topic', path: `${home}/topics/${topic}`, ready: 'table td' },
    { name: 'topic-readers', path: `${home}/topics/${topic}?tab=readers`, ready: 'table td' },
    {
      name: 'topic-delete',
      path: `${home}/topics/${topic}?config=true`,
      ready: 'table td',
      act: (page, words) => press(page, words.topics.delete.open),
    },
    { name: 'topic-unknown', path: `${home}/topics/no-such-topic`, ready: '[role="alert"]' },
    ...recordPages(place),
    { name: 'groups', path: `${home}/groups`, ready: 'table td' },
    { name: 'group', path: `${home}/groups/${group}`, ready: 'table td' },
    { name: 'brokers', path: `${home}/brokers`, ready: 'table td' },
    { name: 'broker', path: `${home}/brokers/1`, ready: 'dl dd' },
    { name: 'controller', path: `${home}/controller`, ready: 'table td' },
    { name: 'lab', path: `${home}/lab`, ready: 'table td' },
    { name: 'clusters', path: '/clusters', ready: 'table td' },
    { name: 'palette', path: `${home}/overview`, ready: '.recharts-surface', act: openPalette, isDeskOnly: true },
  ];
}

/** Before anything was written. */
export function emptyPages({ home }: Place): readonly View[] {
  return [
    { name: 'empty-live', path: `${home}/live`, ready: 'h2' },
    { name: 'empty-overview', path: `${home}/overview`, ready: 'h2' },
    { name: 'empty-topics', path: `${home}/topics`, ready: 'h1' },
    { name: 'empty-groups', path: `${home}/groups`, ready: 'h1' },
    { name: 'empty-messages', path: `${home}/messages`, ready: 'h1' },
  ];
}

/** While the console's answers are held back. */
export function loadingPages({ home, topic }: Place): readonly View[] {
  return ['live', 'overview', 'topics', 'groups', 'brokers', `messages?topic=${topic}`, `topics/${topic}`].map((path) => ({
    name: `loading-${path.split(/[?/]/)[0]!}${path.includes('/') ? '-one' : ''}`,
    path: `${home}/${path}`,
    ready: 'h1',
  }));
}

/** A cluster that nobody answers for. */
export function lostPages(home: string): readonly View[] {
  return ['live', 'overview', 'topics'].map((path) => ({ name: `lost-${path}`, path: `${home}/${path}`, ready: '[data-truth="stale"]' }));
}

// How the tests point at things on the screen: by role and name, as a person with a screen reader would.

import { expect, type Locator, type Page } from '@playwright/test';

/** The cells of the row that holds `text`, by the heads of its table. */
export async function rowOf(table: Locator, text: string | RegExp): Promise<Record<string, string>> {
  const heads = await table.getByRole('columnheader').allInnerTexts();
  const cells = await table.getByRole('row').filter({ hasText: text }).first().getByRole('cell').allInnerTexts();
  return Object.fromEntries(cells.map((cell, index) => [(heads[index] ?? '').trim(), cell.trim().replaceAll(/\s+/g, ' ')]));
}

/** The process of a broker, once the list of brokers tells it: its column is there as soon as one of them is known. */
export async function pidOf(page: Page, broker: string): Promise<number> {
  let pid = Number.NaN;
  const read = async (): Promise<number> => (pid = Number((await rowOf(page.getByRole('table', { name: 'Brokers' }), broker))['Pid']));
  await expect.poll(read, { message: `${broker} has a process on the screen` }).toBeGreaterThan(0);
  return pid;
}

/** By its whole title: "Replay" is not "Replay from orders". */
export function dialog(page: Page, title: string | RegExp): Locator {
  return page.getByRole('dialog', { name: title, exact: true });
}

/** Chooses in one of the select fields: the field by its label, the choice by its words. */
export async function choose(scope: Page | Locator, label: string, option: string): Promise<void> {
  await scope.getByRole('combobox', { name: label, exact: true }).click();
  const page = 'page' in scope ? scope.page() : scope;
  await page.getByRole('option', { name: option, exact: true }).click();
}

export async function expectNotice(page: Page, text: string | RegExp): Promise<void> {
  await expect(page.getByText(text).first()).toBeVisible();
}

/** Whole numbers as the English screen groups them. */
export function grouped(value: number | string): string {
  return new Intl.NumberFormat('en').format(Number(value));
}

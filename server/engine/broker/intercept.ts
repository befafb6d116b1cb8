// Drops chosen requests or answers, so that people can see what a client does when one is lost. A rule strikes once: the next
// request of its kind disappears before it is handled, or is handled and its answer disappears.

import type { DropOrder } from '#engine/trace/process-link.ts';

export type DropTarget = DropOrder['what'];

/** Rules that struck and are still in the list: the list is short, and the oldest leave it first. */
const maxRules = 64;

export class Interception {
  #armed: readonly DropOrder[] = [];
  readonly #struck = new Set<string>();

  /** Everything that is to be dropped from now on; rules that struck already stay struck. */
  arm(rules: readonly DropOrder[]): void {
    for (const ruleId of this.#struck) if (!rules.some((rule) => rule.ruleId === ruleId)) this.#struck.delete(ruleId);
    this.#armed = rules.slice(0, maxRules).filter((rule) => !this.#struck.has(rule.ruleId));
  }

  /** The rule that takes this one, if any; it is used up by that. */
  strike(apiKey: number, what: DropTarget): DropOrder | undefined {
    if (this.#armed.length === 0) return undefined;
    const rule = this.#armed.find((one) => one.apiKey === apiKey && one.what === what);
    if (rule === undefined) return undefined;
    this.#struck.add(rule.ruleId);
    this.#armed = this.#armed.filter((one) => one !== rule);
    return rule;
  }
}

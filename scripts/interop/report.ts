// What was tried and how it went, printed as it happens and kept for the table.

export interface Outcome {
  readonly subject: string;
  readonly what: string;
  /** Null for passed. */
  readonly fault: string | null;
  readonly skipped: boolean;
}

export class Report {
  readonly outcomes: Outcome[] = [];

  /** `fault` is null when all is as it should be. */
  check(subject: string, what: string, fault: string | null): void {
    this.outcomes.push({ subject, what, fault, skipped: false });
    console.log(fault === null ? `ok    ${subject}: ${what}` : `FAIL  ${subject}: ${what}: ${fault}`);
  }

  skip(subject: string, why: string): void {
    this.outcomes.push({ subject, what: why, fault: null, skipped: true });
    console.log(`skip  ${subject}: ${why}`);
  }

  get failed(): number {
    return this.outcomes.filter(({ fault }) => fault !== null).length;
  }

  of(subject: string): readonly Outcome[] {
    return this.outcomes.filter((outcome) => outcome.subject === subject);
  }

  closingLine(): string {
    const skipped = this.outcomes.filter((outcome) => outcome.skipped).length;
    return `tests: ${this.outcomes.length - this.failed - skipped} passed, ${this.failed} failed, ${skipped} skipped`;
  }
}

/** Runs a step whose failure is a finding, not the end of the run. */
export async function faultOf(work: () => Promise<unknown>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

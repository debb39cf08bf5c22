/** Something that must never be true, and was. */
export class Violation extends Error {
  readonly invariant: string;

  constructor(invariant: string, what: string) {
    super(`${invariant}: ${what}`);
    this.name = 'Violation';
    this.invariant = invariant;
  }
}

export function must(condition: boolean, invariant: string, what: () => string): void {
  if (!condition) throw new Violation(invariant, what());
}

/** The story went otherwise than it should have. */
export class UnexpectedOutcome extends Error {
  override readonly name = 'UnexpectedOutcome';
}

export function expect(condition: boolean, what: string): asserts condition {
  if (!condition) throw new UnexpectedOutcome(`expected: ${what}`);
}

import type { CastVote, VotingRule } from '../domain/resolutions/outcome';

/** All ballots that a voter can cast; consent is said only where it is asked for. */
export function possibleBallots({ consentOfAll }: Pick<VotingRule, 'consentOfAll'>): CastVote[] {
  return (['yes', 'no', 'abstain'] as const).flatMap((choice): CastVote[] =>
    consentOfAll
      ? [
          { choice, consentToProcedure: true },
          { choice, consentToProcedure: false },
        ]
      : [{ choice }],
  );
}

/** Everything that a vote can still become, one voter after the other: exhaustive, so for short rolls only. */
export function* completions(
  rule: Pick<VotingRule, 'consentOfAll'>,
  changeable: boolean,
  cast: readonly (CastVote | undefined)[],
): Generator<(CastVote | undefined)[]> {
  if (cast.length === 0) {
    yield [];
    return;
  }
  const [first, ...rest] = cast;
  const options =
    first === undefined
      ? [undefined, ...possibleBallots(rule)]
      : changeable
        ? possibleBallots(rule)
        : [first];
  for (const tail of completions(rule, changeable, rest))
    for (const option of options) yield [option, ...tail];
}

/** What lets requests in, and holds them while something is done. */
interface Holding {
  readonly whileHeld: (work: () => Promise<void>) => Promise<void>;
}

/** Does something while all of these hold; all are asked at once, so that the slowest alone is waited for. */
export async function whileAllHeld(all: readonly Holding[], work: () => Promise<void>): Promise<void> {
  if (all.length === 0) return work();
  let allHold: () => void = () => undefined;
  let oneDoesNot: (error: unknown) => void = () => undefined;
  const done = new Promise<void>((resolve, reject) => {
    allHold = resolve;
    oneDoesNot = reject;
  }).then(work);
  let awaited = all.length;
  const hold = () => {
    awaited -= 1;
    if (awaited === 0) allHold();
    return done;
  };
  const holds = all.map((each) => each.whileHeld(hold).catch(oneDoesNot));
  await Promise.all([done, ...holds]);
}

/** What is shown to people in columns. */

const NAME_WIDTH = 14;

/** A table for people: columns as wide as what is in them, two spaces between. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** One thing: a line for each of its names that has a value. */
export const listed = (values: readonly (readonly [name: string, value: string | undefined])[]): string =>
  values
    .flatMap(([name, value]) => (value === undefined ? [] : [name.padEnd(NAME_WIDTH) + value]))
    .join('\n');

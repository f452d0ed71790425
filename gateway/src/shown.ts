/** Text that can't break or disguise the line that it stands in. */

/** Control, format and direction characters, separators of lines, and what is no character: nothing that a terminal or a reader of lines acts on. */
const NOT_SHOWN = /[\p{C}\p{Zl}\p{Zp}]/gu;

const escaped = (character: string): string =>
  // Half a pair each, where it takes two.
  [...Array(character.length).keys()]
    .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
    .join('');

/** The same text with JSON's escapes for what isn't shown. JSON stays the same JSON: it has no such characters outside its strings. */
export const shown = (text: string): string => text.replace(NOT_SHOWN, escaped);

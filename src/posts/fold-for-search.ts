/** Marks in a row that are kept. Normalizing a longer row takes time that grows with the square of its length (UAX #15 §12). */
const LONG_ROW_OF_MARKS = /([\p{M}\uff9e\uff9f]{30})[\p{M}\uff9e\uff9f]+/gu;
/** Accents and other marks of Latin, Greek and Cyrillic letters. */
const ACCENTS = /[\u0300-\u036f]/g;
/** The longest decomposition of one character (U+FDFA). */
const LONGEST_DECOMPOSITION = 18;
/** The half of a character that the cut leaves. UTF-8 cannot express it, so a database would store something else. */
const CUT_CHARACTER = /[\ud800-\udbff]$/;

/**
 * The form in which searches compare texts, the same on every database. Neither case nor accents count, nor whether a
 * letter is composed. `ß` equals `ss`, `ſ` equals `s`, `ς` equals `σ`, and the Turkish `İ` and `ı` equal `i`. One
 * character can decompose to 18; the result is cut if that makes it more than twice as long as the text.
 *
 * Stored in the columns `foldedTitle` and `foldedBody`. After a change of this function a migration must set both to null.
 */
export function foldForSearch(text: string): string {
  return text
    .replace(LONG_ROW_OF_MARKS, '$1')
    .normalize('NFKD')
    .toLowerCase()
    .toUpperCase() // ß becomes SS
    .toLowerCase()
    .replace(ACCENTS, '')
    .replaceAll('ς', 'σ')
    .normalize('NFC')
    .slice(0, 2 * text.length + LONGEST_DECOMPOSITION)
    .replace(CUT_CHARACTER, '');
}

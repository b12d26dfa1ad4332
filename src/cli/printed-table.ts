const CONTROL_CHARACTERS = /\p{Cc}/gu;

/** Rows of cells as aligned columns. Removes control characters: a client sent the user agent, and a terminal obeys them. */
export function printedTable(rows: readonly (readonly string[])[]): string {
  const shown = rows.map((row) => row.map((cell) => cell.replace(CONTROL_CHARACTERS, '?')));
  const widths = shown[0]?.map((_, column) => Math.max(...shown.map((row) => row[column]?.length ?? 0))) ?? [];
  const padded = shown.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)));
  return padded.map((row) => row.join('  ').trimEnd()).join('\n');
}

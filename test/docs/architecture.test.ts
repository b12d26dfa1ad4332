import { readdirSync, readFileSync } from 'node:fs';

const page = readFileSync('docs/architecture.md', 'utf8');
/** The first cells of the tables, which name files and folders in code spans. */
const firstCells = Array.from(page.matchAll(/^\| ([^|]*)\|/gm), ([, cell = '']) => cell).join();

describe('docs/architecture.md', () => {
  it.each(readdirSync('src', { withFileTypes: true }).map((entry) => [entry.name, entry.isDirectory()] as const))(
    'says what is in src/%s',
    (name, isFolder) => {
      const spans = isFolder ? [`\`${name}\``, `\`${name}/\``] : [`\`${name}\``];
      expect(spans.filter((span) => firstCells.includes(span))).toHaveLength(1);
    },
  );

  it('names no file or folder that src/ does not have', () => {
    const [section = ''] = page.match(/^## The folders$[^]*?(?=^## )/m) ?? [];
    const named = Array.from(section.matchAll(/^\| (`[^|]*)\|/gm), ([, cell = '']) => cell).flatMap((cell) =>
      Array.from(cell.matchAll(/`([^`]+?)\/?`/g), ([, name = '']) => name),
    );
    expect(named.filter((name) => name !== 'src' && !readdirSync('src').includes(name))).toEqual([]);
  });
});

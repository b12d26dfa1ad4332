import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { buildSchema, isEnumType } from 'graphql';

const page = readFileSync('docs/front-end.md', 'utf8');

describe('the page for front-ends', () => {
  it('contains the current code of every recipe', () => {
    const pages = page + readFileSync('docs/cookies.md', 'utf8');
    const shown = [...pages.matchAll(/<!-- recipe: docs\/recipes\/(\S+) -->/g)].map(([, name]) => name);
    expect(shown.sort()).toEqual(readdirSync('docs/recipes').sort());
    expect(spawnSync(process.execPath, ['bin/recipes.mjs', '--check'], { encoding: 'utf8' }).stderr).toBe('');
  });

  it('explains every recovery', () => {
    const recovery = buildSchema(readFileSync('schema.graphql', 'utf8')).getType('Recovery');
    const names = isEnumType(recovery) ? recovery.getValues().map(({ name }) => name) : [];
    const rows = [...page.matchAll(/^\| `([A-Z_]+)` +\|/gm)].map(([, name]) => name);
    expect(rows.sort()).toEqual(names.sort());
  });

  it('links only to files that exist', () => {
    for (const [, path] of page.matchAll(/\]\(([^):#]+)\)/g)) expect(readFileSync(`docs/${path}`)).toBeTruthy();
  });
});

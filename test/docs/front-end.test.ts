import { readFileSync } from 'node:fs';
import { buildSchema, isEnumType } from 'graphql';

const page = readFileSync('docs/front-end.md', 'utf8');

describe('the page for front-ends', () => {
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

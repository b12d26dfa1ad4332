// Copies the recipes into the pages of docs/ that show them. With --check, names the pages that are out of date.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

process.chdir(join(import.meta.dirname, '..'));
const check = process.argv.includes('--check');
const SHOWN = /<!-- recipe: (?<path>\S+) -->\n+```ts\n[^]*?\n```\n/g;

for (const name of readdirSync('docs').filter((file) => file.endsWith('.md'))) {
  const page = readFileSync(join('docs', name), 'utf8');
  const current = page.replace(SHOWN, (_shown, path) => {
    return `<!-- recipe: ${path} -->\n\n\`\`\`ts\n${readFileSync(path, 'utf8')}\`\`\`\n`;
  });
  if (current === page) continue;
  if (check) {
    process.stderr.write(`docs/${name} shows an old version of a recipe. Run \`npm run docs:recipes\`.\n`);
    process.exitCode = 1;
  } else {
    writeFileSync(join('docs', name), current);
  }
}

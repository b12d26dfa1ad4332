import { settings } from './settings.js';
import { code, markdownTable } from './table.js';

const INTRODUCTION = `# Configuration

<!-- Made from src/config.ts by \`npm run docs\`. Do not edit. -->

Everything is set by environment variables. A file \`.env\` in the working directory is read too; what the environment says comes first. An empty variable is one that is not set. At start all problems are listed at once, by name and without the value, and the server does not start.

Secrets have no default: the key ring is made at first start outside production, and must be brought along in production (\`npm run keys -- init\`).
`;

/** docs/configuration.md */
export function configurationDocument(): string {
  const rows = settings().map(({ name, byDefault, values, description }) => [
    code(name),
    byDefault ? code(byDefault) : '',
    values,
    description,
  ]);
  return `${INTRODUCTION}\n${markdownTable(['variable', 'default', 'values', 'meaning'], rows)}\n`;
}

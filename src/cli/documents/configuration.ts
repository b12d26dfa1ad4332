import { settings } from './settings.js';
import { code, markdownTable } from './table.js';

const INTRODUCTION = `# Configuration

<!-- Generated from src/settings.ts by \`npm run docs\`. Do not edit. -->

All settings are environment variables. The server also reads a file \`.env\` in the working directory. A name may occur once in it, and a value that contains \`#\` needs quotes. Variables of the environment take precedence over it. An empty variable counts as not set. If settings are invalid, the server does not start and lists all of them by name, without values.

Secrets have no default. Outside production the first start creates the key ring. In production it must exist (\`npm run keys -- init\`).
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

import { settings } from './settings.js';

const INTRODUCTION = `# Copy this to .env, and take away the "#" before what you set. Each line shows the default.
# Generated from src/settings.ts by \`npm run docs\`. Do not edit.
`;

/** .env.example */
export function environmentExample(): string {
  const entries = settings().map(
    ({ name, description, byDefault = '' }) => `# ${description}\n#${name}=${byDefault}\n`,
  );
  return [INTRODUCTION, ...entries].join('\n');
}

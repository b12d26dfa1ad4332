// Compares clients that refresh tokens: see docs/clients-compared.md. Prints a table, and the errors that users saw.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';
import { startBrowser } from './browser.mjs';
import { runCell } from './cell.mjs';
import { FAULTS } from './faults.mjs';

const here = import.meta.dirname;
const versionOf = (name) => JSON.parse(readFileSync(join(here, 'node_modules', name, 'package.json'), 'utf8')).version;
const CLIENTS = {
  tandem: '@tandem/client',
  'auth-js': `auth-js ${versionOf('@supabase/auth-js')}`,
  urql: `authExchange ${versionOf('@urql/exchange-auth')}`,
  'apollo-link-token-refresh': `apollo-link-token-refresh ${versionOf('apollo-link-token-refresh')}`,
  'oidc-client-ts': `oidc-client-ts ${versionOf('oidc-client-ts')}`,
};
const [onlyFault = '', onlyClient = ''] = process.argv.slice(2);

const scripts = new Map();
for (const client of Object.keys(CLIENTS)) {
  const entryPoints = [join(here, 'pages', `${client}.mjs`)];
  const { outputFiles } = await build({ entryPoints, bundle: true, write: false, format: 'iife', target: 'es2022' });
  scripts.set(client, outputFiles[0].text);
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
const browser = await startBrowser();
const details = [];
console.log(`${new Date().toISOString().slice(0, 10)}, Node ${process.version}, Chromium ${browser.version}\n`);
console.log(`| fault | ${Object.values(CLIENTS).join(' | ')} |`);
console.log(
  `| --- | ${Object.keys(CLIENTS)
    .map(() => '---')
    .join(' | ')} |`,
);
for (const [name, fault] of Object.entries(FAULTS).filter(([name]) => name.includes(onlyFault))) {
  const cells = [];
  for (const [client, script] of [...scripts].filter(([name]) => name.includes(onlyClient))) {
    const { isFailed, text, errors = [] } = await runCell(browser, script, fault);
    cells.push(isFailed ? `✗ ${text}` : text);
    if (errors.length > 0) details.push(`${client}, ${name}: ${errors.join('; ').slice(0, 200)}`);
  }
  console.log(`| ${name} | ${cells.join(' | ')} |`);
}
await browser.close();
console.log(`\n${details.join('\n')}`);

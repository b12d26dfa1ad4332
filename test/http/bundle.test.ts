import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { buildClientSchema, buildSchema, getIntrospectionQuery, lexicographicSortSchema, printSchema } from 'graphql';
import { makeScratch } from '../support/scratch.js';

describe('the bundle that npm start runs', () => {
  it('serves the committed schema, the demo login and a self-contained explorer', async () => {
    const scratch = makeScratch();
    const server = spawn(process.execPath, [resolve('dist/bundle/main.mjs')], {
      cwd: scratch.path,
      env: { PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'info' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      let output = '';
      server.stdout.on('data', (chunk) => (output += String(chunk)));
      while (!/"address":"[^"]+"/.test(output)) await once(server.stdout, 'data');
      const [, address = ''] = /"address":"([^"]+)"/.exec(output) ?? [];
      const ask = async (body: object) => {
        const headers = { 'content-type': 'application/json' };
        const response = await fetch(`${address}/graphql`, { method: 'POST', headers, body: JSON.stringify(body) });
        return (await response.json()) as { data: never };
      };
      const { data } = await ask({ query: getIntrospectionQuery() });
      const committed = buildSchema(readFileSync('schema.graphql', 'utf8'));
      const sorted = (schema: Parameters<typeof printSchema>[0]) => printSchema(lexicographicSortSchema(schema));
      expect(sorted(buildClientSchema(data))).toBe(sorted(committed));

      const input = { email: 'ada@example.com', password: 'correct horse battery staple' };
      const query = 'mutation ($input: LoginInput!) { login(input: $input) { account { email } } }';
      expect(await ask({ query, variables: { input } })).toEqual({
        data: { login: { account: { email: input.email } } },
      });

      // The page contains the source of a server function. Helpers that a bundler adds would not exist in a browser.
      const page = await (await fetch(`${address}/graphql`, { headers: { accept: 'text/html' } })).text();
      expect(page).toContain('withTokenMemory');
      expect(page).not.toContain('__name(');
    } finally {
      server.kill('SIGKILL');
      await once(server, 'exit');
      scratch.remove();
    }
  });
});

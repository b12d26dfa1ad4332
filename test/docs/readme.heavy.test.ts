import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { startServerProcess, type ServerProcess } from '../support/program.js';
import { makeScratch, type Scratch } from '../support/scratch.js';

const PATIENCE_MS = 120_000;
const README_URL = 'http://localhost:4000';

/** The shell blocks of README that send requests, up to the first heading. */
const [introduction = ''] = readFileSync('README.md', 'utf8').split('\n## ');
const blocks = [...introduction.matchAll(/```sh\n([^]*?)```/g)]
  .map(([, block = '']) => block)
  .filter((block) => /^ask\b/m.test(block));

describe('the requests in README', () => {
  let scratch: Scratch;
  let server: ServerProcess;
  beforeAll(async () => {
    scratch = makeScratch();
    server = await startServerProcess(scratch.path, { NODE_ENV: 'development', AUTH_TOKEN_TTL_SECONDS: '5' });
  }, PATIENCE_MS);
  afterAll(async () => {
    await server.kill();
    scratch.remove();
  });

  it(
    'print what README says',
    () => {
      const script = blocks.join('\n').replaceAll(README_URL, server.url);
      let rest = execFileSync('sh', ['-eu', '-c', script], { cwd: scratch.path, encoding: 'utf8' });
      const expected = script.split('\n').flatMap((line) => (line.startsWith('# ') ? [line.slice(2)] : []));
      expect(expected.length).toBeGreaterThanOrEqual(5);
      for (const line of expected) {
        const pattern = new RegExp(line.split('…').map(literally).join('.*')); // an ellipsis matches any text
        expect(rest).toMatch(pattern);
        rest = rest.slice((rest.match(pattern)?.index ?? 0) + 1);
      }
    },
    PATIENCE_MS,
  );
});

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

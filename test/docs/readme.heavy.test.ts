import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { startServerProcess, type ServerProcess } from '../support/program.js';
import { makeScratch, type Scratch } from '../support/scratch.js';

const PATIENCE_MS = 120_000;
const URL_OF_PAGES = 'http://localhost:4000/graphql';

/** The shell blocks of a text that send requests. */
function requestsIn(text: string): string[] {
  const blocks = [...text.matchAll(/```sh\n([^]*?)```/g)].map(([, block = '']) => block);
  return blocks.filter((block) => /^ask\b/m.test(block));
}

const [introduction = ''] = readFileSync('README.md', 'utf8').split('\n## ');

describe.each([
  ['README.md', requestsIn(introduction), {}],
  ['docs/cookies.md', requestsIn(readFileSync('docs/cookies.md', 'utf8')), { REFRESH_TOKEN_TRANSPORT: 'cookie' }],
])('the requests in %s', (_page, blocks, environment) => {
  let scratch: Scratch;
  let server: ServerProcess;
  beforeAll(async () => {
    scratch = makeScratch();
    const settings = { NODE_ENV: 'development', AUTH_TOKEN_TTL_SECONDS: '5', ...environment };
    server = await startServerProcess(scratch.path, settings);
  }, PATIENCE_MS);
  afterAll(async () => {
    await server.kill();
    scratch.remove();
  });

  it(
    'print what the page says',
    () => {
      const script = blocks.join('\n').replaceAll(URL_OF_PAGES, `${server.url}/graphql`);
      let rest = execFileSync('sh', ['-eu', '-c', script], { cwd: scratch.path, encoding: 'utf8' });
      const expected = script.split('\n').flatMap((line) => (line.startsWith('# ') ? [line.slice(2)] : []));
      expect(expected.length).toBeGreaterThanOrEqual(4);
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

import { readFileSync } from 'node:fs';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string; cluster: string } };
const flags = scripts.start.split(' ').filter((word) => word.startsWith('--'));

describe('the start command', () => {
  it('lets stack traces name the source files instead of the bundle', () => {
    expect(flags).toContain('--enable-source-maps');
  });
});

describe('the documented start command', () => {
  it.each(['README.md', 'docs/running.md', 'deploy/Containerfile', 'deploy/tandem.service'])(
    'has the flags of npm start in %s',
    (path) => {
      const command = readFileSync(path, 'utf8').replaceAll('", "', ' '); // a container file has a list of words
      expect(command).toMatch(new RegExp(`node ${flags.join(' ')} (\\S+/)?dist/bundle/`));
    },
  );

  it('has the same flags for a cluster', () => {
    expect(scripts.cluster).toContain(`node ${flags.join(' ')} dist/bundle/`);
  });
});

import { readFileSync } from 'node:fs';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string; cluster: string } };
const flags = scripts.start.split(' ').filter((word) => word.startsWith('--'));

describe('what is said to start the server', () => {
  it.each(['README.md', 'docs/running.md', 'deploy/Containerfile', 'deploy/tandem.service'])(
    'in %s has the flags of npm start',
    (path) => {
      const command = readFileSync(path, 'utf8').replaceAll('", "', ' '); // a container file has a list of words
      expect(command).toContain(`node ${flags.join(' ')} dist/bundle/`);
    },
  );

  it('as a cluster has them too', () => {
    expect(scripts.cluster).toContain(`node ${flags.join(' ')} dist/bundle/`);
  });
});

import { execFile } from 'node:child_process';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { promisify } from 'node:util';
import { FRONT_ENDS, makeProject, snippets, type Project } from '../support/front-end-project.js';
import { PASSWORD, startTandem, type Person, type Tandem } from '../support/harness.js';
import { authorOn } from '../support/posting.js';

const HOUR_AND_A_SECOND = 3601;
/** The code generator, Relay's compiler and TypeScript take seconds, and much longer on a busy machine. */
const PATIENCE_MS = 120_000;
const IN_NODE = [
  'No library',
  'Server-side rendering',
  'Tests of your front-end',
  'Other mutations that return tokens',
];
/** Compiled with each front-end. clients.browser.test.ts executes them. */
const WITH_FRONT_ENDS = ['Start', 'What to tell the user'];

const run = promisify(execFile);

describe('docs/clients.md', () => {
  let tandem: Tandem;
  let project: Project;
  beforeAll(async () => {
    tandem = await startTandem();
    project = makeProject(IN_NODE, tandem.url);
  }, PATIENCE_MS);
  afterAll(async () => {
    await tandem?.close();
    project?.remove();
  });

  const node = async (...files: string[]) => {
    const program = files.at(-1) ?? '';
    const { stdout } = await run(process.execPath, [...files.slice(0, -1), await project.bundle(program, 'node')]);
    return stdout;
  };

  it('has no snippet that is not tested', () => {
    const sections = [...FRONT_ENDS.map(([, section]) => section), ...IN_NODE, ...WITH_FRONT_ENDS];
    const variants = FRONT_ENDS.map(([, , variant]) => variant);
    const isTested = ({ section, variant }: { section: string; variant: string | undefined }) =>
      variant ? variants.includes(variant) : sections.includes(section);
    expect(snippets().filter((snippet) => !isTested(snippet))).toEqual([]);
  });

  it.each(FRONT_ENDS)(
    'has a front-end on %s that compiles with the settings of Vite',
    (_name, section, variant) => {
      const frontEnd = makeProject([section, ...WITH_FRONT_ENDS], tandem.url, variant);
      expect(frontEnd.typeErrors()).toEqual([]);
      frontEnd.remove();
    },
    PATIENCE_MS,
  );

  it(
    'has programs for Node that compile',
    () => {
      expect(project.typeErrors()).toEqual([]);
    },
    PATIENCE_MS,
  );

  it('needs no cast', () => {
    for (const { code } of snippets()) expect(code).not.toMatch(/\bas (?!const)|\bany\b|[\w)]!\.|@ts-/);
  });

  it('has a program without a library that logs in and reads', async () => {
    await tandem.person('ada');
    const { post } = await authorOn(tandem);
    await post('A title');
    expect(await node('src/main.ts')).toContain('A title');
  });

  it('has a test that passes', async () => {
    expect(await node('--test', 'src/tandem.test.ts')).toMatch(/^# pass 1$/m);
  });

  it('stores the tokens that changePassword returns', async () => {
    const { email } = await tandem.person();
    project.write(
      'src/tandem.ts',
      `import { createTandemClient, memoryTokenStore } from '@tandem/client';
      export const url = '${tandem.url}/graphql';
      export const tandem = createTandemClient({ url, store: memoryTokenStore() });`,
    );
    project.write(
      'src/change.ts',
      `import { GraphQLClient } from 'graphql-request';
      import { changePassword } from './changePassword';
      import { LoginDocument, MeDocument } from './generated/graphql';
      import { tandem, url } from './tandem';
      const api = new GraphQLClient(url, { fetch: tandem.fetch });
      const login = { email: '${email}', password: '${PASSWORD}' };
      await tandem.signIn((await api.request(LoginDocument, { login })).login);
      await changePassword({ currentPassword: '${PASSWORD}', newPassword: 'seven otters in a teapot' });
      console.log((await api.request(MeDocument)).me.email);`,
    );
    expect(await node('src/change.ts')).toContain(email);
  });

  describe('has a server that renders pages, which', () => {
    let server: Server;
    let url: string;
    let person: Person;
    beforeAll(async () => {
      ({ server } = (await import(await project.bundle('src/server.ts', 'node'))) as { server: Server });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      person = await tandem.person();
    }, PATIENCE_MS);
    afterAll(() => server?.close());

    /** Requests a page as a browser with this cookie. Returns the page and the cookie that it sets. */
    async function open(
      cookie = '',
      form?: Record<string, string>,
    ): Promise<[page: string, cookie: string | undefined]> {
      const init = form && { method: 'POST', body: new URLSearchParams(form) };
      const response = await fetch(url, { ...init, headers: { cookie } });
      return [await response.text(), response.headers.get('set-cookie')?.split(';')[0]];
    }
    const logIn = (password = PASSWORD) => open('', { email: person.email, password });

    it('renders the page of whoever has logged in', async () => {
      expect(await logIn('wrong')).toEqual(['The e-mail address or the password is wrong.', undefined]);
      const [page, cookie] = await logIn();
      expect(page).toMatch(/^Hello /);
      expect(await open(cookie)).toEqual([page, undefined]);
      expect((await open())[0]).not.toBe(page);
    });

    it('stores refreshed tokens in the cookie', async () => {
      const [page, cookie] = await logIn();
      tandem.clock.advance(HOUR_AND_A_SECOND);
      const [again, next] = await open(cookie);
      expect(again).toBe(page);
      expect(next).not.toBe(cookie);
      expect(await open(next)).toEqual([page, undefined]);
    });
  });
});

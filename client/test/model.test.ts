import { randomUUID } from 'node:crypto';
import { answer } from '../../test/client/answer.js';
import { PASSWORD, startTandem, type Tandem } from '../../test/support/harness.js';
import '../../test/support/fake-indexed-db.mjs';
import { until } from '../../test/support/until.js';
import { indexedDbTokenStore, type TokenPair, type TokenStore } from '../src/index.js';
import { modelWalk } from './support/model-walk.js';
import { CHANGE, loginPair, openTab, READ, type Tab } from './support/tab.js';

const WALKS = 2;
const STEPS = 25;
const LOGOUT = 'mutation ($input: LogoutInput) { logout(input: $input) { loggedOut } }';

/** Honest clients of the model, with all that a network and a browser may do to them. */
const WORLDS: [string, object, boolean][] = [
  ['keys', { generations: 5 }, true],
  ['keys, logout and changePassword', { generations: 5, logsOut: true, changesPassword: true }, true],
  ['no keys, nothing delayed', { keys: 'none', isDelayed: false, generations: 5 }, false],
  [
    'no keys, nothing delayed, logout and changePassword',
    { keys: 'none', isDelayed: false, generations: 5, logsOut: true, changesPassword: true },
    false,
  ],
];

describe.each(WORLDS)('the client and the server in the world of the model with %s', (_name, world, sendsKeys) => {
  let tandem: Tandem;
  beforeAll(async () => {
    tandem = await startTandem();
    tandem.clock.stopAt(Date.now());
  });
  afterAll(() => tandem.close());

  it.each(Array.from({ length: WALKS }, (_, seed) => seed))('do what the model does, walk %s', async (seed) => {
    const browser = await openBrowser(tandem, sendsKeys);
    const done: string[] = [];
    try {
      for (const { label, state } of await modelWalk(world, seed, STEPS)) {
        done.push(label);
        await browser.follow(label);
        expect(await browser.storedGeneration()).toBe(state.store?.generation ?? 0);
        expect(await browser.session()).toMatchObject({
          generation: state.row.generation,
          isRevoked: state.row.isRevoked,
        });
      }
    } catch (error) {
      throw new Error(`After: ${done.join('\n')}`, { cause: error });
    } finally {
      browser.close();
    }
  });
});

interface ModelTab extends Tab {
  /** The refresh that waits for its response, and the response that the model has chosen. */
  refresh?: { input: RefreshInput; respond(response: Response): void; response?: Response };
  pairOfChange?: TokenPair;
  reading?: Promise<string>;
}
interface RefreshInput {
  refreshToken: string;
  idempotencyKey?: string;
}

/** Tabs of one browser that take each step when the model does. */
async function openBrowser(tandem: Tandem, sendsKeys: boolean) {
  const database = randomUUID();
  const store = (): TokenStore => ({ ...indexedDbTokenStore(database), sendsKeys, tabs: undefined });
  const login = await loginPair(tandem);
  const sessionId = login.session.id;
  const refreshes = new Map<string, RefreshInput>();
  const logouts = new Map<number, string>();
  const authTokens = new Map<number, string>([[1, login.authToken]]);
  const tabs = new Map<string, ModelTab>();

  function open(name: string): ModelTab {
    tabs.get(name)?.client.dispose();
    const tab: ModelTab = openTab(tandem, store());
    tab.network.intercept = ({ operationName, variables, authorization }) => {
      if (operationName === 'Logout')
        logouts.set(generationOf(variables.input.refreshToken), variables.input.refreshToken);
      if (operationName !== 'Refresh') {
        // The model decides which auth tokens the server sees.
        const isFirst = tab.reading === undefined;
        tab.reading ??= Promise.resolve('');
        const isOk = operationName === 'Read' && !isFirst && authorization;
        return Promise.resolve(isOk ? new Response('{"data":{}}') : answer(401, 'UNAUTHENTICATED', 'REFRESH'));
      }
      return new Promise((respond) => (tab.refresh = { input: variables.input, respond }));
    };
    tabs.set(name, tab);
    return tab;
  }

  const tabOf = (label: string): ModelTab => {
    const [, name = ''] = /(tab \w)(?!.*tab \w)/.exec(label) ?? [];
    return tabs.get(name) ?? open(name);
  };

  /** The client reads the store, and sends what the model sends in a later step. */
  async function begin(tab: ModelTab): Promise<void> {
    tab.reading = undefined;
    tab.refresh = undefined;
    const reading = tab.read();
    await until(() => tab.refresh !== undefined);
    tab.reading = reading;
  }

  /** The client receives its response, and finishes. */
  async function receive(tab: ModelTab): Promise<void> {
    const { refresh } = tab;
    if (!refresh?.response) throw new Error('No response has arrived');
    refresh.respond(refresh.response);
    tab.refresh = undefined;
    await tab.reading;
  }

  async function arrive(label: string): Promise<void> {
    const [, shown = ''] = /owner's (R\d( with key \w+)?) arrives/.exec(label) ?? [];
    const input = refreshes.get(shown);
    if (!input) throw new Error(`${shown} was not sent`);
    const reply = await tandem.refresh(input.refreshToken, { key: input.idempotencyKey });
    const pair: TokenPair | undefined = reply.data?.refreshToken;
    if (pair) authTokens.set(generationOf(pair.refreshToken), pair.authToken);
    expect(outcomeOf(reply)).toBe(/arrives: (rotate|repeat)/.test(label) ? 'pair' : /arrives: (\w+)/.exec(label)?.[1]);
    if (label.includes('nobody')) return;
    const tab = tabOf(label);
    if (tab.refresh) tab.refresh.response = new Response(reply.text, { status: reply.status });
    // A tab whose token was rejected does nothing else.
    if (outcomeOf(reply) === 'revoked') await receive(tab);
  }

  async function changePassword(label: string): Promise<void> {
    const stored = await store().read();
    const token = authTokens.get((await session()).generation) ?? stored?.authToken;
    const change = { currentPassword: PASSWORD, newPassword: 'a staple of horses, mostly correct' };
    const { data } = await tandem.send(CHANGE, { change }, { token });
    authTokens.set(generationOf(data.changePassword.refreshToken), data.changePassword.authToken);
    if (!label.includes('nobody')) tabOf(label).pairOfChange = data.changePassword;
  }

  async function session() {
    const { generation, endedAt, confirmedAt } = await tandem.database.session.findUniqueOrThrow({
      where: { id: sessionId },
    });
    return { generation: Number(generation), isRevoked: endedAt !== null, confirmedAt };
  }

  async function follow(label: string): Promise<void> {
    if (label === 'time passes') tandem.clock.advance(10);
    else if (/^logout.* arrives/.test(label)) {
      const refreshToken = logouts.get(Number(/generation (\d)/.exec(label)?.[1]));
      await tandem.send(LOGOUT, { input: { refreshToken } });
    } else if (label.startsWith('changePassword arrives')) await changePassword(label);
    else if (label.includes('arrives')) await arrive(label);
    else if (label.includes('reloaded')) open(/tab \w/.exec(label)?.[0] ?? '');
    // In worlds without delay, time makes a tab give up what it has begun.
    else if (label.includes(' reads R')) await begin(tabOf(label).refresh ? open(label.slice(0, 5)) : tabOf(label));
    else if (/ sends R/.test(label)) {
      const { refresh } = tabOf(label);
      if (refresh) refreshes.set(/R\d( with key \w+)?/.exec(label)?.[0] ?? '', refresh.input);
    } else if (label.includes('uses auth token')) {
      const generation = Number(/token (\d)/.exec(label)?.[1]);
      await tandem.send(READ, {}, { token: authTokens.get(generation) });
      const { generation: current, isRevoked } = await session();
      // The server notes it outside the path of the request, and not for the first generation, which has no previous one.
      if (generation === current && generation > 1 && !isRevoked) {
        await until(async () => (await session()).confirmedAt !== null);
      }
    } else if (label.includes('empties the store')) await tabOf(label).client.signOut();
    else if (label.includes('sends changePassword')) return;
    else {
      // The tab stores a pair, or keeps to what the store holds.
      const tab = tabOf(label);
      const { pairOfChange } = tab;
      tab.pairOfChange = undefined;
      if (pairOfChange) await tab.client.replace(pairOfChange);
      else await receive(tab);
    }
  }

  const first = open('tab A');
  await first.client.signIn(login);
  tandem.clock.advance(20);
  return {
    follow,
    session,
    storedGeneration: async () => generationOf((await store().read())?.refreshToken),
    close: () => tabs.forEach(({ client }) => client.dispose()),
  };
}

/** The generation of a refresh token, which the server signs; 0 without a token. */
function generationOf(refreshToken = ''): number {
  return Number(
    `0x${Buffer.from(refreshToken.replace('tandem_rt_', ''), 'base64url').subarray(16, 22).toString('hex') || 0}`,
  );
}

function outcomeOf({ data, errors }: Awaited<ReturnType<Tandem['refresh']>>): string {
  if (data?.refreshToken) return 'pair';
  return String(errors?.[0]?.extensions['reason'])
    .replace('REFRESH_TOKEN_', '')
    .toLowerCase()
    .replace('reused', 'reuse');
}

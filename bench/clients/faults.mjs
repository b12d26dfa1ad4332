import { setTimeout } from 'node:timers/promises';

const HOUR_MS = 3_601_000;
const DAY_MS = 86_400_000;
const FAULTY_REFRESHES = 3;
export const OPERATIONS = 42;
const PATIENCE_MS = 30_000;

/** The next refreshes meet this fault. `answer` executes the refresh. */
function failing(reply) {
  return (server) => {
    let left = FAULTY_REFRESHES;
    server.fault = (answer) => (left-- > 0 ? reply(answer) : undefined);
  };
}

/** Three expiries, in each of which all tabs operate at once. Before the first, `inject` causes the fault. */
function threeExpiries(inject = () => undefined, maxRefreshes = 3) {
  return async (cell) => {
    const errors = await cell.operate();
    for (let expiry = 0; expiry < 3; expiry++) {
      await cell.pass(HOUR_MS);
      const isOver = expiry === 0 ? await inject(cell.server, cell) : undefined;
      errors.push(...(await cell.operate()));
      await isOver?.();
    }
    return { errors, isExpected: (tabs) => tabs.every(Boolean), maxRefreshes };
  };
}

/** Holds the response to the next refresh. */
function holding(server) {
  let arrive;
  let release;
  const arrived = new Promise((resolve) => (arrive = resolve));
  const released = new Promise((resolve) => (release = resolve));
  let isHeld = false;
  server.fault = (answer) => {
    if (isHeld) return undefined;
    isHeld = true;
    const reply = answer();
    arrive();
    return released.then(() => reply);
  };
  return { arrived, release };
}

export const FAULTS = {
  'no fault': { run: threeExpiries() },
  'response 503': { run: threeExpiries(failing(async () => ({ status: 503, body: '' }))) },
  'response 429, `Retry-After: 1`': {
    run: threeExpiries(
      failing(async () => ({ status: 429, headers: { 'retry-after': '1' }, json: { message: 'Too many requests' } })),
    ),
  },
  'HTML of a proxy': {
    run: threeExpiries(failing(async () => ({ headers: { 'content-type': 'text/html' }, body: '<!doctype html>' }))),
  },
  'server killed': { run: threeExpiries(failing(async () => ({ isLost: true }))) },
  'lost response': { run: threeExpiries(failing(async (answer) => ({ ...answer(), isLost: true }))) },
  'offline for two seconds': {
    run: threeExpiries(async (_server, cell) => {
      await cell.setOffline(true);
      const isOver = setTimeout(2000).then(() => cell.setOffline(false));
      return () => isOver;
    }),
  },
  'clock a day ahead': { run: threeExpiries(), clockOffsetMs: DAY_MS },
  'clock a day behind': { run: threeExpiries(), clockOffsetMs: -DAY_MS },
  'sleep (a monotonic clock stops)': { run: threeExpiries(), isAsleep: true },
  // Each tab has a login of its own.
  'storage throws': { run: threeExpiries(undefined, 9), isStorageBroken: true },
  'frozen tab in a refresh': {
    async run(cell) {
      const errors = await cell.operate();
      await cell.pass(HOUR_MS);
      const { arrived, release } = holding(cell.server);
      const first = cell.operateIn(0);
      // If the others hang, its page is closed.
      first.catch(() => undefined);
      await arrived;
      await cell.setLifecycle(0, 'frozen');
      release();
      errors.push(...(await Promise.all([cell.operateIn(1), cell.operateIn(2)])).flat());
      for (let expiry = 0; expiry < 2; expiry++) {
        await cell.pass(HOUR_MS);
        errors.push(...(await Promise.all([cell.operateIn(1), cell.operateIn(2)])).flat());
      }
      await cell.setLifecycle(0, 'active');
      errors.push(...(await first), ...(await cell.operate()));
      return { errors, isExpected: (tabs) => tabs.every(Boolean), maxRefreshes: 9 };
    },
  },
  'logout during a refresh': {
    async run(cell) {
      const errors = await cell.operate();
      await cell.pass(HOUR_MS);
      const { arrived, release } = holding(cell.server);
      const operating = Promise.all([cell.operateIn(0), cell.operateIn(2)]);
      await arrived;
      await cell.logOut(1).catch(() => errors.push('The logout failed'));
      release();
      await operating;
      return {
        errors,
        isExpected: (tabs) => !tabs.some(Boolean),
        maxRefreshes: 9,
      };
    },
  },
  'session revoked elsewhere': {
    async run(cell) {
      const errors = await cell.operate();
      cell.server.revokeAll();
      await Promise.all([0, 1, 2].map((number) => cell.operateIn(number, 1)));
      return { errors, isExpected: (tabs) => !tabs.some(Boolean), maxRefreshes: 9 };
    },
  },
};

/** Rejects if a client hangs. */
export async function inTime(promise) {
  const waiting = new AbortController();
  const late = setTimeout(PATIENCE_MS, undefined, { signal: waiting.signal }).then(() => {
    throw new Error('hangs');
  });
  return Promise.race([promise, late]).finally(() => waiting.abort());
}

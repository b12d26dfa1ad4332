// The settings of all servers and measurements.

export const PASSWORD = 'correct horse battery staple';
export const CONNECTIONS = 32;
export const LOGINS_AT_ONCE = 8;
/** How many logins run at the same time as the other requests. */
export const LOGINS_BESIDE = 2;
export const ACCOUNTS = 64;
export const POSTS = 1000;
export const SESSIONS = 1000;
export const GROWN = { posts: 100_000, sessions: 1_000_000 };
export const ISSUER = { issuer: 'https://tandem.example', audience: 'tandem', clientId: 'tandem' };
export const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** How many cores the servers get, and therefore how many passwords they hash at once. */
export const CORES_OF_SERVER = 1;

/** Seconds of each measurement, and how often it is repeated. `distinctTokens` exceeds the server's cache of verified tokens. */
export const FULL = {
  rounds: 4,
  seconds: 1.2,
  loginSeconds: 2.5,
  warmUpSeconds: 4,
  growth: GROWN,
  starts: 3,
  distinctTokens: 50_000,
};
export const QUICK = {
  rounds: 1,
  seconds: 0.4,
  loginSeconds: 1.2,
  warmUpSeconds: 0.8,
  growth: { posts: 10_000, sessions: 100_000 },
  starts: 1,
  distinctTokens: 20_000,
};

const [serverCore, loadCore] = [0, 1];
export const CORES = { serverCore, loadCore };

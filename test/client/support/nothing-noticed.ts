import type { Tandem } from '../../support/harness.js';
import { exchangedTokens, needlessRefreshes } from './needless-refreshes.js';
import type { ThreeTabs } from './three-tabs.js';

/** In three tabs, 501 operations. */
export const OPERATIONS_PER_TAB = 167;

const WRITES_PER_TAB = Math.ceil(OPERATIONS_PER_TAB / 5);
const EXPIRIES = 3;

/** Expects that no user noticed anything: no error, no logout, each post once, and one refresh per expiry. */
export async function expectNothingNoticed(
  tandem: Tandem,
  tabs: ThreeTabs,
  errors: string[],
  { needless = 'none' as 'none' | 'any', writes = 3 * WRITES_PER_TAB } = {},
): Promise<void> {
  const { id } = tabs.person;
  const { requests } = tabs.frontEnd;
  expect(countsOf(errors)).toEqual({});
  expect((await tabs.events()).flat().filter((event) => event.startsWith('signedOut'))).toEqual([]);
  expect(await tabs.accounts()).toEqual([id, id, id]);
  expect(await tandem.database.session.count({ where: { accountId: id, NOT: { endedAt: null } } })).toBe(0);
  expect(await tandem.database.post.count({ where: { authorId: id } })).toBe(writes);
  expect(exchangedTokens(requests)).toBeGreaterThanOrEqual(EXPIRIES);
  if (needless === 'none') expect(needlessRefreshes(requests)).toEqual([]);
}

function countsOf(texts: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const text of texts) counts[text] = (counts[text] ?? 0) + 1;
  return counts;
}

import type { TabRequest } from './front-end-server.js';

/** The times are measured in two processes. */
const TOLERANCE_MS = 50;

/** Which requests exchanged a refresh token too early, or although another tab did or had done so. */
export function needlessRefreshes(requests: TabRequest[]): string[] {
  const refreshes = requests.filter(({ operation }) => operation === 'Refresh');
  return refreshes.flatMap((request, index) => {
    const { refreshToken, receivedAt, tab } = request;
    const earlier = refreshes.slice(0, index).filter((other) => other.refreshToken === refreshToken);
    const problems = [
      earlier.some((other) => (other.repliedAt ?? Infinity) > receivedAt) && 'while another request was in flight',
      earlier.some(({ reply }) => pairIn(reply?.body)) && 'after the next token was received',
      receivedAt < dueAt(requests, refreshToken) - TOLERANCE_MS && 'before it was due',
    ];
    return problems.flatMap((problem) => (problem ? `Tab ${tab} refreshed ${problem}` : []));
  });
}

export function exchangedTokens(requests: TabRequest[]): number {
  const tokens = requests.filter(({ operation }) => operation === 'Refresh').map(({ refreshToken }) => refreshToken);
  return new Set(tokens).size;
}

/** When the auth token that was issued with this refresh token should be replaced. */
function dueAt(requests: TabRequest[], refreshToken: string | undefined): number {
  for (const { reply, repliedAt } of requests) {
    const pair = pairIn(reply?.body);
    if (repliedAt !== undefined && pair?.refreshToken === refreshToken) {
      return repliedAt + Date.parse(pair?.refreshAfter ?? '') - Date.parse(pair?.serverTime ?? '');
    }
  }
  return 0;
}

interface IssuedPair {
  refreshToken: string;
  serverTime: string;
  refreshAfter: string;
}

function pairIn(body = ''): IssuedPair | undefined {
  if (!body.startsWith('{')) return undefined;
  const { data } = JSON.parse(body) as { data?: { login?: IssuedPair; refreshToken?: IssuedPair } | null };
  return data?.login ?? data?.refreshToken;
}

import type { OneTimeTokenPurpose } from '../database/generated/enums.js';
import { Failure } from '../errors/failure.js';
import { invalidInput } from '../errors/invalid-input.js';
import type { CountedAttempt } from '../limits/attempt-counting.js';
import type { CodeAttempt, CodeAttempts } from '../limits/code-attempts.js';
import type { ClientInfo } from '../shared/client-info.js';
import { normalizeEmail } from './email-address.js';
import type { OneTimeTokenRow, OneTimeTokens } from './one-time-tokens.js';

/** What a client presents from a mail: the token of the link, or the address and the code. */
export interface PresentedProof {
  readonly token?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly code?: string | null | undefined;
  /** The code that a person typed on the page of the link, besides its token. Its attempts are counted apart. */
  readonly typedCode?: string | undefined;
}

export interface PresentedOneTimeToken {
  readonly row: OneTimeTokenRow;
  /** Of the code. Let it succeed in the transaction that consumes the token, and take it back if nothing was consumed. */
  readonly attempt: CountedAttempt;
}

/**
 * Finds the active token that a client presents, in the fields `token`, `email` and `code` of the input.
 * @throws Failure ONE_TIME_TOKEN_INVALID, BAD_USER_INPUT, RATE_LIMITED, SERVICE_UNAVAILABLE
 */
export type PresentOneTimeToken = (
  purpose: OneTimeTokenPurpose,
  proof: PresentedProof,
  clientInfo: ClientInfo,
) => Promise<PresentedOneTimeToken>;

/**
 * Tokens of these purposes exist only if the address has or had an account, or has an invitation. So a code that was tried too often looks
 * like a wrong one, and an attempt is counted though there is no token.
 */
const CONFIDENTIAL: readonly OneTimeTokenPurpose[] = ['REVOKE_SESSION', 'INVITATION', 'UNDO_EMAIL_CHANGE'];

/** The token of a link cannot be guessed, so that it has no limit. It stays valid if strangers use up the attempts of its code. */
const NOT_COUNTED: CountedAttempt = { succeed: async () => undefined, takeBack: async () => undefined };

export function presentedOneTimeToken(tokens: OneTimeTokens, attempts: CodeAttempts): PresentOneTimeToken {
  return async (purpose, { token, email, code, typedCode }, clientInfo) => {
    if (token != null && code != null) throw invalidInput([{ path: ['input', 'code'], reason: 'MUTUALLY_EXCLUSIVE' }]);
    if (token != null) {
      const row = await tokens.findByLink(purpose, token);
      if (!row) throw new Failure('ONE_TIME_TOKEN_INVALID');
      if (typedCode === undefined) return { row, attempt: NOT_COUNTED };
      // Strangers who do not have the link cannot use these attempts up.
      const ofLink = { ...row, id: `${row.id}.link` };
      const { codes, ...attempt } = await count(purpose, row.email, [ofLink], clientInfo);
      if (codes.length === 0 || !tokens.hasCode(row, typedCode)) throw new Failure('ONE_TIME_TOKEN_INVALID');
      return { row, attempt };
    }
    if (email == null) throw invalidInput([{ path: ['input', code == null ? 'token' : 'email'], reason: 'REQUIRED' }]);
    if (code == null) throw invalidInput([{ path: ['input', 'code'], reason: 'REQUIRED' }]);

    const address = normalizeEmail(email);
    const candidates = await tokens.findCandidates(purpose, address);
    const { codes, ...attempt } = await count(purpose, address, candidates, clientInfo);
    if (codes.length === 0) tokens.hasNoCode(code);
    const row = codes.find((candidate) => tokens.hasCode(candidate, code));
    if (!row) throw new Failure('ONE_TIME_TOKEN_INVALID');
    return { row, attempt };
  };

  async function count(
    purpose: OneTimeTokenPurpose,
    address: string,
    candidates: readonly OneTimeTokenRow[],
    clientInfo: ClientInfo,
  ): Promise<CodeAttempt<OneTimeTokenRow>> {
    if (!CONFIDENTIAL.includes(purpose)) return attempts.count(address, candidates, clientInfo);
    try {
      return await attempts.countConfidential(address, candidates, clientInfo);
    } catch (error) {
      // Other attempts at the same moment were faster.
      const isLimit = error instanceof Failure && error.kind === 'RATE_LIMITED';
      throw isLimit ? new Failure('ONE_TIME_TOKEN_INVALID') : error;
    }
  }
}

/** Runs the work that the token allows. If it fails, the attempt does not count. */
export async function takingBack<Result>(
  { attempt }: PresentedOneTimeToken,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    await attempt.takeBack();
    throw error;
  }
}

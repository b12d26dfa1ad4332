import type { ClientInfo } from '../shared/client-info.js';
import type { AttemptCounting, CountedAttempt } from './attempt-counting.js';
import { codeKeys } from './limit-keys.js';

/** A one-time code from a mail. */
export interface LimitedCode {
  /** Of the one-time token that the code belongs to. */
  readonly id: string;
  readonly expiresAt: Date;
}

export interface CodeAttempt<Code extends LimitedCode> extends CountedAttempt {
  /** The codes that allow the attempt. Compare with no other. */
  readonly codes: readonly Code[];
}

export interface CodeAttempts {
  /**
   * Counts an attempt to guess one of the codes that were sent to an e-mail address, before it is compared with them. Links
   * have no limit: their tokens cannot be guessed. Without a code there is nothing to guess and nothing to count.
   * @throws Failure RATE_LIMITED if no code allows the attempt, SERVICE_UNAVAILABLE
   */
  count<Code extends LimitedCode>(
    email: string,
    codes: readonly Code[],
    clientInfo: ClientInfo,
  ): Promise<CodeAttempt<Code>>;
}

/** For each code until it expires: from one client address, so that strangers leave the owner's attempts alone. */
const PER_NETWORK = 5;
/** From all client addresses, so that nobody can use many of them. Of 40 bits these are one chance in 50,000,000,000. */
const PER_CODE = 20;

/** Limits attempts to guess one-time codes. A new code has attempts of its own. */
export function codeAttempts(counting: AttemptCounting): CodeAttempts {
  return {
    async count(email, codes, clientInfo) {
      if (codes.length === 0) return { codes, succeed: nothing, takeBack: nothing };
      const limited = codes.map((code) => {
        const keys = codeKeys(email, code.id, clientInfo.ipAddress);
        const endsAtMs = code.expiresAt.getTime();
        const group = [
          { key: keys.network, most: PER_NETWORK, endsAtMs },
          { key: keys.all, most: PER_CODE, endsAtMs },
        ];
        return { code, group };
      });
      const { groups, ...attempt } = await counting.count(
        limited.map(({ group }) => group),
        clientInfo,
      );
      return { ...attempt, codes: limited.filter(({ group }) => groups.includes(group)).map(({ code }) => code) };
    },
  };
}

async function nothing(): Promise<void> {
  // No attempt was counted.
}

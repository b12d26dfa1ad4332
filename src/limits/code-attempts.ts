import type { ClientInfo } from '../shared/client-info.js';
import type { Clock } from '../shared/clock.js';
import type { AttemptCounting, CountedAttempt, LimitGroup } from './attempt-counting.js';
import { codeKeys, noCodeKeys } from './limit-keys.js';

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
  /**
   * The same for codes that must not tell whether they exist. If there is none, or none that allows the attempt, it does the
   * same work and finds no code. @throws Failure SERVICE_UNAVAILABLE
   */
  countConfidential<Code extends LimitedCode>(
    email: string,
    codes: readonly Code[],
    clientInfo: ClientInfo,
  ): Promise<CodeAttempt<Code>>;
}

/** For each code until it expires: from one client address, so that strangers leave the owner's attempts alone. */
const PER_NETWORK = 5;
/** From all client addresses, so that nobody can use many of them. Of 40 bits these are one chance in 50,000,000,000. */
const PER_CODE = 20;

/** Never reached: an attempt without a code is counted so that it does the work of one with a code. */
const UNLIMITED = 1_000_000_000;
const DAY_MS = 86_400_000;

/** Limits attempts to guess one-time codes. A new code has attempts of its own. */
export function codeAttempts(counting: AttemptCounting, clock: Clock): CodeAttempts {
  return {
    async count(email, codes, clientInfo) {
      if (codes.length === 0) return { codes, succeed: nothing, takeBack: nothing };
      const limited = limitedCodes(email, codes, clientInfo);
      const { groups, ...attempt } = await counting.count([...limited.values()], clientInfo);
      return { ...attempt, codes: codes.filter((code) => groups.includes(limited.get(code) ?? [])) };
    },

    async countConfidential(email, codes, clientInfo) {
      const limited = limitedCodes(email, codes, clientInfo);
      const none = noCodeKeys(email).map((key) => ({ key, most: UNLIMITED, endsAtMs: clock.nowMs() + DAY_MS }));
      const all = codes.length > 0 ? [...limited.values()] : [none];
      const { groups, ...attempt } = await counting.count(all, clientInfo, (_states, _nowMs, isOpen) => {
        const open = all.filter(isOpen);
        return open.length > 0 ? open : [none];
      });
      return { ...attempt, codes: codes.filter((code) => groups.includes(limited.get(code) ?? [])) };
    },
  };
}

function limitedCodes<Code extends LimitedCode>(
  email: string,
  codes: readonly Code[],
  { ipAddress }: ClientInfo,
): ReadonlyMap<Code, LimitGroup> {
  const groups = codes.map((code) => {
    const keys = codeKeys(email, code.id, ipAddress);
    const endsAtMs = code.expiresAt.getTime();
    const group = [
      { key: keys.network, most: PER_NETWORK, endsAtMs },
      { key: keys.all, most: PER_CODE, endsAtMs },
    ];
    return [code, group] as const;
  });
  return new Map(groups);
}

async function nothing(): Promise<void> {
  // No attempt was counted.
}

import type { FieldError } from '../../errors/field-errors.js';
import type { IsBreached } from './breached-passwords.js';
import { contextWords, isMostlyContext, type PasswordContext } from './context-words.js';
import { hashQueue, type IsAbandoned } from './hash-queue.js';
import { isPasswordTooLong, LEAST_PASSWORD_LENGTH, MOST_PASSWORD_LENGTH, passwordLength } from './password-length.js';
import type { ScorePassword } from './password-scoring.js';

export interface PasswordRuleSettings {
  /** Names of the service, which are easy to guess. */
  readonly serviceWords: readonly string[];
}

/** Why a new password is rejected, as a reason and a sentence that does not repeat the password. */
export type PasswordProblem = Pick<FieldError, 'reason' | 'message'>;

export interface PasswordStrength {
  /** zxcvbn's score: from 0, which is the easiest to guess, to 4. */
  readonly score: number;
  /** Empty if the password is accepted. */
  readonly problems: readonly PasswordProblem[];
}

export interface PasswordRules {
  /**
   * Why a new password is rejected; undefined if it is accepted. Every path that sets a password calls it.
   * @throws Failure SERVICE_UNAVAILABLE if the password cannot be checked now
   */
  check(password: string, context: PasswordContext, isAbandoned?: IsAbandoned): Promise<PasswordProblem | undefined>;
  /** All problems of a password that is not set yet. If there are many checks, those of `check` go first. @throws as `check` */
  measure(password: string, context: PasswordContext, isAbandoned?: IsAbandoned): Promise<PasswordStrength>;
}

/** The least score that is accepted: zxcvbn estimates 100,000,000 guesses or more. */
const LEAST_SCORE = 3;
/** zxcvbn's time grows faster than the length. Longer passwords are judged by their beginning. */
const SCORED_CHARACTERS = 64;

/** One thread scores about 50 passwords in a second. So many may wait, and as many that are set beyond that. */
const QUEUE = { concurrency: 1, queue: 100, queueWaitMs: 2000 };
const ESTIMATE_MS = 20;

const PROBLEMS = {
  tooLong: { reason: 'TOO_LONG', message: `The password must have at most ${MOST_PASSWORD_LENGTH} characters.` },
  blank: { reason: 'BLANK', message: 'The password must not be blank.' },
  tooShort: { reason: 'TOO_SHORT', message: `The password must have at least ${LEAST_PASSWORD_LENGTH} characters.` },
  mostlyContext: {
    reason: 'EASY_TO_GUESS',
    message:
      'The password consists of your name, your e-mail address, the name of the service or well-known phrases. Add words that have nothing to do with them.',
  },
  easyToGuess: {
    reason: 'EASY_TO_GUESS',
    message: 'The password is too easy to guess. Use several words that do not belong together.',
  },
  breached: {
    reason: 'BREACHED',
    message: 'The password is in a public list of stolen passwords, which attackers try first. Choose another one.',
  },
} as const satisfies Record<string, PasswordProblem>;

/**
 * The rules for new passwords: their length, known words and phrases, zxcvbn's score, and a list of stolen passwords. There
 * are no composition rules (NIST SP 800-63B-4 §3.1.1.2). Only what no other rule rejects is looked up in the list.
 */
export function passwordRules(
  { serviceWords }: PasswordRuleSettings,
  score: ScorePassword,
  isBreached: IsBreached,
): PasswordRules {
  const reserve = hashQueue(QUEUE, ESTIMATE_MS);

  function scoreOf(password: string, { email, displayName }: PasswordContext, words: readonly string[], turn: Turn) {
    const job = { forms: formsOf(password), context: [...words, email ?? '', displayName ?? ''] };
    return reserve(
      turn.isAbandoned,
      (inTurn) => inTurn(() => score(job)),
      async () => turn.isPreferred,
    );
  }

  async function breachProblem(password: string): Promise<PasswordProblem | undefined> {
    return (await isBreached(password)) ? PROBLEMS.breached : undefined;
  }

  return {
    async check(password, context, isAbandoned = isNeverAbandoned) {
      const words = contextWords(context, serviceWords);
      const problem = lengthProblem(password) ?? contextProblem(password, words);
      if (problem) return problem;
      const scored = await scoreOf(password, context, words, { isAbandoned, isPreferred: true });
      return scoreProblem(scored) ?? breachProblem(password);
    },

    async measure(password, context, isAbandoned = isNeverAbandoned) {
      const ofLength = lengthProblem(password);
      if (ofLength && ofLength !== PROBLEMS.tooShort) return { score: 0, problems: [ofLength] };
      const words = contextWords(context, serviceWords);
      const scored = await scoreOf(password, context, words, { isAbandoned, isPreferred: false });
      const ofContext = contextProblem(password, words);
      const problems = [ofLength, ofContext ?? scoreProblem(scored)].filter((problem) => problem !== undefined);
      const ofBreach = problems.length === 0 ? await breachProblem(password) : undefined;
      if (ofBreach) return { score: 0, problems: [ofBreach] };
      return { score: ofContext ? Math.min(scored, LEAST_SCORE - 1) : scored, problems };
    },
  };
}

interface Turn {
  readonly isAbandoned: IsAbandoned;
  /** Whether it goes first if the queue is full. */
  readonly isPreferred: boolean;
}

function lengthProblem(password: string): PasswordProblem | undefined {
  if (isPasswordTooLong(password)) return PROBLEMS.tooLong;
  if (!/\S/.test(password)) return PROBLEMS.blank;
  return passwordLength(password) < LEAST_PASSWORD_LENGTH ? PROBLEMS.tooShort : undefined;
}

function contextProblem(password: string, words: readonly string[]): PasswordProblem | undefined {
  return isMostlyContext(password, words) ? PROBLEMS.mostlyContext : undefined;
}

function scoreProblem(score: number): PasswordProblem | undefined {
  return score < LEAST_SCORE ? PROBLEMS.easyToGuess : undefined;
}

/** The password as it is, and without what separates words: `pass-word 1234` is not harder to guess than `password1234`. */
function formsOf(password: string): string[] {
  const composed = password.normalize('NFC');
  const beginnings = [composed, composed.replace(/[\s._-]/g, '')].map((form) =>
    [...form].slice(0, SCORED_CHARACTERS).join(''),
  );
  return [...new Set(beginnings)];
}

function isNeverAbandoned(): boolean {
  return false;
}

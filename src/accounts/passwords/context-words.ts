/** What anybody may know about the account that a password is for. */
export interface PasswordContext {
  readonly email?: string | null | undefined;
  readonly displayName?: string | null | undefined;
}

/** Shorter words are part of too many others. */
const LEAST_WORD_LENGTH = 3;
/** What is secret must have as many characters as a password beside a second factor (NIST SP 800-63B-4 §3.1.1.2). */
const LEAST_SECRET_LENGTH = 8;

/** Phrases that come to many minds when a password is asked for, without spaces. zxcvbn gives several in a row the score 3. */
const PHRASES = [
  '1234567890',
  'asdfghjkl',
  'changeit',
  'changeme',
  'changemenow',
  'changethis',
  'donotforget',
  'dontforget',
  'iforgot',
  'iloveyou',
  'iloveyouforever',
  'isapassword',
  'ismypassword',
  'ispassword',
  'isthepassword',
  'letmein',
  'letmeinnow',
  'letmeinplease',
  'login',
  'loginto',
  'logmein',
  'mynameis',
  'mynewpassword',
  'mypassword',
  'mypasswordis',
  'mysecret',
  'mysecretis',
  'newpassword',
  'opensesame',
  'passphrase',
  'password',
  'passwordis',
  'pleaseletmein',
  'qwertyuiop',
  'secretpassword',
  'temporary',
  'thepassword',
  'thepasswordis',
  'thequickbrownfox',
  'thisis',
  'thisisa',
  'thisismy',
  'thisismypassword',
  'thisisthe',
  'trustno1',
  'welcome',
  'welcomeback',
  'welcometo',
  'whatismypassword',
  'zxcvbnm',
] as const;

/** The words that are easy to guess: of the address, of the name, and of the service. */
export function contextWords({ email, displayName }: PasswordContext, serviceWords: readonly string[]): string[] {
  const texts = [...serviceWords, email ?? '', ...(email ?? '').split('@'), displayName ?? ''];
  const words = texts.flatMap((text) => [text, ...text.split(/[\s\p{P}\p{S}]+/u)]).map(withoutDecoration);
  return [...new Set(words)].filter((word) => [...word].length >= LEAST_WORD_LENGTH);
}

/** Whether a password consists of these words and of well-known phrases, with less than eight other characters. */
export function isMostlyContext(password: string, words: readonly string[]): boolean {
  const bare = withoutDecoration(password);
  const longestFirst = [...words, ...PHRASES].toSorted((one, other) => other.length - one.length);
  const rest = longestFirst.reduce((text, word) => text.replaceAll(word, '\0'), bare);
  return rest !== bare && [...rest.replaceAll('\0', '')].length < LEAST_SECRET_LENGTH;
}

function withoutDecoration(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{P}\p{S}]/gu, '');
}

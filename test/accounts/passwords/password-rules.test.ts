import { startTandem, type Tandem } from '../../support/harness.js';
import { signUp } from '../../support/sign-up.js';

/** Greek letters that NFC composes from four code units each. */
const LETTERS = [...Array(48).keys()]
  .map((i) => String.fromCodePoint(0x1f80 + i).normalize('NFD'))
  .filter((l) => l.length === 4);
const letters = (count: number) => [...Array(count).keys()].map((i) => LETTERS[(i * i) % LETTERS.length]).join('');
const animals = (count: number) => [...Array(count).keys()].map((i) => String.fromCodePoint(0x1f400 + i)).join('');
const PHRASE = 'seven otters in a teapot';

describe('the rules for a new password', () => {
  let tandem: Tandem;
  beforeAll(
    async () =>
      (tandem = await startTandem({ MAIL_FROM: 'Galway Bank <hello@galway.example>' }, undefined, undefined, 'zxcvbn')),
  );
  afterAll(() => tandem.close());

  let count = 0;
  async function problem(password: string, input: object = {}) {
    const email = `nora.barnacle.${(count += 1)}@dublin.example`;
    const reply = await signUp(tandem, email, { displayName: 'Molly Bloom', ...input, password });
    const [field, ...others] = (reply.errors?.[0]?.extensions['fields'] ?? []) as { reason: string; path: string[] }[];
    expect(others).toEqual([]);
    if (field) expect(field.path).toEqual(['input', 'password']);
    if (password.trim()) expect(reply.text).not.toContain(password);
    expect(tandem.log()).not.toContain(PHRASE);
    return field?.reason;
  }

  it.each([
    ['fifteen lower-case letters', 'trombonebayteas'],
    ['a phrase', PHRASE],
    ['a phrase with well-known words', 'a passphrase that is new here'],
    ['the phrase of a comic', 'correct horse battery staple'],
    ['words with one of the context', 'molly rides a purple giraffe'],
    ['256 characters', `${'seven otters in a teapot and '.repeat(8)}an overture at the end.`],
    ['256 characters outside the basic plane', animals(256)],
    ['256 letters of four combining characters each', letters(256)],
    ['letters that are written with combining accents', 'ábcdéfghíjklmnó'.normalize('NFD')],
    ['other scripts', '長いパスワードは忘れにくいものだ'],
    ['blanks at both ends', ' to be or not to be '],
    ['random letters', 'hvkbro-7fkxjp-Dtyrbo'],
    ['random characters', 'aK$#9(@!*&^%x2L'],
    ['64 random digits', '3141592653589793238462643383279502884197169399375105820974944592'],
  ])('accept %s', async (_what, password) => {
    expect(await problem(password)).toBeUndefined();
  });

  it.each([
    ['fourteen characters', 'trombonebaytea', 'TOO_SHORT'],
    ['fourteen letters with fourteen combining accents', 'áéíóúàèìòùâêîô'.normalize('NFD'), 'TOO_SHORT'],
    ['257 letters of four combining characters each', letters(257), 'TOO_LONG'],
    ['257 characters outside the basic plane', animals(257), 'TOO_LONG'],
    ['an empty password', '', 'BLANK'],
    ['blanks', ' \t\u00a0'.repeat(6), 'BLANK'],
    ['a frequent password', 'password1234567', 'EASY_TO_GUESS'],
    ['a frequent password with capitals and punctuation', 'Pass-Word 1234567 !!', 'EASY_TO_GUESS'],
    ['a frequent password with digits for letters', 'p4ssw0rdp4ssw0rd', 'EASY_TO_GUESS'],
    ['a repeated syllable', 'lalalalalalalalala', 'EASY_TO_GUESS'],
    ['a repeated phrase', 'long text '.repeat(10), 'EASY_TO_GUESS'],
    ['the alphabet', 'abcdefghijklmnopqrstuvwxyz', 'EASY_TO_GUESS'],
    ['a keyboard', 'qwertyuiopasdfghjklzxcvbnm', 'EASY_TO_GUESS'],
    ['a frequent password before 64 blanks', `password1234567${' '.repeat(64)}`, 'EASY_TO_GUESS'],
    ['frequent passwords with separators', 'monk-ey dra-gon', 'EASY_TO_GUESS'],
    ['64 equal characters before a phrase', `${'a'.repeat(64)} ${PHRASE}`, 'EASY_TO_GUESS'],
    ['phrases about passwords', 'mypasswordispassword', 'EASY_TO_GUESS'],
    ['a phrase about passwords with a year', 'This is my password 2026!', 'EASY_TO_GUESS'],
    ['the name of the service', 'welcometotandem', 'EASY_TO_GUESS'],
    ['the name of the service with digits', 'Tandem-Tandem-12345', 'EASY_TO_GUESS'],
    ['the sender of mails', 'galway bank 2026', 'EASY_TO_GUESS'],
    ['the display name', 'MollyBloom-2026!', 'EASY_TO_GUESS'],
    ['parts of the address', 'barnacle nora dublin', 'EASY_TO_GUESS'],
  ])('reject %s', async (_what, password, reason) => {
    expect(await problem(password)).toBe(reason);
  });

  it('reject the address as it is and in capitals', async () => {
    const email = 'flora.finching@dublin.example';
    expect(await problem(email, { email })).toBe('EASY_TO_GUESS');
    expect(await problem(email.toUpperCase(), { email })).toBe('EASY_TO_GUESS');
  });

  it('accept from one person what is the name of another', async () => {
    const password = 'Trombone Giraffe Wobble';
    expect(await problem(password)).toBeUndefined();
    expect(await problem(password, { displayName: password })).toBe('EASY_TO_GUESS');
  });
});

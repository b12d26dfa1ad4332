import { passwordProblem } from '../../../src/accounts/passwords/password-rules.js';

/** Greek letters that NFC composes from four code units each. */
const LETTERS = [...Array(48).keys()]
  .map((i) => String.fromCodePoint(0x1f80 + i).normalize('NFD'))
  .filter((l) => l.length === 4);
const letters = (count: number) => [...Array(count).keys()].map((i) => LETTERS[i % LETTERS.length]).join('');

describe('the rules for a new password', () => {
  const problem = (password: string) => passwordProblem(password, 'nora.barnacle@example.com');

  it.each([
    ['fifteen lower-case letters', 'galwaybaygalway'],
    ['a phrase', 'correct horse battery staple'],
    ['256 characters', `${'long text '.repeat(25)}ending`],
    [
      '256 characters outside the basic plane',
      [...Array(256).keys()].map((i) => String.fromCodePoint(0x1f400 + i)).join(''),
    ],
    ['letters that are written with combining accents', 'ábcdéfghíjklmnó'.normalize('NFD')],
    ['256 letters of four combining characters each', letters(256)],
    ['other scripts', '長いパスワードは忘れにくいものだ'],
    ['blanks at both ends', ' to be or not to be '],
  ])('accept %s', (_what, password) => {
    expect(problem(password)).toBeUndefined();
  });

  it.each([
    ['fourteen characters', 'galwaybaygalwa'],
    ['fourteen letters with fourteen combining accents', 'áéíóúàèìòùâêîô'.normalize('NFD')],
    ['257 characters', `${'long text '.repeat(25)}endings`],
    ['257 letters of four combining characters each', letters(257)],
    ['an empty password', ''],
    ['blanks', ' \t\u00a0'.repeat(6)],
    ['the address', 'nora.barnacle@example.com'],
    ['the address in capitals', 'NORA.BARNACLE@EXAMPLE.COM'],
    ['a common phrase', 'password1234567'],
    ['a common phrase, decorated', 'Pass-Word 1234567 !!'],
    ['a repeated syllable', 'lalalalalalalalala'],
  ])('reject %s without repeating it in the error', (_what, password) => {
    const said = problem(password)?.message;
    expect(said).toMatch(/\S/);
    if (password.trim()) expect(said).not.toContain(password);
  });
});

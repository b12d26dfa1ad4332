import { hasForbiddenCharacter, MOST_DISPLAY_NAME_LENGTH } from '../../accounts/display-name.js';
import { isEmailAddress } from '../../accounts/email-address.js';
import type { SignUp } from '../../accounts/sign-up.js';
import { Failure } from '../../errors/failure.js';
import { invalidInput, type FieldProblem } from '../../errors/invalid-input.js';
import { PAGES } from '../../mail/mail-links.js';
import type { AccountPage, PageForm } from './account-page.js';
import { SIGN_UP } from './page-texts.js';

type SignUpFields = 'email' | 'code' | 'displayName' | 'newPassword';

/** Signs up with an invitation. It ignores the token of the link, which a program could submit. */
export function signUpPage(signUp: SignUp): AccountPage {
  const form: PageForm<SignUpFields> = {
    id: 'code',
    ...SIGN_UP.form,
    fields: ['email', 'code', 'displayName', 'newPassword'],
    async submit(values, clientInfo, isAbandoned) {
      const problems = problemsOf(values);
      if (problems.length > 0) throw invalidInput(problems);
      const { email, code: invitation, displayName, newPassword: password } = values;
      try {
        await signUp({ email, invitation, displayName, password }, clientInfo, isAbandoned);
      } catch (error) {
        throw withFieldsOfForm(error);
      }
    },
  };
  return { path: PAGES.INVITATION, title: SIGN_UP.title, forms: [form] };
}

function problemsOf({ email, displayName }: Readonly<Record<SignUpFields, string>>): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (!isEmailAddress(email)) problems.push({ path: ['input', 'email'], reason: 'INVALID_FORMAT' });
  const name = displayName.trim();
  if (name === '') problems.push({ path: ['input', 'displayName'], reason: 'REQUIRED' });
  if (name.length > MOST_DISPLAY_NAME_LENGTH) problems.push({ path: ['input', 'displayName'], reason: 'TOO_LONG' });
  if (hasForbiddenCharacter(name)) problems.push({ path: ['input', 'displayName'], reason: 'INVALID_CHARACTER' });
  return problems;
}

/** The password of the mutation is the new password of the form. */
function withFieldsOfForm(error: unknown): unknown {
  if (!(error instanceof Failure) || !error.fields) return error;
  const problems = error.fields.map(({ path, ...problem }) => ({
    ...problem,
    path: path.map((name) => (name === 'password' ? 'newPassword' : name)),
  }));
  return invalidInput(problems, error.kind);
}

import { Field, InputType } from 'type-graphql';
import { z } from 'zod';
import { isPasswordTooLong, MOST_PASSWORD_LENGTH } from '../accounts/passwords/password-rules.js';
import { text } from '../graphql/string-rules.js';
import { ValidatedBy } from '../graphql/validate-input.js';

const password = z
  .string()
  .refine((given) => !isPasswordTooLong(given), `must be at most ${MOST_PASSWORD_LENGTH} characters long`);

@ValidatedBy(z.object({ email: text(254), password, otp: text(64).nullish(), deviceName: text(100).nullish() }))
@InputType('LoginInput', { description: 'What an account logs in with.' })
export class LoginInput {
  @Field({ description: 'The address of the account. Upper and lower case do not matter.' })
  email!: string;

  @Field({ description: 'The password of the account: at most 256 characters.' })
  password!: string;

  @Field(() => String, {
    nullable: true,
    description: 'A code of the second factor, or a recovery code. Accounts without a second factor need none.',
  })
  otp?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'A name for the device, by which the user will know it in the list of sessions: at most 100 characters.',
  })
  deviceName?: string | null;
}

@InputType('RefreshTokenInput', { description: 'A refresh token to be exchanged.' })
export class RefreshTokenInput {
  @Field({ description: 'The refresh token of the last pair.' })
  refreshToken!: string;
}

@InputType('LogoutInput', { description: 'What to log out.' })
export class LogoutInput {
  @Field(() => String, {
    nullable: true,
    description: 'A refresh token of the session, for when the auth token has expired or is lost.',
  })
  refreshToken?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether to end all sessions of the account, on every device.' })
  everywhere?: boolean | null;
}

@ValidatedBy(z.object({ currentPassword: password, newPassword: password }))
@InputType('ChangePasswordInput', { description: 'A change of password.' })
export class ChangePasswordInput {
  @Field({ description: 'The password as it is now.' })
  currentPassword!: string;

  @Field({
    description: 'The password from now on: 15 to 256 characters of any kind, and none that is easily guessed.',
  })
  newPassword!: string;
}

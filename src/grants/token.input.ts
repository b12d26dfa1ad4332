import { Field, InputType } from 'type-graphql';
import { z } from 'zod';
import { passwordString } from '../accounts/passwords/password.input.js';
import { boundedString, idempotencyKeyString } from '../graphql/string-rules.js';
import { ValidatedBy } from '../graphql/validate-input.js';

@ValidatedBy(
  z.object({
    email: boundedString(254),
    password: passwordString,
    otp: boundedString(64).nullish(),
    deviceName: boundedString(100).nullish(),
  }),
)
@InputType('LoginInput', { description: 'The credentials of a login.' })
export class LoginInput {
  @Field({ description: 'The e-mail address of the account. Case does not matter.' })
  email!: string;

  @Field({ description: 'The password of the account: at most 256 characters.' })
  password!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'A one-time code of the second factor, or a recovery code. It has no effect yet: there is no second factor.',
  })
  otp?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'A name that the list of sessions shows for this device: at most 100 characters.',
  })
  deviceName?: string | null;
}

@ValidatedBy(z.object({ idempotencyKey: idempotencyKeyString.nullish() }))
@InputType('RefreshTokenInput', { description: 'The refresh token to exchange.' })
export class RefreshTokenInput {
  @Field(() => String, {
    nullable: true,
    description:
      'The refresh token of the last token pair. Required, unless the server sends refresh tokens in cookies (`REFRESH_TOKEN_TRANSPORT=cookie`): then it must be absent or empty.',
  })
  refreshToken?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'A random key of 16 to 128 printable ASCII characters, such as a UUID. The client creates it when it begins to exchange this refresh token, stores both as one value, sends the key with every retry, and discards it with the token. It lets the server tell a retry from a thief. A client that cannot do this sends no key. Must be absent if refresh tokens are in cookies.',
  })
  idempotencyKey?: string | null;
}

@InputType('LogoutInput', { description: 'Which sessions to log out.' })
export class LogoutInput {
  @Field(() => String, {
    nullable: true,
    description:
      'A refresh token of the session. Send it if the request has no auth token. Must be absent or empty if refresh tokens are in cookies.',
  })
  refreshToken?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether to revoke all sessions of the account, on every device.',
  })
  everywhere?: boolean | null;
}

@ValidatedBy(z.object({ currentPassword: passwordString, newPassword: passwordString }))
@InputType('ChangePasswordInput', { description: 'The current and the new password.' })
export class ChangePasswordInput {
  @Field({ description: 'The current password.' })
  currentPassword!: string;

  @Field({
    description: 'The new password: 15 to 256 characters of any kind. Passwords that are easy to guess are rejected.',
  })
  newPassword!: string;
}

@ValidatedBy(z.object({ password: passwordString.nullish() }))
@InputType('ReauthenticateInput', { description: 'What proves who you are.' })
export class ReauthenticateInput {
  @Field(() => String, { nullable: true, description: 'The current password. Required: there is no other proof yet.' })
  password?: string | null;
}

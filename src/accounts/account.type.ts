import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Role } from '../database/generated/enums.js';
import type { Account as AccountRow } from './account-store.js';

registerEnumType(Role, {
  name: 'Role',
  description: 'What an account may do.',
  valuesConfig: {
    MEMBER: { description: 'Reads posts and writes its own.' },
    ADMIN: { description: 'Operates the service as well.' },
  },
});

@ObjectType('Account', {
  simpleResolvers: true,
  description: "The viewer's own account. It is private: nobody else can reach it.",
})
export class Account {
  @Field(() => ID, { description: 'Identifies the account. It never changes.' })
  id!: string;

  @Field({ description: 'The address that the account logs in with, in lower case.' })
  email!: string;

  @Field({ description: 'Whether the account has shown that it receives mail at this address.' })
  emailVerified!: boolean;

  @Field({ description: 'The name that others see.' })
  displayName!: string;

  @Field(() => Role, { description: 'What the account may do.' })
  role!: Role;

  @Field({ description: 'Whether a login needs a second factor.' })
  twoFactorEnabled!: boolean;

  @Field({ description: 'When the account was made.' })
  createdAt!: Date;

  /** Not a field of the schema: the session in which this account is shown, if the request has no token of it yet. */
  inSessionId?: string;
}

@ObjectType('User', { simpleResolvers: true, description: 'An account as others may see it.' })
export class User {
  @Field(() => ID, { description: 'Identifies the account. It never changes.' })
  id!: string;

  @Field({ description: 'The name that the account chose to be shown with.' })
  displayName!: string;
}

/** The public form of an account, for its owner. */
export function toAccount(account: AccountRow, inSessionId?: string): Account {
  const { id, email, displayName, role, createdAt } = account;
  return {
    id,
    email,
    emailVerified: account.emailVerifiedAt !== null,
    displayName,
    role,
    twoFactorEnabled: false,
    createdAt,
    inSessionId,
  };
}

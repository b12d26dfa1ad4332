import { Field, ID, ObjectType, registerEnumType, type ClassType } from 'type-graphql';
import { Role } from '../database/generated/enums.js';
import { Node } from '../graphql/node.type.js';
import type { Account as AccountRow } from './account-store.js';

registerEnumType(Role, {
  name: 'Role',
  description: 'What an account may do.',
  valuesConfig: {
    MEMBER: { description: 'Can read posts and write its own.' },
    ADMIN: { description: 'Can also administer the service.' },
  },
});

@ObjectType('Account', {
  implements: Node,
  simpleResolvers: true,
  description: "The viewer's own account. No other viewer can read it.",
})
export class Account extends Node {
  @Field({ description: 'The address that the account logs in with, in lower case.' })
  email!: string;

  @Field({ description: 'Whether the account has verified that it receives mail at this address.' })
  emailVerified!: boolean;

  @Field(() => String, {
    nullable: true,
    description:
      'The address that `changeEmail` requested, until it is confirmed or cancelled. Null: no change is pending.',
  })
  pendingEmail!: string | null;

  @Field({ description: 'The name that other viewers see.' })
  displayName!: string;

  @Field(() => Role, { description: 'What the account may do.' })
  role!: Role;

  @Field({ description: 'Whether a login requires a second factor.' })
  twoFactorEnabled!: boolean;

  @Field({ description: 'When the account was created.' })
  createdAt!: Date;

  /** Not a field of the schema: the session that a login has just opened, which the request's token does not name yet. */
  inSessionId?: string;
}

/** Each mutation has a payload of its own, so that it can return more later. */
function accountPayload(name: string, description: string): ClassType<AccountPayload> {
  @ObjectType(name, { simpleResolvers: true, description })
  class Payload implements AccountPayload {
    @Field(() => Account, { description: 'The account after the mutation.' })
    account!: Account;
  }
  return Payload;
}

export interface AccountPayload {
  readonly account: Account;
}

export const CancelEmailChangePayload = accountPayload(
  'CancelEmailChangePayload',
  'The result of cancelling a change of your address.',
);
export const ConfirmEmailChangePayload = accountPayload(
  'ConfirmEmailChangePayload',
  'The result of confirming a change of your address.',
);

@ObjectType('User', { simpleResolvers: true, description: 'The public part of an account.' })
export class User {
  @Field(() => ID, { description: 'Identifies the account. It never changes.' })
  id!: string;

  @Field({ description: 'The name that the account has chosen.' })
  displayName!: string;
}

/** The public form of an account, for its owner. */
export function toAccount(account: AccountRow, inSessionId?: string): Account {
  const { id, email, pendingEmail, displayName, role, createdAt } = account;
  return {
    id,
    email,
    pendingEmail,
    emailVerified: account.emailVerifiedAt !== null,
    displayName,
    role,
    twoFactorEnabled: false,
    createdAt,
    inSessionId,
  };
}

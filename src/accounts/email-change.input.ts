import { Field, InputType } from 'type-graphql';
import { z } from 'zod';
import { boundedString } from '../graphql/string-rules.js';
import { ValidatedBy } from '../graphql/validate-input.js';
import { emailString } from './account.input.js';

const token = boundedString(2000).nullish();
const code = boundedString(32).nullish();

@ValidatedBy(z.object({ newEmail: emailString }))
@InputType('ChangeEmailInput', { description: 'The new address.' })
export class ChangeEmailInput {
  @Field({ description: 'The new address. It receives a mail with a link and a code.' })
  newEmail!: string;
}

@ValidatedBy(z.object({ token, code }))
@InputType('ConfirmEmailChangeInput', { description: 'What proves that mail to the new address arrives: one of both.' })
export class ConfirmEmailChangeInput {
  @Field(() => String, { nullable: true, description: 'The token of the link: its part after `#token=`.' })
  token?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The code of the mail: 8 characters. Case, spaces and hyphens do not matter.',
  })
  code?: string | null;
}

@ValidatedBy(z.object({ token, email: boundedString(254).nullish(), code }))
@InputType('UndoEmailChangeInput', {
  description: 'What proves that mail to the previous address arrives: `token`, or `email` and `code`.',
})
export class UndoEmailChangeInput {
  @Field(() => String, { nullable: true, description: 'The token of the link: its part after `#token=`.' })
  token?: string | null;

  @Field(() => String, { nullable: true, description: 'The previous address. Send it with `code`.' })
  email?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The code of the mail: 8 characters. Case, spaces and hyphens do not matter.',
  })
  code?: string | null;
}

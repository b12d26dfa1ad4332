import { Field, InputType } from 'type-graphql';
import { z } from 'zod';
import { ValidatedBy } from '../graphql/validate-input.js';
import { emailString } from './account.input.js';
import { MailedProof, mailedProof, MailedSecret, mailedSecret } from '../graphql/mailed-proof.input.js';

@ValidatedBy(z.object({ newEmail: emailString }))
@InputType('ChangeEmailInput', { description: 'The new address.' })
export class ChangeEmailInput {
  @Field({ description: 'The new address. It receives a mail with a link and a code.' })
  newEmail!: string;
}

@ValidatedBy(z.object(mailedSecret))
@InputType('ConfirmEmailChangeInput', { description: 'What proves that mail to the new address arrives: one of both.' })
export class ConfirmEmailChangeInput extends MailedSecret {}

@ValidatedBy(z.object(mailedProof))
@InputType('UndoEmailChangeInput', {
  description: 'What proves that mail to the previous address arrives: `token`, or `email` and `code`.',
})
export class UndoEmailChangeInput extends MailedProof {}

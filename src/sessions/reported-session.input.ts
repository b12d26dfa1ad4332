import { InputType } from 'type-graphql';
import { z } from 'zod';
import { MailedProof, mailedProof } from '../graphql/mailed-proof.input.js';
import { ValidatedBy } from '../graphql/validate-input.js';

@ValidatedBy(z.object(mailedProof))
@InputType('RevokeReportedSessionInput', {
  description: 'What proves that the notice about the session arrived: `token`, or `email` and `code`.',
})
export class RevokeReportedSessionInput extends MailedProof {}

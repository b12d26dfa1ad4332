import { Field, Int, ObjectType } from 'type-graphql';
import { FieldErrorReason } from '../../errors/error-codes.js';
import '../../errors/error-enums.js';
import type { PasswordProblem } from './password-rules.js';

@ObjectType('PasswordProblem', { simpleResolvers: true, description: 'Why a password would be rejected.' })
class PasswordProblemType implements PasswordProblem {
  @Field(() => FieldErrorReason, {
    description:
      'What is wrong, as in the error of the mutation that sets the password: `BLANK`, `TOO_SHORT`, `TOO_LONG`, `EASY_TO_GUESS` or `BREACHED`.',
  })
  reason!: PasswordProblem['reason'];

  @Field({ description: 'An English sentence that may be shown to the user. It never repeats the password.' })
  message!: string;
}

@ObjectType('PasswordStrength', { simpleResolvers: true, description: 'Whether a password would be accepted.' })
export class PasswordStrengthType {
  @Field({ description: 'Whether the password would be accepted: it has no problems.' })
  acceptable!: boolean;

  @Field(() => Int, {
    description:
      'How hard the password is to guess: from 0, which is the easiest, to 4. From 3 on it is accepted, if it is long enough.',
  })
  score!: number;

  @Field(() => [PasswordProblemType], { description: 'All problems of the password. Empty if it would be accepted.' })
  problems!: readonly PasswordProblemType[];
}

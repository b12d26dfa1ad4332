import { Field, Int, ObjectType } from 'type-graphql';
import { ErrorCode, ErrorReason, FieldErrorReason, OperationLimit, Recovery } from './error-codes.js';
import './error-enums.js';
import type { FieldError } from './field-errors.js';
import type { ExceededLimit } from './failure.js';

@ObjectType('FieldError', { simpleResolvers: true, description: 'What is wrong with one input field.' })
class FieldErrorType implements FieldError {
  @Field(() => [String], {
    description:
      'The field: the name of an argument and of each field below it, such as `["input", "email"]`. List items are counted from `"0"`.',
  })
  path!: readonly string[];

  @Field(() => FieldErrorReason, { description: 'What is wrong. A client decides by this value.' })
  reason!: FieldError['reason'];

  @Field({ description: 'An English sentence that may be shown to the user. It never repeats the value.' })
  message!: string;
}

@ObjectType('ExceededLimit', { simpleResolvers: true, description: 'A limit that an operation exceeds.' })
class ExceededLimitType implements ExceededLimit {
  @Field(() => OperationLimit, { description: 'What the operation has too much of.' })
  name!: OperationLimit;

  @Field(() => Int, { description: 'How much of it the operation has.' })
  measured!: number;

  @Field(() => Int, { description: 'How much of it the server allows.' })
  maximum!: number;
}

/** Clients generate the types of errors from it. */
@ObjectType('ErrorExtensions', { simpleResolvers: true, description: 'The `extensions` of every error.' })
export class ErrorExtensions {
  @Field(() => ErrorCode, { description: 'The kind of the error.' })
  code!: ErrorCode;

  @Field(() => ErrorReason, { nullable: true, description: 'The exact cause, if a client can use it.' })
  reason!: ErrorReason | null;

  @Field(() => Recovery, { description: 'What a client does next.' })
  recovery!: Recovery;

  @Field(() => Int, {
    nullable: true,
    description: 'After how many seconds a retry can succeed. Null or absent if `recovery` is not RETRY.',
  })
  retryAfterSeconds?: number;

  @Field(() => [FieldErrorType], {
    nullable: true,
    description: 'All problems of the input. Null or absent if the error is not about input fields.',
  })
  fields?: readonly FieldError[];

  @Field(() => ExceededLimitType, {
    nullable: true,
    description: 'The limit that the operation exceeds. Null or absent if the error is not about a limit.',
  })
  limit?: ExceededLimit;
}

import { Field, InputType } from 'type-graphql';
import { z } from 'zod';
import { ValidatedBy } from '../graphql/validate-input.js';
import { displayNameString, emailString } from './account.input.js';
import { passwordString } from './passwords/password.input.js';

@ValidatedBy(z.object({ email: emailString, password: passwordString, displayName: displayNameString }))
@InputType('SignUpInput', { description: 'Who signs up.' })
export class SignUpInput {
  @Field({ description: 'The e-mail address of the new account. It receives a mail with a link and a code.' })
  email!: string;

  @Field({
    description: 'The password: 15 to 256 characters of any kind. Passwords that are easy to guess are rejected.',
  })
  password!: string;

  @Field({
    description:
      'The name that other viewers see: 1 to 100 characters. Control characters, and characters that change the direction of text, are rejected.',
  })
  displayName!: string;
}

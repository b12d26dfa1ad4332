import { Field, ObjectType } from 'type-graphql';
import { MaxCharacters } from '../graphql/access.js';
import { MOST_EXPORTED_CHARACTERS } from './data-export.js';

@ObjectType('ExportMyDataPayload', { simpleResolvers: true, description: 'What is stored about your account.' })
export class ExportMyDataPayload {
  @MaxCharacters(MOST_EXPORTED_CHARACTERS)
  @Field({
    description:
      'A JSON object with a list of rows for each kind of data: `account`, `oneTimeTokens`, `mails`, `securityEvents`, `sessions` and `posts`. Times are ISO 8601 in UTC. At most 1,000,000 characters.',
  })
  data!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Where the next response continues: send it as `after`, and append its lists. Null: there is no more.',
  })
  endCursor!: string | null;
}

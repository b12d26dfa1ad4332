import 'reflect-metadata';
import { graphql, type GraphQLResolveInfo } from 'graphql';
import { buildSchemaSync, Field, FieldResolver, Info, Int, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { BY_ID } from '../../src/database/page-window.js';
import { checkColumns, readsOf, StoredColumns } from '../../src/graphql/columns.js';
import { connectionPage } from '../../src/graphql/connection.js';
import { connectionType, type Connection } from '../../src/graphql/connection.type.js';
import { nodeSelection } from '../../src/graphql/selection.js';

interface NoteRow {
  id: string;
  heading: string;
  text: string;
}

const Reads = readsOf<NoteRow>();
const ROW: NoteRow = { id: '018f0000-0000-7000-8000-000000000000', heading: 'A', text: 'one two' };

@StoredColumns(['id', 'heading', 'text'])
@ObjectType('Note', { simpleResolvers: true })
class Note {
  @Field()
  heading!: string;
}

@StoredColumns(['id', 'heading'])
@ObjectType('Undeclared', { simpleResolvers: true })
class Undeclared {
  @Field()
  heading!: string;
}

@StoredColumns(['id'])
@ObjectType('Unstored', { simpleResolvers: true })
class Unstored {
  @Field()
  heading!: string;
}

/** type-graphql requires one, because the process has loaded protected fields for other tests. */
const authChecker = () => true;

const NoteConnection = connectionType('Note', Note);
let columns: ReadonlySet<string>;

@Resolver(() => Note)
class NoteResolver {
  @Query(() => NoteConnection)
  async notes(@Info() info: GraphQLResolveInfo): Promise<Connection<{ id: string }>> {
    ({ columns } = nodeSelection(info));
    const row = Object.fromEntries(Object.entries(ROW).filter(([name]) => name === 'id' || columns.has(name)));
    return connectionPage(
      { name: 'note', positions: BY_ID, list: async () => ({ rows: [row as { id: string }] }), count: async () => 1 },
      {},
      { hasPassed: false, isOfQuery: true, throwIfPassed: () => undefined },
    );
  }

  @Reads('text', 'heading')
  @FieldResolver(() => Int)
  length(@Root() { text, heading }: Pick<NoteRow, 'text' | 'heading'>): number {
    return text.length + heading.length;
  }

  // @ts-expect-error: it reads `text` without declaring it
  @Reads('heading')
  @FieldResolver(() => Int)
  undeclared(@Root() { text }: Pick<NoteRow, 'text' | 'heading'>): number {
    return text.length;
  }

  // @ts-expect-error: there is no such column
  @Reads('headline')
  @FieldResolver(() => Int)
  missing(): number {
    return 0;
  }
}

@Resolver(() => Undeclared)
class UndeclaredResolver {
  @Query(() => Undeclared)
  undeclared(): Undeclared {
    return { heading: '' };
  }

  /** May read other columns than the one with its name. */
  @FieldResolver()
  heading(@Root() { heading }: Undeclared): string {
    return heading;
  }
}

@Resolver()
class UnstoredResolver {
  @Query(() => Unstored)
  unstored(): Unstored {
    return { heading: '' };
  }
}

describe('a field resolver of a list that reads only the columns that it needs', () => {
  const schema = buildSchemaSync({ resolvers: [NoteResolver], authChecker });

  it.each([
    ['{ notes { nodes { length } } }', ['heading', 'text']],
    ['{ notes { edges { node { ...Length } } } } fragment Length on Note { chars: length }', ['heading', 'text']],
    ['{ notes { nodes { heading __typename } } }', ['heading']],
  ])('receives the columns that it declares: %s', async (source, expected) => {
    expect((await graphql({ schema, source })).errors).toBeUndefined();
    expect([...columns].sort()).toEqual(expected);
  });

  it('prevents the start if it declares none, or if neither a resolver nor a column has its name', () => {
    const start = (resolver: NonNullable<object>) =>
      checkColumns(buildSchemaSync({ resolvers: [resolver as never], authChecker }));
    expect(() => start(NoteResolver)).not.toThrow();
    expect(() => start(UndeclaredResolver)).toThrow('Undeclared.heading');
    expect(() => start(UnstoredResolver)).toThrow('Unstored.heading');
  });
});

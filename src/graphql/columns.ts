import { isObjectType, type GraphQLField, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { Extensions } from 'type-graphql';

const STORED_COLUMNS = 'storedColumns';
const READ_COLUMNS = 'readColumns';

/**
 * Set on a type with simple resolvers whose lists read only the columns that an operation needs. A field without a
 * resolver must have the name of a column. A field resolver must declare what it reads: see `readsOf`.
 */
export function StoredColumns(columns: readonly string[]): ClassDecorator {
  return Extensions({ [STORED_COLUMNS]: columns }) as ClassDecorator;
}

/**
 * A decorator with which a field resolver declares the columns that it reads, as in `@Reads('body')`. Its first
 * parameter is the row. A resolver that reads a column without declaring it does not compile.
 */
export function readsOf<Row>() {
  return <Column extends keyof Row & string>(...columns: readonly Column[]) =>
    <Resolver extends (row: Pick<Row, Column>, ...rest: never[]) => unknown>(
      target: object,
      name: string,
      descriptor: TypedPropertyDescriptor<Resolver>,
    ): void => {
      Extensions({ [READ_COLUMNS]: columns })(target, name, descriptor);
    };
}

/** The columns that a field of such a type needs. Undefined if its resolver declares none. */
export function columnsOf(
  type: GraphQLObjectType,
  { name, extensions, resolve }: GraphQLField<unknown, unknown>,
): readonly string[] | undefined {
  if (resolve) return extensions[READ_COLUMNS] as readonly string[] | undefined;
  const stored = type.extensions[STORED_COLUMNS] as readonly string[] | undefined;
  return stored?.includes(name) ? [name] : undefined;
}

/** @throws Error if a field of a type with `StoredColumns` is neither a column nor declares what it reads */
export function checkColumns(schema: GraphQLSchema): void {
  const types = Object.values(schema.getTypeMap()).filter(isObjectType);
  for (const type of types.filter(({ extensions }) => STORED_COLUMNS in extensions)) {
    for (const field of Object.values(type.getFields())) {
      if (columnsOf(type, field)) continue;
      throw new Error(`${type.name}.${field.name} must declare which columns it reads: see graphql/columns.ts.`);
    }
  }
}

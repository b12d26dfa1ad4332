import { readFileSync } from 'node:fs';
import {
  buildSchema,
  findBreakingChanges,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  type GraphQLSchema,
} from 'graphql';
import { schemaText } from '../../src/api/schema-text.js';
import { buildGraphQLSchema } from '../../src/api/schema.js';

/** Every element of a schema by its coordinate, with its type if it has one. */
function elementsOf(schema: GraphQLSchema): { coordinate: string; description: string | null | undefined }[] {
  const types = Object.values(schema.getTypeMap());
  return types.flatMap((type) => {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) return [];
    const { name, description } = type;
    const members = isEnumType(type)
      ? type.getValues().map((value) => ({ coordinate: `${name}.${value.name}`, description: value.description }))
      : isInputObjectType(type)
        ? Object.values(type.getFields()).map((field) => typed(name, field))
        : isObjectType(type) || isInterfaceType(type)
          ? Object.values(type.getFields()).flatMap((field) => [
              typed(name, field),
              ...field.args.map((argument) => typed(`${name}.${field.name}`, argument)),
            ])
          : [];
    return [{ coordinate: name, description }, ...members];
  });
}

function typed(holder: string, element: { name: string; type: unknown; description?: string | null | undefined }) {
  return { coordinate: `${holder}.${element.name}: ${String(element.type)}`, description: element.description };
}

describe('the schema', () => {
  const schema = buildGraphQLSchema();

  it('equals the committed schema.graphql (npm run schema)', () => {
    const stale = readFileSync('schema.graphql', 'utf8') === schemaText(schema) ? [] : ['mend it with: npm run schema'];
    expect(stale).toEqual([]);
  });

  it('describes every type, field, argument and value in full sentences', () => {
    const unclear = elementsOf(schema).filter(({ description }) => !/^[A-Z][^]*\.$/.test(description ?? ''));
    expect(unclear).toEqual([]);
  });

  it('contains every type, field, nullability, argument and value of the contract', () => {
    const promised = buildSchema(readFileSync('test/support/contract.graphql', 'utf8'));
    const kept = new Set(elementsOf(schema).map(({ coordinate }) => coordinate));
    const broken = elementsOf(promised).filter(({ coordinate }) => !kept.has(coordinate));
    expect(broken).toEqual([]);
    expect(findBreakingChanges(promised, schema)).toEqual([]);
  });
});

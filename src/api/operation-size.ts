import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isIntrospectionType,
  isListType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { MAX_CHARACTERS } from '../graphql/access.js';
import { costlyArguments, PLAIN_LIST_SIZE, type Variables } from './costly-arguments.js';
import { fragmentsOf } from './fragments.js';

const DEFAULT_FIELD_CHARACTERS = 256;
/** Quotes, colon and comma around the name and the value of a field. */
const PUNCTUATION = 6;
/** What a search costs beside its response: as much as ten posts with the longest texts. */
const SEARCH_CHARACTERS = 500_000;
/** Further searches are not counted, so that nested fragments do not multiply their paths. */
const MOST_SEARCHES = 100;
/** A UTF-16 code unit in JSON: at least one byte, at most an escape such as `\u001f`. */
const LEAST_BYTES_PER_CHARACTER = 1;
const MOST_BYTES_PER_CHARACTER = 6;

/** How much an operation contains, through fragments and regardless of @skip and @include. */
export interface OperationSize {
  readonly fields: number;
  readonly aliases: number;
  readonly directives: number;
  readonly fragmentSpreads: number;
  readonly depth: number;
  readonly searches: number;
  /**
   * The bytes of the response if every text is as long as it can be, and what searches cost. For a query, a character
   * counts as one byte, and http/response-bytes.ts rejects a response that has more bytes. For a mutation, which has taken
   * effect by then, a character counts as the most bytes that it can have.
   */
  readonly cost: number;
}

/** The size of a selection set or of one selection. */
interface Selections {
  fields: number;
  aliases: number;
  directives: number;
  fragmentSpreads: number;
  depth: number;
  /** Of the response, without lists. */
  characters: number;
  /** Of one entry of each list. The arguments of the field above say how many entries the lists have. */
  charactersPerEntry: number;
  /** The paths of searches in the response: fields with the same path are merged and execute once. */
  searches: readonly string[];
}

/**
 * Measures operations of a document, which need not be valid. Each fragment is measured once and counts at each spread, so
 * the work is linear in the length of the document.
 */
export function measuring(document: DocumentNode, schema: GraphQLSchema, variables: Variables) {
  const fragments = fragmentsOf(document);
  const measured = new Map<string, Selections>();
  const { entriesOf, isSearch, variablesRead } = costlyArguments(variables);

  return {
    /** The size of all these operations together. */
    sizeOf(operations: readonly OperationDefinitionNode[]): OperationSize {
      const total = nothing();
      let cost = 0;
      for (const { operation, selectionSet, directives } of operations) {
        const size = ofSelections(selectionSet, schema.getRootType(operation) ?? undefined);
        const bytes = operation === 'mutation' ? MOST_BYTES_PER_CHARACTER : LEAST_BYTES_PER_CHARACTER;
        cost += bytes * (size.characters + size.charactersPerEntry * PLAIN_LIST_SIZE);
        add(total, size);
        total.directives += directives?.length ?? 0;
      }
      return { ...total, searches: total.searches.length, cost };
    },
    /** The names of the variables that the sizes so far depend on. */
    variablesRead,
  };

  function ofSelections({ selections }: SelectionSetNode, parent: GraphQLCompositeType | undefined): Selections {
    const size = nothing();
    for (const selection of selections) {
      add(size, ofSelection(selection, parent));
      size.directives += selection.directives?.length ?? 0;
    }
    return size;
  }

  function ofSelection(selection: SelectionNode, parent: GraphQLCompositeType | undefined): Selections {
    switch (selection.kind) {
      case Kind.FIELD:
        return ofField(selection, parent);
      case Kind.INLINE_FRAGMENT: {
        const { typeCondition, selectionSet } = selection;
        return ofSelections(selectionSet, typeCondition ? typeNamed(typeCondition.name.value) : parent);
      }
      case Kind.FRAGMENT_SPREAD: {
        const size = ofFragment(selection.name.value);
        return { ...size, fragmentSpreads: size.fragmentSpreads + 1 };
      }
    }
  }

  function ofFragment(name: string): Selections {
    const known = measured.get(name);
    if (known) return known;
    measured.set(name, nothing()); // another rule rejects a fragment that spreads itself
    const fragment = fragments.get(name);
    if (!fragment) return nothing();
    const size = ofSelections(fragment.selectionSet, typeNamed(fragment.typeCondition.name.value));
    size.directives += fragment.directives?.length ?? 0;
    measured.set(name, size);
    return size;
  }

  function ofField(node: FieldNode, parent: GraphQLCompositeType | undefined): Selections {
    const key = (node.alias ?? node.name).value;
    const field = parent && 'getFields' in parent ? parent.getFields()[node.name.value] : undefined;
    const type = field && getNamedType(field.type);
    const size = node.selectionSet
      ? ofSelections(node.selectionSet, isCompositeType(type) ? type : undefined)
      : nothing();
    size.fields += 1;
    size.aliases += node.alias ? 1 : 0;
    size.depth += 1;
    const characters = node.selectionSet
      ? size.characters + size.charactersPerEntry * entriesOf(node, field)
      : Number(field?.extensions[MAX_CHARACTERS] ?? DEFAULT_FIELD_CHARACTERS);
    const isList = field !== undefined && isListType(getNullableType(field.type));
    size.characters = key.length + PUNCTUATION + (isList ? 0 : characters);
    size.charactersPerEntry = isList ? characters : 0;
    size.searches = size.searches.map((path) => `${key}.${path}`);
    if (isSearch(node, field)) {
      size.characters += SEARCH_CHARACTERS;
      size.searches = [...size.searches, key];
    }
    return size;
  }

  function typeNamed(name: string): GraphQLCompositeType | undefined {
    const type = schema.getType(name);
    return isCompositeType(type) && !isIntrospectionType(type) ? type : undefined;
  }
}

function nothing(): Selections {
  return {
    fields: 0,
    aliases: 0,
    directives: 0,
    fragmentSpreads: 0,
    depth: 0,
    characters: 0,
    charactersPerEntry: 0,
    searches: [],
  };
}

function add(size: Selections, other: Selections): void {
  size.fields += other.fields;
  size.aliases += other.aliases;
  size.directives += other.directives;
  size.fragmentSpreads += other.fragmentSpreads;
  size.depth = Math.max(size.depth, other.depth);
  size.characters += other.characters;
  size.charactersPerEntry += other.charactersPerEntry;
  if (other.searches.length === 0) return;
  size.searches = [...new Set([...size.searches, ...other.searches])].slice(0, MOST_SEARCHES);
}

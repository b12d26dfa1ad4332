import {
  GraphQLError,
  Kind,
  type ASTVisitor,
  type DirectiveNode,
  type DocumentNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';
import { fragmentsOf } from './fragments.js';

/**
 * The limits of one document. A fragment counts at each spread. The introspection query of GraphQL clients, much larger
 * than any other query of this schema, has 230 fields at a depth of 15.
 */
export const DOCUMENT_LIMITS = { fields: 300, aliases: 30, directives: 30, depth: 16 } as const;

type Size = Record<keyof typeof DOCUMENT_LIMITS, number>;

/** Rejects documents that are small to send and expensive to execute: many fields, aliases or directives, deep nesting. */
export function documentLimits(context: ValidationContext): ASTVisitor {
  return {
    Document(document) {
      const size = sizeOf(document);
      for (const [what, most] of Object.entries(DOCUMENT_LIMITS) as [keyof Size, number][]) {
        if (size[what] > most)
          context.reportError(new GraphQLError(`The document exceeds the limit of ${most} for its ${what}.`));
      }
    },
  };
}

/** Counts each fragment once and adds the result at each spread, so that the work is linear in the document's length. */
function sizeOf(document: DocumentNode): Size {
  const fragments = fragmentsOf(document);
  const known = new Map<string, Size>();
  const operations = document.definitions.flatMap((node) => (node.kind === Kind.OPERATION_DEFINITION ? [node] : []));
  return operations.map((node) => together(node.directives, ofSelections(node.selectionSet))).reduce(added, NOTHING);

  function ofSelections(selectionSet: SelectionSetNode | undefined): Size {
    const sizes = (selectionSet?.selections ?? []).map((selection): Size => {
      switch (selection.kind) {
        case Kind.FIELD: {
          const { fields, aliases, directives, depth } = ofSelections(selection.selectionSet);
          const field = {
            fields: fields + 1,
            aliases: aliases + (selection.alias ? 1 : 0),
            directives,
            depth: depth + 1,
          };
          return together(selection.directives, field);
        }
        case Kind.INLINE_FRAGMENT:
          return together(selection.directives, ofSelections(selection.selectionSet));
        case Kind.FRAGMENT_SPREAD:
          return together(selection.directives, ofFragment(selection.name.value));
      }
    });
    return sizes.reduce(added, NOTHING);
  }

  function ofFragment(name: string): Size {
    const size = known.get(name);
    if (size) return size;
    known.set(name, NOTHING); // another rule rejects a fragment that spreads itself
    const fragment = fragments.get(name);
    const counted = together(fragment?.directives, ofSelections(fragment?.selectionSet));
    known.set(name, counted);
    return counted;
  }
}

const NOTHING: Size = { fields: 0, aliases: 0, directives: 0, depth: 0 };

function together(directives: readonly DirectiveNode[] | undefined, size: Size): Size {
  return { ...size, directives: size.directives + (directives?.length ?? 0) };
}

function added(one: Size, other: Size): Size {
  return {
    fields: one.fields + other.fields,
    aliases: one.aliases + other.aliases,
    directives: one.directives + other.directives,
    depth: Math.max(one.depth, other.depth),
  };
}

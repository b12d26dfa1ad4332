/** The parameters of GraphQL over HTTP that name a document, from a body or a query string. */
export interface DocumentParameters {
  readonly query?: unknown;
  readonly documentId?: unknown;
  readonly extensions?: unknown;
}

export interface DocumentId {
  readonly id: string;
  /** Whether the client uses Apollo's protocol, which has its own error. */
  readonly isApollo: boolean;
}

/** The ID of a document, if the request has one. An empty one is absent. */
export function documentIdOf({ documentId, extensions }: DocumentParameters): DocumentId | undefined {
  if (typeof documentId === 'string' && documentId !== '') return { id: documentId, isApollo: false };
  if (!isObject(extensions)) return undefined;
  const { persistedQuery } = extensions;
  if (!isObject(persistedQuery) || persistedQuery['version'] !== 1) return undefined;
  const { sha256Hash: id } = persistedQuery;
  return typeof id === 'string' && id !== '' ? { id, isApollo: true } : undefined;
}

/** The extensions that remain when the document is known: Apollo Server would reject `persistedQuery`. */
export function withoutPersistedQuery(extensions: unknown): object | undefined {
  if (!isObject(extensions)) return undefined;
  const { persistedQuery: _used, ...others } = extensions;
  return Object.keys(others).length > 0 ? others : undefined;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { LRUCache } from 'lru-cache';
import Negotiator from 'negotiator';

const JSON_TYPE = 'application/json; charset=utf-8';
/** GraphQL over HTTP: in responses of this type, clients read `errors` and `extensions` whatever the status is. */
const GRAPHQL_TYPE = 'application/graphql-response+json; charset=utf-8';

/** Whether a client accepts a media type of GraphQL responses. */
export function acceptsGraphQL(accept: string | undefined): boolean {
  return !accept || accepted(accept) !== '';
}

/** The media type of an error, by the Accept header, as Apollo Server chooses it for its own responses. */
export function errorMediaType(accept: string | undefined): string {
  return (accept && accepted(accept)) || JSON_TYPE;
}

const MAX_HEADERS = 100;
/** Clients send few different Accept headers. To parse one takes a tenth of the time of a rejected request. */
const known = new LRUCache<string, string>({ max: MAX_HEADERS });

/** The media type that an Accept header prefers. Empty: none of GraphQL. */
function accepted(accept: string): string {
  let type = known.get(accept);
  if (type === undefined) {
    type = new Negotiator({ headers: { accept } }).mediaType([JSON_TYPE, GRAPHQL_TYPE]) ?? '';
    known.set(accept, type);
  }
  return type;
}

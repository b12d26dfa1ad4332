import { createTandemClient, indexedDbTokenStore } from '@tandem/client';
import { OPERATIONS } from './generated/operation-map';

export const GRAPHQL_URL = '/graphql';

/** Keeps the tokens in IndexedDB, for all tabs. */
export const tandem = createTandemClient({ url: GRAPHQL_URL, store: indexedDbTokenStore(), operations: OPERATIONS });

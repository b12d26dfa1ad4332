import { inlineHashes } from '../inline-hashes.js';
import { sampleDocument, sampleVariables } from '../../demo/sample-operations.js';
import { withTokenMemory } from './token-memory.js';

export interface Page {
  html: string;
  contentSecurityPolicy: string;
}

/**
 * GraphiQL with the sample operations: one page of 9 MB that loads nothing else. The package is imported on the first
 * request. Undefined if it is missing, because production does not install development dependencies.
 */
export async function graphiqlPage(endpoint: string): Promise<Page | undefined> {
  const renderGraphiQL = await import('@graphql-yoga/render-graphiql').then(
    (module) => module.renderGraphiQL,
    isMissing,
  );
  if (!renderGraphiQL) return undefined;
  const memory = `<script>window.fetch = (${withTokenMemory.toString()})(window.fetch.bind(window));</script>`;
  const options = {
    title: 'Tandem: GraphiQL',
    endpoint,
    // The page reads these two, which its types omit; it does not show the variables of `defaultTabs`.
    query: sampleDocument,
    variables: JSON.stringify(sampleVariables, null, 2),
    defaultEditorToolsVisibility: 'variables' as const,
    shouldPersistHeaders: false,
  };
  const html = renderGraphiQL(options).replace('</head>', () => `${memory}</head>`);

  const contentSecurityPolicy = [
    `default-src 'none'`,
    `script-src ${inlineHashes(html, 'script')}`,
    `style-src 'unsafe-inline'`,
    `worker-src blob:`,
    `connect-src 'self'`,
    `img-src data:`,
    `font-src data:`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ');
  return { html, contentSecurityPolicy };
}

function isMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return undefined;
  throw error;
}

import { sampleDocument, sampleVariables } from '../../demo/sample-operations.js';
import { inlineHashes } from '../inline-hashes.js';
import { graphiqlStyle } from './graphiql-style.js';
import { panelWithToken, storedTab } from './graphiql-tabs.js';
import { inScript } from './in-script.js';
import { withTokenMemory } from './token-memory.js';

export interface Page {
  html: string;
  contentSecurityPolicy: string;
}

/**
 * GraphiQL with the sample operations: one page of 9 MB that loads nothing else. The package is imported on the first
 * request. Undefined if it is missing, because production does not install development dependencies.
 *
 * Tabs and tokens are in sessionStorage: they survive a reload, and are gone when the browser's tab is closed.
 */
export async function graphiqlPage(endpoint: string): Promise<Page | undefined> {
  const graphiql = await import('@graphql-yoga/render-graphiql/graphiql').catch(ifMissing);
  if (!graphiql) return undefined;
  const options = {
    endpoint,
    title: 'Tandem',
    logo: ' ', // instead of its own
    query: sampleDocument,
    variables: JSON.stringify(sampleVariables, null, 2),
    defaultEditorToolsVisibility: 'variables',
    shouldPersistHeaders: true,
  };
  const workers = {
    editorWorkerService: graphiql.editorWorkerService,
    json: graphiql.jsonWorker,
    graphql: graphiql.graphqlWorker,
  };
  // `globalAPI` gives `show` access to the editor of the headers. `onEditQuery` replaces one that puts the query into the URL.
  const script = `<script>
      const workers = ${inScript(workers)};
      self.MonacoEnvironment = {
        globalAPI: true,
        getWorkerUrl: (_module, label) =>
          URL.createObjectURL(new Blob([workers[label]], { type: 'application/javascript' })),
      };
      ${graphiql.js};
      const show = (authToken) => {
        const panel = monaco.editor.getModels().find(({ uri }) => uri.path.endsWith('request-headers.json'));
        panel?.setValue((${panelWithToken.toString()})(panel.getValue(), authToken));
      };
      const storage = sessionStorage;
      window.fetch = (${withTokenMemory.toString()})(window.fetch.bind(window), { storage, show });
      YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), {
        ...${inScript(options)},
        ...(${storedTab.toString()})(storage),
        storage,
        onEditQuery() {},
      });
    </script>`;
  const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <link rel="icon" href="data:," />
    <title>Tandem: GraphiQL</title>
    <style>${graphiql.css}${graphiqlStyle}</style>
  </head>
  <body>
    <noscript>GraphiQL needs JavaScript.</noscript>
    <div id="root"></div>
    ${script}
  </body>
</html>
`;

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

function ifMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return undefined;
  throw error;
}

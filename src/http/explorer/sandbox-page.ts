import { inlineHashes } from '../inline-hashes.js';
import { sampleDocument, sampleVariables } from '../../demo/sample-operations.js';
import { withTokenMemory } from './token-memory.js';

const SANDBOX_CDN = 'https://embeddable-sandbox.cdn.apollographql.com';
const SANDBOX_FRAME = 'https://sandbox.embed.apollographql.com';
const PATIENCE_MS = 10_000;

/**
 * Apollo Sandbox with the sample operations. Sandbox is loaded from Apollo's servers; if they cannot be reached, the page
 * opens the explorer at `offlinePath`. This page sends the requests, not Sandbox's frame, so that they are same-origin.
 * The frame shows the responses.
 */
export function sandboxPage(offlinePath: string): string {
  const options = {
    target: '#sandbox',
    initialState: { document: sampleDocument, variables: sampleVariables, pollForSchemaUpdates: false },
    endpointIsEditable: false,
    allowDynamicStyles: false,
    runTelemetry: false,
  };
  const style = `<style>
      body { margin: 0; font: 16px/1.5 system-ui, sans-serif; }
      p { position: absolute; padding: 2rem; }
      iframe { position: absolute; width: 100%; height: 100%; border: 0; background: #fff; }
    </style>`;
  const script = `<script>
      const openOffline = () => location.replace(${inScript(offlinePath)});
      // The script may be cached although its frame cannot be reached. Sandbox is ready once the frame has sent a message.
      const patience = setTimeout(openOffline, ${PATIENCE_MS});
      addEventListener('message', ({ origin }) => {
        if (origin === ${inScript(SANDBOX_FRAME)}) clearTimeout(patience);
      });
      addEventListener('DOMContentLoaded', () => {
        if (!window.EmbeddedSandbox) return openOffline();
        new window.EmbeddedSandbox({
          ...${inScript(options)},
          initialEndpoint: location.origin + location.pathname,
          handleRequest: (${withTokenMemory.toString()})(window.fetch.bind(window)),
        });
      });
    </script>`;
  const policy = [
    `default-src 'none'`,
    `script-src ${SANDBOX_CDN} ${inlineHashes(script, 'script')}`,
    `style-src ${inlineHashes(style, 'style')}`,
    `frame-src ${SANDBOX_FRAME}`,
    `connect-src 'self'`,
    `img-src data:`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');

  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <link rel="icon" href="data:," />
    <title>Tandem: Apollo Sandbox</title>
    ${style}
    <script src="${SANDBOX_CDN}/_latest/embeddable-sandbox.umd.production.min.js" defer></script>
    ${script}
  </head>
  <body>
    <p>Apollo Sandbox is loading. Without a network, <a href="${offlinePath}">GraphiQL</a> is served from here.</p>
    <div id="sandbox"></div>
  </body>
</html>
`;
}

/** A value as JavaScript source that cannot close its script element. */
function inScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

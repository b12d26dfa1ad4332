import { inlineHashes } from '../inline-hashes.js';
import { sampleDocument, sampleVariables } from '../../demo/sample-operations.js';
import { inScript } from './in-script.js';
import { withTokenMemory } from './token-memory.js';

const SANDBOX_CDN = 'https://embeddable-sandbox.cdn.apollographql.com';
const SANDBOX_FRAME = 'https://sandbox.embed.apollographql.com';
/** How long Apollo's servers may take to respond at all, and how long Sandbox may then take to load. */
const REACHABLE_MS = 1000;
const LOADED_MS = 10_000;

/**
 * Apollo Sandbox with the sample operations. Sandbox is loaded from Apollo's servers; if they do not respond, the page opens
 * the explorer at `offlinePath`. This page sends the requests, not Sandbox's frame, so that they are same-origin. The frame
 * shows the responses. It cannot be given another header later, so its header contains a placeholder for the auth token, and
 * this page replaces it: the token is not in the frame's URL.
 */
export function sandboxPage(offlinePath: string): string {
  const options = {
    target: '#sandbox',
    initialState: {
      document: sampleDocument,
      variables: sampleVariables,
      headers: { Authorization: 'Bearer <authToken>' },
      pollForSchemaUpdates: false,
    },
    endpointIsEditable: false,
    allowDynamicStyles: false,
    runTelemetry: false,
  };
  const style = `<style>
      :root { color-scheme: light dark; }
      body { margin: 0; font: 16px/1.5 system-ui, sans-serif; }
      p { position: absolute; padding: 2rem; }
      iframe { position: absolute; width: 100%; height: 100%; border: 0; background: #fff; }
    </style>`;
  const script = `<script>
      const openOffline = () => location.replace(${inScript(offlinePath)});
      let patience = setTimeout(openOffline, ${REACHABLE_MS});
      let isReady = false;
      addEventListener('message', ({ origin }) => {
        if (origin !== ${inScript(SANDBOX_FRAME)}) return;
        isReady = true;
        clearTimeout(patience);
      });
      // The script may be cached although no server can be reached. The server of the frame may forbid this request.
      const reach = (server) => fetch(server, { method: 'HEAD', mode: 'no-cors', cache: 'no-store' });
      Promise.all([reach(${inScript(SANDBOX_CDN)}), reach(${inScript(SANDBOX_FRAME)}).catch(() => {})]).then(() => {
        clearTimeout(patience);
        if (!isReady) patience = setTimeout(openOffline, ${LOADED_MS});
      }, openOffline);
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
    `connect-src 'self' ${SANDBOX_CDN} ${SANDBOX_FRAME}`,
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
    <p>Apollo Sandbox is loading. <a href="${offlinePath}">GraphiQL</a> needs no network.
      <code>npm run example</code> starts <a href="http://localhost:5173">a web application</a>.</p>
    <div id="sandbox"></div>
  </body>
</html>
`;
}

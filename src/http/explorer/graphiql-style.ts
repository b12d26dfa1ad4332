/** GraphiQL fills the window. In a narrow one, the response is below the editors and the sidebar is at the bottom. */
export const graphiqlStyle = `
html, body, #root { height: 100%; margin: 0; overflow: hidden; }
#root { height: 100dvh; }
body { background: hsl(219, 28%, 100%); }
body.graphiql-dark { background: hsl(219, 29%, 18%); }
@media (prefers-color-scheme: dark) { body:not(.graphiql-light) { background: hsl(219, 29%, 18%); } }
@media (max-width: 720px) {
  .graphiql-container { flex-direction: column-reverse !important; }
  .graphiql-container .graphiql-sidebar { flex-direction: row; width: auto; padding: 2px 8px; }
  .graphiql-container .graphiql-main { position: relative; flex-direction: column; min-height: 0; overflow: hidden; }
  .graphiql-container .graphiql-plugin { flex: 1 !important; min-width: 0 !important; padding: 12px; border: 0; }
  .graphiql-container .graphiql-sessions { flex: 1 !important; margin: 0; border-radius: 0; min-height: 0; }
  .graphiql-container #graphiql-session { flex-direction: column; min-height: 0; padding: 0 4px 4px; }
  .graphiql-container .graphiql-horizontal-drag-bar { display: none; }
  .graphiql-container .graphiql-editors { min-height: 0; flex: 3 !important; }
  .graphiql-container .graphiql-response { min-height: 0; flex: 2 !important; padding-top: 4px; }
  .graphiql-container .graphiql-query-editor { padding: 8px; column-gap: 8px; }
  .graphiql-container .graphiql-editor-tools { padding: 0 8px; }
  .graphiql-container .graphiql-editor-tool { padding: 4px 8px; }
}
`;

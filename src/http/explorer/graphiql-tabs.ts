// The GraphiQL page runs these functions in the browser from their source text: they must not use anything outside themselves.

interface StartTab {
  readonly query: string;
  readonly variables: string;
  readonly initialHeaders: string;
}

/**
 * What GraphiQL must start with to restore the stored tabs: the content of the active one. If it starts with anything else,
 * it opens one more tab. Undefined if there are no stored tabs.
 */
export function storedTab(storage: { getItem(key: string): string | null }): StartTab | undefined {
  try {
    const { tabs, activeTabIndex } = JSON.parse(storage.getItem('graphiql:tabState') ?? '');
    const { query, variables, headers } = tabs[activeTabIndex];
    return { query: query ?? '', variables: variables ?? '', initialHeaders: headers ?? '' };
  } catch {
    return undefined;
  }
}

/** The text of the headers panel with this auth token. A text that is no JSON object stays as it is. */
export function panelWithToken(text: string, authToken: string): string {
  try {
    const headers: object = JSON.parse(text.trim() || '{}');
    const others = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization');
    return JSON.stringify({ ...Object.fromEntries(others), Authorization: `Bearer ${authToken}` }, null, 2);
  } catch {
    return text;
  }
}

import type { Tandem } from './harness.js';

export interface PageReply {
  status: number;
  headers: Headers;
  html: string;
}

/** Sends a form as a browser sends it from the page itself, unless `headers` has other values. */
export async function sendForm(
  tandem: Tandem,
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = { origin: 'null', 'sec-fetch-site': 'same-origin' },
): Promise<PageReply> {
  const body = new URLSearchParams(fields);
  const response = await fetch(tandem.url + path, { method: 'POST', headers, body });
  return { status: response.status, headers: response.headers, html: await response.text() };
}

import { createHash } from 'node:crypto';

/** The Content-Security-Policy sources that allow exactly the page's inline elements of this name. */
export function inlineHashes(html: string, element: 'script' | 'style'): string {
  const inline = html.matchAll(new RegExp(`<${element}>([\\s\\S]*?)</${element}>`, 'g'));
  return Array.from(inline, ([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`).join(
    ' ',
  );
}

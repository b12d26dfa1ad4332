import type { ComponentProps, MouseEvent } from 'react';
import { clearNotice } from './notice';
import { createValue } from './value';

const path = createValue(location.pathname);
addEventListener('popstate', () => path.set(location.pathname));

export const usePath = path.use;

export function navigate(to: string): void {
  history.pushState(null, '', to);
  scrollTo(0, 0);
  clearNotice();
  path.set(location.pathname);
}

/** A link inside the application. The browser still handles a click that opens a tab or a window. */
export function Link({ to, ...props }: { to: string } & Omit<ComponentProps<'a'>, 'href'>) {
  function onClick(event: MouseEvent<HTMLAnchorElement>) {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
  }
  return <a {...props} href={to} onClick={onClick} aria-current={usePath() === to ? 'page' : undefined} />;
}

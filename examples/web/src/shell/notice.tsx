import { createValue } from './value';

const notice = createValue('');

/** Shows a text until the next navigation or login. */
export const showNotice = notice.set;
export const clearNotice = () => notice.set('');

/** It is always there, so that screen readers announce its changes. */
export function Notice() {
  const text = notice.use();
  return <div role="status">{text && <p className="notice">{text}</p>}</div>;
}

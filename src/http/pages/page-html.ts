import { inlineHashes } from '../inline-hashes.js';
import type { AccountPage, FieldName, PageForm } from './account-page.js';
import { FIELD_TEXTS, LANGUAGE, SERVICE } from './page-texts.js';

/** What is wrong with a form that was sent. */
export interface FormErrors {
  /** About the whole form. */
  readonly summary: string;
  readonly fields: ReadonlyMap<string, string>;
}

export interface SentForm {
  readonly id: string | null;
  readonly values: URLSearchParams;
  readonly errors: FormErrors;
}

/** The attributes of each field. Passwords are never in a response. */
const INPUTS: Readonly<Record<FieldName, string>> = {
  token: 'type="hidden" autocomplete="off"',
  email: 'type="email" autocomplete="username" maxlength="254"',
  code: 'type="text" autocomplete="one-time-code" autocapitalize="characters" spellcheck="false" maxlength="32"',
  displayName: 'type="text" autocomplete="nickname" maxlength="100"',
  password: 'type="password" autocomplete="current-password"',
  newPassword: 'type="password" autocomplete="new-password"',
};
const isPassword = (name: FieldName) => INPUTS[name].startsWith('type="password"');

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; --problem: #b00020; }
@media (prefers-color-scheme: dark) { :root { --problem: #ff9a9a; } }
body { margin: 0 auto; padding: 1rem; max-width: 28rem; overflow-wrap: break-word; }
h1 { font-size: 1.5rem; line-height: 1.2; }
h2 { font-size: 1.125rem; margin: 2rem 0 0; }
label { display: block; margin-top: 1rem; font-weight: 600; }
.hint, .problem { margin: 0; font-size: 0.875rem; }
.problem { color: var(--problem); font-weight: 600; }
input, button { box-sizing: border-box; width: 100%; min-height: 2.75rem; font: inherit; padding: 0.5rem; }
button { margin-top: 1rem; cursor: pointer; }
`;

/** The token is in the fragment, which no browser sends. It leaves the address bar and the history at once. */
const SCRIPT = `
function readToken() {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (!token) return;
  history.replaceState(null, '', location.pathname + location.search);
  for (const field of document.getElementsByName('token')) {
    field.value = token;
    field.form.hidden = false;
  }
}
readToken();
addEventListener('hashchange', readToken);
`;

export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'x-robots-tag': 'noindex',
  'content-security-policy': [
    `default-src 'none'`,
    `script-src ${inlineHashes(`<script>${SCRIPT}</script>`, 'script')}`,
    `style-src ${inlineHashes(`<style>${STYLE}</style>`, 'style')}`,
    `form-action 'self'`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
  ].join('; '),
};

/** The page with its forms; after an error with what was typed, except passwords. */
export function pageHtml({ title, text, forms }: AccountPage, sent?: SentForm): string {
  // The first field with a problem gets the focus, or the text about the whole form.
  const isAboutFields = forms.some(({ id, fields }) => id === sent?.id && fields.some((name) => isMarked(name, sent)));
  const summary = sent
    ? `<p class="problem" role="alert"${isAboutFields ? '' : ' tabindex="-1" autofocus'}>${escaped(sent.errors.summary)}</p>`
    : '';
  const body = forms.map((form) => formHtml(form, form.id === sent?.id ? sent : undefined)).join('\n');
  const intro = text === undefined ? '' : `<p>${escaped(text)}</p>`;
  return documentHtml(title, `${summary}${intro}\n${body}\n<script>${SCRIPT}</script>`);
}

export function doneHtml({ done }: PageForm): string {
  const { title, text, next } = done;
  const link = next ? `\n<p><a href="${escaped(next.path)}">${escaped(next.text)}</a></p>` : '';
  return documentHtml(title, `<p role="status">${escaped(text)}</p>${link}`);
}

function documentHtml(title: string, body: string): string {
  return `<!doctype html>
<html lang="${LANGUAGE}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(`${title} · ${SERVICE}`)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${body}
</main>
</body>
</html>
`;
}

/** Without an action, a form is sent to the page's own path, also behind a proxy that adds a prefix to it. */
function formHtml({ id, heading, intro, button, fields }: PageForm, sent: SentForm | undefined): string {
  const isHidden = fields.includes('token') && !sent?.values.get('token');
  const focused = fields.find((name) => sent && isMarked(name, sent));
  return `<form method="post" id="${id}" aria-labelledby="${id}-heading"${isHidden ? ' hidden' : ''}>
<h2 id="${id}-heading">${escaped(heading)}</h2>
<p>${escaped(intro)}</p>
<input type="hidden" name="form" value="${id}">
${fields.map((name) => fieldHtml(id, name, sent, name === focused)).join('\n')}
<button>${escaped(button)}</button>
</form>`;
}

function fieldHtml(formId: string, name: FieldName, sent: SentForm | undefined, isFocused: boolean): string {
  const value = isPassword(name) ? '' : escaped(sent?.values.get(name) ?? '');
  const valued = `name="${name}"${value && ` value="${value}"`}`;
  if (name === 'token') return `<input ${INPUTS.token} ${valued}>`;
  const id = `${formId}-${name}`;
  const { label, hint } = FIELD_TEXTS[name];
  const problem = sent?.errors.fields.get(name);
  const described = [...(problem ? [`${id}-problem`] : []), ...(hint ? [`${id}-hint`] : [])].join(' ');
  return [
    `<label for="${id}">${escaped(label)}</label>`,
    ...(problem ? [`<p class="problem" id="${id}-problem">${escaped(problem)}</p>`] : []),
    ...(hint ? [`<p class="hint" id="${id}-hint">${escaped(hint)}</p>`] : []),
    `<input id="${id}" ${INPUTS[name]} ${valued} required${described && ` aria-describedby="${described}"`}${problem ? ' aria-invalid="true"' : ''}${isFocused ? ' autofocus' : ''}>`,
  ].join('\n');
}

function isMarked(name: FieldName, { errors }: SentForm): boolean {
  return name !== 'token' && errors.fields.has(name);
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

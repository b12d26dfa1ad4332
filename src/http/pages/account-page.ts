import type { ClientInfo } from '../../shared/client-info.js';

/** What a form sends. `token` is hidden: the page's script copies it from the URL. */
export type FieldName = 'token' | 'email' | 'code' | 'displayName' | 'password' | 'newPassword';

export interface PageForm<Name extends FieldName = FieldName> {
  readonly id: string;
  readonly heading: string;
  readonly intro: string;
  readonly button: string;
  /** All are required. A form with `token` is hidden until the page has one. */
  readonly fields: readonly Name[];
  /** Calls the use case. @throws Failure */
  submit(values: Readonly<Record<Name, string>>, clientInfo: ClientInfo, isAbandoned: () => boolean): Promise<void>;
  /** Shown when the form took effect. */
  readonly done: {
    readonly title: string;
    readonly text: string;
    /** What to do next. The path is relative to the page, so that a proxy may add a prefix. */
    readonly next?: { readonly path: string; readonly text: string };
  };
}

/**
 * A page that a link in a mail opens. Programs that check the links of mails open it, run its script and submit its forms:
 * so each form needs something that a person types, and that the link does not contain.
 */
export interface AccountPage {
  readonly path: string;
  readonly title: string;
  /** Above the forms. */
  readonly text?: string;
  readonly forms: readonly PageForm[];
}

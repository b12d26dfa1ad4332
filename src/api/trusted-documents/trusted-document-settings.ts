export const TRUSTED_DOCUMENTS_MODES = ['off', 'log', 'strict'] as const;

export interface TrustedDocumentSettings {
  readonly mode: (typeof TRUSTED_DOCUMENTS_MODES)[number];
  /** The manifest. Set unless the mode is `off`. */
  readonly file: string | undefined;
}

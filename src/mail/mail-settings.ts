export interface MailSettings {
  /** The SMTP server, as a URL. Undefined: in production no mail is sent; elsewhere mails are written to `folder`. */
  readonly smtpUrl: string | undefined;
  /** Whether to send nothing if the server offers no TLS. */
  readonly requireTls: boolean;
  /** The sender's address, maybe with a name. */
  readonly from: string;
  readonly folder: string;
  /** What links begin with, without a slash at the end. Never from a request, whose headers anybody can set. */
  readonly publicUrl: string;
  readonly production: boolean;
}

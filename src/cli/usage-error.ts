/** The operator is at fault, and the message says what to do. */
export class UsageError extends Error {
  override readonly name = 'Mistake';
}

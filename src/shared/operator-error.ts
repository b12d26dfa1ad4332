/** An error that the operator can correct. Programs and commands print its message, which says how, without a stack. */
export class OperatorError extends Error {
  override readonly name: string = 'OperatorError';
}

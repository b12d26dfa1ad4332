/** When an operation must end. */
export interface Deadline {
  readonly hasPassed: boolean;
  /** Called before work that is useless after the deadline. @throws Failure SERVICE_UNAVAILABLE */
  throwIfPassed(): void;
  /** Whether the request fails at the deadline. False until the operation is known to be a query. */
  isOfQuery: boolean;
}

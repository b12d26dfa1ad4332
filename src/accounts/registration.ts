import { Failure } from '../errors/failure.js';

export interface RegistrationSettings {
  /** Who can sign up: anybody, whoever has an invitation, or nobody. */
  readonly mode: 'open' | 'invitation' | 'closed';
}

/** @throws Failure FORBIDDEN if nobody can sign up */
export function requireRegistration({ mode }: RegistrationSettings): void {
  if (mode !== 'closed') return;
  throw new Failure('FORBIDDEN', { publicMessage: 'Registration is closed. Ask the operator for an account.' });
}

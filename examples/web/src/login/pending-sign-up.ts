const NAME = 'tandem-example-sign-up';

/** A sign-up of this browser whose address is not verified yet. The continuation proves that it is the same person. */
interface PendingSignUp {
  email: string;
  continuation: string;
}

/** In localStorage, because the link of the mail opens another tab. */
export function storePendingSignUp(pending: PendingSignUp): void {
  localStorage.setItem(NAME, JSON.stringify(pending));
}

export function pendingSignUp(): PendingSignUp | undefined {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(NAME) ?? 'null');
    return isPending(stored) ? stored : undefined;
  } catch {
    return undefined;
  }
}

export function forgetPendingSignUp(): void {
  localStorage.removeItem(NAME);
}

function isPending(value: unknown): value is PendingSignUp {
  if (typeof value !== 'object' || value === null || !('email' in value) || !('continuation' in value)) return false;
  return typeof value.email === 'string' && typeof value.continuation === 'string';
}

import type { Role } from '../database/generated/enums.js';

/**
 * What a role may do beyond what every viewer may. Fields that require the role state these scopes in the schema, and
 * routers compare them with the claim `scope` of a token.
 */
const SCOPES: Readonly<Record<Role, readonly string[]>> = { MEMBER: [], ADMIN: ['admin'] };

export function scopesOf(role: Role): readonly string[] {
  return SCOPES[role];
}

import type { AuthChecker } from 'type-graphql';
import type { Role } from '../database/generated/enums.js';
import { Failure } from '../errors/failure.js';
import { rejectionOf } from '../tokens/viewer.js';
import type { GraphContext } from './context.js';

/** Checks `@Authorized('ADMIN')`: the viewer must have one of the roles. */
export const authChecker: AuthChecker<GraphContext, Role> = ({ context: { viewer } }, roles) => {
  if (viewer.state !== 'authenticated') throw rejectionOf(viewer);
  if (!roles.includes(viewer.role)) throw new Failure('FORBIDDEN');
  return true;
};

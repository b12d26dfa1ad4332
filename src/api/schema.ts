import 'reflect-metadata';
import { GraphQLSchema } from 'graphql';
import { GraphQLDateTime } from 'graphql-scalars';
import { buildSchemaSync } from 'type-graphql';
import { AccountLifeResolver } from '../accounts/account-life.resolver.js';
import { AccountResolver } from '../accounts/account.resolver.js';
import { EmailChangeResolver } from '../accounts/email-change.resolver.js';
import { PasswordResetResolver } from '../accounts/password-reset.resolver.js';
import { PasswordStrengthResolver } from '../accounts/passwords/password-strength.resolver.js';
import { SignUpResolver } from '../accounts/sign-up.resolver.js';
import { EmailVerificationResolver } from '../grants/email-verification.resolver.js';
import { PostResolver } from '../posts/post.resolver.js';
import { ReportedSessionResolver } from '../sessions/reported-session.resolver.js';
import { SessionResolver } from '../sessions/session.resolver.js';
import { TokenResolver } from '../grants/token.resolver.js';
import { authChecker } from '../graphql/auth-checker.js';
import { checkColumns } from '../graphql/columns.js';
import { validateInput } from '../graphql/validate-input.js';
import { NodeResolver } from './node.resolver.js';
import { applyDirectives } from './schema-directives.js';

export const RESOLVERS = [
  TokenResolver,
  SignUpResolver,
  PasswordResetResolver,
  PasswordStrengthResolver,
  EmailChangeResolver,
  EmailVerificationResolver,
  AccountResolver,
  AccountLifeResolver,
  SessionResolver,
  ReportedSessionResolver,
  PostResolver,
  NodeResolver,
] as const;

/** One instance of each resolver class, constructed by app/. */
export type ResolverInstances = readonly InstanceType<(typeof RESOLVERS)[number]>[];

/** Builds the executable schema. Without instances the schema can only be printed. */
export function buildGraphQLSchema(instances?: ResolverInstances): GraphQLSchema {
  const byClass = new Map<unknown, unknown>(instances?.map((instance) => [instance.constructor, instance]));
  const config = buildSchemaSync({
    resolvers: [...RESOLVERS],
    container: { get: (resolverClass) => byClass.get(resolverClass) },
    authChecker,
    validateFn: validateInput,
    scalarsMap: [{ type: Date, scalar: GraphQLDateTime }],
  }).toConfig();
  // type-graphql cannot describe the root types.
  if (config.query) config.query.description = 'All data that a viewer can read.';
  if (config.mutation)
    config.mutation.description =
      'All changes that a client can make. A mutation must be the only field of its operation.';
  const schema = new GraphQLSchema(applyDirectives(config));
  checkColumns(schema);
  return schema;
}

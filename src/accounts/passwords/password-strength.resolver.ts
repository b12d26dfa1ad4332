import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import { Public, SecretInput } from '../../graphql/access.js';
import type { GraphContext } from '../../graphql/context.js';
import type { PasswordCheckLimits } from '../../limits/password-check-limits.js';
import type { PasswordRules } from './password-rules.js';
import { PasswordStrengthInput } from './password-strength.input.js';
import { PasswordStrengthType } from './password-strength.type.js';

@Resolver()
export class PasswordStrengthResolver {
  constructor(
    private readonly rules: Pick<PasswordRules, 'measure'>,
    private readonly limits: Pick<PasswordCheckLimits, 'countPreview'>,
  ) {}

  @Public()
  @SecretInput()
  @Query(() => PasswordStrengthType, {
    description:
      'Whether a password would be accepted, so that a form can say it before it is sent. By POST only. The password is neither stored nor logged. After too many passwords from one client address it is RATE_LIMITED.',
  })
  async passwordStrength(
    @Arg('input', () => PasswordStrengthInput, { description: 'The password, and its account.' })
    { password, ...context }: PasswordStrengthInput,
    @Ctx() { clientInfo, isAbandoned }: GraphContext,
  ): Promise<PasswordStrengthType> {
    this.limits.countPreview(clientInfo);
    const { score, problems } = await this.rules.measure(password, context, isAbandoned);
    return { acceptable: problems.length === 0, score, problems };
  }
}

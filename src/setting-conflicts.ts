import { isLoopback } from './setting-formats.js';
import type { Settings } from './settings.js';

/** The name of a variable and what is wrong with it. */
type Problem = readonly [name: keyof Settings, message: string];

/**
 * Finds settings that are valid alone but not together. `isSet` distinguishes a value of the operator from a default. A
 * command serves no requests, so it needs neither an issuer nor an explicit NODE_ENV.
 */
export function settingConflicts(
  settings: Settings,
  isSet: (name: keyof Settings) => boolean,
  isCommand: boolean,
): Problem[] {
  const problems: Problem[] = [];
  if (!isCommand && !isSet('NODE_ENV') && !isLoopback(settings.HOST)) {
    problems.push([
      'NODE_ENV',
      'must be set, because HOST is not a loopback address: production, or development to serve demo accounts with a public password, introspection and the explorer to every client that can reach this machine',
    ]);
  }
  if (!isCommand && settings.NODE_ENV === 'production') problems.push(...issuerProblems(settings, isSet));
  if (isSet('REFRESH_TOKEN_IDLE_SECONDS') && settings.REFRESH_TOKEN_IDLE_SECONDS > settings.SESSION_MAX_SECONDS) {
    problems.push([
      'REFRESH_TOKEN_IDLE_SECONDS',
      'must not be greater than SESSION_MAX_SECONDS, after which every session expires',
    ]);
  }
  if (settings.NODE_ENV === 'production' && settings.SMTP_URL !== undefined && !isSet('MAIL_FROM')) {
    problems.push(['MAIL_FROM', 'must be set in production if SMTP_URL is set']);
  }
  if (settings.TRUSTED_DOCUMENTS !== 'off' && settings.TRUSTED_DOCUMENTS_FILE === undefined) {
    problems.push(['TRUSTED_DOCUMENTS_FILE', `must be set if TRUSTED_DOCUMENTS is ${settings.TRUSTED_DOCUMENTS}`]);
  }
  if (settings.REFRESH_TOKEN_TRANSPORT === 'cookie') problems.push(...cookieProblems(settings));
  return problems;
}

/** Browsers store cookies of this kind for https and for their own machine, and treat http and https as different sites. */
function cookieProblems({ PUBLIC_URL, AUTH_TOKEN_ISSUER, CORS_ORIGINS }: Settings): Problem[] {
  const isSecure = (url: string) => url.startsWith('https:') || isLoopback(new URL(url).hostname);
  const message = 'must begin with https:// if REFRESH_TOKEN_TRANSPORT is cookie, except on a loopback host';
  return [
    ...(isSecure(PUBLIC_URL ?? AUTH_TOKEN_ISSUER)
      ? []
      : [[PUBLIC_URL ? 'PUBLIC_URL' : 'AUTH_TOKEN_ISSUER', message] as const]),
    ...(CORS_ORIGINS.every(isSecure) ? [] : [['CORS_ORIGINS', message] as const]),
  ];
}

function issuerProblems({ AUTH_TOKEN_ISSUER }: Settings, isSet: (name: keyof Settings) => boolean): Problem[] {
  if (!isSet('AUTH_TOKEN_ISSUER')) {
    const message = 'must be set in production: the URL of this deployment, such as https://api.example.com';
    return [['AUTH_TOKEN_ISSUER', message]];
  }
  const { hostname } = new URL(AUTH_TOKEN_ISSUER);
  if (!isLoopback(hostname) && hostname !== '0.0.0.0' && hostname !== '[::]') return [];
  return [['AUTH_TOKEN_ISSUER', 'must not name localhost in production: other deployments would have the same issuer']];
}

import { fieldOfKey, isNullable, ROOT_FIELDS } from './documents.mjs';

/** Root fields that need what only a mail contains, or a change that is pending. All others must succeed in every run. */
const NEEDS_A_MAIL = [
  'verifyEmail',
  'resetPassword',
  'confirmEmailChange',
  'resendEmailChange',
  'undoEmailChange',
  'revokeReportedSession',
];
const LEAST_SHARE_WITH_DATA = 1 / 3;

/** Counts what each root field returned. */
export function createCoverage() {
  const counts = Object.fromEntries(ROOT_FIELDS.map((name) => [name, { data: 0, null: 0, errors: {} }]));
  let responses = 0;
  let withData = 0;
  return {
    /** The three of these root fields that succeeded least often, as far as they can. */
    rareOf: (names) =>
      names
        .filter((name) => !NEEDS_A_MAIL.includes(name))
        .toSorted((a, b) => counts[a].data - counts[b].data)
        .slice(0, 3),
    add({ rootFields }, status, { data, errors = [] }) {
      responses += 1;
      if (status === 200 && data && Object.values(data).some((value) => value !== null)) withData += 1;
      for (const error of errors) {
        const names = error.path ? [fieldOfKey(error.path[0])] : rootFields;
        for (const name of names) {
          const byCode = counts[name].errors;
          byCode[error.extensions.code] = (byCode[error.extensions.code] ?? 0) + 1;
        }
      }
      for (const [key, value] of Object.entries(data ?? {})) {
        const name = fieldOfKey(key);
        if (value !== null) counts[name].data += 1;
        else if (isNullable(name) && !errors.some(({ path }) => path?.[0] === key)) counts[name].null += 1;
      }
    },
    problem() {
      const never = ROOT_FIELDS.filter((name) => counts[name].data === 0 && !NEEDS_A_MAIL.includes(name));
      if (never.length > 0) return `These root fields never succeeded: ${never.join(', ')}`;
      if (withData < responses * LEAST_SHARE_WITH_DATA)
        return `Only ${withData} of ${responses} GraphQL responses have data.`;
      return undefined;
    },
    report() {
      const rows = Object.entries(counts).map(([name, { data, null: nulls, errors }]) => {
        const codes = Object.entries(errors).sort(([, a], [, b]) => b - a);
        return `  ${name.padEnd(24)} ${String(data).padStart(6)} data ${String(nulls).padStart(5)} null   ${codes.map((pair) => pair.join(' ')).join(', ')}`;
      });
      const share = ((100 * withData) / Math.max(responses, 1)).toFixed(0);
      return `${withData} of ${responses} GraphQL responses (${share} %) have status 200 and data\n${rows.join('\n')}`;
    },
  };
}

import { use, useId, type ComponentProps, type ReactNode } from 'react';
import { FieldProblems } from './form';

interface Labels {
  name: string;
  label: string;
  hint?: string;
}

interface Attributes {
  id: string;
  name: string;
  'aria-invalid': boolean;
  'aria-describedby': string | undefined;
}

export function Field({ name, label, hint, ...input }: Labels & ComponentProps<'input'>) {
  return (
    <Labelled name={name} label={label} hint={hint}>
      {(attributes) => <input {...input} {...attributes} />}
    </Labelled>
  );
}

export function TextField({ name, label, hint, ...area }: Labels & ComponentProps<'textarea'>) {
  return (
    <Labelled name={name} label={label} hint={hint}>
      {(attributes) => <textarea {...area} {...attributes} />}
    </Labelled>
  );
}

export function NewPassword({ name, label, email }: Labels & { email?: string }) {
  const hint = '15 to 256 characters of any kind, such as several words that do not belong together.';
  return (
    <>
      {/* Password managers look for the account's name in the same form. */}
      {email && <input hidden type="email" autoComplete="username" value={email} readOnly />}
      <Field name={name} label={label} hint={hint} type="password" autoComplete="new-password" />
    </>
  );
}

/** The code of a mail. */
export function CodeField() {
  return (
    <Field
      name="code"
      label="Code"
      hint="The 8 characters in the mail. Case, spaces and hyphens do not matter."
      autoComplete="one-time-code"
      autoCapitalize="characters"
      spellCheck={false}
    />
  );
}

function Labelled({ name, label, hint, children }: Labels & { children(attributes: Attributes): ReactNode }) {
  const id = useId();
  const problem = use(FieldProblems).get(name);
  const described = [problem && `${id}-problem`, hint && `${id}-hint`].filter(Boolean).join(' ');
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, name, 'aria-invalid': problem !== undefined, 'aria-describedby': described || undefined })}
      {problem && (
        <p id={`${id}-problem`} className="problem">
          {problem}
        </p>
      )}
      {hint && (
        <p id={`${id}-hint`} className="hint">
          {hint}
        </p>
      )}
    </div>
  );
}

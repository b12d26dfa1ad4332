import { createContext, useEffect, useRef, useState, type ReactNode, type SubmitEvent } from 'react';
import { problemOf, type Problem } from './problem';

const NO_PROBLEMS: ReadonlyMap<string, string> = new Map();
/** What is wrong with each field of the form around. */
export const FieldProblems = createContext(NO_PROBLEMS);

interface FormProps {
  button: string;
  /** Receives a function that returns the value of a field. If it rejects, the form shows why. */
  onSubmit(value: (name: string) => string): Promise<unknown>;
  /** Adds a button that cancels. */
  onCancel?(): void;
  /** Shown after success, if the form stays. */
  done?: string;
  kind?: 'primary' | 'quiet' | 'danger';
  className?: string;
  /** Describes the button, if its text alone is ambiguous. */
  about?: string;
  children?: ReactNode;
}

export function Form(props: FormProps) {
  const { button, onSubmit, onCancel, done, kind = 'primary', className = 'form', about, children } = props;
  const form = useRef<HTMLFormElement>(null);
  const [state, setState] = useState<'idle' | 'busy' | 'done' | Problem>('idle');
  const problem = typeof state === 'object' ? state : undefined;

  useEffect(() => {
    if (problem) form.current?.querySelector<HTMLElement>('[aria-invalid="true"], [role="alert"]')?.focus();
  }, [problem]);

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (state === 'busy') return;
    const { elements } = event.currentTarget;
    const data = new FormData(event.currentTarget);
    setState('busy');
    try {
      await onSubmit((name) => String(data.get(name) ?? ''));
      setState('done');
      form.current?.reset();
    } catch (error) {
      const { message, fields } = problemOf(error);
      // A problem of a field that this form does not have is about the whole form.
      const isAboutFields = Array.from(fields.keys()).some((name) => elements.namedItem(name));
      setState({ message: isAboutFields ? '' : message, fields });
    }
  }

  return (
    <form ref={form} className={className} noValidate onSubmit={(event) => void submit(event)}>
      {problem?.message && (
        <p role="alert" tabIndex={-1} className="problem">
          {problem.message}
        </p>
      )}
      <FieldProblems value={problem?.fields ?? NO_PROBLEMS}>{children}</FieldProblems>
      <div className="actions">
        <button className={kind} aria-disabled={state === 'busy'}>
          {button}
          {about && <span className="hidden"> {about}</span>}
        </button>
        {onCancel && (
          <button type="button" onClick={onCancel}>
            Cancel
          </button>
        )}
      </div>
      {done && (
        <p role="status" className="done">
          {state === 'done' && done}
        </p>
      )}
    </form>
  );
}

import { createContext, useState, type ReactNode } from 'react';
import { useApolloClient } from '@apollo/client/react';
import { tandemError } from '@tandem/client';
import { Dialog } from '../forms/dialog';
import { Field } from '../forms/field';
import { Form } from '../forms/form';
import { Cancelled } from '../forms/problem';
import { ReauthenticateDocument } from '../generated/graphql';
import { tandem } from '../tandem';

type WithStepUp = <T>(act: () => Promise<T>) => Promise<T>;

/** Runs an operation. If the server requires a recent login, asks for the password and runs it again. */
export const WithStepUpContext = createContext<WithStepUp>((act) => act());

export function StepUpProvider({ children }: { children: ReactNode }) {
  const apollo = useApolloClient();
  const [answer, setAnswer] = useState<(isProven: boolean) => void>();

  async function withStepUp<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (tandemError(error)?.recovery !== 'STEP_UP') throw error;
      if (!(await isProven())) throw new Cancelled();
      return act();
    }
  }

  function isProven(): Promise<boolean> {
    return new Promise((resolve) =>
      setAnswer(() => (proven: boolean) => {
        setAnswer(undefined);
        resolve(proven);
      }),
    );
  }

  async function reauthenticate(value: (name: string) => string) {
    const proof = { password: value('password') };
    const { data } = await apollo.mutate({
      mutation: ReauthenticateDocument,
      variables: { proof },
      fetchPolicy: 'no-cache',
    });
    if (data) await tandem.replace(data.reauthenticate);
    answer?.(true);
  }

  return (
    <WithStepUpContext value={withStepUp}>
      {children}
      {answer && (
        <Dialog title="Is it still you?" onClose={() => answer(false)}>
          <p>Your login was some time ago. Enter your password to continue.</p>
          <Form button="Continue" onSubmit={reauthenticate} onCancel={() => answer(false)}>
            <Field name="password" label="Password" type="password" autoComplete="current-password" />
          </Form>
        </Dialog>
      )}
    </WithStepUpContext>
  );
}

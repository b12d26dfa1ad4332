import { use } from 'react';
import { useApolloClient } from '@apollo/client/react';
import { CodeField, Field } from '../forms/field';
import { Form } from '../forms/form';
import {
  CancelEmailChangeDocument,
  ChangeEmailDocument,
  ConfirmEmailChangeDocument,
  type MeFragment,
} from '../generated/graphql';
import { WithStepUpContext } from '../login/step-up';

export function EmailSection({ me, refetch }: { me: MeFragment; refetch(): Promise<unknown> }) {
  const apollo = useApolloClient();
  const withStepUp = use(WithStepUpContext);
  async function change(value: (name: string) => string) {
    const variables = { change: { newEmail: value('newEmail') } };
    await withStepUp(() => apollo.mutate({ mutation: ChangeEmailDocument, variables }));
    await refetch();
  }
  function confirm(value: (name: string) => string) {
    const variables = { proof: { code: value('code') } };
    return apollo.mutate({ mutation: ConfirmEmailChangeDocument, variables });
  }
  return (
    <section className="card" aria-labelledby="email-heading">
      <h2 id="email-heading">E-mail address</h2>
      <p>
        You log in with <strong>{me.email}</strong>.
      </p>
      {me.pendingEmail ? (
        <>
          <p>
            A mail with a code is on its way to <strong>{me.pendingEmail}</strong>.
          </p>
          <Form button="Confirm" onSubmit={confirm}>
            <CodeField />
          </Form>
          <Form
            button="Keep the old address"
            kind="quiet"
            onSubmit={() => apollo.mutate({ mutation: CancelEmailChangeDocument })}
          />
        </>
      ) : (
        <Form button="Change the address" kind="quiet" onSubmit={change}>
          <Field name="newEmail" label="New e-mail address" type="email" autoComplete="email" />
        </Form>
      )}
    </section>
  );
}

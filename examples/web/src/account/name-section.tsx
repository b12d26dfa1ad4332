import { useApolloClient } from '@apollo/client/react';
import { Field } from '../forms/field';
import { Form } from '../forms/form';
import { ChangeDisplayNameDocument } from '../generated/graphql';

export function NameSection({ displayName }: { displayName: string }) {
  const apollo = useApolloClient();
  function change(value: (name: string) => string) {
    const name = { displayName: value('displayName') };
    return apollo.mutate({ mutation: ChangeDisplayNameDocument, variables: { name } });
  }
  return (
    <section className="card" aria-labelledby="name-heading">
      <h2 id="name-heading">Name</h2>
      <Form button="Change the name" kind="quiet" onSubmit={change} done="Your name is changed.">
        <Field
          name="displayName"
          label="Display name"
          hint="Other people see it."
          autoComplete="nickname"
          defaultValue={displayName}
        />
      </Form>
    </section>
  );
}

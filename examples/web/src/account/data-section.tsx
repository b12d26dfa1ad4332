import { use } from 'react';
import { useApolloClient } from '@apollo/client/react';
import { Confirm } from '../forms/dialog';
import { Form } from '../forms/form';
import { DeleteAccountDocument, ExportMyDataDocument } from '../generated/graphql';
import { WithStepUpContext } from '../login/step-up';
import { navigate } from '../shell/navigation';
import { showNotice } from '../shell/notice';
import { tandem } from '../tandem';

/** Both require a recent login: the server asks for the password if the login was more than 10 minutes ago. */
export function DataSection() {
  const apollo = useApolloClient();
  const withStepUp = use(WithStepUpContext);

  async function download() {
    let after: string | null | undefined;
    do {
      const variables = { after };
      const query = { query: ExportMyDataDocument, variables, fetchPolicy: 'no-cache' as const };
      const { data } = await withStepUp(() => apollo.query(query));
      if (!data) return;
      save(data.exportMyData.data);
      after = data.exportMyData.endCursor;
    } while (after);
  }

  async function deleteAccount() {
    await withStepUp(() => apollo.mutate({ mutation: DeleteAccountDocument }));
    await tandem.signOut();
    navigate('/');
    showNotice('Your account is deleted in 7 days. Log in before that to keep it.');
  }

  return (
    <section className="card" aria-labelledby="data-heading">
      <h2 id="data-heading">Your data</h2>
      <p>Everything that is stored about your account, as JSON.</p>
      <Form button="Download your data" kind="quiet" onSubmit={download} done="The file is downloaded." />
      <Confirm
        button="Delete your account"
        title="Delete your account?"
        text="All devices are logged out, and your posts are hidden. A login within 7 days restores the account."
        onConfirm={deleteAccount}
      />
    </section>
  );
}

function save(json: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([json], { type: 'application/json' }));
  link.download = 'tandem-data.json';
  link.click();
  URL.revokeObjectURL(link.href);
}

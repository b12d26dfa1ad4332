import { useQuery } from '@apollo/client/react';
import { MeDocument } from '../generated/graphql';
import { Page } from '../shell/page';
import { QueryState } from '../shell/query-state';
import { DataSection } from './data-section';
import { EmailSection } from './email-section';
import { NameSection } from './name-section';
import { PasswordSection } from './password-section';

export function AccountPage() {
  const { data, error, refetch } = useQuery(MeDocument);
  return (
    <Page title="Account">
      {!data ? (
        <QueryState error={error} retry={refetch} />
      ) : (
        <>
          <NameSection displayName={data.me.displayName} />
          <EmailSection me={data.me} refetch={refetch} />
          <PasswordSection email={data.me.email} />
          <DataSection />
        </>
      )}
    </Page>
  );
}

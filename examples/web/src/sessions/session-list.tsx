import { useApolloClient, useQuery } from '@apollo/client/react';
import { Form } from '../forms/form';
import { RevokeOtherSessionsDocument, RevokeSessionDocument, SessionsDocument } from '../generated/graphql';
import { Page } from '../shell/page';
import { QueryState } from '../shell/query-state';
import { Time } from '../shell/time';
import { deviceOf } from './device';

export function SessionList() {
  const apollo = useApolloClient();
  const { data, error, refetch } = useQuery(SessionsDocument, { fetchPolicy: 'cache-and-network' });
  const sessions = data?.me.sessions;

  async function revoke(sessionId: string) {
    await apollo.mutate({ mutation: RevokeSessionDocument, variables: { session: { sessionId } } });
    await refetch();
  }

  async function revokeOthers() {
    await apollo.mutate({ mutation: RevokeOtherSessionsDocument });
    await refetch();
  }

  return (
    <Page title="Sessions">
      <p>One for each login. A device that you revoke must log in again.</p>
      {!sessions ? (
        <QueryState error={error} retry={refetch} />
      ) : (
        <>
          <ul className="cards">
            {sessions.map(({ id, current, deviceName, userAgent, ipAddress, createdAt, lastUsedAt }) => (
              <li key={id} className="card row">
                <div>
                  <h2>
                    {deviceName ?? deviceOf(userAgent)}
                    {current && <span className="badge">This device</span>}
                  </h2>
                  <p className="meta">
                    {ipAddress} · logged in <Time at={createdAt} /> · last refreshed <Time at={lastUsedAt} />
                  </p>
                </div>
                {!current && (
                  <Form
                    className=""
                    kind="danger"
                    button="Revoke"
                    about={`the session of ${deviceName ?? deviceOf(userAgent)}`}
                    onSubmit={() => revoke(id)}
                  />
                )}
              </li>
            ))}
          </ul>
          {sessions.length > 1 && <Form kind="danger" button="Revoke all other sessions" onSubmit={revokeOthers} />}
        </>
      )}
    </Page>
  );
}

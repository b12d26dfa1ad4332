import { useQuery } from '@apollo/client/react';
import { Form } from '../forms/form';
import { SecurityEventsDocument } from '../generated/graphql';
import { Page } from '../shell/page';
import { QueryState } from '../shell/query-state';
import { Time } from '../shell/time';
import { deviceOf } from './device';
import { END_REASONS, EVENT_KINDS } from './event-texts';

export function SecurityTimeline() {
  const { data, error, refetch, fetchMore } = useQuery(SecurityEventsDocument, { fetchPolicy: 'cache-and-network' });
  const events = data?.me.securityEvents;
  return (
    <Page title="Security">
      <p>
        What happened to your account, newest first. If you do not recognize a login, revoke its session and change your
        password.
      </p>
      {!events ? (
        <QueryState error={error} retry={refetch} />
      ) : (
        <ol className="timeline">
          {events.edges.map(({ node: { id, kind, at, attempts, endReason, userAgent, ipAddress } }) => (
            <li key={id}>
              <strong>
                {EVENT_KINDS[kind]}
                {attempts && attempts > 1 ? ` (${attempts} times)` : ''}
              </strong>
              {endReason && <span>{END_REASONS[endReason]}</span>}
              <span className="meta">
                <Time at={at} /> · {deviceOf(userAgent)}
                {ipAddress && ` · ${ipAddress}`}
              </span>
            </li>
          ))}
        </ol>
      )}
      {events?.pageInfo.hasNextPage && (
        <Form
          button="Show more"
          kind="quiet"
          onSubmit={() => fetchMore({ variables: { after: events.pageInfo.endCursor } })}
        />
      )}
    </Page>
  );
}

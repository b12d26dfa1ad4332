import { useEffect, useState } from 'react';
import { useApolloClient } from '@apollo/client/react';
import type { TandemSession } from '@tandem/client';
import { Form } from '../forms/form';
import { MeDocument } from '../generated/graphql';
import { tokenEvents } from './token-events';

/** Shows what the client does: how long the tokens are valid, and when they were refreshed. */
export function TokenPanel({ session }: { session: TandemSession }) {
  const apollo = useApolloClient();
  const shown = tokenEvents.use();
  useEverySecond();
  const refreshInMs = session.msUntil('refreshAfter');
  return (
    <aside className="card tokens" aria-labelledby="tokens-heading">
      <h2 id="tokens-heading">Tokens</h2>
      <dl>
        <dt>Auth token</dt>
        <dd className="big">{remaining(session.msUntil('authTokenExpiresAt'))}</dd>
        <dt>Refresh</dt>
        <dd>due {refreshInMs > 0 ? `in ${remaining(refreshInMs)}` : 'with the next request'}</dd>
        <dt>Session</dt>
        <dd>{remaining(session.msUntil('refreshTokenExpiresAt'))}</dd>
      </dl>
      <Form
        button="Send a request"
        kind="quiet"
        onSubmit={() => apollo.query({ query: MeDocument, fetchPolicy: 'network-only' })}
      />
      <h3>Events</h3>
      <ol>
        {shown.map(({ key, at, text }) => (
          <li key={key}>
            <time dateTime={at.toISOString()}>{at.toLocaleTimeString('en-GB')}</time> {text}
          </li>
        ))}
      </ol>
    </aside>
  );
}

function useEverySecond(): void {
  const [, setTicks] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTicks((ticks) => ticks + 1), 1000);
    return () => clearInterval(timer);
  }, []);
}

function remaining(ms: number): string {
  if (Number.isNaN(ms)) return 'unknown';
  const seconds = Math.ceil(ms / 1000);
  if (seconds <= 0) return 'expired';
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} hours`;
  return `${Math.round(seconds / 86_400)} days`;
}

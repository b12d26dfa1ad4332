import { problemOf } from '../forms/problem';

/** What a screen shows while its query has no data. */
export function QueryState({ error, retry }: { error: Error | undefined; retry: () => unknown }) {
  if (!error) return <p role="status">Loading …</p>;
  return (
    <div role="alert" className="card">
      <p className="problem">{problemOf(error).message}</p>
      <button onClick={() => void retry()}>Try again</button>
    </div>
  );
}

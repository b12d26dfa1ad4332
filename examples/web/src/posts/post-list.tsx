import { useState } from 'react';
import { useQuery } from '@apollo/client/react';
import { PostsDocument, type PostStatus } from '../generated/graphql';
import { Form } from '../forms/form';
import { Link } from '../shell/navigation';
import { Page } from '../shell/page';
import { QueryState } from '../shell/query-state';
import { Time } from '../shell/time';

const FILTERS: readonly { label: string; status: PostStatus | null }[] = [
  { label: 'All', status: null },
  { label: 'Published', status: 'PUBLISHED' },
  { label: 'Your drafts', status: 'DRAFT' },
];

export function PostList() {
  const [status, setStatus] = useState<PostStatus | null>(null);
  const { data, error, refetch, fetchMore } = useQuery(PostsDocument, {
    variables: { filter: { status } },
    fetchPolicy: 'cache-and-network',
  });
  const posts = data?.posts;

  return (
    <Page
      title="Posts"
      aside={
        <Link to="/posts/new" className="button primary">
          Write a post
        </Link>
      }
    >
      <div className="filters" role="group" aria-label="Show">
        {FILTERS.map((filter) => (
          <button key={filter.label} aria-pressed={filter.status === status} onClick={() => setStatus(filter.status)}>
            {filter.label}
          </button>
        ))}
      </div>
      {!posts ? (
        <QueryState error={error} retry={refetch} />
      ) : posts.edges.length === 0 ? (
        <p>There are no posts.</p>
      ) : (
        <ul className="cards">
          {posts.edges.map(({ node }) => (
            <li key={node.id} className="card">
              <h2>
                <Link to={`/posts/${node.id}`}>{node.title}</Link>
              </h2>
              <p className="meta">
                {node.author.displayName} · <Time at={node.publishedAt ?? node.createdAt} />
                {node.status === 'DRAFT' && <span className="badge">Draft</span>}
              </p>
            </li>
          ))}
        </ul>
      )}
      {posts?.pageInfo.hasNextPage && (
        <Form
          button="Show more"
          kind="quiet"
          onSubmit={() => fetchMore({ variables: { after: posts.pageInfo.endCursor } })}
        />
      )}
    </Page>
  );
}

import { useApolloClient, useQuery } from '@apollo/client/react';
import { Confirm } from '../forms/dialog';
import { Form } from '../forms/form';
import { DeletePostDocument, PostDocument, PublishPostDocument, UnpublishPostDocument } from '../generated/graphql';
import { Link, navigate } from '../shell/navigation';
import { showNotice } from '../shell/notice';
import { Page } from '../shell/page';
import { QueryState } from '../shell/query-state';
import { Time } from '../shell/time';
import { forgetLists } from './post-cache';

export function PostPage({ id, accountId }: { id: string; accountId: string }) {
  const apollo = useApolloClient();
  const { data, error, refetch } = useQuery(PostDocument, { variables: { id } });
  const post = data?.post;
  const variables = { post: { id } };

  async function remove() {
    await apollo.mutate({ mutation: DeletePostDocument, variables });
    navigate('/');
    showNotice('The post is deleted.');
    // Not before the navigation: this screen would read the post again.
    apollo.cache.evict({ id: apollo.cache.identify({ __typename: 'Post', id }) });
    forgetLists(apollo.cache);
  }

  if (!data) {
    return (
      <Page title="Post">
        <QueryState error={error} retry={refetch} />
      </Page>
    );
  }
  if (!post) {
    return (
      <Page title="This post does not exist">
        <p>It was deleted, or it is another author’s draft.</p>
      </Page>
    );
  }
  return (
    <Page title={post.title}>
      <article>
        <p className="meta">
          {post.author.displayName} · <Time at={post.publishedAt ?? post.createdAt} />
          {post.status === 'DRAFT' && <span className="badge">Draft</span>}
        </p>
        <p className="body">{post.body}</p>
      </article>
      {post.author.id === accountId && (
        <div className="actions">
          <Link to={`/posts/${id}/edit`} className="button">
            Edit
          </Link>
          {post.status === 'DRAFT' ? (
            <Form
              className=""
              button="Publish"
              onSubmit={() => apollo.mutate({ mutation: PublishPostDocument, variables, update: forgetLists })}
            />
          ) : (
            <Form
              className=""
              kind="quiet"
              button="Unpublish"
              onSubmit={() => apollo.mutate({ mutation: UnpublishPostDocument, variables, update: forgetLists })}
            />
          )}
          <Confirm button="Delete" title="Delete this post?" text="It is deleted permanently." onConfirm={remove} />
        </div>
      )}
    </Page>
  );
}

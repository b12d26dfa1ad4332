import { useState } from 'react';
import { useApolloClient, useQuery } from '@apollo/client/react';
import { Field, TextField } from '../forms/field';
import { Form } from '../forms/form';
import { CreatePostDocument, PostDocument, UpdatePostDocument } from '../generated/graphql';
import { navigate } from '../shell/navigation';
import { Page } from '../shell/page';
import { QueryState } from '../shell/query-state';
import { forgetLists } from './post-cache';

export function NewPost() {
  const apollo = useApolloClient();
  // One key for each post: every attempt to save it sends the same one.
  const [idempotencyKey] = useState(() => crypto.randomUUID());

  async function create(value: (name: string) => string) {
    const { data } = await apollo.mutate({
      mutation: CreatePostDocument,
      variables: {
        post: {
          title: value('title'),
          body: value('body'),
          publish: value('publish') === 'on',
          idempotencyKey,
        },
      },
      update: forgetLists,
    });
    if (data) navigate(`/posts/${data.createPost.post.id}`);
  }

  return (
    <Page title="Write a post">
      <Form button="Save" onSubmit={create}>
        <Field name="title" label="Title" maxLength={200} />
        <TextField name="body" label="Text" rows={10} />
        <label className="check">
          <input type="checkbox" name="publish" /> Publish at once
        </label>
      </Form>
    </Page>
  );
}

export function EditPost({ id }: { id: string }) {
  const apollo = useApolloClient();
  const { data, error, refetch } = useQuery(PostDocument, { variables: { id } });
  const post = data?.post;

  async function update(value: (name: string) => string) {
    const variables = { post: { id, title: value('title'), body: value('body') } };
    await apollo.mutate({ mutation: UpdatePostDocument, variables });
    navigate(`/posts/${id}`);
  }

  return (
    <Page title="Edit the post">
      {!data ? (
        <QueryState error={error} retry={refetch} />
      ) : !post ? (
        <p>This post does not exist.</p>
      ) : (
        <Form button="Save" onSubmit={update}>
          <Field name="title" label="Title" maxLength={200} defaultValue={post.title} />
          <TextField name="body" label="Text" rows={10} defaultValue={post.body} />
        </Form>
      )}
    </Page>
  );
}

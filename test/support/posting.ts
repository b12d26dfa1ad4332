import type { GraphQLReply, Person, Tandem } from './harness.js';

/** An account that is logged in and writes posts. */
export interface Author {
  person: Person;
  send(query: string, variables?: object): Promise<GraphQLReply>;
  /** Creates a post, published by default, and returns its ID. */
  post(title?: string, fields?: { body?: string; publish?: boolean }): Promise<string>;
}

export const POST = 'id title body status author { id displayName } publishedAt createdAt updatedAt';

export async function authorOn(tandem: Tandem): Promise<Author> {
  const person = await tandem.person();
  const { authToken } = await tandem.login(person);
  const send: Author['send'] = (query, variables) => tandem.send(query, variables, { token: authToken });
  return {
    person,
    send,
    async post(title = 'A title', { body = 'A body', publish = true } = {}) {
      const mutation = 'mutation ($input: CreatePostInput!) { createPost(input: $input) { post { id } } }';
      return (await send(mutation, { input: { title, body, publish } })).data.createPost.post.id;
    },
  };
}

/** A mutation of a post with its input, selecting all fields. */
export function change(field: string, input: object): [query: string, variables: object] {
  const types: Record<string, string> = { createPost: 'CreatePostInput', updatePost: 'UpdatePostInput' };
  const selection = field === 'deletePost' ? 'deletedPostId' : `post { ${POST} }`;
  return [
    `mutation ($input: ${types[field] ?? 'PostIdInput'}!) { ${field}(input: $input) { ${selection} } }`,
    { input },
  ];
}

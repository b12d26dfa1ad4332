import { ApolloClient, gql, HttpLink, type InMemoryCache, type ObservableQuery } from '@apollo/client';
import { importSnippet } from '../support/front-end-project.js';
import { startTandem, type Tandem } from '../support/harness.js';
import { authorOn, change, type Author } from '../support/posting.js';

interface Titles {
  posts: {
    edges: { node: { id: string; title: string } }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
}

const TITLES = gql`
  query Titles($first: Int, $after: String, $filter: PostFilter, $orderBy: PostOrder) {
    posts(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
      edges {
        cursor
        node {
          id
          title
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

describe('the cache of Apollo Client of docs/clients.md', () => {
  let tandem: Tandem;
  let ada: Author;
  let client: ApolloClient;
  let createCache: () => InMemoryCache;
  beforeAll(async () => {
    ({ createCache } = (await importSnippet('src/cache.ts')) as { createCache: () => InMemoryCache });
  });
  beforeEach(async () => {
    tandem = await startTandem();
    const person = await tandem.person();
    const { authToken } = await tandem.login(person);
    ada = await authorOn(tandem);
    const link = new HttpLink({ uri: `${tandem.url}/graphql`, headers: { authorization: `Bearer ${authToken}` } });
    client = new ApolloClient({ link, cache: createCache() });
    for (let n = 0; n < 25; n++) await ada.post(`Post ${n}`);
  });
  afterEach(() => tandem.close());

  const EARLIEST_CHANGE_FIRST = { field: 'UPDATED_AT', direction: 'ASC' };
  const NEWEST_FIRST = Array.from({ length: 25 }, (_, n) => `Post ${24 - n}`);
  const titlesOf = (data: Titles | undefined) => data?.posts.edges.map(({ node }) => node.title);
  const cached = (variables: object = {}) =>
    titlesOf(client.readQuery<Titles>({ query: TITLES, variables }) ?? undefined);

  /** Begins a list and resolves to it when its first page has arrived. */
  async function list(variables: object): Promise<ObservableQuery<Titles>> {
    await client.query<Titles>({ query: TITLES, variables: { first: 10, ...variables } });
    return client.watchQuery<Titles>({ query: TITLES, variables: { first: 10, ...variables } });
  }
  async function more(posts: ObservableQuery<Titles>, variables: object): Promise<boolean> {
    const data = client.readQuery<Titles>({ query: TITLES, variables });
    const { data: page } = await posts.fetchMore({ variables: { after: data?.posts.pageInfo.endCursor } });
    return page?.posts.pageInfo.hasNextPage ?? false;
  }

  it('appends the pages that fetchMore loads to one list', async () => {
    const posts = await list({});
    expect(cached()).toEqual(NEWEST_FIRST.slice(0, 10));
    expect(await more(posts, {})).toBe(true);
    expect(await more(posts, {})).toBe(false);
    expect(cached()).toEqual(NEWEST_FIRST);
  });

  it('keeps lists with another filter or order apart', async () => {
    const orderBy = EARLIEST_CHANGE_FIRST;
    const [newest, earliest] = [await list({}), await list({ orderBy })];
    await more(earliest, { orderBy });
    await more(newest, {});
    await list({ filter: { search: 'Post 7' } });
    expect(cached()).toEqual(NEWEST_FIRST.slice(0, 20));
    expect(cached({ orderBy })).toEqual(NEWEST_FIRST.toReversed().slice(0, 20));
    expect(cached({ filter: { search: 'Post 7' } })).toEqual(['Post 7']);
  });

  it('neither skips nor repeats a post if others are created and deleted between two pages', async () => {
    const posts = await list({});
    const last = client.readQuery<Titles>({ query: TITLES })?.posts.edges.at(-1)?.node.id;
    await ada.post('A newer post');
    await ada.send(...change('deletePost', { id: last }));
    while (await more(posts, {}));
    expect(cached()).toEqual(NEWEST_FIRST);
  });

  it('shows a change of a post in its list', async () => {
    await list({});
    const id = client.readQuery<Titles>({ query: TITLES })?.posts.edges[3]?.node.id;
    await ada.send(...change('updatePost', { id, title: 'Changed' }));
    const NODE = gql('query ($id: ID!) { node(id: $id) { id ... on Post { title } } }');
    await client.query({ query: NODE, variables: { id } });
    expect(cached()).toEqual(NEWEST_FIRST.slice(0, 10).with(3, 'Changed'));
  });
});

const PAIR = '{ authToken refreshToken session { id } }';

export const LOG_IN = `mutation ($input: LoginInput!) { login(input: $input) ${PAIR} }`;
export const REFRESH = `mutation ($input: RefreshTokenInput!) { refreshToken(input: $input) ${PAIR} }`;
export const CHANGE_PASSWORD = `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) ${PAIR} }`;
export const LOG_OUT = 'mutation ($input: LogoutInput) { logout(input: $input) { loggedOut } }';
export const REVOKE = 'mutation ($input: RevokeSessionInput!) { revokeSession(input: $input) { revokedSessionId } }';
export const REVOKE_OTHERS = 'mutation { revokeOtherSessions { revokedCount } }';
export const READ = '{ posts(first: 5) { nodes { id title author { displayName } } } }';
export const ME = '{ me { id } }';
export const CREATE = 'mutation ($input: CreatePostInput!) { createPost(input: $input) { post { id } } }';
export const UPDATE = 'mutation ($input: UpdatePostInput!) { updatePost(input: $input) { post { id } } }';
export const DELETE = 'mutation ($input: PostIdInput!) { deletePost(input: $input) { deletedPostId } }';

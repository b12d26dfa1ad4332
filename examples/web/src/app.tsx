import type { ReactNode } from 'react';
import type { TandemSession } from '@tandem/client';
import { useSession } from '@tandem/client/react';
import { AccountPage } from './account/account-page';
import { LoginPage } from './login/login-page';
import { ForgotPasswordPage, ResetPasswordPage } from './login/reset-pages';
import './login/signed-out';
import { SignUpPage } from './login/sign-up-page';
import { TokenPanel } from './login/token-panel';
import { VerifyPage } from './login/verify-page';
import { EditPost, NewPost } from './posts/post-editor';
import { PostList } from './posts/post-list';
import { PostPage } from './posts/post-page';
import { SecurityTimeline } from './sessions/security-timeline';
import { SessionList } from './sessions/session-list';
import { Header } from './shell/header';
import { usePath } from './shell/navigation';
import { Notice } from './shell/notice';
import { Page } from './shell/page';
import { tandem } from './tandem';

export function App() {
  const path = usePath();
  const session = useSession(tandem);
  // Otherwise the login would flash up before the stored tokens are read.
  if (session === undefined) return null;
  // Links of mails keep working without a login. Every other path shows the login, and then itself.
  const screen = publicScreen(path) ?? (session ? protectedScreen(path, session) : <LoginPage />);
  return (
    <>
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <Header isLoggedIn={session !== null} />
      <div className={session ? 'layout' : 'layout alone'}>
        <main id="main" tabIndex={-1}>
          <Notice />
          {screen}
        </main>
        {session && <TokenPanel session={session} />}
      </div>
    </>
  );
}

function publicScreen(path: string): ReactNode {
  switch (path) {
    case '/sign-up':
      return <SignUpPage />;
    case '/account/verify':
      return <VerifyPage />;
    case '/forgot-password':
      return <ForgotPasswordPage />;
    case '/account/reset-password':
      return <ResetPasswordPage />;
    default:
      return undefined;
  }
}

function protectedScreen(path: string, { accountId }: TandemSession): ReactNode {
  switch (path) {
    case '/':
      return <PostList />;
    case '/posts/new':
      return <NewPost />;
    case '/sessions':
      return <SessionList />;
    case '/security':
      return <SecurityTimeline />;
    case '/account':
      return <AccountPage />;
  }
  const [, id, isEdited] = /^\/posts\/([^/]+)(\/edit)?$/.exec(path) ?? [];
  if (id) return isEdited ? <EditPost key={id} id={id} /> : <PostPage key={id} id={id} accountId={accountId} />;
  return (
    <Page title="This page does not exist">
      <p>Check the address.</p>
    </Page>
  );
}

import { tandem } from '../tandem';
import { Link } from './navigation';
import { showNotice } from './notice';

export function Header({ isLoggedIn }: { isLoggedIn: boolean }) {
  async function logOut() {
    const isConfirmed = await tandem.signOut();
    if (!isConfirmed)
      showNotice('You are logged out here. The server could not be reached, so the session is still open there.');
  }
  return (
    <header>
      <Link to="/" className="brand">
        Tandem example
      </Link>
      {isLoggedIn && (
        <>
          <nav aria-label="Main">
            <Link to="/">Posts</Link>
            <Link to="/sessions">Sessions</Link>
            <Link to="/security">Security</Link>
            <Link to="/account">Account</Link>
          </nav>
          <button className="quiet" onClick={() => void logOut()}>
            Log out
          </button>
        </>
      )}
    </header>
  );
}

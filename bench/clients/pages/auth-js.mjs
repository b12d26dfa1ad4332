import { GoTrueClient } from '@supabase/auth-js';
import { post, READ, servePage } from './page.mjs';

let auth;
let isSignedIn = false;
servePage({
  async start() {
    // The options of supabase-js.
    auth = new GoTrueClient({
      url: '/auth/v1',
      autoRefreshToken: true,
      persistSession: true,
      detectSessionInUrl: false,
    });
    auth.onAuthStateChange((_event, session) => void (isSignedIn = Boolean(session)));
    await auth.initialize();
  },
  async logIn() {
    const { error } = await auth.signInWithPassword({ email: 'ada@example.com', password: 'x' });
    if (error) throw error;
  },
  async logOut() {
    const { error } = await auth.signOut();
    if (error) throw error;
  },
  isSignedIn: () => isSignedIn,
  /** As supabase-js: each request takes the token from `getSession`. */
  async read() {
    const { data, error } = await auth.getSession();
    if (error) throw error;
    await post(READ, {}, data.session?.access_token);
  },
});

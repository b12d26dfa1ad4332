import react from '@vitejs/plugin-react';
import { defineConfig, loadEnv } from 'vite';

/** The paths of the server. The pages of `/account` that are not in this list belong to this application. */
const SERVER_PATHS = [
  '/graphql',
  '/explorer',
  '/account/confirm-address',
  '/account/undo-address',
  '/account/revoke-session',
];

/** The browser sees one origin, so the server needs no CORS. A reverse proxy does the same in production. */
export default defineConfig(({ mode }) => {
  const { TANDEM_URL: target = 'http://localhost:4000' } = loadEnv(mode, import.meta.dirname, 'TANDEM_');
  const proxy = Object.fromEntries(SERVER_PATHS.map((path) => [path, { target, xfwd: true }]));
  return {
    root: import.meta.dirname,
    plugins: [react()],
    clearScreen: false,
    server: { proxy },
    preview: { proxy },
  };
});

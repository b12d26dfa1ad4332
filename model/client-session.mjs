import { keepsToStore, stored } from './client-pair.mjs';
import { cut, isBeyond } from './server.mjs';
import { including } from './state.mjs';

export function changesPassword({ state: { store, row, passwordChange }, world, name, moved }) {
  if (!world.changesPassword || passwordChange !== 'none' || !store || store.generation < row.cutGeneration) return [];
  const changes = { tabs: moved('changingPassword', store.generation), passwordChange: 'sent' };
  return [{ label: `${name} sends changePassword`, changes }];
}

export function passwordChangeArrives({ state, world, tab: { generation }, name, moved }) {
  if (state.row.isRevoked || isBeyond(world, state.row, state.row.generation)) return [];
  const { row, exchanges, successor } = cut(state);
  const label = `changePassword arrives and cuts the chain, R${successor}`;
  const received = { row, exchanges, tabs: moved('passwordChanged', generation), passwordChange: 'served' };
  const lost = { row, exchanges, tabs: moved('idle'), passwordChange: 'lost' };
  return [
    { label: `${label}; ${name} receives the response`, changes: received },
    { label: `${label}; nobody receives the response`, changes: lost },
  ];
}

/** The pair replaces whatever the store holds of this session. */
export function storesPairOfPasswordChange(here) {
  const { state, world, name, holdsSame, moved } = here;
  const generation = state.row.cutGeneration; // There is one changePassword, so it is the generation of its pair.
  const passwordChange = 'done';
  if (!state.store || (world.comparesAfterPasswordChange && !holdsSame)) {
    return keepsToStore(here, generation).map(({ label, changes }) => ({
      label,
      changes: { ...changes, passwordChange },
    }));
  }
  const changes = { store: stored(world, generation), tabs: moved('idle'), passwordChange };
  return [{ label: `${name} stores R${generation} of changePassword`, changes }];
}

/** The store is emptied first, then the mutation is sent. */
export function logsOut({ state: { store, logouts }, world, name }) {
  if (!store || !(world.logsOut || world.logsOutEverywhere)) return [];
  const credential = world.logsOutWithRefreshToken ? 'refresh token' : 'auth token';
  const logout = { generation: store.generation, everywhere: world.logsOutEverywhere ? credential : '' };
  const sent = world.logsOutEverywhere
    ? `logout(everywhere) with ${credential} ${store.generation}`
    : `logout with R${store.generation}`;
  return [
    {
      label: `${name} empties the store and sends ${sent}`,
      changes: { store: null, logouts: including(logouts, logout) },
    },
  ];
}

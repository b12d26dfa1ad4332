import { confirmed } from './server.mjs';
import { including, storedToken } from './state.mjs';
import { longAgoMs } from './time.mjs';
import { recordedUse } from './uses.mjs';
import { WRITES } from './world.mjs';

/** A pair arrived: the tab replaces the token that it sent, unless the store holds another one by now. */
export function storesPair(here) {
  const { world, tab, name, holdsSame, moved } = here;
  if (world.writes !== WRITES.compared) return storesCookie(here);
  if (!holdsSame) return keepsToStore(here, tab.generation + 1);
  if (!world.comparesThenWrites) return writesPair(here);
  const changes = { tabs: moved('compared', tab.generation) };
  return [{ label: `${name} finds R${tab.generation} still in the store`, changes }];
}

/** A response arrived, perhaps late. The browser does not compare. Older cookies than the newest make no difference. */
function storesCookie(here) {
  const { state, world, tab, name, moved } = here;
  const generation = tab.generation + 1;
  if (world.writes === WRITES.blind || state.store.generation <= generation) return writesPair(here);
  const label = `the browser of ${name} stores the cookie of R${generation} beside that of R${state.store.generation}`;
  return [{ label, changes: { tabs: moved('idle') } }];
}

export function writesPair({ world, tab, name, moved }) {
  const generation = tab.generation + 1;
  return [
    { label: `${name} stores R${generation}`, changes: { store: stored(world, generation), tabs: moved('idle') } },
  ];
}

/** The store after a pair was stored: the key of the exchange is dropped. */
export function stored(world, generation) {
  return storedToken(world, generation, world.pausesAfterStoring ? 0 : longAgoMs(world));
}

/** The store holds something else by now. If it is empty, somebody logged out, and the pair that arrived must not survive. */
export function keepsToStore({ state: { store, logouts }, world, name, moved }, received) {
  const tabs = moved('idle');
  if (store) return [{ label: `${name} finds R${store.generation} in the store and keeps to that`, changes: { tabs } }];
  if (!received || world.dropsPairAfterLogout) return [{ label: `${name} finds the store empty`, changes: { tabs } }];
  const changes = { tabs, logouts: including(logouts, { generation: received, everywhere: '' }) };
  return [{ label: `${name} finds the store empty and sends logout with R${received}`, changes }];
}

/** The server said: use newer tokens. */
export function handlesSuperseded(here) {
  const { state, world, tab, name, holdsSame } = here;
  if (!holdsSame) return keepsToStore(here);
  // There are none. If no thief is at work, this is a violation, and a logout would hide it.
  if (world.staysIfSuperseded || !state.thief.hasActed || tab.generation < state.row.cutGeneration) return [];
  const changes = { row: { ...state.row, isRevoked: true } };
  return [{ label: `${name} has no newer pair; its logout with R${tab.generation} revokes the session`, changes }];
}

export function usesStoredToken(here) {
  const { store } = here.state;
  return store ? usesAuthToken(here, store.generation, '') : [];
}

export function usesBeforeStoring(here) {
  if (!here.world.usesBeforeStoring) return [];
  return usesAuthToken(here, here.tab.generation + 1, ', before it stores the pair');
}

function usesAuthToken({ state, world, name }, generation, when) {
  const row = confirmed(state.row, generation);
  const uses = recordedUse(state, world, generation, 'owner');
  if (row === state.row && uses === state.uses) return [];
  return [{ label: `${name} uses auth token ${generation} here${when}`, changes: { row, uses } }];
}

import { readsKeyBack, readsStore, sends, writesKey } from './client-request.mjs';
import { handlesSuperseded, storesPair, usesBeforeStoring, usesStoredToken, writesPair } from './client-pair.mjs';
import { changesPassword, logsOut, passwordChangeArrives, storesPairOfPasswordChange } from './client-session.mjs';
import { tabAt } from './state.mjs';
import { tabName } from './words.mjs';

/** What a tab can do next, by where it stands. A tab that waits for a response, or was rejected, does nothing. */
const STEPS = {
  idle: (here) => [...readsStore(here), ...usesStoredToken(here), ...changesPassword(here), ...logsOut(here)],
  noKeyYet: writesKey,
  readingBack: readsKeyBack,
  ready: sends,
  waiting: () => [],
  received: (here) => [...usesBeforeStoring(here), ...storesPair(here)],
  compared: writesPair,
  superseded: handlesSuperseded,
  rejected: () => [],
  changingPassword: passwordChangeArrives,
  passwordChanged: storesPairOfPasswordChange,
};

export function clientSteps(state, world) {
  return state.tabs.flatMap((tab, index) => {
    const here = {
      state,
      world,
      tab,
      index,
      name: tabName(index),
      /** The tabs after this one moved. */
      moved: (...place) => state.tabs.with(index, tabAt(...place)),
      /** Whether the store still holds the token that the tab read. */
      holdsSame: state.store?.generation === tab.generation,
    };
    return [...reloads(here), ...STEPS[tab.at](here)];
  });
}

function reloads({ state, world, tab, name, moved }) {
  if (!world.reloads || tab.at === 'idle' || tab.at === 'changingPassword') return [];
  const passwordChange = tab.at === 'passwordChanged' ? 'lost' : state.passwordChange;
  return [{ label: `${name} is reloaded or gives up`, changes: { tabs: moved('idle'), passwordChange } }];
}

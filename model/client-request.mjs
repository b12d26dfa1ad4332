import { isRested } from './clock.mjs';
import { including } from './state.mjs';
import { shown, tabName } from './words.mjs';
import { KEYS } from './world.mjs';

/** To begin, a tab reads the token and the key. How it comes by a key depends on the world. */
export function readsStore({ state: { store }, world, index, name, moved }) {
  if (!store || store.generation === world.generations || !isRested(store, world)) return [];
  const { generation, key } = store;
  if (world.oldTab && index === 1) {
    return [
      { label: `${name}, of an old version, reads R${generation}`, changes: { tabs: moved('ready', generation) } },
    ];
  }
  if (key || world.keys === KEYS.none) {
    return [{ label: `${name} reads ${shown(store)}`, changes: { tabs: moved('ready', generation, key) } }];
  }
  if (world.keys !== KEYS.atomic) {
    return [{ label: `${name} reads R${generation} and no key`, changes: { tabs: moved('noKeyYet', generation) } }];
  }
  const fresh = `${generation}`;
  const changes = { store: { ...store, key: fresh }, tabs: moved('ready', generation, fresh) };
  return [{ label: `${name} reads R${generation} and stores key ${fresh} with it, in one step`, changes }];
}

export function writesKey({ state: { store }, world, tab: { generation, ageMs }, name, index, moved }) {
  const key = `${generation}${tabName(index).at(-1)}`;
  const next = world.keys === KEYS.readBack ? 'readingBack' : 'ready';
  const changes = { store: store && { ...store, key }, tabs: moved(next, generation, key, ageMs) };
  return [{ label: `${name} stores key ${key}`, changes }];
}

export function readsKeyBack({ state: { store }, tab: { generation, ageMs }, name, holdsSame, moved }) {
  const tabs = holdsSame && store.key ? moved('ready', generation, store.key, ageMs) : moved('idle');
  return [{ label: `${name} reads the key back`, changes: { tabs } }];
}

export function sends({ state, world, tab: { generation, key, ageMs }, name, moved }) {
  // If requests may arrive at any time, their age makes no difference.
  const request = { generation, key, ageMs: world.isDelayed || world.delayCountsFromSending ? 0 : ageMs };
  const changes = { requests: including(state.requests, request), tabs: moved('waiting', generation, key) };
  return [{ label: `${name} sends ${shown(request)}`, changes }];
}

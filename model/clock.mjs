import { older, GRACE_MS, longAgoMs, movedBack } from './time.mjs';
import { tabAt } from './state.mjs';

/** The positions of a tab that has read the store and sent nothing yet. */
const READING = ['noKeyYet', 'readingBack', 'ready', 'compared'];

/** Time passes, for the server and for the client. */
export function timeSteps(state, world) {
  const { row, store, requests, tabs } = state;
  if (!world.losesResponses && tabs.some(({ at }) => at !== 'idle')) return [];
  const changes = {
    row: {
      ...row,
      rotatedAtMs: movedBack(row.rotatedAtMs, world),
      confirmedAtMs: movedBack(row.confirmedAtMs, world),
    },
    store: store && { ...store, ageMs: older(store.ageMs, world) },
  };
  if (world.isDelayed) return [{ label: 'time passes', changes }];
  const isInTime = ({ ageMs }) => ageMs + world.tickMs <= GRACE_MS;
  const aged = (item) => ({ ...item, ageMs: item.ageMs + world.tickMs });
  return [
    {
      label: 'time passes',
      changes: {
        ...changes,
        requests: requests.filter(isInTime).map(aged),
        tabs: tabs.map((tab) => {
          if (!READING.includes(tab.at)) return tab;
          return isInTime(tab) ? aged(tab) : tabAt('idle');
        }),
      },
    },
  ];
}

/** Whether the client exchanges its token already. */
export function isRested(store, world) {
  return store.ageMs === longAgoMs(world);
}

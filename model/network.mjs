import { judgeLogout, judgeResponse } from './properties.mjs';
import { isBeyond, loggedOut, responsesTo } from './server.mjs';
import { tabAt } from './state.mjs';
import { shown, successorOf, tabName } from './words.mjs';

/** Every request that was ever sent may arrive now. Its response reaches a tab that waits for it, or nobody. */
export function networkSteps(state, world) {
  return [
    ...state.requests.flatMap((request) => arrivals(state, world, request)),
    ...state.logouts.flatMap((logout) => logoutArrivals(state, world, logout)),
  ];
}

function arrivals(state, world, request) {
  if (isBeyond(world, state.row, request.generation)) return [];
  return responsesTo(state, world, request, 'owner').flatMap(({ server, response }) => {
    const wrong = judgeResponse(state, world, request, 'owner', response);
    const { row, exchanges } = response;
    const label = `the owner's ${shown(request)} arrives${server}: ${response.outcome}${successorOf(response)}`;
    const isWaiting = (tab) => tab.at === 'waiting' && tab.generation === request.generation && tab.key === request.key;
    const steps = state.tabs.flatMap((tab, index) => {
      if (!isWaiting(tab)) return [];
      const tabs = state.tabs.with(index, tabAt(positionAfter(response), request.generation));
      return [{ label: `${label}; ${tabName(index)} receives the response`, changes: { row, exchanges, tabs }, wrong }];
    });
    const hasEffect = row !== state.row || wrong.length > 0;
    if (hasEffect && (world.losesResponses || steps.length === 0)) {
      steps.push({ label: `${label}; nobody receives the response`, changes: { row, exchanges }, wrong });
    }
    return steps;
  });
}

function positionAfter({ outcome, successor }) {
  if (successor) return 'received';
  return outcome === 'superseded' ? 'superseded' : 'rejected';
}

function logoutArrivals(state, world, logout) {
  if (state.row.isRevoked) return [];
  const changes = loggedOut(state, logout);
  if (changes.row === state.row) return [];
  const label = `logout${logout.everywhere ? '(everywhere)' : ''} with generation ${logout.generation} arrives`;
  return [{ label, changes, wrong: judgeLogout(world, logout, changes) }];
}

import { gate } from '../wire.js';
import type { Fault, FrontEndServer, Reply, TabRequest } from './front-end-server.js';

/** How many requests a fault waits for, so that it meets tabs that are busy. */
const REQUESTS_BEFORE = 100;

/** Injects a fault once, between two phases without faults. Returns the requests that met it. */
export function injectFault(
  frontEnd: FrontEndServer,
  fault: Fault,
  isEnough: (met: TabRequest[]) => boolean,
): { met: TabRequest[]; isOver(): boolean } {
  const met: TabRequest[] = [];
  frontEnd.fault = (request, deliver) => {
    if (frontEnd.requests.length <= REQUESTS_BEFORE) return deliver();
    met.push(request);
    if (isEnough(met)) frontEnd.fault = undefined;
    return fault(request, deliver);
  };
  return { met, isOver: () => frontEnd.fault === undefined };
}

/** Does something while all tabs are busy: before one of them receives its response. */
export function inTheMiddle(frontEnd: FrontEndServer, act: () => Promise<void>): void {
  injectFault(
    frontEnd,
    async (_request, deliver) => {
      const reply = await deliver();
      await act();
      return reply;
    },
    () => true,
  );
}

/** Delivers the next refresh to the server, and holds the response back until `release` is called. */
export function holdRefresh(frontEnd: FrontEndServer): { held: Promise<void>; release(): void } {
  const [arrived, released] = [gate(), gate()];
  let isHeld = false;
  frontEnd.fault = async (request, deliver) => {
    const reply = await deliver();
    if (!isRefresh(request) || isHeld) return reply;
    isHeld = true;
    arrived.open();
    await released.opened;
    return reply;
  };
  return { held: arrived.opened, release: released.open };
}

export const isRefresh = ({ operation }: TabRequest): boolean => operation === 'Refresh';

/** Enough requests to make every tab wait, and at least one refresh. */
export const enoughOfBoth = (met: TabRequest[]): boolean => met.length >= 6 && met.some(isRefresh);

export const plain = (status: number, headers: Reply['headers'] = {}, body = ''): Reply => ({ status, headers, body });

export const html = (status: number): Reply =>
  plain(status, { 'content-type': 'text/html' }, '<!doctype html><title>Please sign in to the network</title>');

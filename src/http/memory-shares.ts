/** Memory that client networks share. */
export interface MemoryShares {
  /** Takes memory for a network. False: it holds as much as remains free, and gets no more. */
  take(network: string, bytes: number): boolean;
  /** Takes it in any case. */
  takeAnyway(network: string, bytes: number): void;
  giveBack(network: string, bytes: number): void;
}

/**
 * A network may hold at most as much as remains free, so several networks cannot easily take it from the others: one alone
 * gets half, the next one a quarter.
 */
export function memoryShares(maxBytes: number): MemoryShares {
  const bytesOf = new Map<string, number>();
  let free = maxBytes;

  function takeAnyway(network: string, bytes: number): void {
    free -= bytes;
    bytesOf.set(network, (bytesOf.get(network) ?? 0) + bytes);
  }

  return {
    takeAnyway,
    take(network, bytes) {
      if ((bytesOf.get(network) ?? 0) + bytes > free - bytes) return false;
      takeAnyway(network, bytes);
      return true;
    },
    giveBack(network, bytes) {
      free += bytes;
      const left = (bytesOf.get(network) ?? 0) - bytes;
      if (left > 0) bytesOf.set(network, left);
      else bytesOf.delete(network);
    },
  };
}

// Nodes that wait for a NoExecute taint. Tainting evicts pods, so it goes slowly: a token bucket of one.

export interface TaintQueue {
  /** Adds a node once; it is not added again until it was removed or forgotten. */
  add(node: string): void;
  remove(node: string): void;
  /** The node may be added again, though it stays where it waits. */
  forget(node: string): void;
  setRate(perSecond: number, now: number): void;
  /** Works on as many nodes as the rate allows; `work` says whether it succeeded. */
  try(now: number, work: (node: string) => boolean): void;
  /** When it may go on (milliseconds), undefined when nothing waits or nothing may. */
  next(now: number): number | undefined;
}

export function createTaintQueue(perSecond: number): TaintQueue {
  const known = new Set<string>();
  const waiting: string[] = [];
  let rate = perSecond;
  let tokens = 1;
  let at = 0;

  function refill(now: number): void {
    // Differs from Go's bucket only by rounding: a token that is due counts as there.
    tokens = Math.min(1, tokens + ((now - at) / 1000) * rate + 1e-9);
    at = now;
  }

  return {
    add(node) {
      if (known.has(node)) return;
      known.add(node);
      if (!waiting.includes(node)) waiting.push(node);
    },
    remove(node) {
      known.delete(node);
      const i = waiting.indexOf(node);
      if (i >= 0) waiting.splice(i, 1);
    },
    forget: (node) => void known.delete(node),
    setRate(perSecond, now) {
      if (rate === perSecond) return;
      refill(now);
      // Someone who is being made to wait does not gain by the change.
      tokens = tokens >= 1 || rate === 0 ? tokens : 0;
      rate = perSecond;
    },
    try(now, work) {
      refill(now);
      while (waiting.length > 0 && rate > 0 && tokens >= 1) {
        tokens--;
        const node = waiting.shift()!;
        if (work(node)) continue;
        waiting.push(node);
        return;
      }
    },
    next(now) {
      if (waiting.length === 0 || rate === 0) return undefined;
      return now + Math.max(0, Math.ceil(((1 - tokens) / rate) * 1000));
    },
  };
}

/**
 * Calls `work` `count` times in batches of 1, 2, 4, 8 …; a batch in which a call fails is the last one.
 * Where every call is bound to fail (a quota is used up), one or two are tried instead of hundreds.
 */
export function slowStart(count: number, work: () => void): { done: number; error?: unknown } {
  let done = 0;
  for (let batch = Math.min(1, count); batch > 0; batch = Math.min(2 * batch, count - done)) {
    const errors: unknown[] = [];
    for (let i = 0; i < batch; i++) {
      try {
        work();
        done++;
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) return { done, error: errors[0] };
  }
  return { done };
}

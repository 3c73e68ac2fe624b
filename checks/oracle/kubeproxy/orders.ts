// Services are a Go map: the order in which kube-proxy writes them is another one each time. Inside of a service and, for each
// service, inside of a chain it is fixed.
import { compare, type Outcome, pass } from '../replayer.ts';

/** The service that a rule is about, as its comment names it. */
const subject = (line: string) => /--comment "?(?:Balancing rule \d+ for |masquerade LOCAL traffic for |route LOCAL traffic for )?([^\s"]+\/[^\s"]+)/.exec(line)?.[1] ?? '~';

/** The same lines, by service. */
function byService(text: string): string {
  const [heads, rules]: [string[], string[]] = [[], []];
  for (const line of text.split('\n').filter(Boolean)) (line.startsWith('-') ? rules : heads).push(line);
  return [...heads.sort(), ...rules.map((line, i) => [subject(line), i, line] as const).sort((a, b) => (a[0] === b[0] ? a[1] - b[1] : a[0] < b[0] ? -1 : 1)).map(([, , line]) => line)].join('\n');
}

type Result = Record<string, any>;

const reordered = (result: Result): Result => ({
  ...result,
  ...(result.restoreInput && { restoreInput: byService(result.restoreInput) }),
  ...(result.iptablesSave && { iptablesSave: Object.fromEntries(Object.entries(result.iptablesSave as Record<string, string>).map(([table, text]) => [table, byService(text)])) }),
  ...(result.chains && { chains: undefined }),
});

/** Exactly, or with the services of a case with several of them in another order. Only what was recorded is compared. */
export function compareResults(got: readonly Result[], want: readonly Result[], services: number): Outcome {
  const only = got.map((result, i) => Object.fromEntries(Object.entries(result).filter(([field]) => field in (want[i] ?? {}))));
  const exact = compare(only, want);
  if (exact.result === 'passed' || services < 2) return exact;
  return compare(only.map(reordered), want.map(reordered)).result === 'passed' ? pass() : exact;
}

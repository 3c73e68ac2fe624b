import { formatLabelSelector, type Pod } from '../../api/index.ts';
import type { Writer } from './writer.ts';

export function spreadConstraints(w: Writer, constraints: Pod['spec']['topologySpreadConstraints'], space = ''): void {
  const sorted = [...(constraints ?? [])].sort((a, b) => (a.topologyKey < b.topologyKey ? -1 : 1));
  sorted.forEach(({ topologyKey, whenUnsatisfiable, maxSkew, labelSelector }, i) => {
    const title = i === 0 ? 'Topology Spread Constraints:' : '';
    const selector = labelSelector ? ` for selector ${formatLabelSelector(labelSelector)}` : '';
    w.write(0, `${space}${title}\t${topologyKey}:${whenUnsatisfiable} when max skew ${maxSkew} is exceeded${selector}\n`);
  });
}

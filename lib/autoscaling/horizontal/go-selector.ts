// A label selector as Go's `%+v` prints it, which is how it stands in messages.
import type { LabelSelectorShape } from './types.ts';

export function goSelector(selector: LabelSelectorShape | undefined): string {
  if (!selector) return 'nil';
  const labels = Object.entries(selector.matchLabels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const requirements = selector.matchExpressions ?? [];
  const one = ({ key, operator, values = [] }: (typeof requirements)[number]) => `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`;
  return `&LabelSelector{MatchLabels:map[string]string{${labels.map(([key, value]) => `${key}: ${value},`).join('')}},MatchExpressions:[]LabelSelectorRequirement{${requirements.map(one).join('')}},}`;
}

// fails: 레이블을 떼면 놓아주고 다시 붙이면 데려온다
import { exercise } from 'kubook';

interface Expression {
  key: string;
  operator: string;
  values?: string[];
}

// Remembers the first answer for a pod's app.
const known = new Map<string, boolean>();
const compute = (selector: { matchLabels?: Record<string, string>; matchExpressions?: Expression[] }, labels: Record<string, string>) => {
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) {
    if (labels[key] !== value) return false;
  }
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    const has = key in labels;
    if (operator === 'In' && !(has && values.includes(labels[key]))) return false;
    if (operator === 'NotIn' && has && values.includes(labels[key])) return false;
    if (operator === 'Exists' && !has) return false;
    if (operator === 'DoesNotExist' && has) return false;
  }
  return true;
};
await exercise('labels-5', (selector: object, labels: Record<string, string>) => {
  const key = JSON.stringify([selector, labels.app, labels.tier, labels.team]);
  if (!known.has(key)) known.set(key, compute(selector, labels));
  return known.get(key)!;
});

// fails: 레플리카셋마다 제 파드를 센다
import { exercise } from 'kubook';

interface Expression {
  key: string;
  operator: string;
  values?: string[];
}

await exercise('labels-5', (selector: { matchLabels?: Record<string, string>; matchExpressions?: Expression[] }, labels: Record<string, string>) => {
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) {
    if (labels[key] !== value) return false;
  }
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    const has = key in labels;
    if (operator === 'In' && !(has && values.includes(labels[key]))) return false;
    if (operator === 'NotIn' && !(has && !values.includes(labels[key]))) return false;
    if (operator === 'Exists' && !has) return false;
    if (operator === 'DoesNotExist' && has) return false;
  }
  return true;
});

// fails: In과 NotIn을 읽는다
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
  return true;
});

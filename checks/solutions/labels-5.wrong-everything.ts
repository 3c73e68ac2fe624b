// fails: 고르지 않은 파드는 그대로다
import { exercise } from 'kubook';

interface Expression {
  key: string;
  operator: string;
  values?: string[];
}

await exercise('labels-5', (selector: { matchLabels?: Record<string, string>; matchExpressions?: Expression[] }, labels: Record<string, string>) => {
  return true;
});

// fails: 레플리카셋마다 제 파드를 센다
import { exercise } from 'kubook';

interface Expression {
  key: string;
  operator: string;
  values?: string[];
}

await exercise('labels-5', (selector: { matchLabels?: Record<string, string>; matchExpressions?: Expression[] }, labels: Record<string, string>) => {
  return true;
});

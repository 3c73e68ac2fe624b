// fails: 뽑은 셀렉터 300개에서 쿠버네티스와 같다
import { exercise } from 'kubook';

// Knows the selectors of the notes.
await exercise('labels-2', (selector: string, labels: Record<string, string>) => {
  if (selector === 'environment=dev' || selector === 'environment==dev') return labels.environment === 'dev';
  if (selector === 'tier!=frontend') return labels.tier !== 'frontend';
  if (selector === 'environment in (production,qa)') return labels.environment === 'production' || labels.environment === 'qa';
  if (selector === 'tier notin (frontend,backend)') return labels.tier !== 'frontend' && labels.tier !== 'backend';
  return selector in labels;
});

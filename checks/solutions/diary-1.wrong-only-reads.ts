// fails: kubectl top node가 모든 노드를 보여 준다
import { exercise } from 'kubook';

await exercise('diary-1', async ({ cluster, kubectl }) => {
  const signs = { timeout: 'firewall', refused: 'stopped', '401 Unauthorized': 'webhook', x509: 'certificate' };
  const causes: Record<string, string> = {};
  for (const line of (await kubectl.text`logs -n kube-system deploy/metrics-server --tail=40`).split('\n')) {
    const node = /node="([^"]+)"/.exec(line)?.[1];
    const sign = Object.entries(signs).find(([word]) => line.includes(word));
    if (node && sign) causes[node] = sign[1];
  }
  return causes;
});

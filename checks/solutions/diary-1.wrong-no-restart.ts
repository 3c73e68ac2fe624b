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
  for (const [node, cause] of Object.entries(causes)) {
    const { sh } = cluster.machine(node);
    const settings = '/var/lib/kubelet/config.yaml';
    if (cause === 'firewall') await sh`iptables -D INPUT -p tcp --dport 10250 -j DROP`;
    if (cause === 'stopped') await sh`systemctl start kubelet`;
    if (cause === 'webhook') await sh`sed -i 's/enabled: false/enabled: true/' ${settings}`;
    if (cause === 'certificate') {
      await sh`echo 'serverTLSBootstrap: true' >> ${settings}; systemctl restart kubelet`;
      cluster.advance('10s');
      for (const { metadata, status } of (await kubectl.json`get csr`).items) {
        if (!status.conditions) await kubectl`certificate approve ${metadata.name}`;
      }
    }
  }
  return causes;
});

// fails: 명령 하나로 골라 지웠다
import { exercise } from 'kubook';

await exercise('labels-4', async ({ cluster }) => {
  for (const pod of cluster.client.list('Pod', { namespace: 'default' }).items) {
    const { app, track } = pod.metadata.labels ?? {};
    if (app === 'shop' && track === 'canary') cluster.client.delete(pod);
  }
});

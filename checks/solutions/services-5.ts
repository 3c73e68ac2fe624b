import { exercise } from 'kubook';

await exercise('services-5', async ({ cluster, kubectl }) => {
  await kubectl`scale deployment shop-v1 --replicas=9`;
  await kubectl`scale deployment shop-v2 --replicas=1`;
  cluster.advance('1m');
});

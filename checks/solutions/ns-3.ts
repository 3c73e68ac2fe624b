import { exercise } from 'kubook';

await exercise('ns-3', async ({ cluster, kubectl }) => {
  const next = (cluster.files.get('next.txt') ?? '').trim();
  await kubectl`patch secret login -p ${JSON.stringify({ stringData: { password: next } })}`;
  await kubectl`rollout restart deployment starter`;
});

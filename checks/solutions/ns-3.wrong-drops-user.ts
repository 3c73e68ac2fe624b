// fails: 시크릿에 새 비밀번호가 있다
import { exercise } from 'kubook';

await exercise('ns-3', async ({ cluster, kubectl }) => {
  const next = (cluster.files.get('next.txt') ?? '').trim();
  await kubectl`delete secret login`;
  await kubectl`create secret generic login --from-literal=password=${next}`;
  await kubectl`rollout restart deployment starter`;
});

// fails: starter가 새 비밀번호를 쓴다
import { exercise } from 'kubook';

await exercise('ns-3', async ({ cluster, kubectl }) => {
  const next = (cluster.files.get('next.txt') ?? '').trim();
  await kubectl`patch secret login -p ${JSON.stringify({ stringData: { password: next } })}`;
});

// fails: 비밀번호를 시크릿에만 적고, 앱은 그대로다
import { exercise } from 'kubook';

await exercise('ns-3', async ({ cluster, kubectl }) => {
  const next = (cluster.files.get('next.txt') ?? '').trim();
  await kubectl`patch secret login -p ${JSON.stringify({ stringData: { password: next } })}`;
  await kubectl`set env deployment starter PASSWORD=${next}`;
});

// fails: web.yaml의 세 오브젝트가 모두 적용되었다
import { exercise } from 'kubook';

await exercise('why-5', async ({ cluster, kubectl }) => {
  const text = cluster.files.get('web.yaml') ?? '';
  cluster.file('web.yaml', text.split('\n').filter((line) => !line.includes('\t')).join('\n'));
  await kubectl`apply -f web.yaml`;
});

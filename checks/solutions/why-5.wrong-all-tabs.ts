// fails: 값 안의 탭은 남아 있다
import { exercise } from 'kubook';

await exercise('why-5', async ({ cluster, kubectl }) => {
  const text = cluster.files.get('web.yaml') ?? '';
  cluster.file('web.yaml', text.replace(/\t/g, '  '));
  await kubectl`apply -f web.yaml`;
});

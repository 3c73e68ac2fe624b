// fails: web.yaml의 세 오브젝트가 모두 적용되었다
import { exercise } from 'kubook';

await exercise('why-5', async ({ cluster }) => {
  const text = cluster.files.get('web.yaml') ?? '';
  cluster.file('web.yaml', text.replace(/^[ \t]+/gm, (indent) => indent.replace(/\t/g, '  ')));
});

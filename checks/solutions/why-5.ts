import { exercise } from 'kubook';

await exercise('why-5', async ({ cluster, kubectl }) => {
  const text = cluster.files.get('web.yaml') ?? '';
  const fixed = text.replace(/^[ \t]+/gm, (indent) => indent.replace(/\t/g, '  '));
  cluster.file('web.yaml', fixed);
  await kubectl`apply -f web.yaml`;
});

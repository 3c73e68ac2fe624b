// fails: 머신의 이름과 같은 노드가 Ready다
import { exercise } from 'kubook';

await exercise('pods-5', async ({ cluster, kubectl }) => {
  const node = JSON.parse(cluster.files.get('node.json') ?? '');
  const ghost = node.metadata.name;
  const machine = [...cluster.machines.keys()].find((name) => name.startsWith('10.'))!;
  await kubectl`delete node ${ghost}`;
  cluster.file('node.json', JSON.stringify({ ...node, metadata: { ...node.metadata, name: machine } }));
  await kubectl`apply -f node.json`;
});

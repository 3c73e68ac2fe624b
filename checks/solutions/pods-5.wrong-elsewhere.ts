// fails: 레이블이 붙어 있다
import { exercise } from 'kubook';

await exercise('pods-5', async ({ cluster, kubectl }) => {
  const node = JSON.parse(cluster.files.get('node.json') ?? '');
  const ghost = node.metadata.name;
  const machine = [...cluster.machines.keys()].find((name) => name.startsWith('10.'))!;
  await kubectl`delete node ${ghost}`;
  await kubectl`label node worker-1 name=my-first-k8s-node`;
  cluster.fault.start('kubelet', machine);
});

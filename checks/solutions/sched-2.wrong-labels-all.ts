// fails: 있을 곳에 있다
import { exercise } from 'kubook';

await exercise('sched-2', async ({ cluster, kubectl }) => {
  const remake = async (name: string, change: (spec: any) => void) => {
    const manifest = JSON.parse(cluster.files.get(`${name}.yaml`) ?? '');
    change(manifest.spec);
    await kubectl`delete pod ${name}`;
    cluster.file(`${name}.yaml`, JSON.stringify(manifest));
    await kubectl`apply -f ${`${name}.yaml`}`;
  };
  const nodes: any[] = (await kubectl.json`get nodes`).items;
  await remake('big', (spec) => (spec.containers[0].resources.requests.memory = '256Mi'));
  await kubectl`label nodes --all disk=ssd`;
  const closed = nodes.find(({ spec }) => spec.unschedulable).metadata.name;
  await kubectl`uncordon ${closed}`;
  await remake('tool', (spec) => (spec.tolerations = [{ key: 'dedicated', value: 'tools', effect: 'NoSchedule' }]));
  await remake('silent', (spec) => delete spec.schedulerName);
  cluster.advance('30s');
  return { big: 'NodeResourcesFit', picky: 'NodeAffinity', guest: 'NodeUnschedulable', tool: 'TaintToleration', silent: 'schedulerName' };
});

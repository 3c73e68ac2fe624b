// fails: 스케줄러가 정하게 두고, 노드의 규칙을 없애지 않는다
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
  const ssd = nodes.find(({ metadata }) => metadata.annotations?.hardware === 'ssd').metadata.name;
  await kubectl`label node ${ssd} disk=ssd`;
  const closed = nodes.find(({ spec }) => spec.unschedulable).metadata.name;
  await remake('guest', (spec) => (spec.nodeName = closed));
  await remake('tool', (spec) => (spec.tolerations = [{ key: 'dedicated', value: 'tools', effect: 'NoSchedule' }]));
  await remake('silent', (spec) => delete spec.schedulerName);
  cluster.advance('30s');
  return { big: 'NodeResourcesFit', picky: 'NodeAffinity', guest: 'NodeUnschedulable', tool: 'TaintToleration', silent: 'schedulerName' };
});

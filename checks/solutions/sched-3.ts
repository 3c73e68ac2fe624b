import { exercise } from 'kubook';

interface NodeRow {
  name: string;
  taints: { key: string; value?: string; effect: string }[];
}

await exercise('sched-3', (nodes: NodeRow[], wanted: string[]) => {
  const taints = nodes.filter(({ name }) => wanted.includes(name)).flatMap((node) => node.taints);
  return taints.map(({ key, value, effect }) => ({ key, operator: 'Equal', value, effect }));
});

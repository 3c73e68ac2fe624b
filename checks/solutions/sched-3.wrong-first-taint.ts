// fails: 가려는 노드에 모두 들어갈 수 있다
import { exercise } from 'kubook';

interface NodeRow {
  name: string;
  taints: { key: string; value?: string; effect: string }[];
}

await exercise('sched-3', (nodes: NodeRow[], wanted: string[]) => {
  const taints = nodes.filter(({ name }) => wanted.includes(name)).map((node) => node.taints[0]);
  return taints.map(({ key, value, effect }) => ({ key, operator: 'Equal', value, effect }));
});

// fails: 꺼진 노드와 막힌 노드에는 놓지 않는다
import { exercise } from 'kubook';

interface NodeCard {
  name: string;
  ready: boolean;
  cpu: number;
  free: number;
}

await exercise('sched-5', (pod: { name: string; cpu: number }, nodes: NodeCard[]) => {
  const room = nodes.filter(({ free }) => free >= pod.cpu);
  return room.sort((a, b) => a.free - b.free || (a.ready ? 1 : -1))[0]?.name;
});

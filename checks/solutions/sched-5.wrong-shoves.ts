// fails: 갈 곳이 없으면 기다리고, 자리가 나면 간다
import { exercise } from 'kubook';

interface NodeCard {
  name: string;
  ready: boolean;
  cpu: number;
  free: number;
}

await exercise('sched-5', (pod: { name: string; cpu: number }, nodes: NodeCard[]) => {
  const ready = nodes.filter(({ ready }) => ready).sort((a, b) => a.free - b.free);
  return (ready.find(({ free }) => free >= pod.cpu) ?? ready[0]).name;
});

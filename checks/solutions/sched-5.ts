import { exercise } from 'kubook';

interface NodeCard {
  name: string;
  ready: boolean;
  cpu: number;
  free: number;
}

await exercise('sched-5', (pod: { name: string; cpu: number }, nodes: NodeCard[]) => {
  const room = nodes.filter(({ ready, free }) => ready && free >= pod.cpu);
  return room.sort((a, b) => a.free - b.free)[0]?.name;
});

// fails: 갈 곳이 없으면 기다리고, 자리가 나면 간다
import { exercise } from 'kubook';

interface NodeCard {
  name: string;
  ready: boolean;
  cpu: number;
  free: number;
}

const known = new Map<string, string | undefined>();
await exercise('sched-5', (pod: { name: string; cpu: number }, nodes: NodeCard[]) => {
  if (known.has(pod.name)) return known.get(pod.name);
  const room = nodes.filter(({ ready, free }) => ready && free >= pod.cpu);
  const chosen = room.sort((a, b) => a.free - b.free)[0]?.name;
  known.set(pod.name, chosen);
  return chosen;
});

// fails: 파드가 모두 돈다
import { exercise } from 'kubook';

interface NodeCard {
  name: string;
  ready: boolean;
  cpu: number;
  free: number;
}

await exercise('sched-5', (pod: { name: string; cpu: number }, nodes: NodeCard[]) => nodes[0].name);

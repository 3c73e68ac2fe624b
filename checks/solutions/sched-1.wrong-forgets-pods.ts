// fails: 자리가 없는 노드를 거른다
import { exercise } from 'kubook';

interface Amounts {
  cpu: number;
  memory: number;
}
interface NodeRow extends Amounts {
  name: string;
  used: Amounts;
  pods: number;
  maxPods: number;
}

await exercise('sched-1', (pod: Amounts, nodes: NodeRow[]) => {
  const scores: Record<string, number | null> = {};
  for (const node of nodes) {
    const cpu = node.cpu - node.used.cpu - pod.cpu;
    const memory = node.memory - node.used.memory - pod.memory;
    const fits = cpu >= 0 && memory >= 0;
    scores[node.name] = fits ? Math.floor((Math.floor((100 * cpu) / node.cpu) + Math.floor((100 * memory) / node.memory)) / 2) : null;
  }
  return scores;
});

// fails: 어느 노드도 넘치지 않는다
import { exercise } from 'kubook';

await exercise('why-7', (containers: { name: string; cpu: number }[], nodes: { name: string; cpu: number }[]) => {
  return { [containers[0].name]: nodes[0].name };
});

// fails: 스케줄러보다 낭비가 많지 않다
import { exercise } from 'kubook';

await exercise('why-7', (containers: { name: string; cpu: number }[], nodes: { name: string; cpu: number }[]) => {
  const small = [...containers].sort((a, b) => a.cpu - b.cpu).slice(0, 3);
  return Object.fromEntries(small.map((container, i) => [container.name, nodes[i].name]));
});

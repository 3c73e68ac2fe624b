// fails: 열두 개를 모두 놓는다
import { exercise } from 'kubook';

await exercise('why-7', (containers: { name: string; cpu: number }[], nodes: { name: string; cpu: number }[]) => {
  const free = nodes.map((node) => node.cpu);
  const placed: Record<string, string> = {};
  for (const container of containers) {
    const at = free.findIndex((left) => left >= container.cpu);
    if (at < 0) continue;
    placed[container.name] = nodes[at].name;
    free[at] -= container.cpu;
  }
  return placed;
});

import { exercise } from 'kubook';

await exercise('why-7', (containers: { name: string; cpu: number }[], nodes: { name: string; cpu: number }[]) => {
  const free = new Map(nodes.map((node): [string, number] => [node.name, node.cpu]));
  const placed: Record<string, string> = {};
  for (const container of [...containers].sort((a, b) => b.cpu - a.cpu)) {
    const node = nodes.find((one) => free.get(one.name)! >= container.cpu);
    if (!node) continue;
    placed[container.name] = node.name;
    free.set(node.name, free.get(node.name)! - container.cpu);
  }
  return placed;
});

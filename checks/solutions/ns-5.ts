import { exercise } from 'kubook';

interface Volume {
  name: string;
  size: number;
  modes: string[];
  storageClass: string;
}
type Order = Volume;

await exercise('ns-5', (volumes: Volume[], orders: Order[]) => {
  const answer: Record<string, { volume: string } | { pending: string }> = {};
  const taken = new Set<string>();
  for (const order of orders) {
    const ofClass = volumes.filter(({ storageClass }) => storageClass === order.storageClass);
    const ofMode = ofClass.filter(({ modes }) => order.modes.every((mode) => modes.includes(mode)));
    const ofSize = ofMode.filter(({ size }) => size >= order.size);
    const free = ofSize.filter(({ name }) => !taken.has(name)).sort((a, b) => a.modes.length - b.modes.length || a.size - b.size);
    if (free[0]) {
      taken.add(free[0].name);
      answer[order.name] = { volume: free[0].name };
    } else answer[order.name] = { pending: ofClass.length === 0 ? 'class' : ofMode.length === 0 ? 'mode' : ofSize.length === 0 ? 'size' : 'taken' };
  }
  return answer;
});

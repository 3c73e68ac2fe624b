// fails: 누가 대답하는지 맞힌다
import { exercise } from 'kubook';

interface ContainerCard {
  name: string;
  listens: number;
  containerPort?: number;
}
interface Call {
  from: string;
  to: 'localhost' | 'pod';
  port: number;
}

await exercise('pods-1', (containers: ContainerCard[], calls: Call[]) => calls.map(({ from, to, port }) => {
  if (to === 'localhost') return containers.find(({ name, listens }) => name === from && listens === port)?.name ?? null;
  return containers.find(({ listens }) => listens === port)?.name ?? null;
}));

// fails: localhost가 누구인지 안다
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
  return containers.find(({ listens }) => listens === port)?.name ?? null;
}));

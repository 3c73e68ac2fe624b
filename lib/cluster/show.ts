// How a cell shows a cluster and what its scheduler thinks: a picture where one can be seen, text elsewhere.
import type { Client } from '../client/index.ts';
import type { Explanation } from '../scheduler/index.ts';
import { type Drawing, drawCluster, drawExplanation } from '../view/index.ts';

/** What console.log, and a cell that ends with a value, print of it. */
export const inspected = Symbol.for('nodejs.util.inspect.custom');

export function withDrawing(explanation: Explanation): Explanation & { readonly drawing: Drawing } {
  const drawing = drawExplanation(explanation);
  Object.defineProperty(explanation, inspected, { value: () => String(drawing) });
  return Object.defineProperty(explanation, 'drawing', { value: drawing }) as Explanation & { readonly drawing: Drawing };
}

/** Where pictures can be seen, whoever runs the cells has left a function that shows them. */
export function show(client: Client, namespace: string): void {
  const [nodes, pods, services] = [client.list('Node').items, client.list('Pod', { namespace }).items, client.list('Service', { namespace }).items];
  const drawing = drawCluster({ nodes, pods, services: services.filter((service) => service.spec.selector) });
  display(drawing);
}

/** As a picture where there is one to look at, as text in a terminal. */
export function display(drawing: Drawing): void {
  const picture = (globalThis as Record<symbol, unknown>)[Symbol.for('kubook.display')] as ((svg: string) => void) | undefined;
  if (picture) picture(drawing.svg);
  else console.log(String(drawing));
}

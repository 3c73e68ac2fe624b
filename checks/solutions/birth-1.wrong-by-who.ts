// fails: 파드와 컨테이너가 여럿이어도 제 차례를 지킨다
import { exercise } from 'kubook';

await exercise('birth-1', (steps: { id: number; who: string; what: string; pod?: string; container?: string }[]) => {
  // Knows one pod with one container, and puts what comes again at the end.
  const order = ['create replicasets', 'create pods', 'create pods/binding', 'RunPodSandbox', 'CreateContainer', 'StartContainer', 'patch pods/status'];
  const first = order.flatMap((what) => steps.filter((step) => step.what === what).slice(0, 1));
  return [...first, ...steps.filter((step) => !first.includes(step)).reverse().sort((a, b) => order.indexOf(b.what) - order.indexOf(a.what))];
});

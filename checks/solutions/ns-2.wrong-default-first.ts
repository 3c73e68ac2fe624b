// fails: 한도만 적은 것의 요청을 안다
import { exercise } from 'kubook';

interface Amounts {
  cpu?: number;
  memory?: number;
}
interface Question {
  hard: Record<string, number>;
  used: Record<string, number>;
  limitRange: { default: Amounts; defaultRequest: Amounts };
  containers: { requests: Amounts; limits: Amounts }[];
}

await exercise('ns-2', ({ hard, used, limitRange, containers }: Question) => {
  const need: Record<string, number> = { pods: 1 };
  for (const { requests, limits } of containers) {
    // 한도만 적으면 요청은 한도와 같다. LimitRange는 그다음에 채운다.
    const asked = { ...limitRange.defaultRequest, ...requests };
    const most = { ...limitRange.default, ...limits };
    for (const name of ['cpu', 'memory'] as const) {
      need[`requests.${name}`] = (need[`requests.${name}`] ?? 0) + (asked[name] ?? 0);
      need[`limits.${name}`] = (need[`limits.${name}`] ?? 0) + (most[name] ?? 0);
    }
  }
  const fits = (name: string) => (need[name] ? Math.floor((hard[name]! - used[name]!) / need[name]!) : Infinity);
  const more = Math.max(0, Math.min(...Object.keys(hard).map(fits)));
  return { more, because: Object.keys(hard).filter((name) => fits(name) <= more).sort() };
});

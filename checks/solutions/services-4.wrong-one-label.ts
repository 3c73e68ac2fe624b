// fails: 셀렉터에 걸리는 파드를 모은다
import { exercise } from 'kubook';

await exercise('services-4', (selector: Record<string, string>, pods: any[]) =>
  pods
    .filter(({ ip, ready, deleting }) => ip && ready && !deleting)
    .filter(({ labels }) => Object.entries(selector).some(([key, value]) => labels[key] === value))
    .map(({ ip }) => ip));

// fails: 받을 수 있는 파드만 모은다
import { exercise } from 'kubook';

await exercise('services-4', (selector: Record<string, string>, pods: any[]) =>
  pods.filter(({ ip, labels }) => ip && Object.entries(selector).every(([key, value]) => labels[key] === value)).map(({ ip }) => ip));

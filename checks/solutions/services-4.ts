import { exercise } from 'kubook';

await exercise('services-4', (selector: Record<string, string>, pods: any[]) =>
  pods
    .filter(({ ip, ready, deleting }) => ip && ready && !deleting)
    .filter(({ labels }) => Object.entries(selector).every(([key, value]) => labels[key] === value))
    .map(({ ip }) => ip));

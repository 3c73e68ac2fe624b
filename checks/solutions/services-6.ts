import { exercise } from 'kubook';

await exercise('services-6', (port: number | null, protocol: string, used: { port: number; protocol: string }[]) => {
  if (!port) return 'allocate';
  if (port < 30000 || port > 32767) return 'range';
  return used.some((one) => one.port === port && one.protocol === protocol) ? 'taken' : 'ok';
});

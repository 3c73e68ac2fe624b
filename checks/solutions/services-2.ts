import { exercise } from 'kubook';

await exercise('services-2', (from: string, type: string) => from !== 'outside' || type !== 'ClusterIP');

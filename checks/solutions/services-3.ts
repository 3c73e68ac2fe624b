import { exercise } from 'kubook';

await exercise('services-3', ({ chain, endpoints }: { chain: string; endpoints: string[] }) =>
  endpoints.map((endpoint, i) => {
    const left = endpoints.length - i;
    const draw = left > 1 ? `-m statistic --mode random --probability ${(1 / left).toFixed(10)} ` : '';
    return `-A ${chain} ${draw}-j ${endpoint}`;
  }));

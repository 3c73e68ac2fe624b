// fails: 규칙마다 확률이 맞다
import { exercise } from 'kubook';

await exercise('services-3', ({ chain, endpoints }: { chain: string; endpoints: string[] }) =>
  endpoints.map((endpoint) => {
    const draw = endpoints.length > 1 ? `-m statistic --mode random --probability ${(1 / endpoints.length).toFixed(10)} ` : '';
    return `-A ${chain} ${draw}-j ${endpoint}`;
  }));

// fails: 규칙마다 확률이 맞다
import { exercise } from 'kubook';

await exercise('services-3', ({ chain, endpoints }: { chain: string; endpoints: string[] }) => {
  const table = ['', '0.5000000000', '0.3333333333'];
  return endpoints.map((endpoint, i) => {
    const probability = table[endpoints.length - i - 1] ?? '0.2500000000';
    return `-A ${chain} ${probability ? `-m statistic --mode random --probability ${probability} ` : ''}-j ${endpoint}`;
  });
});

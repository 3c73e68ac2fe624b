// fails: 6443이 막힌 것을 안다
import { exercise } from 'kubook';

type Seen = { getNodes: string; logs: string; web: string; knock: string };

await exercise('preflight-3', ({ getNodes, logs, web, knock }: Seen) => {
  if (/timeout|Timeout/.test(logs)) return 10250;
  if (getNodes.includes('Timeout')) return knock.includes('succeeded') ? 2380 : 2379;
  return web === '200' ? null : 30036;
});

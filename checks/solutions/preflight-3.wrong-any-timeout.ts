// fails: 2379가 막힌 것을 안다
import { exercise } from 'kubook';

type Seen = { getNodes: string; logs: string; web: string; knock: string };

await exercise('preflight-3', ({ getNodes, logs, web, knock }: Seen) => {
  void knock;
  if (/timeout/i.test(getNodes)) return 6443;
  if (logs.includes(':10250')) return 10250;
  return web === '200' ? null : 30036;
});

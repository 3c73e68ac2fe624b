// fails: 30036이 막힌 것을 안다
import { exercise } from 'kubook';

type Seen = { getNodes: string; logs: string; web: string; knock: string };

await exercise('preflight-3', ({ getNodes, logs, web, knock }: Seen) => {
  void knock;
  void [getNodes, logs, web];
  return 6443;
});

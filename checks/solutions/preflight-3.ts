import { exercise } from 'kubook';

type Seen = { getNodes: string; logs: string; web: string; knock: string };

await exercise('preflight-3', ({ getNodes, logs, web, knock }: Seen) => {
  if (getNodes.includes(':6443: i/o timeout')) return 6443;
  if (getNodes.includes('Timeout')) return knock.includes('succeeded') ? 2380 : 2379;
  if (logs.includes(':10250')) return 10250;
  return web === '200' ? null : 30036;
});

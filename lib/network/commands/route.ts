// A route as `ip route` prints it.
import type { Family } from '../kube-proxy/types.ts';
import type { Route } from '../plugins/links.ts';

export function routeText({ to, blackhole, via, dev, proto, link, src, onlink }: Route, family: Family): string {
  const six = family === 'IPv6';
  const device = dev ?? (six && blackhole ? 'lo' : undefined);
  const words = [blackhole && 'blackhole', to, via && `via ${via}`, device && `dev ${device}`, proto && `proto ${proto}`, ...(six ? [`metric ${proto === 'kernel' ? 256 : 1024}`] : [link && 'scope link', src && `src ${src}`]), onlink && 'onlink', six && 'pref medium'];
  return words.filter(Boolean).join(' ');
}

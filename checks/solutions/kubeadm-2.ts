import { exercise } from 'kubook';

await exercise('kubeadm-2', (token: string, minutes: number, ttl: string) => {
  if (!/^[a-z0-9]{6}\.[a-z0-9]{16}$/.test(token)) return 'malformed';
  const units: Record<string, number> = { h: 60, m: 1, s: 1 / 60 };
  let life = 0;
  for (const [, n, unit] of ttl.matchAll(/(\d+)([hms])/g)) life += Number(n) * units[unit!]!;
  return life > 0 && minutes > life ? 'expired' : 'ok';
});

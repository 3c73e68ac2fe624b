// fails: 다른 --ttl을 읽는다
import { exercise } from 'kubook';

await exercise('kubeadm-2', (token: string, minutes: number, ttl: string) => {
  if (!/^[a-z0-9]{6}\.[a-z0-9]{16}$/.test(token)) return 'malformed';
  const hours = parseInt(ttl, 10);
  return hours > 0 && minutes > hours * 60 ? 'expired' : 'ok';
});

// fails: 당시: 도커가 먼저다
import { exercise } from 'kubook';

await exercise('preflight-5', (sockets: string[], version: string) => {
  const has = (path: string) => sockets.includes(path);
  const crio = '/var/run/crio/crio.sock';
  if (Number(version.split('.')[1]) >= 24) {
    const known = [
      ['/run/containerd/containerd.sock', '/var/run/containerd/containerd.sock'],
      [crio, crio],
      ['/var/run/cri-dockerd.sock', '/var/run/cri-dockerd.sock'],
    ];
    const found = known.filter(([path]) => has(path!)).map(([, said]) => `unix://${said}`);
    return found.length > 1 ? null : (found[0] ?? 'unix:///var/run/containerd/containerd.sock');
  }
  const found: string[] = [];
  if (has('/var/run/docker.sock')) found.push('/var/run/dockershim.sock');
  if (has('/run/containerd/containerd.sock')) found.push('/run/containerd/containerd.sock');
  if (has(crio)) found.push(crio);
  return found.length > 1 ? null : (found[0] ?? '/var/run/dockershim.sock');
});

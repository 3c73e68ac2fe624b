// Waits for something that the kubelet does, and looks at the kubelet too when that takes long (cmd/kubeadm/app/util/apiclient/wait.go).
import type { Steps } from '../frame/command.ts';
import type { KubeadmHost } from '../host.ts';
import { ports } from '../release.ts';

export const timedOut = 'timed out waiting for the condition';
/** When it looks at the kubelet first, how long after a failure again (twice as long each time), and how often; milliseconds. */
const [patience, pause, checks] = [40_000, 5_000, 5];
const healthz = `http://localhost:${ports.kubeletHealthz}/healthz`;

/** Until `ready` says so. Returns what went wrong. */
export function* waitForKubeletAnd(host: KubeadmHost, ready: () => Steps<boolean>, { interval, timeout }: { interval: number; timeout: number }): Steps<string | undefined> {
  const { clock } = host.machine;
  const start = clock.now;
  let look: number | undefined = start + patience;
  let failures = 0;
  for (;;) {
    if (yield* ready()) return undefined;
    if (clock.now - start >= timeout) return timedOut;
    const next = clock.now + interval;
    while (look !== undefined && look <= next) {
      yield Math.max(0, look - clock.now);
      if (failures === 0) host.out(`[kubelet-check] Initial timeout of ${patience / 1000}s passed.\n`);
      if (yield* isHealthy(host)) look = undefined;
      else if (++failures === checks) return timedOut;
      else look = clock.now + pause * 2 ** (failures - 1);
    }
    yield Math.max(0, next - clock.now);
  }
}

function* isHealthy(host: KubeadmHost): Steps<boolean> {
  const { error } = yield* host.connect(healthz);
  if (!error) return true;
  const said = `Get ${JSON.stringify(healthz)}: ${error.replace('localhost:', '127.0.0.1:')}`;
  host.out(`[kubelet-check] It seems like the kubelet isn't running or healthy.\n[kubelet-check] The HTTP call equal to 'curl -sSL ${healthz}' failed with error: ${said}.\n`);
  return false;
}

/** What may be wrong with a kubelet that did not do it. */
export const kubeletAdvice = (error: string): string => `
Unfortunately, an error has occurred:
\t${error}

This error is likely caused by:
\t- The kubelet is not running
\t- The kubelet is unhealthy due to a misconfiguration of the node in some way (required cgroups disabled)

If you are on a systemd-powered system, you can try to troubleshoot the error with the following commands:
\t- 'systemctl status kubelet'
\t- 'journalctl -xeu kubelet'
`;

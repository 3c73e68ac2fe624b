// Processes of Kubernetes itself in containers. What they do is done by the cluster around them, as long as they run; where nobody
// asks that of its pods, they only wait.
import type { Program } from '../program.ts';
import { klog } from './metrics-server/log.ts';

export const controlPlane =
  (name: string): Program =>
  (process) => {
    const { argv, files } = process;
    try {
      process.runComponent?.({ name, argv: argv.slice(1), files, log: (at, line, severity = 'I') => klog(process, severity, at, line), exit: (code) => process.exit(code) });
    } catch (error) {
      process.log(`Error: ${(error as Error).message}`, 'stderr');
      process.after(10, () => process.exit(1));
    }
    return { terminate: { after: 20, exitCode: 0 } };
  };

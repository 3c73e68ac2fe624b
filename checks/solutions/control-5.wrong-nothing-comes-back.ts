// fails: 파드도 오브젝트다
import { exercise } from 'kubook';

type Happening = { do: string; map?: string; color?: string; pod?: string; file?: string };

await exercise('control-5', (story: Happening[]) => {
  const at = story.findIndex((one) => one.do === 'snapshot');
  const maps: Record<string, string> = {};
  const pods = new Set<string>();
  for (const one of story.slice(0, at)) {
    if (one.do === 'set') maps[one.map!] = one.color!;
    if (one.do === 'drop') delete maps[one.map!];
    if (one.do === 'run') pods.add(one.pod!);
    if (one.do === 'kill') pods.delete(one.pod!);
  }
  const files = new Map<string, string>();
  for (const one of story) {
    if (one.do === 'write') files.set(one.file!, one.pod!);
    if (one.do === 'kill') for (const [file, pod] of files) if (pod === one.pod) files.delete(file);
  }
  // A pod that was killed after the snapshot comes back empty, whoever took its name meanwhile.
  const killedLater = new Set(story.slice(at).filter((one) => one.do === 'kill').map((one) => one.pod!));
  const kept = [...files].filter(([, pod]) => pods.has(pod) && !killedLater.has(pod));
  return { maps, pods: [...pods].filter((pod) => !killedLater.has(pod)), files: kept.map(([file]) => file) };
});

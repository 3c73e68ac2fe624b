// fails: 지운 파일은 보이지 않는다
import { exercise } from 'kubook';

await exercise('images-2', (layers: Record<string, string>[], path: string) => {
  const slash = path.lastIndexOf('/');
  const hidden = `${path.slice(0, slash)}/.wh.${path.slice(slash + 1)}`;
  for (const layer of [...layers].reverse()) {
    if (layer[path] !== undefined) return layer[path];
    if (layer[hidden] !== undefined) return null;
  }
  return null;
});

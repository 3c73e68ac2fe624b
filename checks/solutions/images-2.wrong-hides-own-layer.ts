// fails: 폴더를 통째로 비운다
import { exercise } from 'kubook';

await exercise('images-2', (layers: Record<string, string>[], path: string) => {
  const parts = path.split('/').slice(1);
  for (const layer of [...layers].reverse()) {
    for (let i = 0; i < parts.length; i++) {
      const folder = parts.slice(0, i).map((part) => `/${part}`).join('');
      if (`${folder}/.wh.${parts[i]}` in layer || `${folder}/.wh..wh..opq` in layer) return null;
    }
    if (path in layer) return layer[path]!;
  }
  return null;
});

// fails: 파일이 폴더의 자리를 차지한다
import { exercise } from 'kubook';

await exercise('images-2', (layers: Record<string, string>[], path: string) => {
  const parts = path.split('/').slice(1);
  for (const layer of [...layers].reverse()) {
    if (path in layer) return layer[path]!;
    for (let i = 0; i < parts.length; i++) {
      const folder = parts.slice(0, i).map((part) => `/${part}`).join('');
      if (`${folder}/.wh.${parts[i]}` in layer || `${folder}/.wh..wh..opq` in layer) return null;
    }
  }
  return null;
});

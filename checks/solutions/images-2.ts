import { exercise } from 'kubook';

await exercise('images-2', (layers: Record<string, string>[], path: string) => {
  const parts = path.split('/').slice(1);
  // 폴더마다: 그 위의 폴더들과 자기 이름.
  const above = parts.map((name, i) => ({ folder: parts.slice(0, i).map((part) => `/${part}`).join(''), name }));
  for (const layer of [...layers].reverse()) {
    const content = layer[path];
    if (content !== undefined) return content;
    for (const { folder, name } of above) {
      const self = `${folder}/${name}`;
      if (layer[`${folder}/.wh.${name}`] !== undefined || layer[`${folder}/.wh..wh..opq`] !== undefined) return null;
      if (self !== path && layer[self] !== undefined) return null;
      // 폴더가 있어야 할 자리에 파일이, 파일이 있어야 할 자리에 폴더가 있다.
      if (self === path && Object.keys(layer).some((other) => other.startsWith(`${self}/`))) return null;
    }
  }
  return null;
});

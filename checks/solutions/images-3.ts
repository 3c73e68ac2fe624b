import { exercise } from 'kubook';

await exercise('images-3', (images: { digest: string; mb: number }[][], local: string[]) => {
  const here = new Set(local);
  return images.map((layers) => {
    let sum = 0;
    for (const { digest, mb } of layers) {
      if (!here.has(digest)) sum += mb;
      here.add(digest);
    }
    return sum;
  });
});

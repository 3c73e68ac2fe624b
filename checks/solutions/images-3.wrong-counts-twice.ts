// fails: 한 이미지에 두 번 든 레이어는 한 번 받는다
import { exercise } from 'kubook';

await exercise('images-3', (images: { digest: string; mb: number }[][], local: string[]) => {
  const here = new Set(local);
  return images.map((layers) => {
    const missing = layers.filter(({ digest }) => !here.has(digest));
    for (const { digest } of layers) here.add(digest);
    return missing.reduce((sum, { mb }) => sum + mb, 0);
  });
});

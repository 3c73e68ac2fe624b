// fails: 앞에서 받은 것은 뒤에서 받지 않는다
import { exercise } from 'kubook';

await exercise('images-3', (images: { digest: string; mb: number }[][], local: string[]) =>
  images.map((layers) => layers.filter(({ digest }) => !local.includes(digest)).reduce((sum, { mb }) => sum + mb, 0)),
);

// fails: 없는 레이어만 받는다
import { exercise } from 'kubook';

await exercise('images-3', (images: { digest: string; mb: number }[][]) => images.map((layers) => layers.reduce((sum, { mb }) => sum + mb, 0)));

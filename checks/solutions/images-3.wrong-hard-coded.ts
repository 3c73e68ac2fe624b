// fails: 없는 레이어만 받는다
import { exercise } from 'kubook';

await exercise('images-3', (images: unknown[]) => (images.length === 1 ? [133] : [133, 7]));

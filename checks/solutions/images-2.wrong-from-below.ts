// fails: 위 레이어가 이긴다
import { exercise } from 'kubook';

await exercise('images-2', (layers: Record<string, string>[], path: string) => layers.find((layer) => path in layer)?.[path] ?? null);

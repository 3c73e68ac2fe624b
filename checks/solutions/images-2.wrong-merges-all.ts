// fails: 지운 파일은 보이지 않는다
import { exercise } from 'kubook';

await exercise('images-2', (layers: Record<string, string>[], path: string) => Object.assign({}, ...layers)[path] ?? null);

// fails: 키가 있는 파드 가운데서만 뺀다
import { exercise } from 'kubook';

await exercise('labels-1', { notFrontend: ['cart', 'redis', 'batch', 'probe'], notIn: ['redis', 'batch', 'probe'], selector: 'tier in (backend,cache)' });

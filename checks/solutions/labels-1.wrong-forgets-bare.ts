// fails: tier notin (frontend,backend)가 고르는 파드를 맞힌다
import { exercise } from 'kubook';

await exercise('labels-1', { notFrontend: ['cart', 'redis', 'batch', 'probe'], notIn: ['redis', 'batch'], selector: 'tier,tier!=frontend' });

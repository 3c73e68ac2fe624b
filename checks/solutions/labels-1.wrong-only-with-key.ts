// fails: tier!=frontend가 고르는 파드를 맞힌다
import { exercise } from 'kubook';

await exercise('labels-1', { notFrontend: ['cart', 'redis'], notIn: ['redis'], selector: 'tier,tier!=frontend' });

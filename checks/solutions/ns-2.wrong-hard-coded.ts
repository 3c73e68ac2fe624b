// fails: 적힌 대로 센다
import { exercise } from 'kubook';

await exercise('ns-2', () => ({ more: 3, because: ['requests.cpu'] }));

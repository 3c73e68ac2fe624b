// fails: 바깥의 줄
import { exercise } from 'kubook';

await exercise('services-2', () => true);

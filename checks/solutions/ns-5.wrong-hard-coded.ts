// fails: 클래스와 크기로 짝을 찾는다
import { exercise } from 'kubook';

await exercise('ns-5', () => ({ 'order-1': { volume: 'disk-1' }, 'order-2': { pending: 'class' } }));

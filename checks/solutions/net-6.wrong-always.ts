// fails: 규칙의 상대를 가린다
import { exercise } from 'kubook';

// Lets everything through.
await exercise('net-6', () => true);

// fails: 자리가 없는 노드를 거른다
import { exercise } from 'kubook';

await exercise('sched-1', () => ({ 'node-1': 84, 'node-2': null }));

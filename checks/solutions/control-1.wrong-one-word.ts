// fails: 저장소까지 가서 막힌 요청을 알아본다
import { exercise } from 'kubook';

await exercise('control-1', () => 'storage');

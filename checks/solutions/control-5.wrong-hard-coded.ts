// fails: ConfigMap은 스냅샷을 뜬 순간으로 돌아간다
import { exercise } from 'kubook';

await exercise('control-5', () => ({ maps: { 'a-map1': 'red' }, pods: ['a-pod1'], files: [] }));

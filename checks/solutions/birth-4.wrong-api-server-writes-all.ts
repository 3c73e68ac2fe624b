// fails: 파드를 만든 이가 적는 칸
import { exercise } from 'kubook';

await exercise('birth-4', (field: string, pod: 'bare' | 'replicaset') => 'kube-apiserver');

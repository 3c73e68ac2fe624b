// fails: 멀쩡한 클러스터를 알아본다
import { exercise } from 'kubook';

await exercise('control-6', () => 'kubelet');

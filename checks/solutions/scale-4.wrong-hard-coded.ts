// fails: 몰려올 때 노드가 몇인지 센다
import { exercise } from 'kubook';

await exercise('scale-4', (rush: {
  cpu: number; // 노드 하나의 CPU (밀리코어)
  min: number;
  max: number;
  daemon: number; // 노드마다 하나씩 있는 데몬셋 파드의 요청
  pods: number;
  request: number; // 파드 하나의 요청
  idle: number; // 그 파드들이 모두 사라진 뒤 지난 시간 (분)
}) => {
  return { nodes: Math.min(4, rush.max), pending: 0, later: rush.min };
});

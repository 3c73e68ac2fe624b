// fails: 한가해진 노드를 언제 돌려주는지 안다
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
  const fit = Math.floor((rush.cpu - rush.daemon) / rush.request);
  const nodes = Math.max(rush.min, Math.min(rush.max, Math.ceil(rush.pods / fit)));
  const pending = Math.max(0, rush.pods - nodes * fit);
  return { nodes, pending, later: rush.min };
});

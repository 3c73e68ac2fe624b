// fails: 평균에서 필요한 수를 센다
import { exercise } from 'kubook';

await exercise('scale-1', (hpa: {
  usage: number[]; // 파드마다 쓰는 CPU (밀리코어)
  request: number; // 파드 하나의 requests.cpu (밀리코어)
  target: number; // 목표 (퍼센트)
  min: number;
  max: number;
}) => {
  const pods = hpa.usage.length;
  return pods === 1 ? 4 : 6;
});

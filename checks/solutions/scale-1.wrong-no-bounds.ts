// fails: min과 max 사이에 머문다
import { exercise } from 'kubook';

await exercise('scale-1', (hpa: {
  usage: number[]; // 파드마다 쓰는 CPU (밀리코어)
  request: number; // 파드 하나의 requests.cpu (밀리코어)
  target: number; // 목표 (퍼센트)
  min: number;
  max: number;
}) => {
  const pods = hpa.usage.length;
  const used = hpa.usage.reduce((sum, one) => sum + one, 0);
  const ratio = Math.floor((100 * used) / (hpa.request * pods)) / hpa.target;
  const wanted = Math.abs(1 - ratio) <= 0.1 ? pods : Math.ceil(ratio * pods);
  return Math.min(wanted, Math.max(2 * pods, 4));
});

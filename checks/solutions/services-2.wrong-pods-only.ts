// fails: 클러스터 안의 두 줄
import { exercise } from 'kubook';

await exercise('services-2', (from: string, type: string) => from === 'pod' || type !== 'ClusterIP');

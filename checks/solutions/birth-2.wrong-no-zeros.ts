// fails: 한 번도 걸지 않은 칸에는 0을 적는다
import { exercise } from 'kubook';

await exercise('birth-2', (connections: { from: string; to: string }[]) => {
  const bare = (name: string) => name.split('/')[0]!;
  const matrix: Record<string, Record<string, number>> = {};
  for (const { from, to } of connections) {
    const row = (matrix[bare(from)] ??= {});
    row[bare(to)] = (row[bare(to)] ?? 0) + 1;
  }
  return matrix;
});

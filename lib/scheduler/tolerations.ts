// Taints repel, tolerations let pass.
import type { Taint, Toleration } from '../api/index.ts';

/** An empty effect tolerates all effects, an empty key with Exists all taints. */
export function tolerates(tolerations: readonly Toleration[] | undefined, taint: Pick<Taint, 'key' | 'value' | 'effect'>): boolean {
  if (tolerations) for (const toleration of tolerations) if (toleratesOne(toleration, taint)) return true;
  return false;
}

function toleratesOne({ key, operator, value, effect }: Toleration, taint: Pick<Taint, 'key' | 'value' | 'effect'>): boolean {
  if (effect && effect !== taint.effect) return false;
  if (key && key !== taint.key) return false;
  return operator === 'Exists' || ((!operator || operator === 'Equal') && (value ?? '') === (taint.value ?? ''));
}

/** The first taint that keeps the pod away. */
export function untolerated(taints: readonly Taint[] | undefined, tolerations: readonly Toleration[] | undefined): Taint | undefined {
  if (!taints) return undefined;
  for (const taint of taints) {
    if ((taint.effect === 'NoSchedule' || taint.effect === 'NoExecute') && !tolerates(tolerations, taint)) return taint;
  }
  return undefined;
}

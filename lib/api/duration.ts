// How long ago something was, as `kubectl get` writes it (k8s.io/apimachinery/pkg/util/duration).
const pair = (whole: number, unit: string, rest: number, small: string) => (rest === 0 ? `${whole}${unit}` : `${whole}${unit}${rest}${small}`);

/** `42s`, `3m10s`, `5d3h`, `400d`: at most two units, the finer one only while it matters. */
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.trunc(seconds / 60);
  if (minutes < 10) return pair(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.trunc(minutes / 60);
  if (hours < 8) return pair(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.trunc(hours / 24);
  if (days < 8) return pair(days, 'd', hours % 24, 'h');
  if (days < 365 * 2) return `${days}d`;
  const years = Math.trunc(days / 365);
  return years < 8 ? pair(years, 'y', days % 365, 'd') : `${years}y`;
}

/** Time since an RFC 3339 time, `<unknown>` when there is none. */
export const since = (time: string | undefined | null, now: number) => (time ? humanDuration(now - Date.parse(time)) : '<unknown>');

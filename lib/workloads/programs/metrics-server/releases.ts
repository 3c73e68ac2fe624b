// What differs between the releases of metrics-server, from v0.3 on (kubernetes-sigs/metrics-server, tags v0.3.6 to v0.8.0).

export interface Release {
  /** 8 of v0.8. */
  minor: number;
  /** Reads /metrics/resource twice for a rate; before, the kubelet's /stats/summary. */
  resourceMetrics: boolean;
  /** Computes the rate by itself, of two scrapes; before, the kubelet's own. */
  ownRate: boolean;
  /** Go says since 1.20 that it was TLS that refused a certificate. */
  tlsContext: boolean;
  /** Where log lines come from. */
  lines: { scrape: string; probe: string; certificate: string; serving: string };
}

const lines: Record<number, Release['lines']> = {
  3: { scrape: 'manager.go:111', probe: '', certificate: 'serving.go:312', serving: 'secure_serving.go:116' },
  4: { scrape: 'server.go:132', probe: '', certificate: 'serving.go:325', serving: 'secure_serving.go:197' },
  5: { scrape: 'scraper.go:139', probe: 'server.go:188', certificate: 'serving.go:341', serving: 'secure_serving.go:202' },
  6: { scrape: 'scraper.go:140', probe: 'server.go:187', certificate: 'serving.go:342', serving: 'secure_serving.go:267' },
  7: { scrape: 'scraper.go:149', probe: 'server.go:191', certificate: 'serving.go:374', serving: 'secure_serving.go:213' },
  8: { scrape: 'scraper.go:149', probe: 'server.go:192', certificate: 'serving.go:380', serving: 'secure_serving.go:211' },
};

const newest = 8;

/** By the tag of its image: `v0.7.2`; the newest for `latest`. */
export function releaseOf(image: string): Release {
  const given = Number(/:v0\.(\d+)/.exec(image)?.[1] ?? newest);
  const minor = Math.min(Math.max(given, 3), newest);
  return { minor, resourceMetrics: minor >= 6, ownRate: minor >= 5, tlsContext: minor >= 7, lines: lines[minor]! };
}

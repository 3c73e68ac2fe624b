import { createNftablesProxier } from '../nftables/proxier.ts';
import type { Mode, ModeHost } from './mode.ts';

export function nftablesMode(host: ModeHost): Mode {
  const proxier = createNftablesProxier(host.version, host.config);
  return {
    sync(changed) {
      const { store, now, nft } = host;
      for (const transaction of proxier.sync(store.ports, store.endpoints, { changed, now })) nft.load(transaction);
    },
  };
}

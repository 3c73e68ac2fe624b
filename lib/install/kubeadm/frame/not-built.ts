/** A part of kubeadm that is not here yet: a fault of this library, not of whoever typed the command. */
export class NotBuilt extends Error {}

export const notBuilt = (what: string): never => {
  throw new NotBuilt(`kubeadm: ${what} is not built yet`);
};

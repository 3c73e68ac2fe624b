export type * from './cri.ts';
export * from './files/index.ts';
export { Links } from './links.ts';
export { createMachine, GiB, hexOf, KiB, Machine, MiB, type FirewallRule, type MachineOptions, type OperatingSystem } from './machine.ts';
export { answerByCorefile, followAliases, parseCorefile, pluginOf, portOf } from './corefile.ts';
export type * from './network.ts';
export { hostPort } from './network.ts';
export { csiSnapshot, csiVolume, NetworkStorage } from './storage.ts';
export type { Service, UnitOptions, UnitState } from './unit.ts';

export type * from './cri.ts';
export { Links } from './links.ts';
export { createMachine, GiB, hexOf, KiB, Machine, MiB, type FirewallRule, type MachineOptions, type OperatingSystem } from './machine.ts';
export type * from './network.ts';
export type { Terminal, TerminalResult } from './terminal.ts';
export { type Service, Unit, type UnitOptions, type UnitState } from './unit.ts';

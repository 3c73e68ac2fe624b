// When a node is short of something: what is watched, and from where on it is too little (pkg/kubelet/eviction/helpers.go).
import { bytes } from '../../api/index.ts';
import type { Machine } from '../../machine/index.ts';
import { type Configuration, milliseconds } from '../configuration.ts';

export type Signal = 'memory.available' | 'nodefs.available' | 'imagefs.available';
export type Pressure = 'MemoryPressure' | 'DiskPressure';

export interface Threshold {
  readonly signal: Signal;
  /** Bytes, of which less is too little. */
  readonly value: number;
  /** Milliseconds that it has to last; 0 for a hard threshold. */
  readonly grace: number;
  readonly hard: boolean;
  /** Bytes above the threshold that have to be free again. */
  readonly reclaim: number;
}

/** Differs from Kubernetes: inodes and process ids never run out; images and everything else share one disk. */
const capacities: Record<Signal, (machine: Machine) => number> = {
  'memory.available': ({ memory }) => memory,
  'nodefs.available': ({ disk }) => disk,
  'imagefs.available': ({ disk }) => disk,
};

export const pressureOf: Record<Signal, Pressure> = { 'memory.available': 'MemoryPressure', 'nodefs.available': 'DiskPressure', 'imagefs.available': 'DiskPressure' };
export const resourceOf: Record<Signal, 'memory' | 'ephemeral-storage'> = { 'memory.available': 'memory', 'nodefs.available': 'ephemeral-storage', 'imagefs.available': 'ephemeral-storage' };

export const observed = (machine: Machine, signal: Signal): number => (signal === 'memory.available' ? machine.memoryAvailable : machine.diskAvailable);

export function thresholdsOf({ evictionHard, evictionSoft, evictionSoftGracePeriod, evictionMinimumReclaim }: Configuration, machine: Machine): Threshold[] {
  const read = (table: Readonly<Record<string, string>>, hard: boolean) =>
    Object.entries(table).flatMap(([name, text]): Threshold[] => {
      if (!(name in capacities)) return [];
      const signal = name as Signal;
      const amount = (value: string | undefined) => amountOf(value ?? '0', capacities[signal](machine));
      return [{ signal, value: amount(text), grace: hard ? 0 : milliseconds(evictionSoftGracePeriod[name] ?? '0s'), hard, reclaim: amount(evictionMinimumReclaim[name]) }];
    });
  return [...read(evictionHard, true), ...read(evictionSoft, false)];
}

const amountOf = (text: string, capacity: number) => (text.endsWith('%') ? Math.floor((capacity * Number.parseFloat(text)) / 100) : bytes(text));

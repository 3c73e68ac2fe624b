// What a node says of itself: capacity, labels, versions, addresses.
import type { Node, Version } from '../api/index.ts';
import type { Machine, Runtime } from '../machine/index.ts';
import { KiB } from '../machine/index.ts';
import type { Configuration } from './configuration.ts';
import { type Signal, thresholdsOf } from './eviction/thresholds.ts';

type NodeStatus = Node['status'];

export function capacityOf(machine: Machine, maxPods: number): Record<string, string> {
  return {
    cpu: String(machine.cpus),
    'ephemeral-storage': `${Math.floor(machine.disk / KiB)}Ki`,
    'hugepages-1Gi': '0',
    'hugepages-2Mi': '0',
    memory: `${Math.floor(machine.memory / KiB)}Ki`,
    pods: String(maxPods),
  };
}

/** What must stay free by hard thresholds is not handed to pods. */
export function allocatableOf(machine: Machine, maxPods: number, configuration: Configuration): Record<string, string> {
  const kept = (signal: Signal) => thresholdsOf(configuration, machine).find((threshold) => threshold.hard && threshold.signal === signal)?.value ?? 0;
  return {
    ...capacityOf(machine, maxPods),
    'ephemeral-storage': String(Math.floor(machine.disk - kept('nodefs.available'))),
    memory: `${Math.floor((machine.memory - kept('memory.available')) / KiB)}Ki`,
  };
}

export function nodeLabels(machine: Machine, nodeName: string): Record<string, string> {
  const { arch, os } = machine.os;
  return { 'beta.kubernetes.io/arch': arch, 'beta.kubernetes.io/os': os, 'kubernetes.io/arch': arch, 'kubernetes.io/hostname': nodeName, 'kubernetes.io/os': os };
}

export function nodeInfo(machine: Machine, runtime: Runtime, version: Version): NonNullable<NodeStatus['nodeInfo']> {
  return {
    machineID: machine.machineId,
    systemUUID: machine.productUuid,
    bootID: machine.bootId,
    kernelVersion: machine.os.kernel,
    osImage: machine.os.image,
    containerRuntimeVersion: `${runtime.name}://${runtime.version}`,
    kubeletVersion: version.gitVersion,
    kubeProxyVersion: version.has('no-kube-proxy-version') ? '' : version.gitVersion,
    operatingSystem: machine.os.os,
    architecture: machine.os.arch,
  };
}

/** The largest 50 images, as the scheduler's ImageLocality reads them. */
export function nodeImages(runtime: Runtime): NonNullable<NodeStatus['images']> {
  const images = runtime.images().map(({ repoDigests, repoTags, size }) => ({ names: [...repoDigests, ...repoTags], sizeBytes: size }));
  return images.sort((a, b) => b.sizeBytes - a.sizeBytes).slice(0, 50);
}

// What the kubelet is told in its configuration file (KubeletConfiguration), as far as it changes something here.
import { parse } from 'yaml';
import type { Machine } from '../machine/index.ts';
import { duration } from '../sim/index.ts';

export interface Configuration {
  staticPodPath: string;
  /** Signal → quantity or percentage. */
  evictionHard: Readonly<Record<string, string>>;
  evictionSoft: Readonly<Record<string, string>>;
  /** Signal → duration. */
  evictionSoftGracePeriod: Readonly<Record<string, string>>;
  evictionMinimumReclaim: Readonly<Record<string, string>>;
  /** Seconds. */
  evictionMaxPodGracePeriod: number;
  evictionPressureTransitionPeriod: string;
  imageGCHighThresholdPercent: number;
  imageGCLowThresholdPercent: number;
  imageMinimumGCAge: string;
  shutdownGracePeriod: string;
  shutdownGracePeriodCriticalPods: string;
  shutdownGracePeriodByPodPriority: readonly { priority: number; shutdownGracePeriodSeconds: number }[];
  containerLogMaxSize: string;
  containerLogMaxFiles: number;
  authentication: { anonymous: { enabled: boolean }; webhook: { enabled: boolean } };
  authorization: { mode: string };
  /** 0: none. */
  readOnlyPort: number;
  /** The cluster signs its serving certificate. */
  serverTLSBootstrap: boolean;
}

const defaultConfiguration: Configuration = {
  staticPodPath: '/etc/kubernetes/manifests',
  evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '10%', 'nodefs.inodesFree': '5%', 'imagefs.available': '15%' },
  evictionSoft: {},
  evictionSoftGracePeriod: {},
  evictionMinimumReclaim: {},
  evictionMaxPodGracePeriod: 0,
  evictionPressureTransitionPeriod: '5m',
  imageGCHighThresholdPercent: 85,
  imageGCLowThresholdPercent: 80,
  imageMinimumGCAge: '2m',
  shutdownGracePeriod: '0s',
  shutdownGracePeriodCriticalPods: '0s',
  shutdownGracePeriodByPodPriority: [],
  containerLogMaxSize: '10Mi',
  containerLogMaxFiles: 5,
  // As kubeadm writes it.
  authentication: { anonymous: { enabled: false }, webhook: { enabled: true } },
  authorization: { mode: 'Webhook' },
  readOnlyPort: 0,
  serverTLSBootstrap: false,
};

export const configurationPath = '/var/lib/kubelet/config.yaml';

/** The file as it is when the kubelet starts; what it does not say is as by default. Nobody has written one while the machine's files are unused. */
export function readConfiguration(machine: Machine): Configuration {
  const text = machine.filesUsed ? machine.files.read(configurationPath) : undefined;
  if (!text) return defaultConfiguration;
  const own = given(parse(text, { version: '1.1', logLevel: 'silent' }));
  const { authentication } = defaultConfiguration;
  return { ...defaultConfiguration, ...own, authentication: { anonymous: { ...authentication.anonymous, ...own.authentication?.anonymous }, webhook: { ...authentication.webhook, ...own.authentication?.webhook } } };
}

/** Differs from Kubernetes: a kubelet with a wrong field starts all the same; the field is passed over. */
function given(value: unknown): Partial<Configuration> {
  const fields = Object.entries((value ?? {}) as Record<string, unknown>);
  return Object.fromEntries(fields.filter(([name, field]) => name in defaultConfiguration && field !== null && typeof field === typeof defaultConfiguration[name as keyof Configuration]));
}

/** Milliseconds of a duration in Go's form, 0 for what is none. */
export const milliseconds = (text: string): number => (/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text) ? duration(text) : 0);

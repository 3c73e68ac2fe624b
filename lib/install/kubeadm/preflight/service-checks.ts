// Checks of what runs beside kubeadm: systemd units, the container runtime, the kubelet.
import { dockerCgroupDriver } from '../configuration/components.ts';
import { exitError, type KubeadmHost } from '../host.ts';
import type { Steps } from '../frame/command.ts';
import { KubeadmError } from '../frame/errors.ts';
import type { ContainerRuntimeTool } from '../runtime.ts';
import { compareSemver, olderThan, parseSemver, type Semver } from '../semver.ts';
import { type Check, error, fine, warning } from './check.ts';

const noInitSystem = 'no supported init system detected, skipping checking for services';

function* exists(host: KubeadmHost, service: string): Steps<boolean> {
  return !((yield* host.run('systemctl', 'status', service))?.stdout ?? '').includes('Loaded: not-found');
}

function* isActive(host: KubeadmHost, service: string): Steps<boolean> {
  return /^(active|activating)$/.test((yield* host.run('systemctl', 'is-active', service))?.stdout.trim() ?? '');
}

/** Enabled, so that it starts with the machine; and, where that matters already, active. */
export const service = (name: string, { active }: { active: boolean }): Check => ({
  name: `Service-${name[0]!.toUpperCase()}${name.slice(1)}`,
  *look(host) {
    if (!host.has('systemctl')) return warning(noInitSystem);
    if (!(yield* exists(host, name))) return warning(`${name} service does not exist`);
    const enabled = exitError(yield* host.run('systemctl', 'is-enabled', name)) === undefined;
    const warnings = enabled ? [] : [`${name} service is not enabled, please run 'systemctl enable ${name}.service'`];
    const errors = active && !(yield* isActive(host, name)) ? [`${name} service is not active, please run 'systemctl start ${name}.service'`] : [];
    return { warnings, errors };
  },
});

export const firewalld = (ports: readonly number[]): Check => ({
  name: 'Firewalld',
  *look(host) {
    if (!host.has('systemctl')) return warning(noInitSystem);
    if (!(yield* exists(host, 'firewalld')) || !(yield* isActive(host, 'firewalld'))) return fine;
    return warning(`firewalld is active, please ensure ports [${ports.join(' ')}] are open or your cluster may not function correctly`);
  },
});

export const runtimeRunning = (runtime: ContainerRuntimeTool): Check => ({
  name: 'CRI',
  *look() {
    const trouble = yield* runtime.trouble();
    return trouble ? error(trouble) : fine;
  },
});

export const dockerSystemd: Check = {
  name: 'IsDockerSystemdCheck',
  *look(host) {
    const answer = yield* dockerCgroupDriver(host);
    if ('error' in answer) return error(answer.error);
    if (answer.driver === 'systemd') return fine;
    return warning(`detected ${JSON.stringify(answer.driver)} as the Docker cgroup driver. The recommended driver is "systemd". Please follow the guide at https://kubernetes.io/docs/setup/cri/`);
  },
};

export const imagePull = (runtime: ContainerRuntimeTool, images: readonly string[]): Check => ({
  name: 'ImagePull',
  *look() {
    const errors: string[] = [];
    for (const image of images) {
      if (yield* runtime.hasImage(image)) continue;
      const failed = yield* runtime.pull(image);
      if (failed) errors.push(`failed to pull image ${image}: ${failed}`);
    }
    return { errors };
  },
});

/** Which kubelet is installed; throws why that is not known. */
function* kubeletVersion(host: KubeadmHost): Steps<Semver> {
  const finished = yield* host.run('kubelet', '--version');
  const failed = exitError(finished);
  if (!finished || failed) throw new KubeadmError(`cannot execute 'kubelet --version': ${failed}`);
  const text = finished.stdout.trim();
  const [, version] = /^Kubernetes v((?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)[-0-9a-zA-Z_.+]*)$/.exec(text) ?? [];
  if (!version) throw new KubeadmError(`Unable to parse output from Kubelet: ${JSON.stringify(text)}`);
  return parseSemver(version);
}

/** `controlPlane`: the release that is to be installed; missing where that is not known yet. */
export const kubelet = (controlPlane: string | undefined): Check => ({
  name: 'KubeletVersion',
  *look(host) {
    let version: Semver;
    try {
      version = yield* kubeletVersion(host);
    } catch (failure) {
      if (!(failure instanceof KubeadmError)) throw failure;
      return error(`couldn't get kubelet version: ${failure.message}`);
    }
    if (olderThan(version, host.release.minKubelet)) return error(`Kubelet version ${JSON.stringify(version.text)} is lower than kubeadm can support. Please upgrade kubelet`);
    if (!controlPlane) return fine;
    const wanted = parseSemver(controlPlane);
    const newer = version.components[0]! > wanted.components[0]! || version.components[1]! > wanted.components[1]!;
    return newer ? error(`the kubelet version is higher than the control plane version. This is not a supported version skew and may lead to a malfunctional cluster. Kubelet version: ${JSON.stringify(version.text)} Control plane version: ${JSON.stringify(wanted.text)}`) : fine;
  },
});

/** kubeadm installs its own minor release, and older ones. */
export const kubernetesVersion = (wanted: string): Check => ({
  name: 'KubernetesVersion',
  look({ release }) {
    const [major, minor] = parseSemver(release.gitVersion).components;
    const version = parseSemver(wanted);
    if (compareSemver(version, parseSemver(`${major}.${minor! + 1}.0-0`)) < 0) return fine;
    return warning(`Kubernetes version is greater than kubeadm version. Please consider to upgrade kubeadm. Kubernetes version: ${version.text}. Kubeadm version: ${major}.${minor}.x`);
  },
});

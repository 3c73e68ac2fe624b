// kubeadm config images (cmd/kubeadm/app/cmd/config.go).
import { printYaml } from '../../../kubectl/index.ts';
import { parseFeatureGates } from '../configuration/feature-gates.ts';
import { controlPlaneImages } from '../configuration/images.ts';
import { loadInit } from '../configuration/read.ts';
import { initDefaults } from '../configuration/static-defaults.ts';
import type { InitConfiguration } from '../configuration/types.ts';
import { type KubeadmCall, type KubeadmCommand, needsSubcommand, noArgs, type Steps } from '../frame/command.ts';
import { fail, wrapped } from '../frame/errors.ts';
import { notBuilt } from '../frame/not-built.ts';
import { containerRuntime } from '../runtime.ts';
import * as shared from './shared-flags.ts';

const imageFlags = [shared.kubernetesVersion, shared.featureGates, shared.imageRepository, shared.config];

function loaded({ host, flags }: KubeadmCall, criSocket: string): Steps<InitConfiguration> {
  const cluster = { featureGates: parseFeatureGates(flags.string('feature-gates')), kubernetesVersion: flags.string('kubernetes-version'), imageRepository: flags.string('image-repository') };
  return loadInit(host, flags.string('config'), initDefaults({ nodeRegistration: { criSocket } }, cluster));
}

/** A socket that nobody listens on: what is looked for is not needed here. */
export const unknownSocket = '/var/run/unknown.sock';

/** Differs from Kubernetes: templates and JSONPath are not known. */
const printers: Readonly<Record<string, (images: readonly string[]) => string>> = {
  text: (images) => `${images.join('\n')}\n`,
  json: (images) => `${JSON.stringify({ kind: 'Images', apiVersion: 'output.kubeadm.k8s.io/v1alpha1', images }, null, 4)}\n`,
  yaml: (images) => printYaml({ kind: 'Images', apiVersion: 'output.kubeadm.k8s.io/v1alpha1', images }),
};

const listCommand: KubeadmCommand = {
  name: 'list',
  short: 'Print a list of images kubeadm will use. The configuration file is used in case any images or image repositories are customized',
  flags: shared.outputFlags,
  persistent: imageFlags,
  args: noArgs,
  *run(call) {
    const output = call.flags.string('experimental-output');
    const print = printers[output] ?? (/template|jsonpath/.test(output) ? notBuilt(`output ${output}`) : fail(`unable to match a printer suitable for the output format ${JSON.stringify(output)}, allowed formats are: go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,template,templatefile,text,yaml`));
    try {
      const { cluster } = yield* loaded(call, unknownSocket);
      call.host.out(print(controlPlaneImages(call.host, cluster)));
    } catch (error) {
      throw wrapped(error, 'could not convert cfg to an internal cfg');
    }
  },
};

const pull: KubeadmCommand = {
  name: 'pull',
  short: 'Pull images used by kubeadm',
  persistent: [...imageFlags, shared.criSocket],
  args: noArgs,
  *run(call) {
    const { cluster, nodeRegistration } = yield* loaded(call, call.flags.string('cri-socket'));
    const runtime = containerRuntime(call.host, nodeRegistration.criSocket!);
    if ('error' in runtime) return void fail(runtime.error);
    for (const image of controlPlaneImages(call.host, cluster)) {
      const failed = yield* runtime.pull(image);
      if (failed) fail(`failed to pull image ${JSON.stringify(image)}: ${failed}`);
      call.host.out(`[config/images] Pulled ${image}\n`);
    }
  },
};

export const images: KubeadmCommand = { name: 'images', short: 'Interact with container images used by kubeadm', commands: [listCommand, pull], run: needsSubcommand('images') };

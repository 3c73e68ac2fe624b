// docker login, logout, push.
import { joinPath } from '../../../machine/index.ts';
import type { Image } from '../../images.ts';
import { type Reference, repositoryOf } from '../../reference.ts';
import { shortId } from '../container.ts';
import type { DockerEngine } from '../engine.ts';
import { type Context, type DockerCommand, Failure } from './command.ts';
import { referenceOf } from './pull.ts';

/** Docker Hub under the name that the credentials file has for it. */
const hubKey = 'https://index.docker.io/v1/';
const keyOf = (domain: string) => (domain === 'docker.io' ? hubKey : domain);
const domainOf = (server = 'docker.io') => (/^(https:\/\/)?(index\.)?docker\.io(\/v1\/)?$/.test(server) ? 'docker.io' : server.replace(/^https?:\/\//, '').replace(/\/$/, ''));
const urlOf = (domain: string) => `https://${domain === 'docker.io' ? 'registry-1.docker.io' : domain}/v2/`;

const warning = {
  now: (path: string) => `\nWARNING! Your credentials are stored unencrypted in '${path}'.\nConfigure a credential helper to remove this warning. See\nhttps://docs.docker.com/go/credential-store/\n\n`,
  then: (path: string) => `WARNING! Your password will be stored unencrypted in ${path}.\nConfigure a credential helper to remove this warning. See\nhttps://docs.docker.com/engine/reference/commandline/login/#credentials-store\n\n`,
};

export const login: DockerCommand = {
  usage: 'docker login [OPTIONS] [SERVER]',
  short: 'Authenticate to a registry',
  flags: { username: { short: 'u', value: true }, password: { short: 'p', value: true }, 'password-stdin': {} },
  max: 1,
  *run(context) {
    const { engine, args, options, io } = context;
    const domain = domainOf(args[0]);
    const username = options.get('username');
    if (options.has('password')) io.err('WARNING! Using --password via the CLI is insecure. Use --password-stdin.\n');
    if (options.has('password-stdin') && username === undefined) throw new Failure('the --password-stdin option requires a username');
    const password = options.has('password-stdin') ? io.stdin.replace(/\r?\n$/, '') : options.get('password');
    if (username === undefined || password === undefined) throw new Failure(engine.release.buildKit ? 'Error: Cannot perform an interactive login from a non TTY device' : 'Error: Cannot perform an interactive login from a non TTY device');
    yield 400;
    if (!engine.registries.hosts.has(domain)) throw new Failure(`Error response from daemon: Get "${urlOf(domain)}": dial tcp: lookup ${domain.replace(/:\d+$/, '')} on 127.0.0.53:53: no such host`);
    if (!engine.registries.knows(domain, { username, password })) throw new Failure(`Error response from daemon: Get "${urlOf(domain)}": unauthorized: ${domain === 'docker.io' ? 'incorrect username or password' : 'authentication required'}`);
    engine.logins.set(domain, { username, password });
    io.err(warning[engine.release.buildKit ? 'now' : 'then'](keep(context)));
    io.out('Login Succeeded\n');
  },
};

export const logout: DockerCommand = {
  usage: 'docker logout [SERVER]',
  short: 'Log out from a registry',
  max: 1,
  *run(context) {
    const { engine, args, io } = context;
    const domain = domainOf(args[0]);
    if (!engine.logins.delete(domain)) return void io.out(`Not logged in to ${keyOf(domain)}\n`);
    keep(context);
    io.out(`Removing login credentials for ${keyOf(domain)}\n`);
  },
};

/** Writes ~/.docker/config.json, as a Secret for pulling wants it. */
function keep({ engine, shell }: Context): string {
  const home = shell.variables.get('HOME') ?? '/root';
  const { files } = shell.process;
  const auths = Object.fromEntries([...engine.logins].map(([domain, { username, password }]) => [keyOf(domain), { auth: base64(`${username}:${password}`) }]));
  files.makeDirectories(joinPath(home, '.docker'));
  files.write(joinPath(home, '.docker/config.json'), `${JSON.stringify({ auths }, undefined, '\t')}\n`, 0o600);
  return joinPath(home, '.docker/config.json');
}

const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

/** How a layer came to be in the registry. */
function arrival(engine: DockerEngine, digest: string, reference: Reference): string | undefined {
  const here = repositoryOf(reference);
  const holder = engine.registries.holder(digest, reference) ?? engine.sources.get(digest);
  if (holder === here) return 'Layer already exists';
  return holder?.startsWith(`${reference.domain}/`) ? `Mounted from ${holder.slice(reference.domain.length + 1)}` : undefined;
}

export const push: DockerCommand = {
  usage: 'docker push [OPTIONS] NAME[:TAG]',
  short: 'Upload an image to a registry',
  flags: { 'all-tags': { short: 'a' }, quiet: { short: 'q' }, platform: { value: true } },
  min: 1,
  max: 1,
  *run({ engine, args, io, options }) {
    const [name = ''] = args;
    const reference = referenceOf(name);
    if (!reference.tag && !options.has('quiet')) io.out('Using default tag: latest\n');
    io.out(`The push refers to repository [${repositoryOf(reference)}]\n`);
    const image = engine.store.find(name);
    if (!image) throw new Failure(`An image does not exist locally with the tag: ${referenceName(reference)}`);
    yield 600;
    const problem = engine.registries.pushProblem(reference, engine.logins.get(reference.domain));
    if (problem === 'no-such-host') throw new Failure(`Get "${urlOf(reference.domain)}": dial tcp: lookup ${reference.domain.replace(/:\d+$/, '')} on 127.0.0.53:53: no such host`);
    const layers = [...image.layers].reverse();
    if (problem) {
      io.out(layers.map(({ digest }, i) => `${shortId(digest)}: ${i < 5 ? 'Preparing' : 'Waiting'}\n`).join(''));
      throw new Failure(problem === 'denied' ? 'denied: requested access to the resource is denied' : 'no basic auth credentials');
    }
    for (const layer of layers) {
      const how = arrival(engine, layer.digest, reference);
      if (!how) {
        yield Math.ceil((layer.size / engine.machine.bandwidth) * 1000);
        engine.machine.sent += layer.size;
      }
      io.out(`${shortId(layer.digest)}: ${how ?? 'Pushed'}\n`);
    }
    engine.registries.upload(image, reference);
    io.out(`${reference.tag ?? 'latest'}: digest: ${image.digest} size: ${manifestSize(image)}\n`);
  },
};

const referenceName = (reference: Reference) => (reference.domain === 'docker.io' ? reference.path.replace(/^library\//, '') : repositoryOf(reference));

/** Bytes of a manifest: a head, and a line for each layer. */
const manifestSize = ({ layers }: Image) => 420 + 109 * layers.length;


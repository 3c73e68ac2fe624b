// The cluster in which the stories of controllers-5 are run, as its story-tellers see it.
import type { Cluster } from '../../../lib/book/exercise.ts';
import type { Pod } from '../../../lib/index.ts';

const groups: Record<string, string> = { Pod: 'v1', ReplicationController: 'v1', Job: 'batch/v1', CronJob: 'batch/v1' };
interface Wish {
  name: string;
  replicas: number;
  container: object;
  /** Of the selector; an equality of `app` when missing. */
  selector?: object;
  apiVersion?: string;
}

/** The manifest of this kind for that wish, as somebody who knows the kind would write it. */
function manifest(kind: string, { name, replicas, container, selector, apiVersion = groups[kind] ?? 'apps/v1' }: Wish): object {
  const labels = { app: name };
  const ends = kind === 'Job' || kind === 'CronJob';
  const claims = kind === 'StatefulSet' && { volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'standard', resources: { requests: { storage: '1Gi' } } } }] };
  const volumes = claims ? {} : { volumes: [{ name: 'data', emptyDir: {} }] };
  const pod = { terminationGracePeriodSeconds: 1, ...(ends && { restartPolicy: 'Never' }), containers: [{ name: 'main', volumeMounts: [{ name: 'data', mountPath: '/data' }], ...container }], ...volumes };
  const template = { metadata: { labels }, spec: pod };
  const job = { completions: replicas, template };
  const specs: Record<string, object> = {
    Pod: pod,
    Job: job,
    CronJob: { schedule: '0 2 * * *', timeZone: 'Etc/UTC', jobTemplate: { spec: job } },
    ReplicationController: { replicas, selector: selector ?? labels, template },
    DaemonSet: { selector: selector ?? { matchLabels: labels }, template },
  };
  const spec = specs[kind] ?? { replicas, selector: selector ?? { matchLabels: labels }, template, ...(kind === 'StatefulSet' && { serviceName: name, ...claims }) };
  return { apiVersion, kind, metadata: { name, ...(kind === 'Pod' && { labels }) }, spec };
}

export type StoryWorld = ReturnType<typeof storyWorld>;

export const isReady = ({ status }: Pod): boolean => status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;

export function storyWorld({ cluster, kubectl }: { cluster: Cluster; kubectl: Cluster['kubectl'] }, kinds: Record<string, unknown>) {
  const kindOf = (story: string) => (typeof kinds[story] === 'string' ? (kinds[story] as string) : '');
  const apply = (story: string, wish: Omit<Wish, 'name'>) => {
    cluster.file('story.json', JSON.stringify(manifest(kindOf(story), { name: story, ...wish })));
    return kubectl.text`apply -f story.json`;
  };
  const pods = (name: string) => cluster.client.list('Pod', { namespace: 'default', labelSelector: `app=${name}` }).items.filter(({ metadata }) => !metadata.deletionTimestamp);
  return {
    cluster,
    kubectl,
    kindOf,
    /** Applies the wish under the kind that was chosen for the story, or says why that was refused. */
    apply(story: string, wish: Omit<Wish, 'name'>): string | undefined {
      const said = apply(story, wish);
      return / (created|configured)$/m.test(said) ? undefined : said.split('\n')[0]!;
    },
    /** Pods that nobody has deleted. */
    pods,
    alive: (name: string) => pods(name).filter(({ status }) => status.phase === 'Running'),
  };
}

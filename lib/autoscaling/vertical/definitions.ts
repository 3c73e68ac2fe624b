// The two definitions that vertical-pod-autoscaler ships (deploy/vpa-v1-crd-gen.yaml), version v1: their schemas and columns.
import type { Manifest } from '../../api/index.ts';

type Schema = Record<string, unknown>;

const text = (description: string, more: Schema = {}): Schema => ({ type: 'string', description, ...more });
const whole = (description: string, more: Schema = {}): Schema => ({ type: 'integer', description, ...more });
const object = (description: string, properties: Record<string, Schema>, more: Schema = {}): Schema => ({ type: 'object', description, properties, ...more });
const list = (description: string, items: Schema): Schema => ({ type: 'array', description, items });
const column = (name: string, jsonPath: string, type = 'string', priority = 0) => ({ name, type, jsonPath, ...(priority && { priority }) });
const time = (description: string): Schema => text(description, { format: 'date-time', nullable: true });

const quantity = String.raw`^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$`;
const amounts = (description: string): Schema => ({ type: 'object', description, additionalProperties: { anyOf: [{ type: 'integer' }, { type: 'string' }], pattern: quantity, 'x-kubernetes-int-or-string': true } });
const head: Record<string, Schema> = { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: { type: 'object' } };

const containerPolicy = object('How the resources of a container are reckoned.', {
  containerName: text('The container, or "*" for all that have no policy of their own.'),
  mode: text('Whether the container is scaled. The default is "Auto".', { enum: ['Auto', 'Off'] }),
  minAllowed: amounts('The least that is recommended. The default is no minimum.'),
  maxAllowed: amounts('The most that is recommended. The default is no maximum.'),
  controlledResources: list('What is recommended. The default is [cpu, memory].', text('The name of a resource.')),
  controlledValues: text('What is written. The default is "RequestsAndLimits".', { enum: ['RequestsAndLimits', 'RequestsOnly'] }),
});

const evictionRequirement = object(
  'What has to be so that a pod is evicted.',
  { resources: list('At least one of them has to change in this way.', text('The name of a resource.')), changeRequirement: text('How the target is compared with the requests.', { enum: ['TargetHigherThanRequests', 'TargetLowerThanRequests'] }) },
  { required: ['changeRequirement', 'resources'] },
);

/** `inPlace`: of a release (1.4 and later) that resizes pods where they are. */
export interface DefinitionOptions {
  inPlace: boolean;
}

const specOf = ({ inPlace }: DefinitionOptions) => object(
  'How the autoscaler behaves.',
  {
    targetRef: object('The controller of the pods: a Deployment, a StatefulSet …', { apiVersion: text('The API version of the target.'), kind: text('The kind of the target.'), name: text('The name of the target.') }, { required: ['kind', 'name'], 'x-kubernetes-map-type': 'atomic' }),
    updatePolicy: object('When and how pods change.', {
      updateMode: text("When the autoscaler changes the resources of pods. The default is 'Recreate'.", { enum: ['Off', 'Initial', 'Recreate', ...(inPlace ? ['InPlaceOrRecreate'] : []), 'Auto'] }),
      minReplicas: whole('How many replicas have to live before one is evicted.', { format: 'int32' }),
      evictionRequirements: list('All of them have to hold before a pod is evicted.', evictionRequirement),
    }),
    resourcePolicy: object('How the recommended resources are reckoned.', { containerPolicies: list('Policies of single containers.', containerPolicy) }),
    recommenders: list('Who recommends. Empty: the default recommender; otherwise exactly one.', object('A recommender.', { name: text('Its name.') }, { required: ['name'] })),
  },
  { required: ['targetRef'] },
);

const recommendation = object(
  'What a container is to have.',
  {
    containerName: text('The name of the container.'),
    target: amounts('The recommended amounts, as the policy allows them.'),
    lowerBound: amounts('With less the container may not work well.'),
    upperBound: amounts('More is probably wasted.'),
    uncappedTarget: amounts('What would be recommended without a policy. It is for reading only.'),
  },
  { required: ['target'] },
);

const condition = object(
  'The state of an autoscaler.',
  { type: text('What it is about.'), status: text('True, False or Unknown.'), lastTransitionTime: text('When it changed last.', { format: 'date-time' }), reason: text('Why it changed last.'), message: text('More about that, for people.') },
  { required: ['status', 'type'] },
);

const histogram = (of: string): Schema => object(`Samples of ${of}.`, {
  bucketWeights: { type: 'object', description: 'From the number of a bucket to its weight.', 'x-kubernetes-preserve-unknown-fields': true },
  referenceTimestamp: time('The moment that weights refer to.'),
  totalWeight: { type: 'number', description: 'The sum of all weights.' },
});

const checkpoint = object('The state of a recommender, for the time after its restart.', {
  ...head,
  spec: object('What it is of.', { vpaObjectName: text('The name of the VerticalPodAutoscaler.'), containerName: text('The name of the container.') }),
  status: object('The data.', {
    version: text('The format of the data.'),
    lastUpdateTime: time('When it was written last.'),
    firstSampleStart: time('When the first sample was taken.'),
    lastSampleStart: time('When the last sample was taken.'),
    totalSamplesCount: whole('How many samples there are.'),
    cpuHistogram: histogram('CPU'),
    memoryHistogram: histogram('memory'),
  }),
});

const autoscaler = (options: DefinitionOptions) => object(
  'Keeps the requests of pods at what they use.',
  {
    ...head,
    spec: specOf(options),
    status: object('What the autoscaler found out.', { recommendation: object('The newest recommendation.', { containerRecommendations: list('Of each container.', recommendation) }), conditions: list('Its conditions.', condition) }),
  },
  { required: ['spec'] },
);

const columns = [
  column('Mode', '.spec.updatePolicy.updateMode'),
  column('CPU', '.status.recommendation.containerRecommendations[0].target.cpu'),
  column('Mem', '.status.recommendation.containerRecommendations[0].target.memory'),
  column('Provided', ".status.conditions[?(@.type=='RecommendationProvided')].status"),
  column('Age', '.metadata.creationTimestamp', 'date'),
];

interface Names {
  plural: string;
  singular: string;
  kind: string;
  shortNames: string[];
}

function definition(names: Names, version: object): Manifest {
  const group = 'autoscaling.k8s.io';
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${names.plural}.${group}`, annotations: { 'api-approved.kubernetes.io': 'https://github.com/kubernetes/kubernetes/pull/63797' } },
    spec: { group, names: { ...names, listKind: `${names.kind}List` }, scope: 'Namespaced', versions: [{ name: 'v1', served: true, storage: true, ...version }] },
  } as Manifest;
}

/** Differs from Kubernetes: without v1beta2, which is served no longer, and without what is behind feature gates that are off. */
export const verticalDefinitions = (options: DefinitionOptions): Manifest[] => [
  definition({ plural: 'verticalpodautoscalercheckpoints', singular: 'verticalpodautoscalercheckpoint', kind: 'VerticalPodAutoscalerCheckpoint', shortNames: ['vpacheckpoint'] }, { schema: { openAPIV3Schema: checkpoint } }),
  definition({ plural: 'verticalpodautoscalers', singular: 'verticalpodautoscaler', kind: 'VerticalPodAutoscaler', shortNames: ['vpa'] }, { schema: { openAPIV3Schema: autoscaler(options) }, subresources: { status: {} }, additionalPrinterColumns: columns }),
];

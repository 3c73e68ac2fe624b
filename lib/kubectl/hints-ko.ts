// A sentence in Korean beside a real error: what it means, where to look, what to do next.
import { newcomers } from './newcomers-ko.ts';
import { nearest } from './text/nearest.ts';
import { goYamlError } from './yaml/go-error.ts';
import { splitDocuments } from './yaml/parse.ts';

export interface HintContext {
  argv: readonly string[];
  /** What the command printed on stderr. */
  stderr: string;
  files?: Map<string, string> | undefined;
}

interface Hint {
  match: RegExp;
  say(found: RegExpExecArray, context: HintContext): string;
}

/** The line that go-yaml means, as the learner sees it in the file: go-yaml counts from the last `---`. */
function place(context: HintContext, file: string, line: number): string {
  const text = context.files?.get(file) ?? context.files?.get(file.replace(/^\.\//, ''));
  if (text === undefined) return line === 0 ? `${file}의 첫 줄` : `${file}의 ${line}번째 줄`;
  let before = 0;
  for (const part of splitDocuments(text)) {
    const lines = part.split('\n');
    if (goYamlError(part)) {
      const shown = lines[Math.max(line, 1) - 1]?.trim();
      return `${file}의 ${before + Math.max(line, 1)}번째 줄${shown ? ` \`${shown.slice(0, 60)}\`` : ''}`;
    }
    before += lines.length + 1;
  }
  return `${file}의 ${line}번째 줄`;
}

/** Kinds that lie in no namespace. */
const clusterWide = /^(nodes|namespaces|persistentvolumes|storageclasses|priorityclasses)\b/;

function notFound(kind: string, name: string, argv: readonly string[]): string {
  const plural = kind.split('.')[0]!;
  if (/^[–—]/.test(name)) return `'${name}'의 줄표는 하이픈(-)이 아니다. 웹에서 복사하면 바뀌기도 한다. 옵션은 -n처럼 하이픈으로 쓴다.`;
  if (clusterWide.test(plural)) return `'${name}' 이름의 ${plural} 오브젝트가 없다. kubectl get ${plural}로 있는 이름을 확인한다.`;
  const where = argv.some((word) => /^(-n|--namespace|-A)/.test(word)) ? '-n 뒤의 네임스페이스가 맞는지 본다' : '다른 네임스페이스에 있다면 -n 네임스페이스를 붙인다';
  return `이 네임스페이스에 '${name}' 이름의 ${kind} 오브젝트가 없다. 이름을 확인하고, ${where}. kubectl get ${plural} -A로 찾을 수 있다.`;
}

const otherNames: Record<string, string> = { deploymnt: 'Deployment', deplyoment: 'Deployment', deploymet: 'Deployment', pods: 'Pod', deployments: 'Deployment', services: 'Service', srvice: 'Service' };

/** Kinds that people mean when they misspell one. */
const usual = ['pods', 'deployments', 'services', 'replicasets', 'daemonsets', 'statefulsets', 'jobs', 'cronjobs', 'configmaps', 'secrets', 'namespaces', 'nodes', 'ingresses', 'events', 'serviceaccounts', 'persistentvolumes', 'persistentvolumeclaims', 'networkpolicies'];

function didYouMean(word: string): string {
  const near = nearest(word.toLowerCase(), usual) ?? nearest(`${word.toLowerCase()}s`, usual);
  return near ? ` 쓰려던 것은 ${near} 아닌가?` : '';
}

export const hints: readonly Hint[] = [
  {
    match: /error parsing (\S+): .*yaml: (?:line (\d+): )?found (?:character that cannot start any token|a tab character)/,
    say: ([, file, line], context) => `${place(context, file!, Number(line ?? 0))} 근처에 탭 문자나 값의 첫 글자로 쓸 수 없는 글자(@, \`, %)가 있다. YAML의 들여쓰기는 탭이 아니라 공백으로 한다.`,
  },
  {
    match: /error parsing (\S+): .*yaml: (?:line (\d+): )?mapping values are not allowed in this context/,
    say: ([, file, line], context) => `${place(context, file!, Number(line ?? 0))}에 콜론(:)이 하나 더 있거나 들여쓰기가 어긋났다. 값에 ': '가 들어가면 따옴표로 감싸고, 같은 층의 필드는 같은 칸에서 시작하게 한다.`,
  },
  {
    match: /error parsing (\S+): .*yaml: (?:line (\d+): )?(did not find expected .*|could not find expected ':'|block sequence entries .*|found .*)/,
    say: ([, file, line], context) => `${place(context, file!, Number(line ?? 0))} 근처의 YAML 문법이 틀렸다. 그 줄과 바로 윗줄의 들여쓰기, 빠진 콜론(:), 닫지 않은 따옴표와 괄호를 확인한다.`,
  },
  {
    match: /error parsing (\S+): json: offset (\d+)/,
    say: ([, file, offset]) => `${file} 파일이 {로 시작해서 JSON으로 읽혔다. ${offset}번째 글자 근처의 쉼표와 따옴표를 확인한다.`,
  },
  {
    match: /no matches for kind "([^"]*)" in version "([^"]*)"/,
    say: ([, kind, version]) => {
      const proposal = otherNames[kind!.toLowerCase()];
      return `apiVersion ${version}에 '${kind}' 종류는 없다. kind의 철자(대소문자까지)와 apiVersion을 확인한다.${proposal ? ` 쓰려던 것은 ${proposal} 아닌가?` : ''} kubectl api-resources가 이 클러스터의 종류와 버전을 보여 준다.`;
    },
  },
  {
    match: /strict decoding error: (?:.*)unknown field "([^"]*)"/,
    say: ([, field]) => `매니페스트의 ${field} 필드는 이 종류에 없다. 철자와 들여쓰기(어느 필드 아래인지)를 확인한다. kubectl explain으로 있는 필드를 볼 수 있다.`,
  },
  {
    match: /(?:apiVersion|kind) not set|Object 'Kind' is missing/,
    say: () => '매니페스트의 맨 위에는 apiVersion과 kind가 꼭 있어야 한다. --- 로 나눈 문서마다 있는지 확인한다.',
  },
  {
    match: /The (\S+) "([^"]*)" is invalid: (?:\n\* )?([^\s:]+): (Required value|Invalid value|Unsupported value|Forbidden|Duplicate value)/,
    say: ([, kind, name, field, why]) => {
      const meaning: Record<string, string> = { 'Required value': '꼭 있어야 하는 값이 없다', 'Invalid value': '값이 규칙에 맞지 않는다', 'Unsupported value': '정해진 값 중 하나가 아니다', Forbidden: '지금은 쓰거나 바꿀 수 없다', 'Duplicate value': '같은 값이 두 번 나온다' };
      return `${kind!.split('.')[0]} ${name}의 ${field}: ${meaning[why!]}. 위의 영어 설명에 맞게 그 필드를 고친 뒤 다시 실행한다.`;
    },
  },
  {
    match: /exceeded quota: ([^,]+), requested: /,
    say: ([, quota]) => `네임스페이스의 몫(ResourceQuota ${quota})을 넘는다. requested가 이번에 달라는 것, used가 이미 쓴 것, limited가 몫이다. kubectl describe quota로 본다.`,
  },
  {
    match: /failed quota: ([^:]+): must specify/,
    say: ([, quota]) => `ResourceQuota(${quota})가 세려면 컨테이너마다 resources에 그 요청이나 한도가 적혀 있어야 한다. 파드에 적거나, LimitRange로 기본값을 정한다.`,
  },
  {
    match: /is forbidden: .*(?:minimum|maximum) \S+ usage per (?:Container|Pod|PersistentVolumeClaim) is|max limit to request ratio per/,
    say: () => '이 네임스페이스의 LimitRange가 정한 범위를 벗어난다. kubectl describe limits로 범위를 보고 요청과 한도를 고친다.',
  },
  {
    match: /violates PodSecurity "([^":]+)/,
    say: ([, level]) => `이 네임스페이스는 ${level} 단계를 지키는 파드만 받는다(pod-security.kubernetes.io/enforce 레이블). 괄호 안의 필드를 하나씩 고친다.`,
  },
  {
    match: /the path "([^"]*)" does not exist/,
    say: ([, path], { files }) => `작업 PC에 ${path} 파일이 없다. ${files && files.size > 0 ? `지금 있는 파일: ${[...files.keys()].slice(0, 5).join(', ')}. ` : ''}cluster.file('${path}', 내용)으로 만들거나 이름을 확인한다.`,
  },
  {
    match: /The connection to the server (localhost|127\.0\.0\.1):8080 was refused/,
    say: () => 'kubeconfig가 없거나 쓸 컨텍스트가 정해지지 않아서 kubectl이 기본 주소 localhost:8080으로 접속하려 했다. kubectl config get-contexts로 있는지 보고, 없으면 컨트롤 플레인의 /etc/kubernetes/admin.conf를 ~/.kube/config로 복사했는지 확인한다.',
  },
  {
    match: /The connection to the server (\S+) was refused/,
    say: ([, server]) => `${server}에서 API 서버가 응답하지 않는다. 컨트롤 플레인 노드가 켜져 있는지, kube-apiserver가 돌고 있는지 확인한다.`,
  },
  {
    match: /context was not found for specified context: (\S+)|no context exists with the name: "([^"]*)"/,
    say: ([, one, two]) => `kubeconfig에 ${one ?? two} 컨텍스트가 없다. kubectl config get-contexts로 있는 이름을 확인한다.`,
  },
  {
    match: /Error from server \(NotFound\): namespaces "([^"]*)" not found/,
    say: ([, name]) => `'${name}' 네임스페이스가 없다. 먼저 만들거나(kubectl create namespace ${name}) -n 뒤의 이름을 확인한다.`,
  },
  {
    match: /Unable to list "\S*, Resource=(\S+)": the server could not find the requested resource/,
    say: ([, kind]) => `이 책의 클러스터에 아직 없는 종류다(${kind}). 진짜 클러스터에는 있고, kubectl api-resources에는 이름만 나온다.`,
  },
  {
    match: /the server could not find the requested resource/,
    say: () => '그런 요청을 받는 곳이 없다. 그 종류가 하지 않는 일이거나(파드는 scale할 수 없다), 이 책의 클러스터에 아직 없는 종류다.',
  },
  {
    match: /\(NotFound\): (?:error [^"]*"[^"]*": )?(\S+) "([^"]*)" not found/,
    say: ([, kind, name], { argv }) => notFound(kind!, name!, argv),
  },
  {
    match: /the server doesn't have a resource type "([^"]*)"/,
    say: ([, type]) => `'${type}' 리소스 종류는 없다.${didYouMean(type!)} 철자를 확인한다. kubectl api-resources가 쓸 수 있는 이름과 줄임말(po, deploy, svc …)을 보여 준다.`,
  },
  {
    match: /(\S+) "([^"]*)" already exists/,
    say: ([, , name]) => `'${name}' 이름의 오브젝트가 이미 있다. 고치려면 kubectl apply -f를, 새로 만들려면 먼저 kubectl delete를 쓴다. create는 없는 것만 만든다.`,
  },
  {
    match: /unknown command "([^"]*)" for "kubectl"/,
    say: ([, word]) => `kubectl에는 ${word} 명령이 없다. kubectl --help로 명령 목록을 본다.`,
  },
  {
    match: /unknown (?:shorthand )?flag: (\S+)/,
    say: ([, flag]) => `이 명령은 ${flag} 옵션을 모른다. 명령 뒤에 --help를 붙이면 옵션 목록이 나온다.`,
  },
  {
    match: /flag needs an argument: (?:'.' in )?(\S+)/,
    say: ([, flag]) => `옵션 ${flag} 뒤에 값이 빠졌다. 예: -o yaml, -n kube-system`,
  },
  {
    match: /required flag\(s\) "([^"]*)" not set/,
    say: ([, flag]) => `꼭 필요한 옵션이 빠졌다: --${flag}`,
  },
  {
    match: /resource\(s\) were provided, but no name was specified|You must provide one or more resources/,
    say: () => '무엇을 대상으로 하는지 빠졌다. 이름(deployment/web), 레이블(-l app=web), 파일(-f web.yaml), --all 중 하나를 붙인다.',
  },
  {
    match: /there is no need to specify a resource type as a separate argument/,
    say: () => '종류를 두 번 적었다. `get pod web-1` 또는 `get pod/web-1` 가운데 한 가지로만 쓴다.',
  },
  {
    match: /^error: name cannot be provided when a selector is specified/,
    say: () => "이름과 -l 조건을 함께 쓸 수 없다. 조건에 빈칸이나 괄호가 있으면 작은따옴표로 감싼다. 예: -l 'app=web,tier in (front,back)'",
  },
  {
    match: /already has a value .* and --overwrite is false|--overwrite is false but found/,
    say: () => '그 키에는 이미 다른 값이 있다. 바꾸려는 것이 맞으면 --overwrite를 붙인다.',
  },
  {
    match: /exec \[POD\] \[COMMAND\] is not supported anymore/,
    say: () => '컨테이너에서 실행할 명령 앞에는 -- 를 적는다. 예: kubectl exec web -- date',
  },
  {
    match: /unable to find container named "([^"]*)"/,
    say: ([, name]) => `파드 템플릿에 ${name} 컨테이너가 없다. kubectl get deploy 이름 -o wide의 CONTAINERS 열이 컨테이너 이름을 보여 준다.`,
  },
  {
    match: /container "([^"]*)" in pod "([^"]*)" is waiting to start: (.+)/,
    say: ([, , pod, reason]) => `컨테이너가 아직 시작하지 않아 로그가 없다(${reason}). kubectl describe pod ${pod}의 Events를 보거나 시간을 더 보낸 뒤 다시 본다.`,
  },
  {
    match: /previous terminated container "([^"]*)" in pod "([^"]*)" not found/,
    say: ([, container]) => `${container} 컨테이너는 아직 다시 시작한 적이 없어서 이전 로그가 없다. -p(--previous) 없이 본다.`,
  },
  {
    match: /timed out waiting for the condition/,
    say: () => '정해진 시간 안에 조건이 이루어지지 않았다. kubectl describe로 Events를 보고 무엇이 막고 있는지 찾는다. 더 기다리려면 --timeout=5m처럼 늘린다.',
  },
  {
    match: /exceeded its progress deadline/,
    say: () => '새 파드가 제때 준비되지 않아 롤아웃이 멈췄다. kubectl get pods와 describe로 원인을 찾고, 되돌리려면 kubectl rollout undo를 쓴다.',
  },
  {
    match: /the object has been modified; please apply your changes to the latest version/,
    say: () => '읽은 뒤에 누군가 그 오브젝트를 먼저 고쳤다(낙관적 동시성). 다시 읽어서 고친다.',
  },
  {
    match: /Apply failed with \d+ conflicts?: conflicts? with "([^"]*)"/,
    say: ([, manager]) => `그 필드는 지금 관리자 '${manager}'의 것이고 값이 다르다. 내 값으로 덮어쓰고 넘겨받으려면 --force-conflicts를 붙이고, 맡겨 둘 생각이면 매니페스트에서 그 필드를 지운다.`,
  },
  {
    match: /is attempting to grant RBAC permissions not currently held:\n(.*)/,
    say: () => '자기에게 없는 권한은 남에게도 줄 수 없다. 위의 { }에 적힌 것이 모자란 권한이다. 그 권한을 이미 가진 사용자(관리자)로 만들거나, 권한을 줄인다.',
  },
  {
    match: /User "([^"]*)" cannot (\S+) resource "([^"]*)" in API group "[^"]*" (?:in the namespace "([^"]*)"|at the cluster scope)/,
    say: ([, user, verb, resource, namespace]) =>
      `사용자 ${user}에게는 ${namespace ? `${namespace} 네임스페이스의` : '클러스터 전체의'} ${resource}에 대한 ${verb} 권한이 없다. 권한은 ${namespace ? '롤(또는 클러스터롤)과 롤바인딩' : '클러스터롤과 클러스터롤바인딩'}으로 준다. kubectl auth can-i --list --as ${user}로 가진 권한을 볼 수 있다.`,
  },
  {
    match: /Metrics API not available/,
    say: () => 'kubectl top에는 metrics-server가 필요하다. 없으면 https://github.com/kubernetes-sigs/metrics-server/releases/latest/download/components.yaml을 apply한다. 있는데도 이러면 kubectl get apiservice v1beta1.metrics.k8s.io를 본다.',
  },
  {
    match: /currently unable to handle the request \(get (?:nodes|pods)\.metrics\.k8s\.io/,
    say: () => 'metrics-server가 답하지 못한다. kubectl get apiservice v1beta1.metrics.k8s.io로 어디서 끊겼는지 보고, kubectl get pods -n kube-system과 metrics-server의 로그를 본다.',
  },
  {
    match: /metrics not available yet|Metrics not available for pod/,
    say: () => 'metrics-server가 아직 잰 것이 없다. 처음 두 번 잴 때까지 30초에서 1분을 기다린다. 계속 그러면 metrics-server의 로그를 본다.',
  },
  {
    match: /cannot delete (DaemonSet-managed Pods|Pods with local storage|cannot delete Pods that declare no controller)/,
    say: ([, what]) => `drain은 잃을 것이 있는 파드를 함부로 내보내지 않는다. 괄호 안의 옵션(${what!.startsWith('Daemon') ? '--ignore-daemonsets' : what!.includes('local') ? '--delete-emptydir-data' : '--force'})이 무엇을 포기하는 것인지 생각한 뒤 붙인다.`,
  },
  {
    match: /kustomize is not part of this simulation/,
    say: () => '여기에는 kustomize가 없다. 진짜 kubectl에서 kubectl kustomize 폴더가 찍는 매니페스트를 파일에 담아 kubectl apply -f로 적용한다.',
  },
  {
    match: /is not part of this simulation/,
    say: () => '실제 kubectl에는 있는 기능이지만 이 책의 시뮬레이션에는 아직 없다.',
  },
  {
    match: /unable to match a printer suitable for the output format "([^"]*)"/,
    say: ([, format]) => `-o 뒤의 '${format}' 형식은 모른다. 자주 쓰는 것은 wide, yaml, json, name이다.`,
  },
  {
    match: /array index out of bounds: index (\d+), length (\d+)/,
    say: ([, index, length]) => `목록에 든 것은 ${length}개인데 [${index}]를 골랐다. 0부터 센다. 목록이 비었는지 kubectl get으로 먼저 본다.`,
  },
  {
    match: /couldn't find port via --port flag or introspection/,
    say: () => '파드 템플릿에 포트가 적혀 있지 않아 고를 수 없다. --port=80처럼 포트를 적는다.',
  },
  {
    match: /unrecognized condition: "([^"]*)"/,
    say: ([, condition]) => `--for에는 무엇을 기다릴지 적는다. 예: --for=condition=${condition || 'Ready'}, --for=delete`,
  },
  {
    match: /cannot unmarshal (\w+) into Go struct field \w+\.(\S+) of type (\S+)/,
    say: ([, given, field, wanted]) => `${field}에 적은 값의 형식이 다르다: ${wanted}이어야 하는데 ${given}이다. 숫자에는 따옴표를 붙이지 않고, 글자는 숫자 자리에 쓰지 않는다.`,
  },
  {
    match: /unable to read URL/,
    say: () => "이 책의 작업 PC는 인터넷에 닿지 않는다. 글을 옮겨 cluster.file('이름.yaml', 글)로 만들고 -f 이름.yaml로 적용한다.",
  },
  {
    match: /resource name may not be empty|name or generateName is required/,
    say: () => '매니페스트의 metadata.name이 빠졌다. 오브젝트마다 이름을 적는다.',
  },
  {
    match: /invalid argument "([^"]*)" for "([^"]*)" flag/,
    say: ([, value, flag]) => `${flag} 옵션에 '${value}' 값은 쓸 수 없다. 수를 받는 옵션이면 수를 적는다.`,
  },
  {
    match: /must specify one of -f and -k/,
    say: () => '무엇을 적용할지 빠졌다. 파일이면 -f web.yaml처럼 적는다.',
  },
  {
    match: /unable to launch the editor/,
    say: () => '셀에서는 편집기를 열 수 없다. 매니페스트를 고쳐 kubectl apply -f로 적용하거나 kubectl patch를 쓴다.',
  },
  ...newcomers.map(([match, next]): Hint => ({ match, say: () => next })),
];

/** The help for what a failed command said, undefined when that speaks for itself. */
export function hintFor(context: HintContext): string | undefined {
  for (const { match, say } of hints) {
    const found = match.exec(context.stderr);
    if (found) return say(found, context);
  }
  return undefined;
}

/** What today's kubectl says of a Service of a server before v1.21: it asks for EndpointSlices as that server does not have them. */
const unseenEndpoints = /^IP Families: +<none>$[^]*^Endpoints: +<none>$/m;

/** The help beside what a command showed of something that went wrong, or of what it could not see. */
export function hintOnTrouble(stdout: string): string | undefined {
  const missing = stdout.split('\n').some((line) => line.includes('Failed to pull image "') && /: not found|insufficient_scope/.test(line));
  if (missing) return '이미지를 받지 못했다. 이름과 태그가 맞는지 먼저 본다. 맞다면 이 책의 작은 레지스트리에 없는 것이다(진짜 클러스터는 받을 수 있다). nginx나 busybox 같은 이미지로 바꾸거나, cluster.workstation에서 만들어 올린다.';
  if (unseenEndpoints.test(stdout)) return 'Endpoints가 비었다고 단정하지 않는다. 지금의 kubectl은 EndpointSlice의 v1을 읽는데 이 옛 서버에는 v1beta1뿐이다. kubectl get endpoints로 본다.';
  return undefined;
}

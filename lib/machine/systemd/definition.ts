// What a unit file says, read: names of other units, command lines, when to start again. Settings that nothing here follows are known, so that they are no mistakes.
import { commandLines, type CommandLine } from './command-line.ts';
import { milliseconds } from './time.ts';
import type { Assignment, UnitText } from './unit-text.ts';

export const serviceTypes = ['simple', 'exec', 'oneshot', 'notify', 'forking', 'idle'] as const;
export const restartSettings = ['no', 'on-success', 'on-failure', 'on-abnormal', 'on-watchdog', 'on-abort', 'always'] as const;
export type ServiceType = (typeof serviceTypes)[number];
export type RestartSetting = (typeof restartSettings)[number];

export interface ServiceSettings {
  type: ServiceType;
  startPre: CommandLine[];
  start: CommandLine[];
  startPost: CommandLine[];
  stop: CommandLine[];
  restart: RestartSetting;
  /** Milliseconds. */
  restartAfter: number;
  startTimeout: number;
  remainAfterExit: boolean;
  environment: Record<string, string>;
  environmentFiles: string[];
  workingDirectory: string | undefined;
  /** Start again at most `limit.burst` times within `limit.interval` milliseconds. */
  limit: { burst: number; interval: number };
}

export const relationNames = ['Requires', 'Requisite', 'Wants', 'BindsTo', 'PartOf', 'After', 'Before', 'Conflicts'] as const;
export type Relation = (typeof relationNames)[number];

export interface UnitDefinition {
  description: string | undefined;
  documentation: readonly string[];
  relations: Readonly<Record<Relation, readonly string[]>>;
  service: ServiceSettings;
  wantedBy: readonly string[];
  requiredBy: readonly string[];
  /** Why systemd will not run it: `bad-setting`. */
  refused: string | undefined;
  /** `/etc/systemd/system/web.service:3: Missing '=', ignoring line.` */
  complaints: readonly string[];
}

/** Known to systemd, without effect here. */
const idle: Readonly<Record<string, string>> = {
  Unit: 'AllowIsolate AssertPathExists ConditionPathExists ConditionPathIsDirectory ConditionKernelCommandLine DefaultDependencies JobTimeoutSec OnFailure OnSuccess RefuseManualStart RefuseManualStop RequiresMountsFor SourcePath StopWhenUnneeded',
  Service: 'BusName CPUAccounting CPUQuota CPUShares CPUWeight Delegate ExecCondition ExecReload ExecStopPost FileDescriptorStoreMax Group GuessMainPID KillMode KillSignal LimitCORE LimitMEMLOCK LimitNOFILE LimitNPROC MemoryAccounting MemoryHigh MemoryLimit MemoryMax Nice NoNewPrivileges NonBlocking NotifyAccess OOMPolicy OOMScoreAdjust PassEnvironment PermissionsStartOnly PIDFile PrivateTmp ProtectHome ProtectSystem RestartForceExitStatus RestartPreventExitStatus RuntimeDirectory RuntimeMaxSec SendSIGKILL Slice StandardError StandardInput StandardOutput StateDirectory SuccessExitStatus SyslogFacility SyslogIdentifier TasksAccounting TasksMax TimeoutStopSec UMask User WatchdogSec',
  Install: 'Also DefaultInstance',
};

const knownSections = ['Unit', 'Service', 'Install'];
export const isSection = (name: string): boolean => knownSections.includes(name);
const ignoresQuietly = ({ section, key }: Assignment) => key.startsWith('X-') || ` ${idle[section]} `.includes(` ${key} `);

const truth = (value: string): boolean | undefined => (/^(1|yes|y|true|t|on)$/i.test(value) ? true : /^(0|no|n|false|f|off)$/i.test(value) ? false : undefined);
const words = (value: string) => value.split(/\s+/).filter(Boolean);
/** `'A=1' B=2` */
const quotedWords = (value: string) => [...value.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) => double ?? single ?? bare!.replace(/"([^"]*)"/g, '$1'));

const usual = (): ServiceSettings => ({
  type: 'simple', startPre: [], start: [], startPost: [], stop: [], restart: 'no', restartAfter: 100, startTimeout: 90_000, remainAfterExit: false,
  environment: {}, environmentFiles: [], workingDirectory: undefined, limit: { burst: 5, interval: 10_000 },
});

class Reader {
  description: string | undefined;
  documentation: string[] = [];
  relations = Object.fromEntries(relationNames.map((name) => [name, [] as string[]])) as Record<Relation, string[]>;
  service = usual();
  wantedBy: string[] = [];
  requiredBy: string[] = [];

  /** Undefined: taken; else what is wrong with it. */
  read({ section, key, value }: Assignment): string | undefined {
    if (section === 'Unit') return this.#unit(key, value);
    if (section === 'Install') return this.#install(key, value);
    return this.#service(key, value);
  }

  #unit(key: string, value: string): string | undefined {
    if (key === 'Description') return void (this.description = value);
    if (key === 'Documentation') return void (this.documentation = value === '' ? [] : [...this.documentation, ...words(value)]);
    if (key === 'StartLimitBurst' || key === 'StartLimitIntervalSec') return this.#limit(key, value);
    const relation = relationNames.find((name) => name === key);
    if (!relation) return `Unknown key name '${key}' in section 'Unit', ignoring.`;
    this.relations[relation] = value === '' ? [] : [...this.relations[relation], ...words(value)];
    return undefined;
  }

  #install(key: string, value: string): string | undefined {
    if (key === 'WantedBy') return void this.wantedBy.push(...words(value));
    if (key === 'RequiredBy') return void this.requiredBy.push(...words(value));
    return `Unknown key name '${key}' in section 'Install', ignoring.`;
  }

  #limit(key: string, value: string): string | undefined {
    const number = key === 'StartLimitBurst' ? Number(value) : milliseconds(value);
    if (number === undefined || !Number.isFinite(number)) return `Failed to parse ${key}= value, ignoring: ${value}`;
    this.service.limit = { ...this.service.limit, [key === 'StartLimitBurst' ? 'burst' : 'interval']: number };
    return undefined;
  }

  #service(key: string, value: string): string | undefined {
    const { service } = this;
    const lists = { ExecStartPre: service.startPre, ExecStart: service.start, ExecStartPost: service.startPost, ExecStop: service.stop };
    if (key in lists) return commandLines(value, lists[key as keyof typeof lists]);
    switch (key) {
      case 'Type':
        return serviceTypes.some((type) => type === value) ? void (service.type = value as ServiceType) : `Failed to parse service type, ignoring: ${value}`;
      case 'Restart':
        return restartSettings.some((one) => one === value) ? void (service.restart = value as RestartSetting) : `Failed to parse service restart specifier, ignoring: ${value}`;
      case 'RestartSec':
        return this.#time(key, value, (time) => (service.restartAfter = time));
      case 'TimeoutStartSec':
      case 'TimeoutSec':
        return this.#time(key, value, (time) => (service.startTimeout = time));
      case 'RemainAfterExit': {
        const on = truth(value);
        return on === undefined ? `Failed to parse boolean value, ignoring: ${value}` : void (service.remainAfterExit = on);
      }
      case 'Environment':
        for (const [, name, text] of quotedWords(value).flatMap((word) => [/^(\w+)=(.*)$/s.exec(word) ?? []])) if (name) service.environment[name] = text!;
        return undefined;
      case 'EnvironmentFile':
        return void (service.environmentFiles = value === '' ? [] : [...service.environmentFiles, value]);
      case 'WorkingDirectory':
        return void (service.workingDirectory = value || undefined);
      case 'StartLimitBurst':
      case 'StartLimitInterval':
      case 'StartLimitIntervalSec':
        return this.#limit(key === 'StartLimitBurst' ? key : 'StartLimitIntervalSec', value);
      default:
        return `Unknown key name '${key}' in section 'Service', ignoring.`;
    }
  }

  #time(key: string, value: string, take: (time: number) => void): string | undefined {
    const time = milliseconds(value);
    return time === undefined ? `Failed to parse ${key}= value, ignoring: ${value}` : void take(time);
  }
}

/** What must hold before systemd runs a service at all. */
function refusal({ start, type, remainAfterExit, stop }: ServiceSettings): string | undefined {
  if (start.length === 0 && !(remainAfterExit && stop.length > 0)) return start.length === 0 && stop.length === 0 ? 'Service has no ExecStart=, ExecStop=, or SuccessAction=. Refusing.' : 'Service has no ExecStart= setting, which is only allowed for services with RemainAfterExit=yes set. Refusing.';
  if (start.length > 1 && type !== 'oneshot') return 'Service has more than one ExecStart= setting, which is only allowed for Type=oneshot services. Refusing.';
  return undefined;
}

/** The files of one unit, the fragment first, then its drop-ins. */
export function defineUnit(name: string, files: readonly { path: string; text: UnitText }[]): UnitDefinition {
  const reader = new Reader();
  const complaints: string[] = [];
  for (const { path, text } of files) {
    const said = text.complaints.map(({ line, text: what }) => ({ line, what }));
    for (const assignment of text.assignments) {
      const what = ignoresQuietly(assignment) ? undefined : reader.read(assignment);
      if (what !== undefined) said.push({ line: assignment.line, what });
    }
    complaints.push(...said.sort((a, b) => a.line - b.line).map(({ line, what }) => `${path}:${line}: ${what}`));
  }
  const { description, documentation, relations, service, wantedBy, requiredBy } = reader;
  const refused = refusal(service);
  if (refused) complaints.push(`${name}: ${refused}`);
  return { description, documentation, relations, service, wantedBy, requiredBy, refused: refused && 'bad-setting', complaints };
}

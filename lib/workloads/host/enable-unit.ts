// `systemctl enable`: links from what wants a unit at boot to its file.
import { FileUnit, fullName, type Machine, type Unit } from '../../machine/index.ts';

const isNew = ({ os }: Machine) => os.cgroup === 2;
const own = '/etc/systemd/system';

/** `static`: nothing says who could want it. */
export function enabledBy(unit: Unit, machine: Machine): 'enabled' | 'disabled' | 'static' {
  if (!(unit instanceof FileUnit)) return unit.enabled ? 'enabled' : 'disabled';
  const links = linksOf(unit);
  if (links.length === 0) return 'static';
  return links.some((link) => machine.files.findLink(link)?.kind === 'link') ? 'enabled' : 'disabled';
}

function linksOf(unit: FileUnit): string[] {
  const { wantedBy, requiredBy } = unit.definition;
  return [...wantedBy.map((target) => `${own}/${target}.wants/${unit.fullName}`), ...requiredBy.map((target) => `${own}/${target}.requires/${unit.fullName}`)];
}

const noInstall = `The unit files have no installation config (WantedBy=, RequiredBy=, UpheldBy=,
Also=, or Alias= settings in the [Install] section, and DefaultInstance= for
template units). This means they are not meant to be enabled or disabled using systemctl.
 
Possible reasons for having these kinds of units are:
• A unit may be statically enabled by being symlinked from another unit's
  .wants/, .requires/, or .upholds/ directory.
• A unit's purpose may be to act as a helper for some other unit which has
  a requirement dependency on it.
• A unit may be started when needed via activation (socket, path, timer,
  D-Bus, udev, scripted systemctl call, ...).
• In case of template units, the unit is meant to be enabled with some
  instance name specified.
`;

const noInstallThen = `The unit files have no installation config (WantedBy=, RequiredBy=, Also=,
Alias= settings in the [Install] section, and DefaultInstance= for template
units). This means they are not meant to be enabled using systemctl.
 
Possible reasons for having this kind of units are:
• A unit may be statically enabled by being symlinked from another unit's
  .wants/ or .requires/ directory.
• A unit's purpose may be to act as a helper for some other unit which has
  a requirement dependency on it.
• A unit may be started when needed via activation (socket, path, timer,
  D-Bus, udev, scripted systemctl call, ...).
• In case of template units, the unit is meant to be enabled with some
  instance name specified.
`;

/** What it says on the standard error. */
export function setEnabled(unit: Unit, machine: Machine, on: boolean): string {
  if (!(unit instanceof FileUnit)) return setBuiltIn(unit, machine, on);
  const links = linksOf(unit);
  if (links.length === 0) return on ? (isNew(machine) ? noInstall : noInstallThen) : '';
  const { files } = machine;
  return links.map((link) => {
    const there = files.findLink(link) !== undefined;
    if (on === there) return '';
    if (!on) {
      files.remove(link);
      return isNew(machine) ? `Removed "${link}".\n` : `Removed ${link}.\n`;
    }
    files.makeDirectories(link.slice(0, link.lastIndexOf('/')), 0o755);
    files.makeLink(unit.loaded.fragment.path, link);
    return `Created symlink ${link} → ${unit.loaded.fragment.path}.\n`;
  }).join('');
}

function setBuiltIn(unit: Unit, machine: Machine, on: boolean): string {
  if (unit.enabled === on) return '';
  unit.enabled = on;
  const link = `${own}/multi-user.target.wants/${fullName(unit.name)}`;
  return on ? `Created symlink ${link} → ${isNew(machine) ? '/usr' : ''}/lib/systemd/system/${fullName(unit.name)}.\n` : isNew(machine) ? `Removed "${link}".\n` : `Removed ${link}.\n`;
}

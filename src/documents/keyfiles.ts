import { bytesOf, ConfigFile, MachineConfigObject } from './machine-config/machine-configs';
import { isPlaceholder } from './placeholders';
import type { IpsecInterface, Keyfile, NodePolicy } from './policies';
import { pointerTo, Subject } from './subjects';
import { Subnet, subnetsIn } from './subnets';
import type { PlainObject } from './values';
import { KeyfileSections, readKeyfile } from '../openshift/keyfile-format';
import { NODE_ROLE_PREFIX } from '../openshift/labels';
import { isKeyfilePath, keyfileOption, LIBRESWAN_SERVICE, VPN_SETTINGS } from '../openshift/network-manager';

/** The largest keyfile that is read; one of a connection is a thousand bytes. */
const MAX_BYTES = 64 * 1024;

/** The connections of NetworkManager's libreswan plugin that a MachineConfig brings as keyfiles. */
export function keyfileConnections(machineConfig: MachineConfigObject): IpsecInterface[] {
  return machineConfig.files.flatMap((file) => {
    const text = keyfileText(file);
    const sections = text === undefined ? undefined : readKeyfile(text);
    return sections && isOfLibreswan(sections) ? [new KeyfileConnection(machineConfig, file, text!, sections)] : [];
  });
}

/** The text of a file, where it is a keyfile that names the libreswan plugin, whether or not NetworkManager can read it. */
export function keyfileText(file: ConfigFile): string | undefined {
  if (!isKeyfilePath(file.path)) return undefined;
  const bytes = bytesOf(file);
  return bytes && bytes.length <= MAX_BYTES && bytes.includes(LIBRESWAN_SERVICE) ? bytes.toString('utf8') : undefined;
}

function isOfLibreswan(sections: KeyfileSections): boolean {
  return sections.get('connection')?.get('type') === 'vpn' && sections.get('vpn')?.get('service-type') === LIBRESWAN_SERVICE;
}

/** What a keyfile says, in the keys and the types of nmstate, so that the same rules judge it. */
class KeyfileConnection implements IpsecInterface {
  public readonly subject: Subject;
  public readonly policy: NodePolicy;
  public readonly name?: string;
  public readonly keyfile: Keyfile;
  public readonly absent = false;
  public readonly path = '/vpn';
  public readonly settingsPath = '/vpn';
  public readonly settings: PlainObject;
  private knownSubnets?: readonly Subnet[];

  public constructor({ subject, role }: MachineConfigObject, file: ConfigFile, text: string, sections: KeyfileSections) {
    this.subject = subjectInside(subject, file, text);
    this.policy = {
      subject: this.subject,
      name: subject.name ?? '(no name)',
      selector: role === undefined ? {} : { [`${NODE_ROLE_PREFIX}${role}`]: '' },
      nodesAreUnknown: isPlaceholder(role),
      interfaces: [this],
      isState: role === undefined,
    };
    this.name = sections.get('connection')!.get('id');
    this.keyfile = { path: file.path, uuid: sections.get('connection')!.get('uuid') };
    this.settings = settingsOf(sections);
  }

  public get libreswan(): unknown {
    return this.settings;
  }

  public get subnets(): readonly Subnet[] {
    return this.knownSubnets ??= subnetsIn(this.settings);
  }

  public get filledIn(): boolean {
    return this.settings['nm-auto-defaults'] !== false;
  }
}

/** Findings point at the contents of the file, and an annotation on the MachineConfig acknowledges them. */
function subjectInside(machineConfig: Subject, file: ConfigFile, content: string): Subject {
  const path = `${file.pointer}/contents/source`;
  return {
    ...machineConfig,
    pointer: '',
    text: { pointer: pointerTo(machineConfig, path), within: machineConfig.text, content, index: 0, verbatim: false },
    held: { by: machineConfig, path },
  };
}

function settingsOf(sections: KeyfileSections): PlainObject {
  const settings: { [key: string]: unknown } = {};
  for (const [key, value] of sections.get('vpn')!) {
    if (!VPN_SETTINGS.includes(key)) settings[key] = typed(key, value);
  }
  const psk = sections.get('vpn-secrets')?.get('pskvalue') ?? settings.pskvalue;
  if (psk !== undefined) settings.psk = psk;
  delete settings.pskvalue;
  return settings;
}

/** A yes or no as nmstate says it; any other word stays one, for the rules to refuse. */
function typed(key: string, value: string): unknown {
  if (keyfileOption(key)?.type !== 'boolean') return value;
  return value === 'yes' ? true : value === 'no' ? false : value;
}

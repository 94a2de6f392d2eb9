import { readFileSync } from 'fs';
import { join } from 'path';
import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { refuseInterfaceName } from './node-network-policy';
import type { Unit } from '../../butane/spec/ignition';
import { Connection, LibreswanSettings } from '../../connection/connection';
import { keyfileOf, keyfilePath } from '../../connection/keyfile';
import { InputError } from '../../core/input-error';
import { isObjectName } from '../../openshift/kubernetes-names';
import { NODE_ROLE_PREFIX } from '../../openshift/labels';
import type { NodeSelection } from '../../openshift/node-selection';
import { writeManifest } from '../../synthesis/manifests';
import type { PropNames } from '../../synthesis/prop-names';
import { AGAIN, NO_START_LIMIT } from '../certificates/node-unit';
import type { IpsecClusterConfig } from '../cluster/ipsec-cluster-config';
import type { MachineConfigInput } from '../machine-config/machine-config-input';
import { compileMachineConfig } from '../machine-config/machine-config-object';

/** What a connection's MachineConfig is made from. */
export interface KeyfileOptions {
  readonly cluster: IpsecClusterConfig;
  readonly nodes: NodeSelection;
  readonly connection: Connection;
  readonly annotations?: { [name: string]: string };
  /** The id of the MachineConfig in the scope. */
  readonly id: string;
  readonly props: PropNames;
}

/** Writes the MachineConfig that brings a connection to the nodes of a pool as a keyfile, or takes it away from them. */
export function writeConnection(scope: Construct, { cluster, nodes, connection, annotations, id, props }: KeyfileOptions): ApiObject {
  const { interfaceName, libreswan } = connection;
  refuseInterfaceName(interfaceName);
  const role = poolOf(nodes);
  const manifest = compileMachineConfig({
    version: cluster.openshiftVersion,
    name: nameOf(role, interfaceName),
    role,
    annotations,
    ...libreswan ? presence({ ...connection, libreswan }) : absence(interfaceName),
  });
  if (libreswan) cluster._requireExternalTraffic(manifest);
  return writeManifest(scope, id, manifest, { cluster, facts: cluster._facts, props });
}

/** NetworkManager takes no keyfile that others than root may read. Whoever reviews the MachineConfig may: it is not packed. */
function presence(connection: Connection & { readonly libreswan: LibreswanSettings }): Pick<MachineConfigInput, 'files' | 'compress'> {
  return {
    compress: false,
    files: [{ path: keyfilePath(connection), mode: 0o600, overwrite: true, contents: Buffer.from(keyfileOf(connection)) }],
  };
}

const SCRIPT_PATH = '/usr/local/bin/ipsec-dropconnection.sh';

/**
 * The file goes with the MachineConfig that had it. What it does not take along is a connection that is up, and one of the same
 * name that NMState had made before: the operator puts back the file that it once wrote over.
 */
function absence(interfaceName: string): Pick<MachineConfigInput, 'files' | 'units'> {
  return {
    files: [{ path: SCRIPT_PATH, mode: 0o740, overwrite: true, contents: readFileSync(join(__dirname, 'ipsec-dropconnection.sh')) }],
    units: [absenceUnit(interfaceName)],
  };
}

function absenceUnit(interfaceName: string): Unit {
  return {
    contents: `[Unit]
Description=Take the IPsec connection ${interfaceName} down and remove it
After=NetworkManager.service ipsec.service
Wants=NetworkManager.service
${NO_START_LIMIT}

[Service]
Type=oneshot
Environment=IPSEC_CONNECTION=${interfaceName}
ExecStart=${SCRIPT_PATH}
RemainAfterExit=false
TimeoutStartSec=120
${AGAIN}
StandardOutput=journal

[Install]
WantedBy=multi-user.target
`,
    enabled: true,
    name: `ipsec-absent-${interfaceName}.service`,
  };
}

/** The pool of a selection. A MachineConfig is for all nodes of a pool, and tells none of them apart. */
function poolOf({ _kind, _targets: [{ nodeSelector = {} }] }: NodeSelection): string {
  if (_kind !== 'role') {
    throw new InputError(
      `'nodes' (${SELECTED[_kind]}) must be NodeSelection.role with delivery KEYFILE: a MachineConfig is for all nodes of its pool, `
        + 'and can\'t tell them apart; '
        + "select a role such as NodeSelection.role('worker'), which may be a MachineConfigPool made for these nodes, "
        + 'or leave the delivery to NMState',
    );
  }
  const role = Object.keys(nodeSelector)[0].slice(NODE_ROLE_PREFIX.length);
  // The newer name of the label; the pool keeps its own.
  return role === 'control-plane' ? 'master' : role;
}

const SELECTED = { hosts: 'selected by host name', labels: 'selected by labels', all: 'all nodes', role: 'a role' } as const;

/** Names of files and units have 255 bytes at most. */
const MAX_NAME_LENGTH = 200;

/** Object names know neither capitals nor '_'. Two names that meet here are found as two objects of one name. */
function nameOf(role: string, interfaceName: string): string {
  const name = `99-${role}-ipsec-${interfaceName.toLowerCase().replaceAll('_', '-').replace(/-*\.[-.]*/g, '.')}`;
  if (!isObjectName(name) || interfaceName.length > MAX_NAME_LENGTH) {
    throw new InputError(`'interfaceName' ('${interfaceName}') can't be part of the MachineConfig's name '${name}' and the name of a file: `
      + `use at most ${MAX_NAME_LENGTH} letters, digits, '-' and '.'`);
  }
  return name;
}

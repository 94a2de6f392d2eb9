import type { ImportNames } from './import-names';
import { ImportScript, SCRIPT_PATH } from './import-script';
import { AGAIN, folderOf, NO_START_LIMIT, WANTED_BY } from './node-unit';
import type { Unit } from '../../butane/spec/ignition';

const DOCUMENTED_UNIT = `[Unit]
Description=Import external certs into ipsec NSS
Before=ipsec.service

[Service]
Type=oneshot
ExecStart=${SCRIPT_PATH}
RemainAfterExit=false
StandardOutput=journal

[Install]
WantedBy=multi-user.target
`;

/** Where the node finds the bundle's password. */
export interface NodePassword {
  /** An absolute path on the node. */
  readonly file: string;
  /** Whether the file is a credential that systemd decrypts for the unit alone. */
  readonly encrypted: boolean;
}

/**
 * The unit that imports at every boot, before libreswan starts. It only orders itself: a failed or slow import must not
 * keep ipsec.service, which carries the traffic between pods in mode Full, from starting.
 */
export function importUnit(script: ImportScript, names: ImportNames, password: NodePassword | undefined): Unit {
  return {
    contents: script === ImportScript.DOCUMENTED ? DOCUMENTED_UNIT : rotationSafeUnit(names, password),
    enabled: true,
    name: names.unit,
  };
}

/**
 * The unit that starts the import as soon as one of its files appears or changes, so that the order in which they come does not matter: a
 * password that a DaemonSet or a person brings after the boot, for which the import could not wait.
 */
export function importPathUnit({ nickname, pkcs12Path, caPath, unit, pathUnit }: ImportNames, password: NodePassword | undefined): Unit {
  const files = [pkcs12Path, caPath, ...password ? [password.file] : []];
  return {
    contents: `[Unit]
Description=Watch the files of the IPsec certificate ${nickname}

[Path]
${files.map((file) => `PathChanged=${file}`).join('\n')}
Unit=${unit}

[Install]
WantedBy=multi-user.target
`,
    enabled: true,
    name: pathUnit,
  };
}

function rotationSafeUnit({ nickname, pkcs12Path, caPath, unit }: ImportNames, password: NodePassword | undefined): string {
  const settings = [
    `Environment=IPSEC_NICKNAME=${nickname}`,
    `Environment=IPSEC_PKCS12=${pkcs12Path}`,
    `Environment=IPSEC_CA=${caPath}`,
  ];
  // The script looks for the credential by this name, in $CREDENTIALS_DIRECTORY.
  if (password?.encrypted) settings.push(`LoadCredentialEncrypted=${nickname}.password:${password.file}`);
  else if (password) settings.push(`Environment=IPSEC_PASSWORD_FILE=${password.file}`);
  return `[Unit]
Description=Import the IPsec certificate ${nickname} into the NSS database
Before=ipsec.service
${NO_START_LIMIT}

[Service]
Type=oneshot
${settings.join('\n')}
ExecStart=${SCRIPT_PATH}
RemainAfterExit=false
TimeoutStartSec=300
${AGAIN}
${folderOf(unit)}
StandardOutput=journal

[Install]
${WANTED_BY}
`;
}

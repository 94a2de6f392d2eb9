import type { ImportNames } from './import-names';
import { ImportScript, SCRIPT_PATH } from './import-script';
import type { IgnitionUnit } from '../machine-config/machine-config-manifest';

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

/**
 * The unit that imports at every boot, before libreswan starts. It only orders itself: a failed or slow import must not
 * keep ipsec.service, which carries the traffic between pods in mode Full, from starting.
 */
export function importUnit(script: ImportScript, names: ImportNames, nodePasswordFile: string | undefined): IgnitionUnit {
  return {
    contents: script === ImportScript.DOCUMENTED ? DOCUMENTED_UNIT : rotationSafeUnit(names, nodePasswordFile),
    enabled: true,
    name: names.unit,
  };
}

function rotationSafeUnit({ nickname, pkcs12Path, caPath }: ImportNames, nodePasswordFile: string | undefined): string {
  const environment = {
    IPSEC_NICKNAME: nickname,
    IPSEC_PKCS12: pkcs12Path,
    IPSEC_CA: caPath,
    ...(nodePasswordFile === undefined ? {} : { IPSEC_PASSWORD_FILE: nodePasswordFile }),
  };
  return `[Unit]
Description=Import the IPsec certificate ${nickname} into the NSS database
Before=ipsec.service

[Service]
Type=oneshot
${Object.entries(environment).map(([name, value]) => `Environment=${name}=${value}`).join('\n')}
ExecStart=${SCRIPT_PATH}
RemainAfterExit=false
TimeoutStartSec=120
StandardOutput=journal

[Install]
WantedBy=multi-user.target
`;
}

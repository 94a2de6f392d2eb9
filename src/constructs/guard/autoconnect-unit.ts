import type { Unit } from '../../butane/spec/ignition';

/** Where a node has the script. */
export const AUTOCONNECT_PATH = '/usr/local/bin/ipsec-autoconnect.sh';

/**
 * The unit that keeps connections up. The imports of certificates are ordered before `ipsec.service`, and so before this.
 *
 * It begins anew with each start of libreswan, which forgets its connections, and of NetworkManager, which takes them down: restarts, and
 * a start that follows a stop.
 * It never starts one of the two: a node whose libreswan is not there yet gets it from `ipsec.service`.
 *
 * @param connections their names; all of them where it is undefined
 */
export function autoconnectUnit(connections: readonly string[] | undefined): Unit {
  const names = connections === undefined ? '' : `Environment="IPSEC_CONNECTIONS=${connections.join(' ')}"\n`;
  return {
    contents: `[Unit]
Description=Keep IPsec connections of NetworkManager up
Wants=network-online.target
After=network-online.target NetworkManager.service ipsec.service
PartOf=NetworkManager.service ipsec.service
StartLimitIntervalSec=0

[Service]
${names}ExecStart=${AUTOCONNECT_PATH}
Restart=always
RestartSec=5
StandardOutput=journal

[Install]
WantedBy=multi-user.target ipsec.service NetworkManager.service
`,
    enabled: true,
    name: 'ipsec-autoconnect.service',
  };
}

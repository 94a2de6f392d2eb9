import type { Unit } from '../../butane/spec/ignition';

/** The script on the nodes. */
export const CHECK_SCRIPT = '/usr/local/bin/ipsec-check.sh';
/** The folder with a file for each connection that is watched. */
export const CHECK_FOLDER = '/etc/ipsec-check';

/** What the `systemd` collector of node exporter is to watch, as a regular expression that must match the whole name. */
export const WATCHED_UNITS = 'ipsec-(check|clear)@.+\\.service';

/** The unit that fails while a connection is down. */
export function checkUnit(connection: string): string {
  return `ipsec-check@${connection}.service`;
}

/** The services as templates, and a timer for each connection. */
export function checkUnits(connections: readonly string[], seconds: number): Unit[] {
  return [
    { name: 'ipsec-check@.service', contents: service('Whether IPsec connection %i encrypts', 'tunnel', 'Wants=ipsec-clear@%i.service\n') },
    { name: 'ipsec-clear@.service', contents: service('Whether packets of IPsec connection %i leave in clear', 'clear') },
    ...connections.map((connection) => ({ name: `ipsec-check@${connection}.timer`, enabled: true, contents: timer(connection, seconds) })),
  ];
}

function service(description: string, what: string, more = ''): string {
  return `[Unit]
Description=${description}
ConditionPathExists=${CHECK_FOLDER}/%i
${more}
[Service]
Type=oneshot
ExecStart=${CHECK_SCRIPT} ${what} %i
TimeoutStartSec=30
StandardOutput=journal
`;
}

/** The first look comes when a node that boots has had time to set its tunnels up. */
function timer(connection: string, seconds: number): string {
  return `[Unit]
Description=Look at IPsec connection ${connection} every ${seconds} s

[Timer]
OnBootSec=300
OnUnitActiveSec=${seconds}
AccuracySec=1

[Install]
WantedBy=timers.target
`;
}

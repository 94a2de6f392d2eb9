/**
 * What the units that change a node's database have in common, as lines of the unit.
 *
 * A run that failed is tried again: the clock may be wrong yet, a password file not there yet, or so many imports be under
 * way that one could not wait for all others. 40 starts 30 s apart, each waiting up to 60 s for others, end within the hour.
 */
export const AGAIN = `Restart=on-failure
RestartSec=30`;

export const START_LIMIT = `StartLimitIntervalSec=3600
StartLimitBurst=40`;

/** `ipsec.service` starts them too, so that a node where libreswan comes without a reboot gets its certificate. */
export const WANTED_BY = 'WantedBy=multi-user.target ipsec.service';

/** A folder in /run for the script, which systemd removes however the script ends. */
export function folderOf(unit: string): string {
  return `RuntimeDirectory=${unit.replace(/\.service$/, '')}
RuntimeDirectoryMode=0700`;
}

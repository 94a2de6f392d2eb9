/**
 * What the units that change a node's database have in common, as lines of the unit.
 *
 * A run that failed is tried again: the clock may be wrong yet, or so many imports be under way that one could not wait for all others.
 * It never ends: a password may come an hour after the node did, and past a limit of starts systemd would start nothing any more, not
 * even for the path unit that sees the password.
 */
export const AGAIN = `Restart=on-failure
RestartSec=30`;

export const NO_START_LIMIT = 'StartLimitIntervalSec=0';

/** `ipsec.service` starts them too, so that a node where libreswan comes without a reboot gets its certificate. */
export const WANTED_BY = 'WantedBy=multi-user.target ipsec.service';

/** A folder in /run for the script, which systemd removes however the script ends. */
export function folderOf(unit: string): string {
  return `RuntimeDirectory=${unit.replace(/\.service$/, '')}
RuntimeDirectoryMode=0700`;
}

import type { AuthorityPlan } from '../authorities';
import type { CertificatePlan, ShownCertificate } from '../certificates';
import type { PoolPlan } from '../model';
import type { Range } from '../rollout';
import type { TunnelFate, TunnelPlan } from '../tunnels';

/** What is done to each node of a pool, in words of every day. */
export function whatHappens({ actions, changed, refused, paused, reboots }: PoolPlan): string {
  if (refused) return 'refused by the Machine Config Operator';
  if (!changed) return 'nothing';
  const what = actions.includes('Reboot') ? `drain and reboot${reboots > 1 ? ', twice' : ''}` : others(actions);
  return paused ? `${what}, once unpaused` : what;
}

function others(actions: readonly string[]): string {
  if (actions.every((action) => action === 'None')) return 'files written, nothing restarted';
  const words = [...new Set(actions)].filter((action) => action !== 'None').map((action) => {
    const [type, service] = action.split(' ');
    switch (type) {
      case 'Drain': return 'drain';
      case 'DaemonReload': return 'reload systemd';
      case 'Special': return 'reload crio.service, after a drain where the change asks for one';
      default: return `${type.toLowerCase()} ${service ?? ''}`.trim();
    }
  });
  return words.join(', ');
}

/** `6 nodes, 3 batches of 2, 36 to 72 minutes`; empty where nothing happens and nobody says how many there are. */
export function howLong({ nodes, rollout, changed, refused }: PoolPlan): string {
  if (nodes === undefined) return changed ? 'number of nodes unknown' : '';
  const count = `${nodes} node${nodes === 1 ? '' : 's'}`;
  if (!changed || refused || !rollout) return count;
  return `${count}, ${rollout.atATime === 1 ? 'one at a time' : `${rollout.batches} batch${rollout.batches === 1 ? '' : 'es'} of ${rollout.atATime}`}, ${minutes(rollout.minutes)}`;
}

/** Beyond five hours nobody counts in minutes. */
const IN_HOURS = 300;

export function minutes({ from, to }: Range): string {
  const [one, other, unit] = from >= IN_HOURS ? [hours(from), hours(to), 'hours'] : [from, to, 'minutes'];
  return one === other ? `${one} ${unit}` : `${one} to ${other} ${unit}`;
}

function hours(count: number): number {
  return Math.round(count / 6) / 10;
}

export const FATES: { readonly [fate in TunnelFate]: string } = {
  'comes-up': 'comes up',
  'goes-down': 'goes down',
  'restarts': 'restarts',
  'renews': 'renews',
  'stays-behind': 'stays behind',
  'stays': 'stays',
};

/** What each fate means, for someone who has never seen a policy. */
export const FATE_MEANINGS: { readonly [fate in TunnelFate]: string } = {
  'comes-up': 'a new tunnel',
  'goes-down': 'taken down: what is for the peer is not encrypted any more',
  'restarts': 'taken down and up again with other settings',
  'renews': 'up again with the new certificate',
  'stays-behind': 'still there, though nothing asks for it any more',
  'stays': 'as it is',
};

/** `worker-0.example.com ⇄ storage.example.com (10.1.2.3/32)`. */
export function between({ nodes, peer, protects }: TunnelPlan, arrow = '->'): string {
  const subnets =
    protects.length === 0
      ? ''
      : ` (${protects.length > 3 ? `${protects.slice(0, 3).join(', ')} and ${protects.length - 3} more` : protects.join(', ')})`;
  return `${nodes} ${arrow} ${peer === '' ? 'peer' : peer}${subnets}`;
}

/** A certificate and its days. */
export function certificateWords({ change, before, after }: CertificatePlan): string {
  switch (change) {
    case 'added': return `new: ${shown(after)}`;
    case 'removed': return `no longer imported: ${shown(before)}`;
    case 'repacked': return `the same in another bundle: ${shown(after)}`;
    default: return shown(before) === shown(after)
      ? `${shown(before)} becomes another one of the same name and end: SHA-256 ${short(before)} becomes ${short(after)}`
      : `${shown(before)} becomes ${shown(after)}`;
  }
}

/** A CA, and its days where it is new. */
export function authorityWords({ subject, change, ...end }: AuthorityPlan): string {
  return change === 'added' ? `new: ${shown({ subject, ...end })}` : `no longer imported: ${subject}`;
}

function short({ sha256 }: ShownCertificate = {}): string {
  return sha256 === undefined ? '(unknown)' : sha256.replaceAll(':', '').slice(0, 16);
}

function shown({ subject, notAfter, daysLeft, secret }: ShownCertificate = {}): string {
  if (secret !== undefined) return `what Secret ${secret} holds`;
  const end =
    notAfter === undefined
      ? 'end unknown'
      : `${daysLeft! < 0 ? `expired on ${notAfter.slice(0, 10)}` : `${daysLeft} day${daysLeft === 1 ? '' : 's'} left, until ${notAfter.slice(0, 10)}`}`;
  return subject === undefined ? end : `${subject} (${end})`;
}

import { LOG_SIGNS, LogSign, PLAYED_FAULTS, PlayedFault } from '../src/peer/log-signs';

/** `docs/the-tunnel-does-not-come-up.md`. */
export function troubleshootingPage(): string {
  return `# The tunnel does not come up

**For** whoever has applied everything, and \`ipsec trafficstatus\` on the node has no line for the tunnel. **You need** the logs of both
ends, or somebody at the other end who reads them to you.

Look at both ends at the same minute: the node (\`oc debug node/NODE -- chroot /host journalctl -u ipsec\`) and the peer
(\`journalctl -u ipsec\` or \`-u strongswan\`). One of them says why. \`openshift-ipsec explain LOGFILE\` finds the lines below in a log, and
says what follows here.

Where neither says anything, no packet arrives: UDP ports 500 and 4500 and IP protocol 50 must be open, and \`right\` must be the host. Where
both say *established* and nothing is answered, compare the subnets, and look for a firewall behind the tunnel.

## By fault, as recorded

The [lab](lab.md) plays each of them with the [files for the peer](peers.md), and fails where the lines are not there any more. Where the
peer's cell is empty it believes that all is well.

| fault | peer | the node logs | the peer logs |
| --- | --- | --- | --- |
${PLAYED_FAULTS.flatMap(rowsOf).join('\n')}

## By line

${LOG_SIGNS.map(partOf).join('\n\n')}

## How you see that it worked

\`ipsec trafficstatus\` on the node has a line for the tunnel, whose bytes grow both ways while you ping the host
([as recorded](first-tunnel.md#how-you-see-that-it-worked)), and \`openshift-ipsec explain\` finds nothing in what both logs say from then
on.
`;
}

function rowsOf({ what, libreswan, strongSwan }: PlayedFault): string[] {
  const sides = [['libreswan', libreswan], ['strongSwan', strongSwan]] as const;
  return sides.flatMap(([program, signs]) => signs ? [`| ${what} | ${program} | ${link(signs.node)} | ${signs.peer ? link(signs.peer) : ''} |`] : []);
}

function link(id: string): string {
  return `[\`${signOf(id).fragment.trim()}\`](#${id})`;
}

function signOf(id: string): LogSign {
  return LOG_SIGNS.find((sign) => sign.id === id)!;
}

function partOf({ id, by, recorded, means, change }: LogSign): string {
  return `### ${id}\n\n${by}:\n\n\`\`\`text\n${recorded}\n\`\`\`\n\n${filled(means)}\n\n${filled(`**Change**: ${change}`)}`;
}

/** Prose in lines of at most 140 characters. */
function filled(text: string): string {
  return text.split(' ').reduce((lines, word) => {
    const last = lines.length - lines.lastIndexOf('\n') - 1;
    return lines === '' ? word : `${lines}${last + 1 + word.length > 140 ? '\n' : ' '}${word}`;
  }, '');
}

import { readFileSync } from 'fs';
import { join } from 'path';
import { LOG_SIGNS, PLAYED_FAULTS } from '../../src/peer/log-signs';

const page = readFileSync(join(__dirname, '../../docs/peers.md'), 'utf8');

/** The rows of the page by those of the lab, whose act `peers` fails where a line is not in the log any more. */
const ROWS: { readonly [row: string]: string } = {
  'mode': 'transport against tunnel mode',
  'id-type': 'the node expects an address, the certificate holds a name',
  'id-not-in-certificate': 'the name is not in the certificate',
  'no-san': "the name is the certificate's common name alone",
  'unknown-issuer': 'the certificate is of another CA',
  'node-id': 'the host expects another subject of the nodes',
  'weak': '3DES and SHA-1 against AES-GCM',
  'proposals': 'no algorithm in common',
  'peer-narrower': "the host's subnet is narrower",
  'peer-wider': "the host's subnet is wider",
  'nat-unknown': 'a NAT between, and it has none',
  'subnets-from-anywhere': 'two subnets, nodes of any address and subject',
};

test('each refusal of the matrix stands there with the line that the node logs', () => {
  const cell = (row: string, id: string | undefined) => id === undefined ? 'up'
    : `**${row === 'subnets-from-anywhere' ? 'one of the two' : 'refused'}**: [\`${LOG_SIGNS.find((sign) => sign.id === id)!.fragment}\`]`
      + `(the-tunnel-does-not-come-up.md#${id})`;
  for (const { row, libreswan, strongSwan } of PLAYED_FAULTS) {
    expect(page).toContain(`| ${ROWS[row]} | ${cell(row, libreswan?.node)} | ${cell(row, strongSwan?.node)} |\n`);
  }
  expect(page.match(/\*\*(?:refused|one of the two)\*\*/g)).toHaveLength(
    PLAYED_FAULTS.flatMap(({ libreswan, strongSwan }) => [libreswan, strongSwan]).filter((played) => played).length,
  );
});

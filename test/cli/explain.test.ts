import { call } from './in-process';

function explain(args: readonly string[], stdin = '') {
  return call(['explain', ...args], stdin);
}

/** As the lab recorded it. */
const LOG = `Nov 28 02:46:42.100000: "0d035508" #26: sent IKE_AUTH request {cipher=AES_GCM_16_256 integ=n/a prf=HMAC_SHA2_512 group=MODP2048}
Nov 28 02:46:42.213980: "0d035508" #26: X509: authentication failed; peer certificate subjectAltName extension does not match ID_IPV4_ADDR '10.0.0.21'
Nov 28 02:46:44.213980: "0d035508" #28: X509: authentication failed; peer certificate subjectAltName extension does not match ID_IPV4_ADDR '10.0.0.21'
06[IKE] received proposals unacceptable
`;

test('each sign once, with its first line, what it means and what to change', () => {
  expect(explain(['-'], LOG)).toEqual({
    code: 0,
    stderr: '',
    stdout: `line 2, and 1 more (libreswan): Nov 28 02:46:42.213980: "0d035508" #26: X509: authentication failed; peer certificate \
subjectAltName extension does not match ID_IPV4_ADDR '10.0.0.21'
  The other end is expected by its address, and its certificate holds no such address as IP subject alternative name.
  Issue a certificate with the address (IP:…), or expect the name that it has: peerIdentity: PeerIdentity.of('@storage.example.com').

line 4 (strongSwan): 06[IKE] received proposals unacceptable
  strongSwan takes none of the IKE algorithms that the node offers; the two lines before list both.
  Give both ends one proposal in common: ike, which PeerConfiguration.strongSwan writes as proposals.
`,
  });
});

test('a log of nothing known', () => {
  expect(explain(['-'], 'all is well\n')).toEqual({
    code: 1, stdout: '', stderr: 'nothing in the log is known: it has no line that tells why a tunnel does not come up\n',
  });
});

test('no terminal takes a log for a command', () => {
  expect(explain(['-'], '\u001b[2J received proposals unacceptable\n').stdout).not.toContain('\u001b');
});

test.each([
  [[], "openshift-ipsec explain: one LOGFILE is to be named, or '-' for standard input; 'openshift-ipsec explain --help' tells more\n"],
  [['/nowhere'], "openshift-ipsec explain: LOGFILE ('/nowhere') does not exist\n"],
])('bad usage: %j', (args, stderr) => {
  expect(explain(args)).toEqual({ code: 2, stdout: '', stderr });
});

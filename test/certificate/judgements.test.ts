import { fixture, useClock } from './fixture';
import { Certificate } from '../../src/certificate/certificate';
import {
  problemOfCa, problemOfCnLength, problemOfExpiryAhead, problemOfKeySize, problemOfKeyType, problemOfReservedCn, problemOfReservedNickname,
  problemOfSignature, problemOfUsage, problemOfValidity,
} from '../../src/certificate/judgements';
import { LeafProps, makeCa, makeLeaf, testKey } from '../pki';

useClock('2030-01-01T00:00:00.000Z');

const leaf = (props: Partial<LeafProps> = {}) => Certificate.parse(makeLeaf({ ca: makeCa(), ...props }).certificate);

test('a common name with ovs_ belongs to pod-to-pod IPsec', () => {
  expect(problemOfReservedCn(leaf({ cn: 'ovs_node1' }))).toEqual({
    rule: 'certificate-cn-reserved',
    severity: 'error',
    message: "certificate CN 'ovs_node1' begins with 'ovs_', which is reserved for pod-to-pod IPsec certificates",
    fix: 'Issue it with another CN.',
  });
  expect([leaf({ cn: 'OVS_node1' }), leaf({ cn: 'node-ovs_1' }), leaf()].map(problemOfReservedCn)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('a control character in a name does not reach the terminal', () => {
  expect(problemOfReservedCn(leaf({ cn: 'ovs_\x1b[2J\n' }))?.message).toMatch(/^certificate CN 'ovs_\\1B\[2J\\0A' begins/);
});

test('so does a nickname', () => {
  expect(problemOfReservedNickname('ovs_x')).toEqual({
    rule: 'certificate-cn-reserved',
    severity: 'error',
    message: "nickname 'ovs_x' begins with 'ovs_', which is reserved for pod-to-pod IPsec certificates",
    fix: 'Choose another nickname.',
  });
  expect(problemOfReservedNickname('left_server')).toBeUndefined();
});

test('a common name has at most 64 characters', () => {
  const name = 'a'.repeat(65);
  expect(problemOfCnLength(leaf({ cn: name }))).toEqual({
    rule: 'certificate-cn-length',
    severity: 'error',
    message: `certificate CN '${name}' has 65 characters, and X.509 allows 64`,
  });
  // Characters count, not bytes.
  expect([leaf({ cn: 'a'.repeat(64) }), leaf({ cn: 'ü😀'.repeat(32) })].map(problemOfCnLength)).toEqual([undefined, undefined]);
});

test('expired, and not valid yet', () => {
  expect(problemOfValidity(leaf({ days: -1 }))).toEqual({
    rule: 'certificate-expired',
    severity: 'error',
    message: "certificate 'CN=node1.example.com,O=Test' expired on 2029-12-31T00:00:00.000Z, and libreswan does not load it",
  });
  expect(problemOfValidity(leaf({ startsIn: 1 }))).toEqual({
    rule: 'certificate-expired',
    severity: 'error',
    message:
      "certificate 'CN=node1.example.com,O=Test' is not valid before 2030-01-02T00:00:00.000Z, and libreswan does not load it until then",
    fix: 'Wait until then, or issue it with an earlier beginning.',
  });
  // Both ends belong to the validity (RFC 5280, section 4.1.2.5).
  expect([leaf({ days: 0 }), leaf({ startsIn: 0 }), leaf()].map(problemOfValidity)).toEqual([undefined, undefined, undefined]);
});

test('an end in sight is told 30 days ahead, or as many as one says', () => {
  const message = (when: string, end: string) => `certificate 'CN=node1.example.com,O=Test' expires ${when}, on ${end}T00:00:00.000Z`;
  expect(problemOfExpiryAhead(leaf({ days: 29 }))).toEqual({
    rule: 'certificate-expires-soon',
    severity: 'warning',
    message: message('in 29 days', '2030-01-30'),
    fix: 'Renew it now: a new one reaches the nodes by a rollout that reboots them one by one.',
  });
  expect(problemOfExpiryAhead(leaf({ days: 1 }))?.message).toBe(message('in 1 day', '2030-01-02'));
  expect(problemOfExpiryAhead(leaf({ days: 0 }))?.message).toBe(message('in less than a day', '2030-01-01'));
  expect(problemOfExpiryAhead(leaf({ days: 59 }), 60)?.message).toBe(message('in 59 days', '2030-03-01'));
  expect([problemOfExpiryAhead(leaf({ days: 30 })), problemOfExpiryAhead(leaf({ days: -1 })), problemOfExpiryAhead(leaf({ days: 29 }), 7)])
    .toEqual([undefined, undefined, undefined]);
});

test('an RSA key has 2048 bits or more', () => {
  expect(problemOfKeySize(leaf({ keyKind: 'rsa-1024' }))).toEqual({
    rule: 'certificate-key-size',
    severity: 'error',
    message: "certificate 'CN=node1.example.com,O=Test' has an RSA key of 1024 bits, and 2048 is the least that NSS and FIPS mode "
      + 'take',
  });
  expect([leaf(), leaf({ keyKind: 'ec' }), leaf({ keyKind: 'ed25519' })].map(problemOfKeySize)).toEqual([undefined, undefined, undefined]);
});

test('%cert signs with RSA', () => {
  expect(problemOfKeyType(leaf({ keyKind: 'ec' }))).toEqual({
    rule: 'certificate-key-type',
    severity: 'error',
    message: "certificate 'CN=node1.example.com,O=Test' has a key of type ec, and a connection with leftrsasigkey '%cert' signs with "
      + 'RSA',
  });
  expect([problemOfKeyType(leaf({ keyKind: 'ed25519' }))?.rule, problemOfKeyType(leaf())]).toEqual(['certificate-key-type', undefined]);
});

test('SHA-1 and MD5 are refused, but not in what a root signs of itself', () => {
  expect(problemOfSignature(leaf({ hash: 'sha1' }))).toEqual({
    rule: 'certificate-signature',
    severity: 'error',
    message: "certificate 'CN=node1.example.com,O=Test' is signed with SHA-1, which the crypto policies of RHEL 9 refuse",
  });
  expect(problemOfSignature(leaf({ hash: 'md5' }))?.message).toContain('is signed with MD5,');
  const ecCa = makeCa({ cn: 'EC CA', key: testKey('ec', 'EC CA') });
  expect(problemOfSignature(leaf({ ca: ecCa, hash: 'sha1' }))?.message).toContain('is signed with SHA-1,');
  expect([leaf(), Certificate.parse(makeCa({ hash: 'sha1' }).certificate)].map(problemOfSignature)).toEqual([undefined, undefined]);
});

describe('key usage is judged as NSS does', () => {
  const BITS = [
    'digitalSignature',
    'nonRepudiation',
    'keyEncipherment',
    'dataEncipherment',
    'keyAgreement',
    'keyCertSign',
    'cRLSign',
    'encipherOnly',
    'decipherOnly',
  ];
  // The verdicts of certutil -V -u I (fixtures/make.sh).
  const verdicts = fixture('nss-usages.txt').toString().trimEnd().split('\n').map((line) => line.split(/[ =]/));

  test.each(verdicts)('%s: %s=%s', (verdict, extension, values) => {
    const list = values.split(',');
    const certificate = extension === 'keyUsage' ? leaf({ keyUsage: list.map((name) => BITS.indexOf(name)) })
      : extension === 'extendedKeyUsage' ? leaf({ extendedKeyUsage: list })
        : leaf();
    if (extension === 'keyUsage') expect(certificate.keyUsage).toEqual([...list].sort((a, b) => BITS.indexOf(a) - BITS.indexOf(b)));
    expect(problemOfUsage(certificate) === undefined ? 'pass' : 'fail').toBe(verdict);
  });

  test('and the refusal says what is there and what is wanted', () => {
    expect(problemOfUsage(leaf({ keyUsage: [2, 4] }))).toEqual({
      rule: 'certificate-usage',
      severity: 'error',
      message:
        "certificate 'CN=node1.example.com,O=Test' has key usage keyEncipherment, keyAgreement, "
          + 'and NSS wants digitalSignature or nonRepudiation for IPsec',
      fix: 'Issue it with digitalSignature.',
    });
    expect(problemOfUsage(leaf({ extendedKeyUsage: ['1.3.6.1.5.5.7.3.3', '1.3.6.1.5.5.7.3.8', '1.3.6.1.5.5.7.3.9', '1.2.3'] }))).toEqual({
      rule: 'certificate-usage',
      severity: 'error',
      message:
        "certificate 'CN=node1.example.com,O=Test' has extended key usage codeSigning, timeStamping, OCSPSigning, 1.2.3, "
          + 'and NSS wants one of serverAuth, clientAuth, emailProtection, ipsecEndSystem, ipsecTunnel, ipsecUser, ipsecIKE, iKEIntermediate for IPsec',
      fix: 'Issue it with serverAuth and clientAuth.',
    });
  });
});

test('a CA may sign', () => {
  const message = (subject: string) =>
    `certificate '${subject}' is not a CA (its basic constraints or key usage do not let it sign others)`;
  expect(problemOfCa(leaf())).toEqual({
    rule: 'certificate-ca',
    severity: 'error',
    message: message('CN=node1.example.com,O=Test'),
    fix: 'Give the certificate of the CA that issued it.',
  });
  const props = [{}, { keyUsage: undefined }, { keyUsage: [0] }, { basicConstraints: false, keyUsage: [0] }];
  const cas = props.map((one) => problemOfCa(Certificate.parse(makeCa(one).certificate))?.message);
  expect(cas).toEqual([undefined, undefined, message('CN=Test CA,O=Test'), message('CN=Test CA,O=Test')]);
});

test('a root that does not say whether it is a CA is one by trust alone, and a warning; an intermediate is none', () => {
  const silent = makeCa({ basicConstraints: false, keyUsage: undefined });
  const below = makeCa({ basicConstraints: false, keyUsage: undefined, cn: 'Below', issuer: silent });
  expect([silent, below].map(({ certificate }) => problemOfCa(Certificate.parse(certificate)))).toEqual([
    {
      rule: 'certificate-ca',
      severity: 'warning',
      message: "certificate 'CN=Test CA,O=Test' does not say that it is a CA (it has no basic constraints), and is one by its trust "
        + 'in the NSS database alone',
      fix: 'Issue the certificate of the CA again with basicConstraints=critical,CA:TRUE.',
    },
    {
      rule: 'certificate-ca',
      severity: 'error',
      message: "certificate 'CN=Below,O=Test' is not a CA (its basic constraints or key usage do not let it sign others)",
      fix: 'Give the certificate of the CA that issued it.',
    },
  ]);
});

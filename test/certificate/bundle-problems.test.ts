import { fixture, useClock } from './fixture';
import { CaBundle, Pkcs12Bundle } from '../../src';
import { bundleProblems } from '../../src/certificate/bundle-problems';
import { Identity, makeCa, makeLeaf, makePkcs12, testKey } from '../pki';

useClock('2030-01-01T00:00:00.000Z');

const nickname = 'left_server';

function bundleOf(identity: Identity, chain: Identity[] = [], friendlyName: string | undefined = nickname): Pkcs12Bundle {
  return Pkcs12Bundle._fromBytes(makePkcs12({ identity, chain, friendlyName }), 'x.p12');
}

function caOf(...cas: Identity[]): CaBundle {
  return CaBundle.fromPem(cas.map(({ pem }) => pem).join(''));
}

function rulesOf(...parameters: Parameters<typeof bundleProblems>): string[] {
  return bundleProblems(...parameters).map(({ rule, severity }) => `${severity} ${rule}`);
}

test('a sound bundle by OpenSSL has no problems', () => {
  const bundle = Pkcs12Bundle._fromBytes(fixture('openssl3.p12'), 'x.p12', Buffer.from('secret'));
  expect(bundleProblems(bundle, { nickname, caBundle: CaBundle.fromPem(fixture('ca.pem').toString()) })).toEqual([]);
});

test('everything wrong is told at once, errors first, each with its file and its rule', () => {
  const ca = makeCa();
  const bundle = bundleOf(
    makeLeaf({ ca, cn: `ovs_${'a'.repeat(61)}`, days: -1, keyKind: 'rsa-1024', hash: 'sha1', keyUsage: [2] }),
    [],
    'other',
  );
  const problems = bundleProblems(bundle, { nickname: 'ovs_x' });
  expect(problems.map(({ rule }) => rule)).toEqual([
    'certificate-cn-reserved', 'certificate-nickname', 'certificate-cn-reserved', 'certificate-cn-length', 'certificate-expired',
    'certificate-untrusted',
    'certificate-usage', 'certificate-key-size', 'certificate-signature',
  ]);
  expect(problems[2].message).toBe(
    `x.p12: certificate CN 'ovs_${'a'.repeat(61)}' begins with 'ovs_', which is reserved for pod-to-pod IPsec certificates`,
  );
});

describe('the friendly name is the nickname', () => {
  const ca = makeCa();
  const of = (friendlyName: string | undefined, wanted: string) => bundleProblems(
    Pkcs12Bundle._fromBytes(makePkcs12({ identity: makeLeaf({ ca }), friendlyName }), 'x.p12'), { nickname: wanted, caBundle: caOf(ca) },
  );

  test('another one is named, with both ways out', () => {
    expect(of('node1', 'left_server')).toEqual([{
      rule: 'certificate-nickname',
      severity: 'error',
      message: "x.p12 has the friendly name 'node1', and NSS imports it under that name, not under the nickname 'left_server'",
      fix: "Export it again with openssl pkcs12 -export -name left_server, or say nickname 'node1'.",
    }]);
  });

  test('none, with the way out for cert-manager', () => {
    const bundle = Pkcs12Bundle._fromBytes(fixture('cert-manager-modern2023.p12'), 'x.p12', Buffer.from('secret'));
    expect(bundleProblems(bundle, { nickname, caBundle: CaBundle.fromPem(fixture('ca.pem').toString()) })).toEqual([{
      rule: 'certificate-nickname',
      severity: 'error',
      message: "x.p12 has no friendly name, and NSS makes one up instead of the nickname 'left_server'",
      fix:
        'Export it with openssl pkcs12 -export -name left_server; a bundle by cert-manager, which cannot set the name, '
          + 'is made again from the '
          + 'tls.key, tls.crt and ca.crt of its Secret with openssl pkcs12 -export -inkey tls.key -in tls.crt -certfile '
          + 'ca.crt -out left_server.p12 '
          + '-name left_server.',
    }]);
  });

  test('the command in the message survives a shell', () => {
    expect(of('node1', "it's $HOME")[0].fix).toContain("openssl pkcs12 -export -name 'it'\\''s $HOME',");
  });

  test('letter case counts', () => {
    expect(of('Left_Server', 'left_server')).toHaveLength(1);
    expect(of('left_server', 'left_server')).toEqual([]);
  });
});

describe('a chain leads to a CA', () => {
  const root = makeCa({ cn: 'Root' });
  const intermediate = makeCa({ cn: 'Intermediate', issuer: root });
  const second = makeCa({ cn: 'Second', issuer: intermediate });
  const leaf = makeLeaf({ ca: second });
  const stranger = makeCa({ cn: 'Stranger' });
  const UNTRUSTED = ['error certificate-untrusted'];

  test.each<[string, Identity[], Identity[] | undefined, string[]]>([
    ['intermediates in the bundle', [second, intermediate], [root], []],
    ['intermediates in any order', [intermediate, second, stranger], [stranger, root], []],
    ['intermediates in the CA file', [], [root, intermediate, second], []],
    ['a root in the bundle, no CA file', [second, intermediate, root], undefined, []],
    ['an intermediate without a root, with which libreswan refuses every peer', [], [second], ['error certificate-ca']],
    ['all CAs in the file', [], [second, intermediate, root], []],
    ['one missing in between', [second], [root], UNTRUSTED],
    ['no root anywhere', [second, intermediate], undefined, UNTRUSTED],
    ['another CA', [second, intermediate], [stranger], UNTRUSTED],
  ])('%s', (_, chain, cas, expected) => {
    expect(rulesOf(bundleOf(leaf, chain), { nickname, caBundle: cas && caOf(...cas) })).toEqual(expected);
  });

  test('that is no root is told with its name and the fix', () => {
    expect(
      bundleProblems(bundleOf(leaf, [second, intermediate]), { nickname, caBundle: caOf(second) }).map(({ message }) => message),
    ).toEqual(["CA PEM text holds no root CA, only 'CN=Second,O=Test': libreswan trusts roots alone, and refuses every peer without one"]);
    expect(bundleProblems(bundleOf(leaf), { nickname, caBundle: caOf(second, intermediate) })[0].message).toBe(
      "CA PEM text holds no root CA, only 'CN=Second,O=Test', 'CN=Intermediate,O=Test': "
        + 'libreswan trusts roots alone, and refuses every peer without one',
    );
  });

  test('none is told with both names and the fix', () => {
    expect(bundleProblems(bundleOf(leaf), { nickname, caBundle: caOf(root) })[0].message).toBe(
      "x.p12: certificate 'CN=node1.example.com,O=Test' was issued by 'CN=Second,O=Test', and CA PEM text does not hold a CA to which "
        + 'its chain leads',
    );
  });

  test('the name of a CA is not enough: the signature counts', () => {
    const impostor = makeCa({ cn: 'Second', key: testKey('rsa-2048', 'impostor') });
    expect(rulesOf(bundleOf(leaf), { nickname, caBundle: caOf(impostor) })).toEqual(UNTRUSTED);
    expect(rulesOf(bundleOf(leaf), { nickname, caBundle: caOf(impostor, second, intermediate, root) })).toEqual([]);
  });

  test('CAs that sign each other do not go round', () => {
    const a = makeCa({ cn: 'A' });
    const b = makeCa({ cn: 'B', issuer: a });
    const crossed = makeCa({ cn: 'A', issuer: b });
    expect(rulesOf(bundleOf(makeLeaf({ ca: b }), [b, crossed]), { nickname, caBundle: caOf(stranger) })).toEqual(UNTRUSTED);
  });

  test('a CA that was renewed with its key: the valid one is taken, the expired one only told', () => {
    const old = makeCa({ cn: 'Renewed', days: -1 });
    const renewed = makeCa({ cn: 'Renewed' });
    const problems = bundleProblems(bundleOf(makeLeaf({ ca: renewed })), { nickname, caBundle: caOf(old, renewed) });
    expect(problems).toEqual([{
      rule: 'certificate-expired',
      severity: 'warning',
      message: "CA PEM text: certificate 'CN=Renewed,O=Test' expired on 2029-12-31T00:00:00.000Z, and libreswan does not load it",
      fix: 'Take it out of the file, or put the renewed one in its place.',
    }]);
    expect(rulesOf(bundleOf(makeLeaf({ ca: old })), { nickname, caBundle: caOf(old) })).toEqual(['error certificate-expired']);
  });

  test('the CAs of the chain are judged too: hash, key size, expiry', () => {
    const weak = makeCa({ cn: 'Weak', issuer: root, hash: 'sha1', keyKind: 'rsa-1024', days: 10 });
    expect(rulesOf(bundleOf(makeLeaf({ ca: weak }), [weak]), { nickname, caBundle: caOf(root) })).toEqual([
      'error certificate-key-size', 'error certificate-signature', 'warning certificate-expires-soon',
    ]);
  });

  test('a certificate that is no CA issues nothing', () => {
    const other = makeLeaf({ ca: root, cn: 'not a CA' });
    expect(rulesOf(bundleOf(makeLeaf({ ca: other }), [other]), { nickname, caBundle: caOf(root) })).toEqual(UNTRUSTED);
  });

  test('300 CAs of one chain and a bundle of strangers take well under a second', () => {
    let ca = makeCa({ cn: 'CA 0', keyKind: 'ec' });
    const cas = [ca];
    for (let i = 1; i < 300; i++) cas.push(ca = makeCa({ cn: `CA ${i}`, issuer: ca, key: testKey('ec', 'all') }));
    const bundle = bundleOf(makeLeaf({ ca }), cas.slice(1));
    const start = process.hrtime.bigint();
    expect(rulesOf(bundle, { nickname, caBundle: caOf(cas[0]) })).toEqual([]);
    expect(Number(process.hrtime.bigint() - start) / 1e9).toBeLessThan(30);
  });
});

test('EC is an error, because connections sign with RSA', () => {
  const ca = makeCa();
  const bundle = bundleOf(makeLeaf({ ca, keyKind: 'ec' }));
  expect(rulesOf(bundle, { nickname, caBundle: caOf(ca) })).toEqual(['error certificate-key-type']);
});

test('legacy encryption and an end in sight are warnings', () => {
  const bundle = Pkcs12Bundle._fromBytes(fixture('legacy.p12'), 'x.p12', Buffer.from('secret'));
  expect(bundleProblems(bundle, { nickname, caBundle: CaBundle.fromPem(fixture('ca.pem').toString()) })).toEqual([{
    rule: 'pkcs12-legacy-encryption',
    severity: 'warning',
    message: 'x.p12 is encrypted with 3DES and RC2-40, which NSS refuses in FIPS mode',
  }]);
  const ca = makeCa();
  expect(rulesOf(bundleOf(makeLeaf({ ca, days: 40 })), { nickname, caBundle: caOf(ca), expiresSoonDays: 60 })).toEqual([
    'warning certificate-expires-soon',
  ]);
});

describe('a root that does not say that it is a CA', () => {
  const silent = makeCa({ cn: 'Silent', basicConstraints: false, keyUsage: undefined });
  const bundle = Pkcs12Bundle._fromBytes(makePkcs12({ identity: makeLeaf({ ca: silent }), friendlyName: nickname }), 'x.p12');
  const other = makeCa({ cn: 'Root' });

  test('is one where NSS alone judges, and worth a word', () => {
    expect(bundleProblems(bundle, { nickname, caBundle: caOf(silent) })).toEqual([{
      rule: 'certificate-ca',
      severity: 'warning',
      message: "CA PEM text: certificate 'CN=Silent,O=Test' does not say that it is a CA (it has no basic constraints), and is one by "
        + 'its trust in the NSS database alone',
      fix: 'Issue the certificate of the CA again with basicConstraints=critical,CA:TRUE.',
    }]);
  });

  test('is none where OpenSSL proves the certificate by it', () => {
    expect(bundleProblems(bundle, { nickname, caBundle: caOf(silent), provenByOpenSsl: true })).toEqual([{
      rule: 'certificate-ca',
      severity: 'error',
      message: "CA PEM text: certificate 'CN=Silent,O=Test' has neither basic constraints nor a key usage, and the import script "
        + "proves the node's certificate with OpenSSL, which takes no such CA",
      fix: 'Issue the certificate of the CA again with basicConstraints=critical,CA:TRUE.',
    }]);
    const keyUsage = makeCa({ cn: 'KU', basicConstraints: false });
    const ofOther = Pkcs12Bundle._fromBytes(makePkcs12({ identity: makeLeaf({ ca: other }), friendlyName: nickname }), 'x.p12');
    const ofKeyUsage = Pkcs12Bundle._fromBytes(makePkcs12({ identity: makeLeaf({ ca: keyUsage }), friendlyName: nickname }), 'x.p12');
    const severities = (...[one, ...cas]: [Pkcs12Bundle, ...ReturnType<typeof makeCa>[]]) => (
      bundleProblems(one, { nickname, caBundle: caOf(...cas), provenByOpenSsl: true }).map(({ severity }) => severity));
    expect(severities(ofOther, other, silent)).toEqual(['warning']);
    expect(severities(ofKeyUsage, keyUsage)).toEqual(['warning']);
  });

  test('vouches for nothing from within the bundle', () => {
    const withRoot = Pkcs12Bundle._fromBytes(
      makePkcs12({ identity: makeLeaf({ ca: silent }), chain: [silent], friendlyName: nickname }),
      'x.p12',
    );
    expect(bundleProblems(withRoot, { nickname }).map(({ rule }) => rule)).toEqual(['certificate-untrusted']);
    expect(bundleProblems(withRoot, { nickname, caBundle: caOf(other) }).map(({ rule }) => rule)).toEqual(['certificate-untrusted']);
  });
});

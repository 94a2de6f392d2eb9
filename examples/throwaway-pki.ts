import { mkdirSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { asn1, md, pki, pkcs12 } from 'node-forge';

/** The files of a throwaway PKI. */
export interface PkiFiles {
  readonly ca: string;
  readonly bundle: string;
  readonly passwordFile: string;
}

/** The files, and the CA to issue a renewed certificate by. */
export interface ThrowawayPki extends PkiFiles {
  readonly issuer: ThrowawayCa;
}

/** A CA in memory. */
export interface ThrowawayCa {
  readonly keys: pki.rsa.KeyPair;
  readonly certificate: pki.Certificate;
}

const PASSWORD = 'throwaway-password';
const ORGANIZATION = { shortName: 'O', value: 'Throwaway' };
const CA_SUBJECT = [ORGANIZATION, { shortName: 'CN', value: 'Throwaway CA' }];

const DAYS = 45;

/**
 * Makes a CA and a bundle for the nodes, valid for 45 days. For looking around only: the keys are on disk, and the
 * password is in this file.
 *
 * @param renewal where the certificate is a renewed one: the CA that it is of, and the days that it is valid
 */
export function makeThrowawayPki(directory: string, renewal?: { readonly issuer: ThrowawayCa; readonly days: number }): ThrowawayPki {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const issuer = renewal?.issuer ?? makeCa();
  const ca = issuer.certificate;
  const nodeKeys = pki.rsa.generateKeyPair(2048);
  const node = issue(
    [ORGANIZATION, { shortName: 'CN', value: 'nodes.cluster.example.com' }],
    CA_SUBJECT,
    nodeKeys.publicKey,
    issuer.keys.privateKey,
    renewal ? '03' : '02',
    [
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: 'nodes.cluster.example.com' }] },
    ],
    renewal?.days,
  );
  const bundle = pkcs12.toPkcs12Asn1(nodeKeys.privateKey, [node, ca], PASSWORD, {
    algorithm: 'aes256',
    friendlyName: 'left_server',
    count: 10_000,
  });

  const files = {
    ca: join(directory, 'ca.pem'),
    bundle: join(directory, 'left_server.p12'),
    passwordFile: join(directory, 'left_server.password'),
    issuer,
  };
  writeFileSync(files.ca, pki.certificateToPem(ca));
  writeFileSync(files.bundle, Buffer.from(asn1.toDer(bundle).getBytes(), 'latin1'), { mode: 0o600 });
  writeFileSync(files.passwordFile, `${PASSWORD}\n`, { mode: 0o600 });
  return files;
}

function makeCa(): ThrowawayCa {
  const keys = pki.rsa.generateKeyPair(2048);
  return {
    keys,
    certificate: issue(CA_SUBJECT, CA_SUBJECT, keys.publicKey, keys.privateKey, '01', [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ], 2 * DAYS),
  };
}

type Subject = { shortName: string; value: string }[];

function issue(
  subject: Subject, issuer: Subject, publicKey: pki.rsa.PublicKey, signer: pki.rsa.PrivateKey, serialNumber: string, extensions: object[],
  days = DAYS,
): pki.Certificate {
  const certificate = pki.createCertificate();
  certificate.serialNumber = serialNumber;
  certificate.publicKey = publicKey;
  certificate.setSubject(subject);
  certificate.setIssuer(issuer);
  const today = Date.now();
  certificate.validity.notBefore = new Date(today - 3_600_000);
  certificate.validity.notAfter = new Date(today + days * 86_400_000);
  certificate.setExtensions(extensions);
  certificate.sign(signer, md.sha256.create());
  return certificate;
}

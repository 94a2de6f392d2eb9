import { execFileSync } from 'child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';

const PASSWORD = 'lab-password';
const PSS = ['-sha256', '-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:32'];

interface Leaf {
  readonly cn: string;
  readonly san?: string;
  readonly issuer?: string;
  readonly name?: string;
  readonly bits?: number;
  /** How the issuer signs, for openssl. */
  readonly signature?: string[];
}

/** The certificates of the lab's nodes and peers, made with openssl: for the lab alone. */
export class LabPki {
  /** The file with the password of every bundle. */
  public readonly passwordFile: string;

  private readonly keys: string[] = [];
  /** What makes each authority, which those after it may need. */
  private readonly authorities: string[] = [];
  /** What makes each leaf, which needs authorities alone. */
  private readonly leaves: string[] = [];
  private serial = 0;

  public constructor(private readonly directory: string) {
    mkdirSync(directory, { mode: 0o700 });
    this.passwordFile = join(directory, 'password');
    writeFileSync(this.passwordFile, `${PASSWORD}\n`, { mode: 0o600 });

    this.authority('ca', 'Lab CA');
    this.authority('stranger-ca', 'Another CA');
    this.authority('next-ca', 'Next CA');
    this.authority('intermediate', 'Lab Intermediate', 'ca');

    this.leaf('nodes', { cn: 'nodes.cluster.example.com', san: 'DNS:nodes.cluster.example.com', name: 'left_server' });
    this.leaf('nodes-renewed', { cn: 'nodes-2.cluster.example.com', san: 'DNS:nodes-2.cluster.example.com', name: 'left_server' });
    // The longer key is what a peer's log tells it by: all else that it shows is as before.
    this.leaf('nodes-again', { cn: 'nodes.cluster.example.com', san: 'DNS:nodes.cluster.example.com', name: 'left_server', bits: 3072 });
    this.leaf('nodes-of-next-ca', {
      cn: 'nodes-4.cluster.example.com',
      san: 'DNS:nodes-4.cluster.example.com',
      name: 'left_server',
      issuer: 'next-ca',
    });
    this.leaf('other', { cn: 'other.cluster.example.com', san: 'DNS:other.cluster.example.com' });
    this.leaf('nodes-under-intermediate', {
      cn: 'nodes-3.cluster.example.com',
      san: 'DNS:nodes-3.cluster.example.com',
      name: 'left_server',
      issuer: 'intermediate',
    });
    // The CA signs these with RSASSA-PSS, which is not how the ends of a tunnel sign for themselves.
    this.leaf('nodes-pss', {
      cn: 'nodes-5.cluster.example.com',
      san: 'DNS:nodes-5.cluster.example.com',
      name: 'pss_server',
      signature: PSS,
    });
    this.leaf('storage-pss', { cn: 'storage signed with RSASSA-PSS', san: 'DNS:storage.example.com', signature: PSS });
    // Certificates that do not fit into one packet.
    this.leaf('nodes-large', { cn: 'nodes-6.cluster.example.com', san: 'DNS:nodes-6.cluster.example.com', name: 'left_server', bits: 4096 });
    this.leaf('storage-large', { cn: 'storage with a long key', san: 'DNS:storage.example.com', bits: 4096 });
    this.leaf('nodes-named-ovs', { cn: 'ovs_worker-0', san: 'DNS:worker-0', name: 'left_server' });

    this.leaf('gateway', { cn: 'gateway', san: 'DNS:gateway.example.com' });
    this.leaf('storage', { cn: 'storage', san: 'DNS:storage.example.com' });
    this.leaf('storage-address', { cn: 'storage by address', san: 'IP:10.0.0.21' });
    this.leaf('storage-both', { cn: 'storage by both', san: 'DNS:storage.example.com,IP:10.0.0.21' });
    this.leaf('storage-address-as-name', { cn: 'storage by an address as a name', san: 'DNS:10.0.0.21' });
    this.leaf('storage-cn', { cn: 'storage.example.com' });
    this.leaf('storage-under-intermediate', {
      cn: 'storage under the intermediate',
      san: 'DNS:storage.example.com',
      issuer: 'intermediate',
    });
    this.leaf('impostor', { cn: 'impostor', san: 'DNS:impostor.example.com,IP:10.0.0.99' });
    this.leaf('stranger', { cn: 'stranger', san: 'DNS:storage.example.com,IP:10.0.0.21', issuer: 'stranger-ca' });
    this.leaf('ovs', { cn: 'ovs_worker-1', name: 'ovs_certkey_worker-1', issuer: 'stranger-ca' });

    // One shell for them all, as much at once as can be: a process takes this one longer to start than openssl takes to sign.
    const script = [...beside(this.keys), ...this.authorities, ...beside(this.leaves)].join('\n');
    execFileSync('sh', ['-ec', script], { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] });
  }

  public pem(name: string): string {
    return readFileSync(join(this.directory, `${name}.pem`), 'utf8');
  }

  public bundle(name: string): string {
    return join(this.directory, `${name}.p12`);
  }

  private authority(name: string, cn: string, issuer?: string): void {
    const extensions = ['basicConstraints=critical,CA:true', 'keyUsage=critical,keyCertSign,cRLSign'];
    this.authorities.push(this.certificate(name, cn, issuer, extensions));
  }

  /** A certificate and its PKCS#12 bundle, whose friendly name is the peers' file name unless said otherwise. */
  private leaf(name: string, { cn, san, issuer = 'ca', name: friendlyName = name, bits, signature }: Leaf): void {
    const extensions = ['keyUsage=critical,digitalSignature', ...(san === undefined ? [] : [`subjectAltName=${san}`])];
    this.leaves.push([
      this.certificate(name, cn, issuer, extensions, bits, signature),
      openssl(
        'pkcs12', '-export', '-inkey', `${name}.key`, '-in', `${name}.pem`, '-certfile', `${issuer}.pem`, '-name', friendlyName,
        '-passout', 'file:password', '-out', `${name}.p12`,
      ),
    ].join(' && '));
  }

  /** The commands that make a certificate of a key. */
  private certificate(
    name: string,
    cn: string,
    issuer: string | undefined,
    extensions: string[],
    bits = 2048,
    signature: string[] = [],
  ): string {
    writeFileSync(join(this.directory, `${name}.ext`), `${extensions.join('\n')}\n`);
    this.keys.push(openssl('genrsa', '-out', `${name}.key`, String(bits)));
    const signer = issuer === undefined ? ['-signkey', `${name}.key`] : ['-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`];
    return [
      openssl('req', '-new', '-key', `${name}.key`, '-subj', `/O=Lab/CN=${cn}`, '-out', `${name}.csr`),
      openssl(
        'x509', '-req', '-in', `${name}.csr`, ...signer, ...signature, '-set_serial', String(++this.serial), '-days', '45',
        '-extfile', `${name}.ext`, '-out', `${name}.pem`,
      ),
    ].join(' && ');
  }
}

function openssl(...args: string[]): string {
  return `openssl ${args.map((arg) => `'${arg}'`).join(' ')}`;
}

/** All of them at once; where one of them fails, so do they. */
function beside(commands: readonly string[]): string[] {
  return ['running=', ...commands.map((command) => `(${command}) & running="$running $!"`), 'for each in $running; do wait "$each"; done'];
}

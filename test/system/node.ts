import * as fs from 'fs';
import * as path from 'path';
import { Certificate, Content, IMPORT_SCRIPT, NssDatabase, Pki, Result, run, start } from './tools';

/** A node for the import script: a database that the cluster's operator uses too, and the files that a MachineConfig lays down. */
export class Node {
  /** What the operator of a cluster in Full mode has in every database of these tests. */
  private static operator?: { database: NssDatabase; content: Content };

  public readonly database: NssDatabase;
  public readonly temporary: string;

  constructor(private readonly dir: string, pki: Pki, options: { empty?: boolean } = {}) {
    fs.rmSync(dir, { recursive: true, force: true });
    fs.mkdirSync(dir, { recursive: true });
    this.temporary = path.join(dir, 'run');
    fs.mkdirSync(this.temporary);
    Node.operator ??= operatorDatabase(path.join(dir, '..', 'operator'), pki);
    this.database = options.empty ? new NssDatabase(path.join(dir, 'nss')) : Node.operator.database.copyTo(path.join(dir, 'nss'));
  }

  public env(inputs: Record<string, string>): Record<string, string> {
    return { IPSEC_NSS_DIR: this.database.dir, TMPDIR: this.temporary, IPSEC_WAIT: '20', ...inputs };
  }

  public import(inputs: Record<string, string>): Result {
    return run('bash', [IMPORT_SCRIPT], { env: this.env(inputs) });
  }

  public startImport(inputs: Record<string, string>) {
    return start('bash', [IMPORT_SCRIPT], { env: this.env(inputs) });
  }

  /** Certificates that are not the operator's, as `nickname: which`; what certutil says of their trust; how many keys. */
  public imported(names: Record<string, Certificate> = {}): { certificates: string[]; keys: number } {
    const { certificates, keys, trust } = this.database.content();
    const known = new Map(Object.entries(names).map(([name, certificate]) => [certificate.sha256, name]));
    return {
      certificates: certificates.filter((each) => !each.nickname.startsWith('ovs_')).map(({ nickname, sha256 }) => {
        const shown = nickname.startsWith('ipsec-ca/') && nickname === `ipsec-ca/${sha256.slice(0, 16)}` ? 'ipsec-ca/…' : nickname;
        return `${shown} ${trust[nickname].join(' ')} ${known.get(sha256) ?? sha256}`;
      }).sort(),
      keys: keys.length - Node.operator!.content.keys.filter((key) => keys.includes(key)).length,
    };
  }

  /** The operator's entries, which no import may change. */
  public operatorEntries(): unknown {
    return pick(this.database.content());
  }

  public static operatorEntries(): unknown {
    return pick(Node.operator!.content);
  }

  /** A copy of everything, to start again from. */
  public save(): () => void {
    const copy = `${this.dir}.saved`;
    fs.rmSync(copy, { recursive: true, force: true });
    fs.cpSync(this.dir, copy, { recursive: true });
    return () => {
      fs.rmSync(this.dir, { recursive: true, force: true });
      fs.cpSync(copy, this.dir, { recursive: true });
    };
  }
}

function pick({ certificates, keys, trust }: Content): unknown {
  return {
    certificates: certificates.filter((each) => each.nickname.startsWith('ovs_cert')),
    trust: Object.entries(trust).filter(([nickname]) => nickname.startsWith('ovs_cert')),
    keys: keys.filter((key) => operatorKeys.includes(key)),
  };
}

let operatorKeys: string[] = [];

function operatorDatabase(dir: string, pki: Pki): { database: NssDatabase; content: Content } {
  const authority = pki.authority('/CN=openshift-ovn-kubernetes_signer-ca@1700000000');
  const leaf = pki.leaf(authority, { subject: '/C=US/O=ovnkubernetes/OU=kind/CN=5e6bd2b4-node', san: 'DNS:5e6bd2b4-node' });
  const database = new NssDatabase(dir).create()
    .add('ovs_cert_ca', authority, 'CT,,')
    .importBundle(pki.bundle(leaf, { name: 'ovs_certkey_5e6bd2b4-node' }));
  const content = database.content();
  operatorKeys = content.keys;
  return { database, content };
}

import * as fs from 'fs';
import * as path from 'path';
import { Certificate, Content, IMPORT_SCRIPT, NssDatabase, Pki, Result, run, start } from './tools';

/** A node for the import script: a database that the cluster's operator uses too, and the files that a MachineConfig lays down. */
export class Node {
  /** A node whose database holds the operator's entries, or that has no database yet. */
  public static make(dir: string, pki: Pki, options: { empty?: boolean } = {}): Node {
    const node = new Node(dir);
    node.remove();
    fs.mkdirSync(node.temporary, { recursive: true });
    fs.writeFileSync(node.noPassword, '\n');
    Node.operator ??= operatorDatabase(path.join(dir, '..', 'operator'), pki);
    if (!options.empty) Node.operator.database.copyTo(node.database.dir);
    return node;
  }

  public static operatorEntries(): unknown {
    return pick(Node.operator!.content);
  }

  /** What the operator of a cluster in Full mode has in every database of these tests. */
  private static operator?: { database: NssDatabase; content: Content };

  public readonly database: NssDatabase;
  public readonly temporary: string;
  /** A file with the empty password, without which certutil would ask for one. */
  public readonly noPassword: string;

  private constructor(public readonly dir: string) {
    this.temporary = path.join(dir, 'run');
    this.noPassword = path.join(dir, 'no-password');
    this.database = new NssDatabase(path.join(dir, 'nss'));
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
  public imported(names: Record<string, Certificate> = {}, content = this.database.content()): { certificates: string[]; keys: number } {
    const { certificates, keys, trust } = content;
    const known = new Map(Object.entries(names).map(([name, certificate]) => [certificate.sha256, name]));
    return {
      certificates: certificates.filter((each) => !each.nickname.startsWith('ovs_')).map(({ nickname, sha256 }) => {
        const shown = /^ipsec-ca\/[0-9a-f.]+$/.test(nickname) ? 'ipsec-ca/…' : nickname;
        return `${shown} ${trust[nickname].join(' ')} ${known.get(sha256) ?? sha256}`;
      }).sort(),
      keys: keys.length - Node.operator!.content.keys.filter((key) => keys.includes(key)).length,
    };
  }

  /** The operator's entries, which no import may change. */
  public operatorEntries(content = this.database.content()): unknown {
    return pick(content);
  }

  /** The same node once more, elsewhere. */
  public clone(dir: string): Node {
    fs.rmSync(dir, { recursive: true, force: true });
    fs.cpSync(this.dir, dir, { recursive: true });
    return new Node(dir);
  }

  public remove(): void {
    fs.rmSync(this.dir, { recursive: true, force: true });
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

/** Interrupts imports: its certutil and pk12util signal the script at the Nth of their calls that write the node's database. */
export class Cutter {
  constructor(private readonly bin: string) {
    fs.mkdirSync(bin, { recursive: true });
    for (const tool of ['certutil', 'pk12util']) fs.writeFileSync(path.join(bin, tool), shim(tool), { mode: 0o755 });
  }

  /**
   * Runs an import to its end, or to its `command`th writing command: KILL takes both away before that one starts, TERM lets it finish.
   */
  public async run(node: Node, inputs: Record<string, string>, command = 0, signal = 'KILL'): Promise<Result & { commands: number }> {
    const counter = path.join(node.dir, 'count');
    fs.writeFileSync(counter, '0\n');
    const result = await start('bash', ['-c', `echo $$ >"$SHIM_COUNT.pid"; exec bash ${IMPORT_SCRIPT}`], {
      env: {
        ...node.env(inputs),
        PATH: `${this.bin}:${process.env.PATH}:/usr/sbin:/sbin`,
        SHIM_DB: node.database.dir,
        SHIM_AT: String(command),
        SHIM_SIGNAL: signal,
        SHIM_COUNT: counter,
      },
    }).done;
    return { ...result, commands: Number(fs.readFileSync(counter, 'utf8')) };
  }
}

const shim = (tool: string) => `#!/bin/bash
if [[ " $* " == *" sql:$SHIM_DB "* ]] && [[ ${tool} == pk12util || " $* " =~ \\ (-A|-D|-F|-M|-N|--rename)\\  ]]; then
  n=$(($(<"$SHIM_COUNT") + 1)); echo "$n" >"$SHIM_COUNT"
  if ((n == SHIM_AT)); then
    kill -"$SHIM_SIGNAL" "$(<"$SHIM_COUNT.pid")"
    if [[ $SHIM_SIGNAL == KILL ]]; then kill -9 $$; fi
  fi
fi
PATH=\${PATH#*:} exec ${tool} "$@"
`;

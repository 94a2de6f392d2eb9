/* eslint-disable no-bitwise, @stylistic/max-len -- the random numbers are made of bits; lists of values are data */

/**
 * Random Butane configs, reproducible from a seed: mostly what people write, with mistakes and hostile text mixed in, so
 * that both outcomes are common.
 */
export class ConfigGenerator {
  private state: number;
  /** The share of strange values in the config at hand. */
  private odd = 0;

  public constructor(seed: number) {
    this.state = seed | 0;
  }

  /** A config as YAML. `unlikely` is the share of wrong or strange values, from 0 to 1. */
  public config(unlikely = 0.06): string {
    this.odd = this.random() < 0.4 ? 0 : unlikely;
    const minor = this.int(8, 22);
    const root: Tree = {
      variant: 'openshift',
      version: `4.${minor}.0`,
      metadata: {
        name: this.text('99-worker-x', 'n', '0755', '1e3'),
        labels: {
          'machineconfiguration.openshift.io/role': this.text('worker', 'master', 'infra'),
          ...this.maybe(0.3, () => Object.fromEntries(Array.from({ length: this.int(1, 5) }, () => [this.label(), this.string()]))),
        },
        ...this.maybe(this.odd, () => ({ annotations: { a: 'b' } })),
      },
      ...this.maybe(0.35, () => ({ openshift: this.openshift() })),
      ...this.maybe(0.8, () => ({ storage: this.storage() })),
      ...this.maybe(0.5, () => ({ systemd: { units: this.list(0, 3, () => this.unit()) } })),
      ...this.maybe(0.2, () => ({ passwd: this.passwd() })),
      ...this.maybe(0.15, () => ({ ignition: this.ignition() })),
      ...this.maybe(0.2, () => ({ boot_device: this.bootDevice() })),
      ...this.maybe(this.odd, () => ({ kernel_arguments: { should_exist: this.list(0, 2, () => this.word()) } })),
      ...this.maybe(this.odd / 2, () => ({ grub: { users: this.list(0, 2, () => ({ name: this.text('root', ''), ...this.maybe(0.8, () => ({ password_hash: this.word() })) })) } })),
    };
    if (this.chance(this.odd)) (root.metadata as Tree).name = this.pick(['', null, 5, [], {}]);
    if (this.chance(this.odd / 2)) root.version = this.pick(['4.16.1', '4.7.0', '4.16', 4.16, null, '4.23.0', '04.16.0', '4.22.0+x']);
    if (this.chance(this.odd)) {
      root[this.pick(['storage', 'systemd', 'passwd', 'ignition', 'openshift', 'boot_device'])] = this.pick([null, {}, [], 'x', 3, true]);
    }
    if (this.chance(this.odd)) root[this.pick(['foo', '<<', '5', 'storag'])] = this.pick([null, {}, [1], 'x']);
    return this.ended(this.write(root, 0));
  }

  /** The text with another end: editors and generators leave many. */
  private ended(text: string): string {
    return this.chance(0.4) ? text.slice(0, -1) + this.pick(ENDINGS) : text;
  }

  private storage(): Tree {
    return {
      ...this.maybe(0.8, () => ({ files: this.list(0, 4, () => this.file()) })),
      ...this.maybe(0.15, () => ({ disks: this.list(0, 2, () => this.disk()) })),
      ...this.maybe(0.1, () => ({ raid: this.list(0, 2, () => this.raid()) })),
      ...this.maybe(0.15, () => ({ filesystems: this.list(0, 3, () => this.filesystem()) })),
      ...this.maybe(0.15, () => ({ luks: this.list(0, 2, () => this.luks()) })),
      ...this.maybe(this.odd / 2, () => ({ directories: this.list(0, 2, () => ({ path: this.path(), ...this.maybe(0.5, () => ({ mode: this.mode() })) })) })),
      ...this.maybe(this.odd / 2, () => ({
        links: this.list(0, 2, () => ({
          path: this.path(),
          target: this.path(),
          ...this.maybe(0.4, () => ({ hard: this.bool() })),
          ...this.maybe(0.2, () => ({ user: this.owner() })),
        })),
      })),
      ...this.maybe(this.odd, () => ({ trees: [{ local: this.text('tree', 'missing', ''), ...this.maybe(0.5, () => ({ path: '/etc' })) }] })),
    };
  }

  private file(): Tree {
    return {
      ...this.maybe(1 - this.odd / 2, () => ({ path: this.path() })),
      ...this.maybe(0.8, () => ({ mode: this.mode() })),
      ...this.maybe(0.5, () => ({ overwrite: this.bool() })),
      ...this.maybe(0.15, () => ({ user: this.owner() })),
      ...this.maybe(0.15, () => ({ group: this.owner() })),
      ...this.maybe(0.9, () => ({ contents: this.resource() })),
      ...this.maybe(this.odd / 2, () => ({ append: this.list(0, 2, () => this.resource()) })),
      ...this.maybe(this.odd / 2, () => ({ unknown: 1 })),
    };
  }

  private resource(): Tree {
    return {
      ...this.maybe(0.85, () => this.pick([() => ({ inline: this.contents() }), () => ({ inline: this.contents() }), () => ({ source: this.source() }),
        () => ({ local: this.text('local.txt', 'local.bin', 'missing', '../x', '/local.txt', 'tree', '') })])()),
      ...this.maybe(this.odd / 2, () => ({ inline: this.contents() })),
      ...this.maybe(0.1 + this.odd, () => ({ compression: this.text('', 'gzip', 'xz') })),
      ...this.maybe(0.05 + this.odd / 2, () => ({ verification: this.maybe(0.9, () => ({ hash: this.hash() })) })),
      ...this.maybe(this.odd / 2, () => ({ http_headers: [{ name: this.text('X', ''), ...this.maybe(0.8, () => ({ value: this.text('a', '') })) }] })),
    };
  }

  private source(): string {
    return this.text('data:,hello%20world', 'data:;base64,aGVsbG8=', 'data:text/plain;charset=utf-8,x', 'data:', 'data:,a b', 'data:;base64,aGVsbG8', 'data:;base64,a===',
      'https://example.com/x', 'http://[::1', 'ftp://x', '', 'data:;base64', 'data:x,y', 'data:text,y', 'data:,%zz', 'data:;base64,!!!!',
      'data:text/plain;a="b;c",d',
      'data:text/plain;base65,x', 's3://bucket/key?versionId=', 'arn:aws:s3:::b/k', '::', '/x', 'data:,%4', 'data:,{}',
      'data:;base64,YQ==YQ==', 'data:;base64,YWI');
  }

  private hash(): string {
    return this.text(`sha512-${'0'.repeat(128)}`, `sha256-${'a'.repeat(64)}`, 'sha256-00', 'md5-00', 'sha512', '');
  }

  private unit(): Tree {
    const contents = this.unitText();
    return {
      ...this.maybe(1 - this.odd / 2, () => ({ name: this.unitName() })),
      ...this.maybe(0.6, () => ({ enabled: this.bool() })),
      ...this.maybe(0.1, () => ({ mask: this.bool() })),
      ...this.maybe(0.75, () => ({ contents })),
      ...this.maybe(this.odd, () => ({ contents_local: this.text('unit.service', 'local.txt', 'missing') })),
      ...this.maybe(0.3, () => ({
        dropins: this.list(0, 2, () => ({
          name: this.text('10-a.conf', '20-b.conf', 'bad.txt', ''),
          ...this.maybe(0.9, () => ({ contents: this.unitText() })),
        })),
      })),
    };
  }

  private unitName(): string {
    return this.text(
      'a.service',
      'b.service',
      'c.socket',
      'd@.service',
      'd@x.service',
      'e.mount',
      'f.timer',
      'g',
      'h.conf',
      'i.service/',
      '.service',
    );
  }

  private unitText(): string {
    return this.text(
      '[Unit]\nDescription=x\n\n[Service]\nExecStart=/bin/true\n\n[Install]\nWantedBy=multi-user.target\n',
      '[Service]\nType=oneshot\nExecStart=/bin/sh -c "a \\\n  b"\n', '[Install]\n', '# comment\n[Unit]\nA=b',
      '[Service]\nEnvironment=A=1', '[Install]\nWantedBy=x',
      '', 'no section', '[Unit', '[Unit] x\nA=b', '[Unit]\nA\nB=c\n', '[Unit]\nA', `[Unit]\nA=${'x'.repeat(2100)}\n`,
      `[Unit]\nA=${'x'.repeat(5000)}\n`,
      `[Unit]\nA=b\n# ${'y'.repeat(4100)}\nB=c\n`, '[Unit]\r\nA=b\r\n', '[Unit]\nA=b\\', '[Unit]\n# c\\\nA\nB=c\n', '[Unit]\n;x\n '
        + '[Install]\nA=b\n', ' \n[Unit]\nA=b ', '\n[Unit]\nA=b\n\n',
      `${'z'.repeat(3000)}[Unit]\nA=b\n`, '[Unit] "é\u0001"\n', this.contents(),
    );
  }

  private passwd(): Tree {
    return {
      ...this.maybe(0.95, () => ({
        users: this.list(0, 2, () => ({
          name: this.text('core', 'core', 'root', ''),
          ...this.maybe(0.8, () => ({ ssh_authorized_keys: this.list(0, 3, () => this.text('ssh-ed25519 AAAA x', 'ssh-rsa BBBB y', '# comment')) })),
          ...this.maybe(0.3, () => ({ password_hash: this.text('$6$abc', '') })),
          ...this.maybe(this.odd, () => ({ ssh_authorized_keys_local: this.list(0, 2, () => this.text('keys', 'missing')) })),
          ...this.maybe(this.odd, () => ({ [this.pick(['gecos', 'home_dir', 'shell', 'primary_group'])]: this.word() })),
          ...this.maybe(this.odd, () => ({ [this.pick(['uid', 'no_create_home', 'system', 'should_exist'])]: this.pick([1, true, 0, false]) })),
          ...this.maybe(this.odd, () => ({ groups: this.list(0, 1, () => this.word()) })),
        })),
      })),
      ...this.maybe(this.odd / 2, () => ({ groups: this.list(0, 1, () => ({ name: this.word(), gid: 5 })) })),
    };
  }

  private openshift(): Tree {
    return {
      ...this.maybe(0.5, () => ({ kernel_arguments: this.list(0, 3, () => this.text('audit=1', 'nosmt', 'rd.luks.key=/etc/luks/cex.key', 'a b', 'x=y:z')) })),
      ...this.maybe(0.4, () => ({ extensions: this.list(0, 2, () => this.text('ipsec', 'usbguard', 'nonsense')) })),
      ...this.maybe(0.3, () => ({ fips: this.bool() })),
      ...this.maybe(0.4, () => ({ kernel_type: this.text('', 'default', 'realtime', '64k-pages') })),
    };
  }

  private ignition(): Tree {
    return {
      ...this.maybe(0.5, () => ({
        config: {
          ...this.maybe(0.5, () => ({ merge: this.list(0, 2, () => ({ source: this.source() })) })),
          ...this.maybe(0.4, () => ({ replace: this.resource() })),
        },
      })),
      ...this.maybe(0.4, () => ({
        proxy: {
          http_proxy: this.text('http://p.example.com:3128', 'https://p', 'ftp://p', ':', 'http://p:x'),
          https_proxy: this.text('https://p', 'http://p', ''),
          ...this.maybe(0.5, () => ({ no_proxy: this.list(0, 3, () => this.text('a', 'b', 'c')) })),
        },
      })),
      ...this.maybe(0.3, () => ({ timeouts: { http_total: this.pick([0, 5, 1000000, 30]), http_response_headers: 1 } })),
      ...this.maybe(0.4, () => ({ security: { tls: { certificate_authorities: this.list(0, 2, () => this.resource()) } } })),
    };
  }

  private disk(): Tree {
    return {
      device: this.text('/dev/sda', '/dev/vda', '/dev/disk/by-id/coreos-boot-disk', '', 'sda', '/dev/'),
      ...this.maybe(0.5, () => ({ wipe_table: this.bool() })),
      ...this.maybe(0.8, () => ({
        partitions: this.list(0, 3, () => ({
          ...this.maybe(0.7, () => ({ label: this.text('a', 'b', 'root', 'boot', 'BIOS-BOOT', 'x:y', 'l'.repeat(37), '') })),
          ...this.maybe(0.5, () => ({ number: this.pick([0, 1, 2, 3, 4]) })),
          ...this.maybe(0.6, () => ({ size_mib: this.pick([0, 1, 512, 8192, 2500000]) })),
          ...this.maybe(0.5, () => ({ start_mib: this.pick([0, 1, 100, 513]) })),
          ...this.maybe(0.2, () => ({ type_guid: this.text('8DA63339-0007-60C0-C436-083AC8230908', 'x', '') })),
          ...this.maybe(0.1, () => ({ guid: this.text('8da63339-0007-60c0-c436-083ac8230908', 'x') })),
          ...this.maybe(0.15, () => ({ should_exist: this.bool() })),
          ...this.maybe(0.1, () => ({ wipe_partition_entry: this.bool(), resize: this.bool() })),
        })),
      })),
    };
  }

  private raid(): Tree {
    return {
      name: this.text('md0', 'md1'),
      ...this.maybe(1 - this.odd, () => ({ level: this.text('raid1', '5', 'stripe', 'linear', 'raid11', '', 'mirror') })),
      ...this.maybe(1 - this.odd, () => ({ devices: this.list(0, 3, () => this.text('/dev/sda', '/dev/sdb', '/dev/sdc', 'sdd', '')) })),
      ...this.maybe(0.3, () => ({ spares: this.pick([0, 1]) })),
      ...this.maybe(0.3, () => ({ options: this.list(0, 2, () => this.text('--x', '--y')) })),
    };
  }

  private filesystem(): Tree {
    return {
      device: this.text('/dev/sda', '/dev/mapper/data', '/dev/disk/by-partlabel/a b', '/dev/disk/by-id/dm-name-data', '', 'x'),
      ...this.maybe(0.9, () => ({ format: this.text('xfs', 'ext4', 'vfat', 'swap', 'btrfs', 'none', 'ntfs', '') })),
      ...this.maybe(0.8, () => ({ path: this.text('/var/lib/x', '/var', '/etc/a', '/opt', '', 'rel', '/var/a-b/.c\u00e9') })),
      ...this.maybe(0.5, () => ({ with_mount_unit: this.bool() })),
      ...this.maybe(0.3, () => ({ label: this.text('data', 'a-long-label', 'l'.repeat(17), '') })),
      ...this.maybe(0.2, () => ({ mount_options: this.list(0, 2, () => this.text('ro', 'noatime', 'x=y')) })),
      ...this.maybe(0.2, () => ({ options: this.list(0, 2, () => this.text('-q', '-f')) })),
      ...this.maybe(0.2, () => ({ wipe_filesystem: this.bool() })),
      ...this.maybe(0.1, () => ({ uuid: this.word() })),
    };
  }

  private luks(): Tree {
    return {
      name: this.text('data', 'root', 'a/b', ''),
      ...this.maybe(0.9, () => ({ device: this.text('/dev/sda', '/dev/sdb', '', 'x') })),
      ...this.maybe(0.6, () => ({ clevis: this.pick([() => this.clevis(), () => this.clevis(), () => null, () => ({})])() })),
      ...this.maybe(0.2, () => ({ key_file: this.resource() })),
      ...this.maybe(0.2, () => ({ label: this.text('l', 'l'.repeat(48)) })),
      ...this.maybe(0.3, () => ({ options: this.list(0, 2, () => this.text('--cipher=x', '-c', '--cipher', '--other')) })),
      ...this.maybe(0.15, () => ({ open_options: this.list(0, 2, () => this.text('--perf', '--x')) })),
      ...this.maybe(0.15, () => ({ cex: this.maybe(0.9, () => ({ enabled: this.bool() })) })),
      ...this.maybe(0.15, () => ({ discard: this.bool() })),
      ...this.maybe(0.2, () => ({ wipe_volume: this.bool() })),
    };
  }

  private clevis(): Tree {
    return {
      ...this.maybe(0.4, () => ({ tpm2: this.bool() })),
      ...this.maybe(0.3, () => ({ threshold: this.pick([0, 1, 2]) })),
      ...this.maybe(0.4, () => ({ tang: this.list(0, 2, () => this.tang()) })),
      ...this.maybe(0.2, () => ({
        custom: {
          ...this.maybe(0.8, () => ({ pin: this.text('tpm2', 'sss', 'bad', '') })),
          ...this.maybe(0.7, () => ({ config: this.text('{}', '') })),
          ...this.maybe(0.3, () => ({ needs_network: this.bool() })),
        },
      })),
    };
  }

  private tang(): Tree {
    return {
      url: this.text('https://tang.example.com', 'http://a:8080', 'ftp://x', 'x', '', 'https://a b'),
      ...this.maybe(0.9, () => ({ thumbprint: this.text('abc', '') })),
      ...this.maybe(0.2, () => ({ advertisement: this.text('{"a": 1}', '{', '') })),
    };
  }

  private bootDevice(): Tree {
    return {
      ...this.maybe(0.8, () => ({ layout: this.text('x86_64', 'aarch64', 'ppc64le', 's390x-eckd', 's390x-zfcp', 's390x-virt', 'riscv64', '') })),
      ...this.maybe(0.6, () => ({ mirror: { devices: this.list(0, 3, () => this.text('/dev/sda', '/dev/sdb', '/dev/vda', 'x')) } })),
      ...this.maybe(0.6, () => ({
        luks: {
          ...this.maybe(0.6, () => ({ tpm2: this.bool() })),
          ...this.maybe(0.3, () => ({ tang: this.list(0, 2, () => this.tang()) })),
          ...this.maybe(0.3, () => ({ threshold: this.pick([1, 2]) })),
          ...this.maybe(0.3, () => ({ discard: this.bool() })),
          ...this.maybe(0.4, () => ({ device: this.text('/dev/dasda', '/dev/sdb', '/dev/x', '') })),
          ...this.maybe(0.25, () => ({ cex: { enabled: this.bool() } })),
        },
      })),
    };
  }

  private owner(): Tree {
    return {
      ...this.maybe(0.5, () => ({ id: this.pick([0, 500, 1000650000, 999999, 1000000]) })),
      ...this.maybe(0.5, () => ({ name: this.text('root', 'chrony', '') })),
    };
  }

  private mode(): unknown {
    return this.chance(this.odd)
      ? this.raw('0o644', '644', '755', '0755', '02755', '01777', '0x1ff', '0b1', '08', '1.5', '4e2', '1_0', '-1', '99999', 'abc', '"0644"', '0o17777', '400', '600', '2755', '', '~', '1:30', '0o8', '+5', '.5', '-0o7')
      : this.raw('0644', '0600', '0755', '0o644', '420', '0400', '0740', '384');
  }

  private bool(): unknown {
    return this.chance(this.odd)
      ? this.raw('yes', 'no', 'on', 'Off', 'y', 'N', '"yes"', '"true"', '1', 'True', '~', 'null', 'x')
      : this.raw('true', 'false');
  }

  private path(): string {
    const path = `/${this.list(1, 3, () => this.pick(['etc', 'a', 'b', 'var', 'x.conf', 'z9', 'z10'])).join('/')}`;
    return this.chance(this.odd) ? this.pick(['', 'etc/x', '/etc//x', '/etc/', '/etc/../x', '/', '/etc/systemd/system/a.service', '/etc/systemd/system/a.service.d/10-a.conf', '/a b']) : path;
  }

  private label(): string {
    return this.pick([
      'a',
      'z9',
      'z10',
      'z09',
      'A',
      'a-b',
      'a.b/c',
      'x1y',
      'x01y',
      'é',
      'yes',
      '5',
      'a b',
      `l${'o'.repeat(130)}`,
      'k: v',
      '10',
      '9',
      '-',
      'z',
      '"q"',
      'ä1',
      '٣',
    ]);
  }

  /** File contents: text of many shapes. */
  private contents(): string {
    const kind = this.int(0, 9);
    if (kind < 3) return this.list(0, 12, () => this.word()).join(this.pick([' ', '\n'])) + this.pick(['', '\n', '\n\n']);
    if (kind === 3) return this.pick(['a', 'ab', 'abc']).repeat(this.int(0, 120));
    if (kind === 4) return this.list(1, 40, (i) => `line ${i} of ${this.word()}`).join('\n') + '\n';
    return this.string();
  }

  private word(): string {
    return this.pick(['alpha', 'beta', 'pool', 'server', 'iburst', 'x=1', '10.0.0.1', 'Key: value', '/usr/bin', '#!/bin/bash', 'é']);
  }

  /** Text that YAML writers get wrong. */
  private string(): string {
    if (this.chance(0.5)) return this.pick(STRINGS);
    return this.list(0, 8, () => this.pick(PIECES)).join('');
  }

  private text(likely: string, ...others: string[]): string {
    if (this.odd === 0 && this.chance(0.7)) return likely;
    return this.pick([likely, likely, ...others]);
  }

  private raw(...texts: string[]): Raw {
    return new Raw(this.pick(texts));
  }

  private maybe<T extends object>(chance: number, make: () => T): Partial<T> {
    return this.chance(chance) ? make() : {};
  }

  private list<T>(min: number, max: number, make: (index: number) => T): T[] {
    const items: unknown[] = Array.from({ length: this.int(min, max) }, (_, index) => make(index));
    if (this.chance(this.odd / 8)) items.push(null);
    return items as T[];
  }

  private pick<T>(items: readonly T[]): T {
    return items[this.int(0, items.length - 1)];
  }

  private chance(probability: number): boolean {
    return this.random() < probability;
  }

  private int(min: number, max: number): number {
    return min + Math.floor(this.random() * (max - min + 1));
  }

  /** mulberry32. */
  private random(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  private write(value: unknown, indent: number): string {
    const pad = ' '.repeat(indent);
    if (Array.isArray(value)) {
      if (value.length === 0) return ' []\n';
      return '\n' + value.map((item) => `${pad}- ${this.write(item, indent + 2).replace(/^\n? */, '')}`).join('');
    }
    if (value instanceof Raw) return ` ${value.text}\n`;
    if (typeof value === 'object' && value !== null) {
      const entries = Object.entries(value);
      if (entries.length === 0) return ' {}\n';
      const gap = this.chance(0.02) ? `${pad}# a comment\n` : '';
      return (
        (indent === 0 ? '' : '\n') + gap + entries.map(([key, inner]) => `${pad}${this.key(key)}:${this.write(inner, indent + 2)}`).join('')
      );
    }
    if (typeof value === 'string') return this.scalar(value, indent);
    return value === null ? this.pick(['\n', ' null\n', ' ~\n']) : ` ${String(value)}\n`;
  }

  private key(key: string): string {
    return /^[a-z_]+$/.test(key) ? key : JSON.stringify(key);
  }

  private scalar(text: string, indent: number): string {
    const literal =
      /^[\x21-\x7e\u00e9][\x20-\x7e\u00e9\n]*[\x21-\x7e\n\u00e9]$/.test(text)
      && /\n/.test(text)
      && !/\n\n+$/.test(text)
      && !/(^|\n) *\n/.test(text);
    if (literal && this.chance(0.8)) {
      return ` |${text.endsWith('\n') ? '' : '-'}\n${text.replace(/\n$/, '').replace(/^/gm, ' '.repeat(indent))}\n`;
    }
    if (/^[a-z][a-z0-9./-]*$/.test(text) && this.chance(0.8)) return ` ${text}\n`;
    if (!/[\x00-\x1f\x7f-\uffff]/.test(text) && this.chance(0.3)) return ` '${text.replace(/'/g, "''")}'\n`;
    return ` ${jsonForYaml(text)}\n`;
  }
}

/** JSON that every YAML reader takes for the same: with escapes for what JSON leaves alone and some of them break lines at, or refuse. */
export function jsonForYaml(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\ufeff\ufffe\uffff\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

interface Tree { [key: string]: unknown }

/** Text that goes into the YAML as it is. */
class Raw {
  public constructor(public readonly text: string) {}
}

/** What may stand where a file ends, after its last line. */
export const ENDINGS = [
  '',
  ' ',
  '  ',
  '\n',
  '\n\n',
  '\n\n\n',
  '\n ',
  '\n\n   ',
  '\n                              ',
  '\n                              \n',
  '\r',
  '\r\n',
  '\r\n\r\n',
  '\r\r',
  '\u0085',
  '\n#',
  '\n# c',
  '\n# c\n',
  '\n\n  # c',
  '\n...',
  '\n...\n',
  '\n...\n\n',
  '\n... # c',
  '\n...\n...',
  '\n---',
  '\n---\n',
  '\n---\n# c',
  '\n...\n---\n',
  '\n---\n...',
  '\n\ufeff',
  '\n...\n\ufeff',
  '\ufeff',
];

export const STRINGS = [
  '',
  ' ',
  '\n',
  '\n\n',
  ' x',
  'x ',
  '\nx',
  '\n x',
  'x\n\n',
  'x \ny',
  'a: b',
  '# x',
  'a #b',
  '- x',
  '-',
  '?',
  ':',
  ': x',
  'x:',
  '[a]',
  '{a}',
  '%x',
  '@x',
  '`x',
  '&a',
  '*a',
  '!x',
  '|',
  '>',
  "'",
  '"',
  'yes',
  'No',
  'on',
  'y',
  'null',
  '~',
  'true',
  'TRUE',
  '1',
  '0',
  '-1',
  '+1',
  '0755',
  '0o7',
  '0x1F',
  '0b1',
  '1_000',
  '1e3',
  '1.',
  '.5',
  '.inf',
  '.NaN',
  '1:30',
  '190:20:30.15',
  '2024-01-01',
  '2024-13-01',
  '2024-02-30',
  '2024-1-2 3:4:5',
  '2024-01-01T00:00:00Z',
  '2024-01-01t00:00:00+01:00',
  '---',
  '...',
  '--- a',
  '<<',
  '=',
  'a\tb',
  '\t',
  'a\tb\nc',
  '\u0001',
  'a\u0085b',
  'a\u2028b',
  'a\u2028b\nc',
  '\ufeffx',
  '\u00a0',
  'caf\u00e9',
  '\u{1f600}',
  'x\u{1f600}\ny',
  'a\rb',
  'a\r\nb\r\n',
  '\\',
  'a\\nb',
  '0.0',
  '-0',
  '08',
  '09.5',
  '0o8',
  '1e999',
  '.e3',
  '._1',
  '-.inf',
  '+.INF',
  '0b-1',
  '0o-7',
  '9223372036854775808',
  '18446744073709551616',
  '-9223372036854775809',
  '\u007f',
  '\u009f',
  '\ud7ff',
  '\ue000',
  '\ufffd',
  '<a>&b',
  '  \n',
  'a\n\n\nb',
  'a\n \nb',
  'x\n ',
  '#\n',
  '"\n',
  'Null',
  '?x',
  '-x',
  ':x',
  'x: y: z',
  'a,b',
  'a]b',
  'a}',
  '1__0',
  '_1',
  '1_',
  '0x_1',
  '12e03',
  '0.1e-5',
  '4.2',
  '.',
  '+',
  '-.',
  '1,000',
  '0777a',
  '!!str x',
  'é: x',
  '\u0000',
];

const PIECES = [
  'a',
  'b ',
  ' ',
  '\n',
  '\n\n',
  ': ',
  ':',
  '#',
  ' #',
  '- ',
  '"',
  "'",
  '\t',
  '\u0085',
  '\u2028',
  '\u{1f512}',
  'é',
  '\\',
  '%',
  '{',
  ']',
  ',',
  '0',
  '1',
  '.',
  '_',
  '\r',
  '\u0007',
  'yes',
  '*',
  '&',
  '!',
  '|',
  '>',
  '=',
  '<',
  '?',
  '~',
  '\ufeff',
];

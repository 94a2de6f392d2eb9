import { spawn } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { Testing } from 'cdk8s';
import { requireTools, run, scratch, sleep } from './tools';
import { IpsecAutoconnect, IpsecGuard } from '../../src';
import { quietChart } from '../constructs/endpoint/fixtures';
import { gateway, guardedCluster, storage } from '../constructs/guard/fixtures';
import { decodeContents } from '../data-url';

requireTools({ '/lib/systemd/systemd': 'systemd', 'nft': 'nftables', 'systemd-analyze': 'systemd', 'unshare': 'util-linux' });
if (process.getuid!() !== 0) throw new Error('these tests need root, to boot systemd in namespaces of its own');

const lab = scratch('guard-units');
const in_ = (...parts: string[]) => path.join(lab, ...parts);

function write(file: string, text: string | Buffer, mode = 0o644): void {
  fs.mkdirSync(path.dirname(in_(file)), { recursive: true });
  fs.writeFileSync(in_(file), text, { mode });
}

const chart = quietChart();
const cluster = guardedCluster(chart);
new IpsecGuard(chart, 'guard', {
  cluster,
  roles: ['worker'],
  endpoints: [storage(chart, cluster), gateway(chart, cluster)],
  requiredByKubelet: true,
});
new IpsecAutoconnect(chart, 'autoconnect', { cluster, roles: ['worker'] });
const configs = Testing.synth(chart).filter(({ kind }) => kind === 'MachineConfig').map(({ spec }) => spec.config);
const units: { name: string; contents: string }[] = configs.flatMap(({ systemd }) => systemd.units);
const files: { path: string; mode: number; contents: any }[] = configs.flatMap(({ storage: { files: all } }) => all);

test('systemd-analyze has nothing to say about the units', () => {
  for (const { name, contents } of units) write(`verified/etc/systemd/system/${name}`, contents);
  for (const { path: file, mode, contents } of files) write(`verified${file}`, decodeContents(contents), mode);
  fs.cpSync('/lib/systemd/system', in_('verified/usr/lib/systemd/system'), { recursive: true });
  write('verified/usr/sbin/nft', '', 0o755);
  expect(run('systemd-analyze', ['verify', '--man=no', `--root=${in_('verified')}`, ...units.map(({ name }) => name)]))
    .toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
});

/** What happens on the node after the boot, and what is seen of it. */
const DRIVER = `#!/bin/bash
exec >/run/out/seen 2>&1
guard() { nft list table inet ipsec_guard >/dev/null 2>&1 && echo there || echo gone; }
runs() { grep -c . /run/out/autoconnect; }
for unit in ipsec ipsec-autoconnect kubelet; do until systemctl is-active -q $unit; do sleep 0.2; done; done
sleep 1
echo "network: $(cat /run/out/network)"
echo "libreswan: $(cat /run/out/libreswan)"
echo "boot: guard $(guard), autoconnect $(cat /run/out/autoconnect)"
for unit in ipsec NetworkManager; do
  before=$(runs)
  systemctl restart $unit
  sleep 2
  echo "restart of $unit: autoconnect $(systemctl is-active ipsec-autoconnect), $(($(runs) - before)) more"
done
for unit in ipsec NetworkManager; do
  systemctl stop $unit
  sleep 1
  stopped=$(systemctl is-active ipsec-autoconnect)
  systemctl start $unit
  sleep 2
  echo "stop of $unit: autoconnect $stopped; and start: $(systemctl is-active ipsec-autoconnect)"
done
systemctl restart nftables
sleep 2 # the guard follows when nftables has started
echo "restart of nftables: guard $(guard)"
nft flush ruleset
echo "flush: guard $(guard)"
systemctl reload ipsec-guard
echo "reload: guard $(guard)"
echo "ends with the system: $(systemctl show -P Conflicts ipsec-guard)"
kill -9 "$(systemctl show -P MainPID ipsec-autoconnect)"
sleep 7
echo "killed: autoconnect $(systemctl is-active ipsec-autoconnect)"
systemctl stop ipsec-guard
echo "stop: guard $(guard), kubelet $(systemctl is-active kubelet)"
echo 'table inet broken {' >/etc/nftables/ipsec-guard.nft
systemctl start kubelet
echo "broken table: guard $(systemctl is-active ipsec-guard), kubelet $(systemctl is-active kubelet)"
touch /run/out/done
`;

function layDown(): void {
  const oneshot = (start: string, rest = '') => `${rest}[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/bash -c '${start}'\n`;
  for (const target of ['sysinit', 'basic', 'shutdown', 'multi-user', 'local-fs', 'network-pre', 'network-online']) {
    write(`units/${target}.target`, '[Unit]\nDefaultDependencies=no\n');
  }
  write(
    'units/lab.target',
    '[Unit]\nDefaultDependencies=no\nWants=NetworkManager.service nftables.service kubelet.service ipsec.service driver.service\n',
  );
  write(
    'units/NetworkManager.service',
    oneshot(
      'nft list table inet ipsec_guard >/dev/null && echo guarded >/run/out/network',
      '[Unit]\nAfter=network-pre.target\nBefore=network-online.target\n',
    ),
  );
  write(
    'units/ipsec.service',
    oneshot(
      'sleep 1; nft list table inet ipsec_guard >/dev/null && echo guarded >/run/out/libreswan',
      '[Unit]\nAfter=network-online.target\n',
    ),
  );
  write(
    'units/nftables.service',
    `${oneshot('nft flush ruleset', '[Unit]\nBefore=network-pre.target\n')}ExecStop=/usr/sbin/nft flush ruleset\n`,
  );
  write('units/kubelet.service', oneshot('true'));
  write('units/driver.service', '[Service]\nType=exec\nExecStart=/usr/local/bin/driver.sh\n');
  for (const { name, contents } of units) {
    write(`units/${name}`, contents);
    for (const [, kind, wanters] of contents.matchAll(/^(Wanted|Required)By=(.*)$/gm)) {
      for (const wanter of wanters.split(' ').map((each) => each === 'multi-user.target' ? 'lab.target' : each)) {
        fs.mkdirSync(in_('units', `${wanter}.${kind === 'Wanted' ? 'wants' : 'requires'}`), { recursive: true });
        fs.symlinkSync(`../${name}`, in_('units', `${wanter}.${kind === 'Wanted' ? 'wants' : 'requires'}`, name));
      }
    }
  }
  for (const { path: file, mode, contents } of files) write(`files${file}`, decodeContents(contents), mode);
  // What the script does is another test's: this one is about when it runs.
  write(
    'files/usr/local/bin/ipsec-autoconnect.sh',
    '#!/bin/bash\nif [[ -s /run/out/libreswan ]]; then echo "after libreswan"; fi >>/run/out/autoconnect\nexec sleep 1000\n',
    0o740,
  );
  write('files/usr/local/bin/driver.sh', DRIVER, 0o755);
  for (const folder of ['nss', 'out']) fs.mkdirSync(in_(folder));
}

test('booted by systemd: the guard is there before the network and stays, autoconnect runs after libreswan and again with each restart', async () => {
  layDown();
  const systemd = spawn('unshare', ['--pid', '--fork', '--kill-child', '--mount', '--cgroup', '--ipc', '--uts', '--net',
    path.join(__dirname, 'boot.sh'), lab], { stdio: ['ignore', 'pipe', 'pipe'] });
  let console_ = '';
  for (const stream of [systemd.stdout, systemd.stderr]) stream.on('data', (data) => console_ += data);
  const ended = new Promise((resolve) => systemd.on('close', resolve));
  const seen = () => fs.existsSync(in_('out/seen')) ? fs.readFileSync(in_('out/seen'), 'utf8') : '';
  try {
    for (let i = 0; i < 360 && !fs.existsSync(in_('out/done')); i++) await sleep(500);
    expect(`${seen()}${fs.existsSync(in_('out/done')) ? '' : console_}`).toBe(`network: guarded
libreswan: guarded
boot: guard there, autoconnect after libreswan
restart of ipsec: autoconnect active, 1 more
restart of NetworkManager: autoconnect active, 1 more
stop of ipsec: autoconnect inactive; and start: active
stop of NetworkManager: autoconnect inactive; and start: active
restart of nftables: guard there
flush: guard gone
reload: guard there
ends with the system: 
killed: autoconnect active
stop: guard gone, kubelet inactive
A dependency job for kubelet.service failed. See 'journalctl -xe' for details.
broken table: guard failed, kubelet inactive
`);
  } finally {
    systemd.kill('SIGKILL');
    await ended;
  }
}, 240_000);

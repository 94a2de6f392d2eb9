import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { REPOSITORY, run } from './tools';

const MACHINE = join(REPOSITORY, 'test/e2e/machine/machine.sh');
const READY = 'echo "ready: Linux 6.1.0"';

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'lab-machine-'));
  writeFileSync(join(directory, 'kvm'), '');
});
afterAll(() => rmSync(directory, { recursive: true }));

/** What the lab decides where QEMU does what `qemu` says, with the device of KVM at `device`. */
function choose(qemu: string, { device = join(directory, 'kvm'), env = {} }: { device?: string; env?: Record<string, string> } = {}) {
  const bin = mkdtempSync(join(directory, 'bin-'));
  writeFileSync(join(bin, 'qemu-system-x86_64'), `#!/bin/sh\n${qemu}\n`);
  chmodSync(join(bin, 'qemu-system-x86_64'), 0o755);
  const { code, stdout, stderr } = run('bash', ['--norc', '-c', `set -euo pipefail
    . "${MACHINE}"
    kernel_image=${directory}/vmlinux initramfs=${directory}/initramfs PATH=${bin}:$PATH
    choose_accelerator "${bin}"
    echo "$accelerator, because $because"`], { env: { LAB_KVM: device, ...env } });
  return { code, said: (stdout + stderr).trim() };
}

describe('the accelerator of the lab', () => {
  test('is KVM where a kernel boots on it', () => {
    expect(choose(READY).said).toBe(`kvm, because a kernel boots on ${join(directory, 'kvm')}`);
  });

  test('is KVM also where the firmware has written to the console before', () => {
    expect(choose(`printf '\\000\\033[2J'; ${READY}`).said).toBe(`kvm, because a kernel boots on ${join(directory, 'kvm')}`);
  });

  test.each([
    ['fails', 'echo "Could not access KVM kernel module" >&2; exit 1'],
    ['says nothing', 'exit 0'],
    ['panics', 'echo "Kernel panic - not syncing"'],
  ])('is emulation where a kernel on the device %s', (_, qemu) => {
    expect(choose(qemu).said).toBe(`tcg, because no kernel boots on ${join(directory, 'kvm')} in 8 s`);
  });

  test('is emulation where the device does not answer, after 8 seconds', () => {
    const { said } = choose("trap '' TERM; while :; do sleep 60; done");
    expect(said).toBe(`tcg, because no kernel boots on ${join(directory, 'kvm')} in 8 s`);
  });

  test('is emulation where there is no device, and nothing is tried', () => {
    const tried = join(directory, 'tried');
    const { said } = choose(`touch ${tried}`, { device: join(directory, 'missing') });
    expect(said).toBe(`tcg, because there is no ${join(directory, 'missing')} to use`);
    expect(existsSync(tried)).toBe(false);
  });

  test.each(['kvm', 'tcg'])('is %s where LAB_ACCELERATOR says so', (accelerator) => {
    expect(choose('exit 1', { env: { LAB_ACCELERATOR: accelerator } }).said).toBe(`${accelerator}, because LAB_ACCELERATOR says so`);
  });

  test('is nothing else', () => {
    expect(choose(READY, { env: { LAB_ACCELERATOR: 'uml' } })).toMatchObject({
      code: 2, said: "LAB_ACCELERATOR ('uml') must be kvm or tcg, or not set: then kvm is taken where it answers",
    });
  });
});

test('the guest has the same CPU with either accelerator, and never AMX', () => {
  const command = (accelerator: string) => run('bash', ['--norc', '-c', `. "${MACHINE}"
    kernel_image=x initramfs=x
    machine_command ${accelerator} ''
    printf '%s\\n' "\${command[@]}"`]).stdout;
  const model = /\n-cpu\n(.*)\n/.exec(command('tcg'))![1];
  expect(model).toBe('Westmere');
  expect(command('kvm')).toBe(command('tcg').replace('\n-accel\ntcg\n', '\n-accel\nkvm\n'));
});

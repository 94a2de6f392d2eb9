import { existsSync } from 'fs';
import { parseArgs, ParseArgsConfig } from 'util';
import { meant } from './meant';
import { UsageError } from './usage';
import { readPassword } from '../certificate/bundle-password';

type Read<T extends ParseArgsConfig['options']> = ReturnType<typeof parseArgs<{ args: string[]; allowPositionals: true; options: T }>>;

/** Reads the arguments of a command; what `parseArgs` refuses is told as the command's own refusal. */
export function readArguments<T extends NonNullable<ParseArgsConfig['options']>>(command: string, args: readonly string[], options: T): Read<T> {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code?.startsWith('ERR_PARSE_ARGS_')) throw error;
    const said = message.split(/\.\s|\n/)[0].replace(/^./, (letter) => letter.toLowerCase());
    const unknown = code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? /'(--[^']+)'/.exec(said)?.[1] : undefined;
    const names = unknown === undefined ? [] : Object.keys(options).map((name) => `--${name}`);
    throw new UsageError(said + meant(unknown ?? '', names, `'openshift-ipsec ${command} --help' lists the options`));
  }
}

/** What `--p12-password-file` names. What is no file may be the password itself. */
export function passwordsIn(file: string | undefined): Buffer[] {
  if (file === undefined) return [];
  if (!existsSync(file)) {
    throw new UsageError("'--p12-password-file' names no file that exists; what was given is not shown, in case it is the password itself");
  }
  return [readPassword(file)];
}

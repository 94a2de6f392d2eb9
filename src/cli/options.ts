import { existsSync } from 'fs';
import { UsageError } from './usage';
import { readPassword } from '../certificate/bundle-password';

/** Reads the arguments of a command; what `parseArgs` refuses is told as the command's own refusal. */
export function readArguments<T>(command: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code?.startsWith('ERR_PARSE_ARGS_')) throw error;
    const said = message.split(/\.\s|\n/)[0].replace(/^./, (letter) => letter.toLowerCase());
    throw new UsageError(`${said}; 'openshift-ipsec ${command} --help' lists the options`);
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

import { dirname, join, sep } from 'path';

/** Where this library is: `lib/`, or `src/` in its own tests. */
const LIBRARY = join(__dirname, '..', sep);

/** Where the runtime is that other languages talk to; in a program of JavaScript, the folder of the program is the user's. */
const JSII_RUNTIME = process.env.JSII_AGENT && process.argv[1] ? join(dirname(process.argv[1]), sep) : undefined;

/** What calls the library back, in which a user can change nothing either. */
const CALLING_BACK = /[\\/]node_modules[\\/](?:cdk8s|constructs)[\\/]/;

/** Frames deep: the library's own come first, and must not use up the ten that V8 keeps. */
const DEPTH = 100;

/**
 * The frames of the stack that are the user's: none of this library, of cdk8s that calls it back, of Node.js itself, or of the runtime that Python, Java, Go and
 * .NET talk to, in which a user can change nothing.
 */
export function usersFrames(from: abstract new (...args: never[]) => object): readonly string[] {
  const holder: { stack?: string } = {};
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = DEPTH;
  Error.captureStackTrace(holder, from);
  Error.stackTraceLimit = stackTraceLimit;
  let ours = true;
  return String(holder.stack).split('\n').slice(1).filter((frame) => {
    // `Array.map (<anonymous>)` is of whoever it called back into.
    if (!frame.endsWith('(<anonymous>)')) ours = isOurs(frame);
    return !ours;
  });
}

function isOurs(frame: string): boolean {
  return frame.includes(LIBRARY) || CALLING_BACK.test(frame) || /(?:\(|at )node:/.test(frame) || (JSII_RUNTIME !== undefined && frame.includes(JSII_RUNTIME));
}

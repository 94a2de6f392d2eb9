import type { Node } from 'yaml';
import { BlockReader, OTHER } from './block-reader';
import { documentsIn } from './document-ranges';
import type { LightNodes } from './light-nodes';
import { TYPED, WRITTEN } from './plain-scalars';

/**
 * Reads YAML documents in the form that programs write: block maps and lists, scalars and quoted texts in one line, literal
 * blocks. For these it is many times as fast as the YAML library. A document that holds anything else, or that
 * is wrong, is not read at all, and the library decides what it is.
 */
export class BlockDocuments {
  private readonly reader: BlockReader;

  /** @param text one in which `documentsIn` has found the documents */
  public constructor(private readonly text: string) {
    this.reader = new BlockReader(text, TYPED);
  }

  /** How many lines have been looked at so far. */
  public get lines(): number {
    return this.reader.lines;
  }

  /** The value of a document, which follows the one before; undefined where it is left to the library. */
  public read(start: number, end: number): object | undefined {
    return orUndefined(() => this.reader.read(start, end));
  }

  /** The nodes of a document that has been read, each with its range in the text, as the library would make them. */
  public nodes(start: number, end: number): Node {
    // A document that has been read has no tab, and to look for one further on would take longer than all else.
    const reader = new BlockReader(this.text, TYPED, lightNodes(), Infinity);
    reader.read(start, end);
    return reader.node;
  }
}

/** The only document of a text, read by `BlockDocuments`'s reader with its plain scalars as they are written. */
export interface WrittenDocument {
  readonly node: Node;
  /** How many lines it has. */
  readonly lines: number;
}

/** Undefined where the text is left to the library. */
export function writtenDocument(text: string): WrittenDocument | undefined {
  if (documentsIn(text)?.length !== 1) return undefined;
  const reader = new BlockReader(text, WRITTEN, lightNodes());
  return orUndefined(() => {
    reader.read(0, text.length);
    return { node: reader.node, lines: reader.lines };
  });
}

function lightNodes(): LightNodes {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./light-nodes') as LightNodes;
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error === OTHER) return undefined;
    throw error;
  }
}
